"""Every version that an item has had."""

import uuid
from typing import Any

from django.http import HttpResponse

from content_app.canonical import compact_json
from content_app.delivery.http.problems import Problem
from content_app.delivery.query import paging
from content_app.delivery.query.base_view import READ_PARAMETERS, ReadView
from content_app.delivery.query.paging import PAGE_PARAMETERS
from content_app.models.publication import Document
from content_app.vocabulary.addresses import API, href

COLUMNS = (
    "kind", "slug", "name", "version", "first_release", "first_release__published_at", "superseded_in", "sha256",
    "significance", "change_note", "tombstone_reason",
)  # fmt: skip


class VersionListView(ReadView):
    """The versions of an item up to a release, newest first; a withdrawal is a version too."""

    known_parameters = (*PAGE_PARAMETERS, *READ_PARAMETERS)

    def get(self, request, item_id: uuid.UUID) -> HttpResponse:
        page = paging.asked_for(self, ("-version",))
        versions = Document.objects.filter(item_uuid=item_id, first_release__lte=page.moment.release)
        rows, next_page = page.of(versions.exclude(kind="source"), *COLUMNS)
        if not rows:
            raise Problem("not-found", f"Release {page.moment.release} has no item {item_id}.")
        return page.answer([compact_json(version_entry(item_id, row, page.moment.release)) for row in rows], next_page)


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
