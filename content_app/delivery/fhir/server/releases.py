"""The libraries of stored releases, a few of which are kept.

In: release numbers. Out: `Library` objects. With the modules named `stored_…` the only one of this package that reads
the database, and only the waist. A kept library is told apart by the hash of its release's manifest, so that it can
never stand for other content.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterable
from typing import Any

from content_app.delivery.fhir.library.resources import Library
from content_app.delivery.fhir.server.stored_library import MOST_CODED, StoredLibrary
from content_app.delivery.fhir.terminology.outcome import refusal
from content_app.delivery.store import reading
from content_app.delivery.store.coded import coded
from content_app.models.publication import Release

KEPT = 4

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


def published(release: int | None) -> reading.Moment:
    """The release of this number, or the current one. Raises FhirError 404."""
    try:
        return reading.published(release)
    except reading.NotPublished as missing:
        raise refusal(404, "not-found", str(missing).removesuffix("."), path="" if release is None else "release")
