"""Releases, and the manifest of each: every document with its version and hash."""

from typing import Any

from django.http import HttpResponse

from content_app.addresses import API, href
from content_app.canonical import compact_json
from content_app.delivery import cursors, filters, parameters, reading
from content_app.delivery.problems import Problem
from content_app.delivery.responses import answer
from content_app.delivery.views.base import ReadView
from content_app.delivery.views.documents import after, envelope, next_address
from content_app.models.publication import Release

COLUMNS = ("number", "published_at", "significance", "note", "counts", "manifest_sha256")
LARGEST_MANIFEST_PAGE = 1000


def release_entry(row: tuple) -> dict[str, Any]:
    """A release as this API shows it."""
    entry = dict(zip(COLUMNS, row, strict=True))
    entry["published_at"] = entry["published_at"].isoformat().replace("+00:00", "Z")
    return entry | {"href": f"{API}/releases/{entry['number']}/"}


class ReleaseListView(ReadView):
    """All releases, newest first."""

    known_parameters = ("page_size", "cursor")

    def get(self, request) -> HttpResponse:
        query, asked = request.query_params, cursors.question(request)
        page_size = parameters.whole_number(
            query, "page_size", default=filters.USUAL_PAGE, least=filters.SMALLEST_PAGE, most=filters.LARGEST_PAGE
        )
        cursor = cursors.decode(query["cursor"], asked, (int,)) if "cursor" in query else None
        moment = reading.moment_of_release(cursor.release) if cursor else self.moment()
        if moment is None:
            raise cursors.not_one_of_ours()
        found = Release.objects.filter(number__lte=moment.release).order_by("-number")
        if cursor:
            found = found.filter(number__lt=cursor.key[0])
        rows = list(found.values_list(*COLUMNS)[: page_size + 1])
        next_page = None
        if len(rows) > page_size:
            next_page = next_address(request, cursors.Cursor(moment.release, (rows[page_size - 1][0],)), asked)
        results = [compact_json(release_entry(row)) for row in rows[:page_size]]
        return answer(request, envelope(moment, results, next_page, count=moment.release), moment=moment)


class ReleaseView(ReadView):
    """One release with its manifest: every document that is current in it."""

    known_parameters = ("page_size", "cursor")
    columns = ("item_uuid", "kind", "slug", "version", "sha256", "tombstone_reason", "first_release")

    def get(self, request, number: int) -> HttpResponse:
        query, asked = request.query_params, cursors.question(request)
        page_size = parameters.whole_number(
            query, "page_size", default=LARGEST_MANIFEST_PAGE, least=1, most=LARGEST_MANIFEST_PAGE
        )
        moment = reading.moment_of_release(number) if number <= parameters.LARGEST_RELEASE else None
        if moment is None:
            raise Problem("not-found", f"There is no release {str(number)[:20]}.")
        found = reading.documents(moment)
        if "cursor" in query:
            key = cursors.decode(query["cursor"], asked, (str, str)).key
            found = found.filter(after(("kind", "item_uuid"), key))
        rows = list(found.order_by("kind", "item_uuid").values_list(*self.columns)[: page_size + 1])
        next_page = None
        if len(rows) > page_size:
            key = (rows[page_size - 1][1], str(rows[page_size - 1][0]))
            next_page = next_address(request, cursors.Cursor(number, key), asked)
        release = release_entry(Release.objects.filter(number=number).values_list(*COLUMNS).get())
        previous = Release.objects.filter(number=number - 1).values_list("manifest_sha256", flat=True).first()
        body = release | {
            "previous_manifest_sha256": previous,
            "documents": [self.entry(row) for row in rows[:page_size]],
            "next": next_page,
        }
        return answer(request, compact_json(body), moment=moment)

    def entry(self, row: tuple) -> dict[str, Any]:
        entry = dict(zip(self.columns, row, strict=True))
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
