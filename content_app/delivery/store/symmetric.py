"""Relations that read the same from both ends, seen from the end that does not hold them.

“AMPS is not the same as CRPS” is stored with AMPS; whoever reads of CRPS must be told too, in every form.
In: a document, and those that name it. Out: the document with these relations, as if it held them itself, and the
sources that they cite. Pure.
"""

from collections.abc import Iterable
from typing import Any

from content_app.vocabulary.predicates import PREDICATES

Document = dict[str, Any]

SYMMETRIC = tuple(predicate.code for predicate in PREDICATES.values() if predicate.is_symmetric)


def seen_from_both_ends(document: Document, named_by: Iterable[Document]) -> Document:
    """The document with the symmetric relations that others hold to it, each once, and their sources."""
    if not has_ends(document):
        return document
    relations, sources = list(document["relations"]), list(document["sources"])
    held = {(relation["predicate"], relation["object"]["id"]) for relation in relations}
    for other in sorted(named_by, key=lambda other: (other["name"].casefold(), other["id"])):
        turned = [_turned(relation, other) for relation in other["relations"] if _leads(relation, document)]
        new = [relation for relation in turned if (relation["predicate"], other["id"]) not in held]
        relations += new
        known = {source["slug"] for source in sources}
        cited = {citation["source"] for relation in new for citation in relation["citations"]} - known
        sources += [source for source in other["sources"] if source["slug"] in cited]
    return document | {"relations": relations, "sources": sources}


def has_ends(document: Document) -> bool:
    """Whether relations can lead to it and from it: works and what was withdrawn have none."""
    return "relations" in document


def named_by(documents: Iterable[Document]) -> dict[str, list[Document]]:
    """By the identifier of an item, those of the documents whose symmetric relations lead to it."""
    found: dict[str, list[Document]] = {}
    for document in documents:
        for end in _ends(document):
            found.setdefault(end, []).append(document)
    return found


def _ends(document: Document) -> set[str]:
    relations = document.get("relations", ())
    return {relation["object"]["id"] for relation in relations if relation["predicate"] in SYMMETRIC}


def _leads(relation: Document, document: Document) -> bool:
    return relation["predicate"] in SYMMETRIC and relation["object"]["id"] == document["id"]


def _turned(relation: Document, other: Document) -> Document:
    """The relation from its other end. Its identifier is that of the relation as it is stored, so it has none here."""
    end = {name: other[name] for name in ("id", "kind", "slug", "name")} | {"href": other["links"]["self"]}
    return relation | {"id": None, "object": end}
