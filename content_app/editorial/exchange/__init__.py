"""The editorial document, and the way between it and rows, files and the library.

`rows` turns items into documents and back, `files` reads and writes them, `importing` plans and applies a set.
"""
