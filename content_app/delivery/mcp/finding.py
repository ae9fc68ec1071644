"""Reads the waist for the tools.

In: a release and what is asked for. Out: public documents as plain data.
"""

import json
import uuid
from typing import Any

from content_app.delivery.http.problems import Problem
from content_app.delivery.search import naming
from content_app.delivery.store import reading
from content_app.delivery.store.coded import CODED_SYSTEMS, coded
from content_app.vocabulary.terms import COLLECTIONS

Document = dict[str, Any]

MOST_CODED = 100
KINDS = {collection: kind for kind, collection in COLLECTIONS.items() if kind != "source"}


def item(moment: reading.Moment, asked: str) -> tuple[Document | None, list[str]]:
    """The item (or its tombstone) of an identifier, an address or an exact name; else references that may be meant."""
    stored = _by_identifier(moment, asked) or _by_address(moment, asked)
    if stored:
        return json.loads(stored.body), []
    candidates = naming.called(asked, moment.release)
    if len(candidates) == 1:
        return candidates[0], []
    return None, [f"{COLLECTIONS[each['kind']]}/{each['slug']}" for each in candidates or near(moment, asked)]


def near(moment: reading.Moment, asked: str) -> list[Document]:
    """What a search finds first, for somebody who named something that is not there."""
    try:
        return naming.found_by(asked.rpartition("/")[2].replace("-", " "), moment.release, 5).documents
    except Problem:  # there is no word in it
        return []


def with_code(moment: reading.Moment, systems: list[str], code: str) -> list[tuple[Document, Document]]:
    """(document, coding) for every coding with this code, in any of the systems."""
    return coded(moment, [(key, code) for key in systems], MOST_CODED)


def changed(moment: reading.Moment, since: int, most: int) -> tuple[list[tuple[Document, str, str]], bool]:
    """(document, significance, note) of what changed after a release, newest first, and whether there is more."""
    found = reading.documents(moment).filter(first_release__gt=since).exclude(kind="source")
    rows = found.order_by("-first_release", "sort_name", "item_uuid")
    rows = list(rows.values_list("body", "significance", "change_note")[: most + 1])
    return [(json.loads(bytes(body)), significance, note) for body, significance, note in rows[:most]], len(rows) > most


def all_systems() -> list[str]:
    return list(CODED_SYSTEMS)


def _by_identifier(moment: reading.Moment, asked: str) -> reading.Stored | None:
    try:
        return reading.by_id(moment, uuid.UUID(asked))
    except ValueError:
        return None


def _by_address(moment: reading.Moment, asked: str) -> reading.Stored | None:
    """The item at the end of an address: `conditions/slug`, with or without what stands before and behind it."""
    parts = asked.partition("?")[0].strip("/").split("/")[-2:]
    return reading.by_slug(moment, KINDS[parts[0]], parts[1]) if len(parts) == 2 and parts[0] in KINDS else None
