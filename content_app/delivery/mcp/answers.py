"""Shapes what tools answer: every answer carries its citation, release, review, notices and what is not covered.

In: public documents. Out: plain data. No Django, no database, no SDK.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from content_app.delivery.infobutton.texts import match_sentence
from content_app.vocabulary.code_systems import CODE_SYSTEMS
from content_app.vocabulary.licence import DISCLAIMER, LICENCE

Answer = dict[str, Any]
Document = dict[str, Any]

HOW_TO_USE = (
    "Quote with the citation. Show the notices and what is not covered; do not fill gaps from elsewhere as if they "
    "were from here. Say how sure a statement is. Never turn this into a diagnosis or advice for one person."
)


@dataclass(frozen=True)
class Setting:
    """The release that is read, where it is served (may be empty), and the day."""

    release: int
    published_at: str
    base: str
    today: date


def envelope(where: Setting, **members: Any) -> Answer:
    """What every answer begins with."""
    return {
        "release": {"number": where.release, "published_at": where.published_at},
        "how_to_use": HOW_TO_USE,
        "disclaimer": DISCLAIMER,
        "licence": LICENCE,
        **members,
    }


def short_form(document: Document, where: Setting) -> Answer:
    """An item in a list: what it is, with all that must be shown with it."""
    return {
        **{name: document[name] for name in ("id", "kind", "slug", "name")},
        "summary": {audience: document["summary"][audience] for audience in ("clinical", "plain")},
        **_shown_with(document, where),
    }


def full_form(document: Document, audience: str, where: Setting) -> Answer:
    """A whole item for one audience. Statements and relations keep their certainty and their sources."""
    return {
        **{name: document[name] for name in ("id", "kind", "slug", "name")},
        "audience": audience,
        "also_called": [
            {name: entry[name] for name in ("text", "type", "note") if entry[name]} for entry in document["names"][1:]
        ],
        "summary": document["summary"][audience],
        "statements": [_statement(entry, audience) for entry in document["statements"]],
        "relations": [_relation(entry, where) for entry in document["relations"]],
        "codings": [coding_form(entry) for entry in document["codings"]],
        "sources": [_source(entry) for entry in document["sources"]],
        **_shown_with(document, where),
    }


def coded_form(document: Document, coding: Document, where: Setting) -> Answer:
    """An item that a code led to, and how well the code fits it."""
    return {"match": coding["match"], "meaning": match_sentence(coding), "coding": coding_form(coding)} | {
        "item": short_form(document, where)
    }


def coding_form(coding: Document) -> Answer:
    names = ("system", "system_uri", "code", "display", "match", "version", "note")
    return {
        **{name: coding[name] for name in names if coding[name]},
        "attribution": CODE_SYSTEMS[coding["system"]].attribution,
    }


def citation(document: Document, where: Setting) -> str:
    """How to name this version of this item."""
    meta = document["meta"]
    address = f"{where.base}{document['links']['self']}?release={where.release}"
    return (
        f"“{document['name']}”, AMPS API, version {meta['version']} in release {where.release} "
        f"({where.published_at[:10]}), {LICENCE['spdx']}. {address}"
    )


def _shown_with(document: Document, where: Setting) -> Answer:
    """What must be shown with an item wherever it is shown."""
    review = document["review"]
    return {
        "notices": [notice["text"] for notice in document["notices"]],
        "not_covered": [entry["text"] for entry in document["not_covered"]],
        "review": {
            "reviewed_on": review["reviewed_on"],
            "review_due_on": review["review_due_on"],
            "is_overdue": review["review_due_on"] < where.today.isoformat(),
            "reviewer_role": review["reviewer_role"],
        },
        "version": document["meta"]["version"],
        "sha256": document["meta"]["sha256"],
        "citation": citation(document, where),
    }


def _statement(statement: Document, audience: str) -> Answer:
    return {
        "id": statement["id"],
        "aspect": statement["aspect"],
        "text": statement[audience],
        "certainty": statement["certainty"],
        "frequency": statement["frequency"],
        "sources": statement["citations"],
    }


def _relation(relation: Document, where: Setting) -> Answer:
    beside = relation["display_with"]
    return {
        "label": relation["label"],
        "to": {name: relation["object"][name] for name in ("id", "kind", "slug", "name")},
        "certainty": relation["certainty"],
        "is_view_of_its_sources_only": relation["attributed"],
        "show_beside_it": beside["name"] if beside else None,
        "note": relation["note"],
        "sources": relation["citations"],
    }


def _source(source: Document) -> Answer:
    names = ("slug", "title", "authors", "organisation", "year", "url", "doi", "pmid", "evidence_level", "retracted")
    return {name: source[name] for name in names}
