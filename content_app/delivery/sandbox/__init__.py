"""The sandbox: invented items in fixed states, so that integrators can test the bad days.

Its documents are files beside the code, made by the same compiler as the real ones and recorded by a test. They are in
no table, so no list, search, change or export can ever hold one.
"""
