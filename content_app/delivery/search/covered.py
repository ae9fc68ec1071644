"""What the library has on an aspect that a question asks for: “treatment of AMPS” is covered, or it is not yet.

In: the aspects, what the rest of the question found, and a release. Out: one answer for each aspect, with the
conditions that were meant: those that the question names, or else the first of the library.
"""

from typing import Any

from content_app.delivery.search import index
from content_app.delivery.search.finding import NAME, Found
from content_app.vocabulary.addresses import href
from content_app.vocabulary.terms import ASPECTS

MOST_ASPECTS, MOST_CONDITIONS = 4, 5


def answers(aspects: tuple[str, ...], found: Found, release: int) -> list[dict[str, Any]]:
    """One entry for each aspect, saying for each condition whether there is content on it."""
    if not aspects:
        return []
    named = [hit.place for hit in found.hits[:MOST_CONDITIONS] if hit.tier <= NAME and " kind=condition " in hit.facets]
    conditions = index.conditions(release, MOST_CONDITIONS, named)
    return [_answer(aspect, conditions) for aspect in aspects[:MOST_ASPECTS]]


def _answer(aspect: str, conditions: list[dict[str, Any]]) -> dict[str, Any]:
    items = [_item(aspect, document) for document in conditions]
    lacking = [item["item"]["name"] for item in items if not item["is_covered"]]
    label = ASPECTS[aspect].label
    text = f"{label}: see what the library says."
    if lacking:
        text = f"We have no reviewed content on {label.lower()} for {_either(lacking)} yet."
    if not items:
        text = f"We have no reviewed content on {label.lower()} yet."
    return {"aspect": aspect, "label": label, "text": text, "items": items}


def _item(aspect: str, document: dict[str, Any]) -> dict[str, Any]:
    statements = [statement["id"] for statement in document["statements"] if statement["aspect"] == aspect]
    reference = {name: document[name] for name in ("id", "kind", "slug", "name")}
    return {
        "item": reference | {"href": href(document["kind"], document["slug"])},
        "is_covered": bool(statements),
        "statements": statements,
    }


def _either(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
