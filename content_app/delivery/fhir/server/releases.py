"""Reads the documents of a release when they are needed, and keeps the libraries made of them, a few at a time.

In: release numbers. Out: `Library` objects. With `stored_concepts` the only module of this package that reads the
database, and only the waist. A kept library is told apart by the hash of its release's manifest, so that it can never
stand for other content.
"""

import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any

from content_app.canonical import rfc3339
from content_app.delivery.fhir.library.edition import Edition
from content_app.delivery.fhir.library.identity import version_of
from content_app.delivery.fhir.library.resources import Library, since
from content_app.delivery.fhir.server.stored_concepts import StoredConcepts
from content_app.delivery.fhir.terminology.canonical_urls import CODE_SYSTEM
from content_app.delivery.fhir.terminology.concepts import CodeSystemIndex
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
        return StoredLibrary(moment, lambda release: StoredReleases().as_of(release))


class StoredEdition(Edition):
    """A release of which nothing has been read yet. What walks through all of its documents reads them, once."""

    def __init__(self, moment: reading.Moment):
        self.moment = moment
        self.release = moment.release
        self.published_at = rfc3339(moment.published_at, "seconds")

    @cached_property
    def documents(self) -> tuple[dict, ...]:
        return tuple(json.loads(body) for body in bodies(self.moment))

    @cached_property
    def codes(self) -> dict[str, str]:
        return codes(self.firsts)

    @cached_property
    def firsts(self) -> list[FirstEdition]:
        return first_editions(self.release)

    def since(self) -> dict[str, int]:
        """The release from which on a condition has a value set, by the id of that value set."""
        return since(self.codes, {entry.item_id: entry.release for entry in self.firsts})


class StoredLibrary(Library):
    """The library of a stored release: questions about single codes are answered by queries."""

    def __init__(self, moment: reading.Moment, earlier: Callable[[int], Library]):
        edition = StoredEdition(moment)
        super().__init__(edition, edition.since, earlier)
        self.own = StoredConcepts(moment, self._whole, edition)

    def concepts(self, url: str, version: str | None) -> CodeSystemIndex:
        if url != CODE_SYSTEM:
            return super().concepts(url, version)
        there = self.at(version or "")
        if there is None:
            raise LookupError(version)
        return there.own

    def _whole(self) -> CodeSystemIndex:
        return super().concepts(CODE_SYSTEM, version_of(self.release))


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
