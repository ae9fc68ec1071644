"""Releases and versions as this API shows them, wherever it does.

In: rows with the columns that are named here. Out: plain data. Asks nothing of the database itself.
"""

import uuid
from typing import Any

from content_app.canonical import rfc3339
from content_app.delivery.store import reading
from content_app.vocabulary.addresses import API, href

Row = dict[str, Any]
RELEASE_COLUMNS = ("number", "published_at", "significance", "note", "counts", "manifest_sha256")
VERSION_COLUMNS = (
    "kind", "slug", "name", "version", "first_release", "first_release__published_at", "superseded_in", "sha256",
    "significance", "change_note", "tombstone_reason",
)  # fmt: skip


def release_entry(row: Row) -> Row:
    """A release as this API shows it. In: `RELEASE_COLUMNS`."""
    published_at = rfc3339(row["published_at"])
    counts = reading.in_order(row["counts"])
    return {**row, "published_at": published_at, "counts": counts, "href": f"{API}/releases/{row['number']}/"}


def version_entry(item_id: uuid.UUID, row: Row, release: int) -> Row:
    """One version as it is known in a release: what superseded it later is not said."""
    superseded_in = row["superseded_in"]
    first = row["first_release"]
    return {
        "version": row["version"],
        "release": first,
        "published_at": rfc3339(row["first_release__published_at"]),
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
