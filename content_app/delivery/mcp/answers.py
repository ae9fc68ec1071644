"""Shapes what tools answer: every answer carries its citation, release, review, notices and what is not covered.

In: public documents. Out: plain data. No Django, no database, no SDK.
"""

from collections import Counter
from typing import Any

from content_app.delivery.store.place import Place
from content_app.delivery.store.prose import HOW_TO_USE, citation, is_overdue, match_sentence, source_citation
from content_app.vocabulary import fields
from content_app.vocabulary.code_systems import SYSTEM_NAMES
from content_app.vocabulary.fields import CODE, FLAG, PROSE
from content_app.vocabulary.left_out import is_left_out
from content_app.vocabulary.licence import DISCLAIMER, LICENCE

AT_FIRST = ("overview", "red_flags")
READ_MORE = (
    "Call read_item with one of more_aspects as `aspect`, or with `everything`. If you answer a question about health, "
    "read red_flags too."
)
Answer = dict[str, Any]
Document = dict[str, Any]


def envelope(where: Place, **members: Any) -> Answer:
    """What every answer begins with."""
    return {
        "release": {"number": where.release, "published_at": where.published_at},
        "how_to_use": HOW_TO_USE,
        "disclaimer": DISCLAIMER,
        "licence": LICENCE,
        **members,
    }


def short_form(document: Document, where: Place) -> Answer:
    """An item in a list: what it is, with all that must be shown with it."""
    return {
        **{name: document[name] for name in ("id", "kind", "slug", "name")},
        "summary": {audience: document["summary"][audience] for audience in ("clinical", "plain")},
        **_shown_with(document, where),
    }


def full_form(document: Document, audience: str, where: Place) -> Answer:
    """A whole item for one audience. Statements and relations keep their qualities and their sources."""
    return {
        **{name: document[name] for name in ("id", "kind", "slug", "name")},
        "audience": audience,
        **{field.name: document[field.name] for field in fields.own(document["kind"])},
        "also_called": [_name(entry) for entry in document["names"][1:]],
        "summary": document["summary"][audience],
        "summary_sources": document["summary"]["citations"],
        "statements": [_statement(entry, audience) for entry in document["statements"]],
        "relations": [_relation(entry, where) for entry in document["relations"]],
        "codings": [coding_form(entry) for entry in document["codings"]],
        "sources": [_source(entry) for entry in document["sources"]],
        **_shown_with(document, where),
    }


def part_form(document: Document, audience: str, where: Place, aspect: str | None) -> Answer:
    """What the item says on one aspect; without one, what it is and when to seek help. With what else there is to read.

    A whole item can be longer than a model can read. What must be shown with it is always there.
    """
    shown = (aspect,) if aspect else AT_FIRST
    statements = [entry for entry in document["statements"] if entry["aspect"] in shown]
    parts = [document["summary"], *statements]
    cited = {citation["source"] for part in parts for citation in part["citations"]}
    others = Counter(entry["aspect"] for entry in document["statements"] if entry["aspect"] not in shown)
    left_out = [name for name in ("relations", "codings") if document[name]]
    return {
        **{name: document[name] for name in ("id", "kind", "slug", "name")},
        "audience": audience,
        **_without_nothing({field.name: document[field.name] for field in fields.own(document["kind"])}),
        "also_called": [entry["text"] for entry in document["names"][1:]],
        "summary": document["summary"][audience],
        "statements": [_without_nothing(_statement(entry, audience)) for entry in statements],
        "sources": {each["slug"]: source_citation(each) for each in document["sources"] if each["slug"] in cited},
        "more_aspects": dict(others),
        "read_more": f"{READ_MORE} Everything also has {' and '.join(left_out)}." if left_out else READ_MORE,
        **_shown_with(document, where),
    }


def _without_nothing(given: Answer) -> Answer:
    return {name: value for name, value in given.items() if value not in (None, [], "")}


def coded_form(document: Document, coding: Document, where: Place) -> Answer:
    """An item that a code led to, and how well the code fits it."""
    return {"match": coding["match"], "meaning": match_sentence(coding), "coding": coding_form(coding)} | {
        "item": short_form(document, where)
    }


def coding_form(coding: Document) -> Answer:
    given = [field for field in fields.of("codings") if not is_left_out("mcp", "codings", field.name)]
    return {
        **{field.name: coding[field.name] for field in given if coding[field.name]},
        "system_uri": coding["system_uri"],
        "attribution": SYSTEM_NAMES[coding["system"]].attribution,
    }


def _shown_with(document: Document, where: Place) -> Answer:
    """What must be shown with an item wherever it is shown."""
    review = document["review"]
    return {
        "notices": [notice["text"] for notice in document["notices"]],
        "not_covered": [entry["text"] for entry in document["not_covered"] if entry["must_show"]],
        "review": {
            "reviewed_on": review["reviewed_on"],
            "review_due_on": review["review_due_on"],
            "is_overdue": is_overdue(review, where.today),
            "state": review["state"],
            "reviewer_role": review["reviewer_role"],
        },
        "version": document["meta"]["version"],
        "sha256": document["meta"]["sha256"],
        "citation": citation(document, where.base, where.release, where.published_at),
    }


def _name(name: Document) -> Answer:
    given = {field.name: name[field.name] for field in fields.of("names") if name[field.name]}
    return given | ({"sources": name["citations"]} if name["citations"] else {})


def _statement(statement: Document, audience: str) -> Answer:
    """A statement in the words for one audience."""
    given = {field.name: statement[field.name] for field in fields.of("statements") if not field.audience}
    return {"id": statement["id"], "text": statement[audience], **given, "sources": statement["citations"]}


def _relation(relation: Document, where: Place) -> Answer:
    beside = relation["display_with"]
    given = {field.name: relation[field.name] for field in fields.of("relations", CODE, FLAG, PROSE)}
    given["is_view_of_its_sources_only"] = given.pop("attributed")
    return {
        "label": relation["label"],
        "to": {name: relation["object"][name] for name in ("id", "kind", "slug", "name")},
        **given,
        "show_beside_it": beside["name"] if beside else None,
        "sources": relation["citations"],
    }


def _source(source: Document) -> Answer:
    given = {
        field.name: source[field.name]
        for field in fields.of("sources")
        if not is_left_out("mcp", "sources", field.name)
    }
    return {"slug": source["slug"], **given}
