"""Releases, and the manifest of each: every document with its version and hash."""

from typing import Any

from django.http import HttpResponse

from content_app.canonical import compact_json
from content_app.delivery.http.problems import Problem
from content_app.delivery.http.responses import answer
from content_app.delivery.query import paging, parameters
from content_app.delivery.query.base_view import ReadView
from content_app.delivery.query.paging import PAGE_PARAMETERS, Row
from content_app.delivery.store import reading
from content_app.models.publication import Release
from content_app.vocabulary.addresses import API, href

COLUMNS = ("number", "published_at", "significance", "note", "counts", "manifest_sha256")
LARGEST_MANIFEST_PAGE = 1000


def find_release(number: int) -> reading.Moment:
    """The moment of a release in an address. Raises `Problem` (404)."""
    moment = reading.moment_of_release(number) if number <= parameters.LARGEST_RELEASE else None
    if moment is None:
        raise Problem("not-found", f"There is no release {str(number)[:20]}.")
    return moment


def release_entry(row: Row) -> dict[str, Any]:
    """A release as this API shows it. In: `COLUMNS`."""
    published_at = row["published_at"].isoformat().replace("+00:00", "Z")
    counts = reading.in_order(row["counts"])
    return {**row, "published_at": published_at, "counts": counts, "href": f"{API}/releases/{row['number']}/"}


class ReleaseListView(ReadView):
    """All releases, newest first."""

    known_parameters = PAGE_PARAMETERS

    def get(self, request) -> HttpResponse:
        page = paging.asked_for(self, ("-number",))
        rows, next_page = page.of(Release.objects.filter(number__lte=page.moment.release), *COLUMNS)
        return page.answer([compact_json(release_entry(row)) for row in rows], next_page, count=page.moment.release)


class ReleaseView(ReadView):
    """One release with its manifest: every document that is current in it."""

    known_parameters = PAGE_PARAMETERS
    columns = ("item_uuid", "kind", "slug", "version", "sha256", "tombstone_reason", "first_release")

    def get(self, request, number: int) -> HttpResponse:
        moment = find_release(number)
        page = paging.asked_for(
            self, ("kind", "item_uuid"), moment=moment, usual=LARGEST_MANIFEST_PAGE, most=LARGEST_MANIFEST_PAGE
        )
        rows, next_page = page.of(reading.documents(moment), *self.columns)
        release = release_entry(Release.objects.filter(number=number).values(*COLUMNS).get())
        previous = Release.objects.filter(number=number - 1).values_list("manifest_sha256", flat=True).first()
        body = release | {
            "previous_manifest_sha256": previous,
            "documents": [self.entry(row) for row in rows],
            "next": next_page,
        }
        return answer(request, compact_json(body), moment=moment)

    def entry(self, entry: Row) -> dict[str, Any]:
        return {
            "id": str(entry["item_uuid"]),
            "kind": entry["kind"],
            "slug": entry["slug"],
            "version": entry["version"],
            "sha256": entry["sha256"],
            "withdrawn": bool(entry["tombstone_reason"]),
            "first_release": entry["first_release"],
            "href": f"{href(entry['kind'], entry['slug'])}?release={entry['first_release']}",
        }
