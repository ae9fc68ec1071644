"""Every version that an item has had."""

import uuid
from typing import Any

from django.http import HttpResponse

from content_app.addresses import API, href
from content_app.canonical import compact_json
from content_app.delivery import cursors, filters, parameters, reading
from content_app.delivery.problems import Problem
from content_app.delivery.responses import answer
from content_app.delivery.views.base import READ_PARAMETERS, ReadView
from content_app.delivery.views.documents import envelope, next_address
from content_app.models.publication import Document

COLUMNS = (
    "kind", "slug", "name", "version", "first_release", "first_release__published_at", "superseded_in", "sha256",
    "significance", "change_note", "tombstone_reason",
)  # fmt: skip


class VersionListView(ReadView):
    """The versions of an item up to a release, newest first; a withdrawal is a version too."""

    known_parameters = ("page_size", "cursor", *READ_PARAMETERS)

    def get(self, request, item_id: uuid.UUID) -> HttpResponse:
        query = request.query_params
        asked = cursors.question(request) | {"of": str(item_id)}  # a cursor belongs to this item
        page_size = parameters.whole_number(
            query, "page_size", default=filters.USUAL_PAGE, least=filters.SMALLEST_PAGE, most=filters.LARGEST_PAGE
        )
        cursor = cursors.decode(query["cursor"], asked, (int,)) if "cursor" in query else None
        moment = reading.moment_of_release(cursor.release) if cursor else self.moment()
        if moment is None:
            raise cursors.not_one_of_ours()
        versions = Document.objects.filter(item_uuid=item_id, first_release__lte=moment.release)
        versions = versions.exclude(kind="source").order_by("-version")
        if cursor:
            versions = versions.filter(version__lt=cursor.key[0])
        rows = list(versions.values(*COLUMNS)[: page_size + 1])
        if not rows:
            raise Problem("not-found", f"Release {moment.release} has no item {item_id}.")
        next_page = None
        if len(rows) > page_size:
            key = (rows[page_size - 1]["version"],)
            next_page = next_address(request, cursors.Cursor(moment.release, key), asked)
        results = [compact_json(version_entry(item_id, row, moment.release)) for row in rows[:page_size]]
        return answer(request, envelope(moment, results, next_page), moment=moment)


def version_entry(item_id: uuid.UUID, row: dict[str, Any], release: int) -> dict[str, Any]:
    """One version as it is known in a release: what superseded it later is not said."""
    superseded_in = row["superseded_in"]
    first = row["first_release"]
    return {
        "version": row["version"],
        "release": first,
        "published_at": row["first_release__published_at"].isoformat().replace("+00:00", "Z"),
        "superseded_in": superseded_in if superseded_in and superseded_in <= release else None,
        "name": row["name"],
        "slug": row["slug"],
        "sha256": row["sha256"],
        "significance": row["significance"],
        "change_note": row["change_note"],
        "withdrawn": bool(row["tombstone_reason"]),
        "reason": row["tombstone_reason"] or None,
        "href": f"{href(row['kind'], row['slug'])}?release={first}",
        "compare": f"{API}/releases/{first - 1}/compare/{first}/?item={item_id}" if row["version"] > 1 else None,
    }
