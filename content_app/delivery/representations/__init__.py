"""The forms of a document, and the answer in one of them."""
