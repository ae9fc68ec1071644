"""Finds the examples that illustrate an item, or something that the item is related to.

In: a public document, the release it is read from. Out: the examples of that release. A vignette of burning pain
illustrates a symptom type; whoever reads about the condition that has this symptom is looking for it too.
"""

from typing import Any

from django.db.models import QuerySet

from content_app.delivery.store import reading
from content_app.vocabulary.addresses import href

Document = dict[str, Any]

SHOWS = ("illustrates", "analogy_for")
# What an item is told apart from has examples of its own, which would be taken for the item's.
APART = "not_the_same_as"
MOST = 50


def of(document: Document, moment: reading.Moment) -> list[Document]:
    """The examples, by name: identifier, name and address of each. Examples and sources have none. One query."""
    if document["kind"] in ("example", "source"):
        return []
    found = among(reading.of_kind(reading.living(moment), "example", are_few=True), document)
    rows = reading.in_order_of(found, ("sort_name", "item_uuid"), are_few=True).values_list("item_uuid", "name", "slug")
    return [{"id": str(key), "name": name, "href": href("example", slug)} for key, name, slug in rows[:MOST]]


def among(found: QuerySet, document: Document) -> QuerySet:
    """Those documents that illustrate this one, or what it is related to."""
    ends = [document["id"], *(r["object"]["id"] for r in document["relations"] if r["predicate"] != APART)]
    return reading.with_term(found, "edge", *(f"{shows}|{end}" for shows in SHOWS for end in ends))
