"""Importing and exporting at the desk."""
