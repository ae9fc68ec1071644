"""Keeping a copy in step: versions, changes and checks."""
