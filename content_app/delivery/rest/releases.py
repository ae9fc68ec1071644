"""Releases, and the manifest of each: every document with its version and hash."""

from typing import Any

from django.http import HttpResponse

from content_app.canonical import compact_json
from content_app.delivery.http.responses import answer
from content_app.delivery.query import paging, parameters
from content_app.delivery.query.base_view import ReadView
from content_app.delivery.query.operation import Operation
from content_app.delivery.query.paging import PAGE_PARAMETERS, Row
from content_app.delivery.rest import shapes
from content_app.delivery.store import reading
from content_app.delivery.store.entries import RELEASE_COLUMNS, release_entry
from content_app.models.publication import Release
from content_app.vocabulary.addresses import href

LARGEST_MANIFEST_PAGE = 1000


def find_release(number: int) -> reading.Moment:
    """The moment of a release in an address. Raises `Problem` (404)."""
    return parameters.published(number, "not-found")


class ReleaseListView(ReadView):
    """All releases, newest first."""

    operation = Operation(
        "list_releases",
        "releases",
        "List releases",
        "All releases of the library, newest first. Add `?release=` to any read to get it from a particular release.",
        shapes.ReleasePage,
        example="list_releases",
    )

    known_parameters = PAGE_PARAMETERS

    def get(self, request) -> HttpResponse:
        page = paging.asked_for(self, ("-number",))
        rows, onward = page.of(Release.objects.filter(number__lte=page.moment.release), *RELEASE_COLUMNS)
        return page.answer([compact_json(release_entry(row)) for row in rows], onward, count=page.moment.release)


class ReleaseView(ReadView):
    """One release with its manifest: every document that is current in it."""

    operation = Operation(
        "get_release",
        "releases",
        "Get a release with its manifest",
        "Every document that is current in the release, with its version and hash.\n\n`manifest_sha256` links each "
        'release to the one before. It is the SHA-256 of the canonical JSON (RFC 8785) of `{"documents": […], '
        '"previous": …, "release": …}`, where `documents` are the entries whose `first_release` is this release, '
        "sorted by `id`, with `id`, `kind`, `sha256`, `slug`, `version` and `withdrawn` only, and `previous` is "
        "`previous_manifest_sha256`.",
        shapes.ReleaseSerializer,
        is_found_by_name=True,
        example="get_release",
    )

    known_parameters = PAGE_PARAMETERS
    columns = ("item_uuid", "kind", "slug", "version", "sha256", "tombstone_reason", "first_release")

    def get(self, request, number: int) -> HttpResponse:
        moment = find_release(number)
        page = paging.asked_for(
            self, ("kind", "item_uuid"), moment=moment, usual=LARGEST_MANIFEST_PAGE, most=LARGEST_MANIFEST_PAGE
        )
        rows, onward = page.of(reading.documents(moment), *self.columns)
        release = release_entry(Release.objects.filter(number=number).values(*RELEASE_COLUMNS).get())
        previous = Release.objects.filter(number=number - 1).values_list("manifest_sha256", flat=True).first()
        body = release | {
            "previous_manifest_sha256": previous,
            "documents": [self.entry(row) for row in rows],
            **onward.members,
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
