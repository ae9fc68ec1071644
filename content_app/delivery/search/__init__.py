"""The reading half of search: a question, what it finds in one release, in which order, and how that is shown.

Reads the search index and, for the page that is shown, the stored documents. Never an editorial table.
"""
