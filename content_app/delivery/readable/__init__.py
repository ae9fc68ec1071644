"""What people and language models read: the page and the Markdown of each document, the lists that lead to them.

`content` arranges a document for reading, `page` and `markdown` write it, `views` serves what has no JSON form.
"""

FORM = 1  # raise it when a page or the Markdown of the same document changes its form: entity tags hold it
