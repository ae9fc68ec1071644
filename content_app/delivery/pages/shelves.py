"""What the lists for people and for language models are made of: short entries of what is published, by kind.

In: a release. Out: plain data, bounded. Reads the waist and nothing else.
"""

import json
from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from content_app.delivery.store import reading
from content_app.delivery.store.place import Place
from content_app.models.publication import Document
from content_app.vocabulary.addresses import href
from content_app.vocabulary.terms import CATEGORIES, FORMS, SOURCE_TYPES, TOPICS

Entry = dict[str, Any]
ORDER = ("sort_name", "item_uuid")
COLUMNS = (*ORDER, "kind", "slug", "name", "list_form")
# What groups the entries of a kind, and in which order.
GROUPED_BY = {
    "concept": ("topic", TOPICS),
    "symptom_type": ("category", CATEGORIES),
    "example": ("form", FORMS),
    "source": ("type", SOURCE_TYPES),
}


def shelves(moment: reading.Moment, most: int, *terms: tuple[str, str]) -> dict[str, list[Entry]]:
    """The first documents of every kind that have all these terms (name, value), by name: one query for each kind."""
    are_few = any(not reading.is_common(name, value) for name, value in terms)
    found = reading.living(moment)
    for name, value in terms:
        found = (reading.with_term if are_few else reading.with_common_term)(found, name, value)
    return {kind: shelf for kind, _ in Document.KINDS if (shelf := _shelf(found, kind, most, are_few))}


def _shelf(found: QuerySet, kind: str, most: int, are_few: bool) -> list[Entry]:
    of_kind = reading.of_kind(found, kind, are_few=are_few)
    rows = reading.in_order_of(of_kind, ORDER, are_few=are_few).values(*COLUMNS)[:most]
    return [_entry(row) for row in rows]


def _entry(row: Entry) -> Entry:
    listed = json.loads(bytes(row["list_form"]))
    group, _ = GROUPED_BY.get(row["kind"], (None, {}))
    return {
        "name": row["name"],
        "abbreviation": listed.get("abbreviation"),
        "href": href(row["kind"], row["slug"]),
        "summary": listed["summary"]["plain"] if "summary" in listed else _of_source(listed),
        "group": listed[group] if group else "",
        "published_at": listed["meta"]["published_at"],
    }


def entry(row: Entry, place: Place) -> Entry:
    """The short entry of a document, with its address at this place. In: its COLUMNS."""
    told = _entry(row)
    return told | {"href": place.link(told["href"])}


def _of_source(listed: Entry) -> str:
    parts = (", ".join(listed["authors"]), listed["container"] or listed["organisation"], listed["year"])
    return ", ".join(str(part) for part in parts if part)


def grouped(kind: str, entries: Iterable[Entry], place: Place) -> list[Entry]:
    """Entries in groups, in the order of the vocabulary that sorts their kind; one group without a label for others."""
    _, terms = GROUPED_BY.get(kind, (None, {}))
    shown = [entry | {"href": place.link(entry["href"])} for entry in entries]
    groups = [
        {"label": term.label, "entries": [e for e in shown if e["group"] == code]} for code, term in terms.items()
    ]
    return [group for group in groups if group["entries"]] or [{"label": "", "entries": shown}]
