"""Finds who names a document by a relation that reads the same from both ends, and tells the document so.

In: documents of a release. Out: the same, each with what others say of the two (see `symmetric`). Every form that is
derived from a document is derived from what comes out here, so none of them tells it from one end only.
"""

import json
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from content_app.delivery.store import reading
from content_app.delivery.store.symmetric import SYMMETRIC, has_ends, named_by, seen_from_both_ends

Document = dict[str, Any]
MOST_OTHERS = 50  # of one document
BATCH = 100


def with_both_ends(documents: Iterable[Document], moment: reading.Moment) -> list[Document]:
    """The documents, told of those that name them in the same release: one query for all, none where none can be."""
    given = list(documents)
    edges = [f"{code}|{document['id']}" for document in given if has_ends(document) for code in SYMMETRIC]
    if not edges:
        return given
    found = reading.with_term(reading.living(moment), "edge", *edges)
    others = named_by(json.loads(body) for _, _, body in reading.bodies(found, MOST_OTHERS * len(given)))
    return [seen_from_both_ends(document, others.get(document["id"], ())) for document in given]


def with_both_ends_in_batches(documents: Iterable[Document], moment: reading.Moment) -> Iterator[Document]:
    """The same of a whole library, a hundred documents a query, so that memory does not grow with it."""
    waiting = iter(documents)
    while batch := list(islice(waiting, BATCH)):
        yield from with_both_ends(batch, moment)
