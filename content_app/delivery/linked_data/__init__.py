"""Linked data: released documents as schema.org JSON-LD, as SKOS in Turtle, and their codings as SSSOM.

Pure functions of plain data: no Django, no database.
"""
