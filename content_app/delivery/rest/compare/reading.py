"""What a comparison of releases reads: the documents that differ between two of them, a page at a time.

In: two moments, the older first. Out: columns and bytes. Cost grows with what changed between the two.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from content_app.delivery.rest.compare.documents import highest
from content_app.delivery.store import reading
from content_app.delivery.store.reading import Moment
from content_app.models.publication import Document

COLUMNS = ("item_uuid", "kind", "slug", "name", "version", "sha256", "tombstone_reason", "first_release", "body")


@dataclass(frozen=True)
class Pair:
    """One item as it was in the older and in the newer release; rows by column, None where it is not there."""

    older: dict[str, Any] | None
    newer: dict[str, Any]
    significance: str


def changed(older: Moment, newer: Moment) -> QuerySet:
    """The documents current in the newer release that were not yet so in the older: one for each changed item."""
    return reading.documents(newer).filter(first_release__gt=older.release, first_release__lte=newer.release)


def pairs(rows: list[dict[str, Any]], older: Moment, newer: Moment) -> list[Pair]:
    """The items of rows of the newer release as they were in both: two queries, however many there are."""
    uuids = [row["item_uuid"] for row in rows]
    before = {row["item_uuid"]: row for row in reading.documents(older).filter(item_uuid__in=uuids).values(*COLUMNS)}
    significances = _significances(uuids, older, newer)
    return [Pair(before.get(row["item_uuid"]), row, significances[row["item_uuid"]]) for row in rows]


def _significances(uuids: list, older: Moment, newer: Moment) -> dict[Any, str]:
    """The most significant change of each item after the older release, up to the newer."""
    between = Q(first_release__gt=older.release, first_release__lte=newer.release)
    found: dict[Any, str] = {}
    rows = Document.objects.filter(between, item_uuid__in=uuids).values_list("item_uuid", "significance").distinct()
    for item_uuid, significance in rows:
        found[item_uuid] = highest([significance, found.get(item_uuid, significance)])
    return found
