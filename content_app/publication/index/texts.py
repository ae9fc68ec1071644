"""What of a public document is searched, field by field, in the order in which a match is shown.

In: a document as published (parsed). Out: names, codes and texts. Used to write the index and to show where a
match stands, so that both always mean the same. Pure.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from content_app.vocabulary.fields import OWN

Document = dict[str, Any]

NAME_TYPES = ("preferred", "abbreviation", "synonym", "clinical_term", "everyday_wording", "historical")
CODE_MATCHES = ("exact", "close", "broad", "narrow", "related")
# How a match in a name or code ranks among exact matches: names in this order, then codes in this order.
RANKS = {name: rank for rank, name in enumerate((*NAME_TYPES, *(f"code_{match}" for match in CODE_MATCHES)))}
# Texts that kinds of items have for themselves; a name is among the names.
OWN_TEXTS = tuple(field.name for given in OWN.values() for field in given if field.is_searched and not field.is_a_name)
FACETS = ("kind", "topic", "category", "form", "aspect", "layer")


@dataclass(frozen=True)
class Text:
    """One searched text. `field` is what answers call it; a statement has its identifier and aspect."""

    field: str
    text: str
    statement: str | None = None
    aspect: str | None = None


def names(document: Document) -> Iterator[Text]:
    """All names; `field` is the type of the name."""
    for name in document["names"]:
        yield Text(name["type"], name["text"])


def codes(document: Document) -> Iterator[Text]:
    """All codes, alone and behind the key of their system; `field` says how well the code fits."""
    for coding in document["codings"]:
        if coding["code"] and coding["match"] in CODE_MATCHES:
            yield Text(f"code_{coding['match']}", coding["code"])
            yield Text(f"code_{coding['match']}", f"{coding['system']}|{coding['code']}")


def prose(document: Document) -> Iterator[Text]:
    """All texts that are not names: summary, statements, the texts of its kind, what code systems call it."""
    for audience in ("clinical", "plain"):
        yield Text("summary", document["summary"][audience])
    for statement in document["statements"]:
        for audience in ("clinical", "plain"):
            yield Text("statement", statement[audience], statement["id"], statement["aspect"])
    for field in OWN_TEXTS:
        if document.get(field):
            yield Text(field, document[field])
    for coding in document["codings"]:
        if coding["display"] and coding["match"] in CODE_MATCHES:
            yield Text("code_display", coding["display"])


def facets(document: Document) -> list[tuple[str, str]]:
    """What the document can be narrowed by: the same as in lists."""
    single = [(facet, document[facet]) for facet in FACETS if document.get(facet)]
    several = {(facet, statement[facet]) for facet in ("aspect", "layer") for statement in document["statements"]}
    return single + sorted(several)
