"""Search over what is published: words and their forms, what of a document is searched, the index and its engines.

In: public documents. Out: index rows, written in the publishing transaction. No editorial table is read here.
The reading half stands in `delivery.search`; it shares `words`, `texts`, `scoring` and `engines` with this one.
"""
