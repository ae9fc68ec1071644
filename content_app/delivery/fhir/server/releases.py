"""Reads the documents of a release and keeps the libraries that were made of them, a few at a time.

In: release numbers. Out: `Library` objects. The only module of this package that reads the database, and only the
waist. A kept library is told apart by the hash of its release's manifest, so that it can never stand for other
content.
"""

import json
import threading
from collections import OrderedDict
from collections.abc import Iterable
from typing import Any

from content_app.canonical import rfc3339
from content_app.delivery.fhir.library.edition import Edition
from content_app.delivery.fhir.library.resources import Library, since
from content_app.delivery.fhir.terminology.outcome import refusal
from content_app.delivery.store import reading
from content_app.delivery.store.coded import coded
from content_app.delivery.store.own_codes import FirstEdition, codes
from content_app.models.publication import Document, Release

KEPT = 4
MOST_CODED = 100  # items with one code

_kept: OrderedDict[str, Library] = OrderedDict()
_lock = threading.Lock()


class StoredReleases:
    """The releases in the database."""

    def current(self) -> Library:
        return self._library(published(None))

    def as_of(self, release: int) -> Library:
        """Raises FhirError 404 for a release that has not been."""
        return self._library(published(release))

    def coded(self, release: int, asked: Iterable[tuple[str, str]]) -> list[tuple[str, dict[str, Any]]]:
        """The items that have one of these (system key, code), each with the coding that says so."""
        return [(document["id"], coding) for document, coding in coded(published(release), asked, MOST_CODED)]

    def _library(self, moment: reading.Moment) -> Library:
        key = Release.objects.filter(number=moment.release).values_list("manifest_sha256", flat=True).get()
        with _lock:
            if key in _kept:
                _kept.move_to_end(key)
                return _kept[key]
        made = self._made(moment)
        with _lock:
            _kept[key] = made
            while len(_kept) > KEPT:
                _kept.popitem(last=False)
        return made

    def _made(self, moment: reading.Moment) -> Library:
        editions = first_editions(moment.release)
        named = codes(editions)
        edition = Edition(
            release=moment.release,
            published_at=rfc3339(moment.published_at, "seconds"),
            documents=tuple(json.loads(body) for body in bodies(moment)),
            codes=named,
        )
        first = {entry.item_id: entry.release for entry in editions}
        return Library(edition, since(named, first), lambda release: StoredReleases().as_of(release))


def first_editions(release: int) -> list[FirstEdition]:
    """The first version of every item that there was by this release."""
    found = Document.objects.filter(version=1, first_release__lte=release).exclude(kind="source")
    columns = found.values_list("item_uuid", "kind", "slug", "first_release_id")
    return [FirstEdition(str(item_id), kind, slug, number) for item_id, kind, slug, number in columns]


def bodies(moment: reading.Moment) -> list[bytes]:
    """The bodies of all items that are current in a release, tombstones included, in a stable order."""
    columns = ("kind", "sort_name", "item_uuid", "body")
    rows = reading.documents(moment).exclude(kind="source").values_list(*columns)
    return [bytes(row[3]) for row in sorted(rows, key=lambda row: row[:3])]  # not by the collation of the database


def published(release: int | None) -> reading.Moment:
    """The release of this number, or the current one. Raises FhirError 404."""
    try:
        return reading.published(release)
    except reading.NotPublished as missing:
        raise refusal(404, "not-found", str(missing).removesuffix("."), path="" if release is None else "release")
