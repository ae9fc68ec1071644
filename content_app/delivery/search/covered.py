"""What the library has on an aspect that a question asks for: “treatment of AMPS” is covered, or it is not yet.

In: a question, what it found, and a release. Out: one answer for each aspect, with the
conditions that were meant: those that the question names, or else the first of the library.
"""

from typing import Any

from content_app.delivery.search import index, material
from content_app.delivery.search.finding import NAME, Found
from content_app.delivery.search.question import Question
from content_app.vocabulary.addresses import href
from content_app.vocabulary.terms import ASPECTS

MOST_ASPECTS, MOST_CONDITIONS = 4, 5


def answers(question: Question, found: Found, release: int) -> list[dict[str, Any]]:
    """One entry for each aspect that is asked for, saying for each condition whether there is content on it."""
    aspects = question.recognised.aspects
    if not aspects:
        return []
    places = _meant(question, found, release) or index.conditions(release, MOST_CONDITIONS)
    known = material.of_places(places)
    conditions = [known[place][1].document for place in places]
    return [_answer(aspect, conditions) for aspect in aspects[:MOST_ASPECTS]]


def _meant(question: Question, found: Found, release: int) -> list[int]:
    """The places of the conditions that the other words of the question name, or that were found by name."""
    rest = [word.stem for word in question.words if word.stem not in question.recognised.aspect_stems]
    named = index.exact([" ".join(rest)], release, MOST_CONDITIONS) if rest else {}
    return index.of_kind("condition", named) or [
        hit.place for hit in found.hits[:MOST_CONDITIONS] if hit.tier <= NAME and " kind=condition " in hit.facets
    ]


def _answer(aspect: str, conditions: list[dict[str, Any]]) -> dict[str, Any]:
    items = [_item(aspect, document) for document in conditions]
    label = ASPECTS[aspect].label
    return {"aspect": aspect, "label": label, "text": _sentence(label.lower(), items), "items": items}


def _sentence(label: str, items: list[dict[str, Any]]) -> str:
    """What there is on the aspect, and whether a clinician has reviewed it."""
    lacking = [entry["item"]["name"] for entry in items if not entry["is_covered"]]
    covered = [entry for entry in items if entry["is_covered"]]
    if not covered:
        return f"We have no reviewed content on {label}{f' for {_either(lacking)}' if lacking else ''} yet."
    names = _either([entry["item"]["name"] for entry in covered], "and")
    said = f"There are cited statements on {label} for {names}."
    if any(entry["review_state"] != "clinically_reviewed" for entry in covered):
        said += " They have not been clinically reviewed yet."
    return said + (f" There is nothing yet for {_either(lacking)}." if lacking else "")


def _item(aspect: str, document: dict[str, Any]) -> dict[str, Any]:
    statements = [statement["id"] for statement in document["statements"] if statement["aspect"] == aspect]
    reference = {name: document[name] for name in ("id", "kind", "slug", "name")}
    return {
        "item": reference | {"href": href(document["kind"], document["slug"])},
        "is_covered": bool(statements),
        "review_state": document["review"]["state"],
        "statements": statements,
    }


def _either(names: list[str], joiner: str = "or") -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {joiner} {names[-1]}"
