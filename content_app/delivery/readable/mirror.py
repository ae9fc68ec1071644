"""Relations that read the same from both ends, seen from the end that does not hold them.

“AMPS is not the same as CRPS” is stored with AMPS; whoever reads the page of CRPS must be told too.
In: a document, and those that name it. Out: the document with these relations, as if it held them itself, and the
sources that they cite. Pure.
"""

from collections.abc import Iterable
from typing import Any

from content_app.predicates import PREDICATES

Document = dict[str, Any]

SYMMETRIC = tuple(predicate.code for predicate in PREDICATES.values() if predicate.is_symmetric)


def seen_from_both_ends(document: Document, named_by: Iterable[Document]) -> Document:
    """The document with the symmetric relations that others hold to it, each once, and their sources."""
    relations, sources = list(document["relations"]), list(document["sources"])
    held = {(relation["predicate"], relation["object"]["id"]) for relation in relations}
    for other in named_by:
        turned = [_turned(relation, other) for relation in other["relations"] if _leads(relation, document)]
        new = [relation for relation in turned if (relation["predicate"], other["id"]) not in held]
        relations += new
        known = {source["slug"] for source in sources}
        cited = {citation["source"] for relation in new for citation in relation["citations"]} - known
        sources += [source for source in other["sources"] if source["slug"] in cited]
    return document | {"relations": relations, "sources": sources}


def _leads(relation: Document, document: Document) -> bool:
    return relation["predicate"] in SYMMETRIC and relation["object"]["id"] == document["id"]


def _turned(relation: Document, other: Document) -> Document:
    end = {name: other[name] for name in ("id", "kind", "slug", "name")} | {"href": other["links"]["self"]}
    return relation | {"object": end}
