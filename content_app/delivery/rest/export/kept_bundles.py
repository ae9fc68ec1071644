"""The bundles of some releases as files, each made when it is first asked for, from the documents of the release.

In: a release. Out: its bundle, open for reading; and the documents, in batches.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from django.conf import settings

from content_app.delivery.http import kept_files
from content_app.delivery.rest.export import bundles
from content_app.delivery.rest.export.signing_keys import key_id, sign, signing_key
from content_app.delivery.store import reading
from content_app.delivery.store.reading import Moment

BATCH = 100
COLUMNS = ("item_uuid", "kind", "slug", "version", "sha256", "tombstone_reason", "first_release_id", "body")


def folder() -> Path:
    return Path(settings.VAR_DIR) / "exports"


def path_of(release: dict[str, Any]) -> Path:
    """Where the bundle of a release is kept: the name changes with the content, the format and the key."""
    name = f"release-{release['number']}-{release['manifest_sha256'][:16]}-{key_id(signing_key().public_key())}"
    return folder() / f"{bundles.FORMAT}-{name}.zip"


def opened(release: dict[str, Any], moment: Moment) -> IO[bytes]:
    """The bundle of a release, made if need be. Raises `BeingMade` or `NoRoom`."""
    return kept_files.opened(path_of(release), lambda file: bundles.write(file, release, documents(moment), sign))


def documents(moment: Moment) -> Iterator[tuple[dict[str, Any], bytes]]:
    """(index entry, body) of every document current in a release, tombstones included, by identifier.

    Read in small batches along an index, so that neither memory nor a transaction grows with the library.
    """
    found = reading.documents(moment).order_by("item_uuid").values_list(*COLUMNS)
    rows = list(found[:BATCH])
    while rows:
        for row in rows:
            yield index_entry(*row[:-1]), bytes(row[-1])
        rows = list(found.filter(item_uuid__gt=rows[-1][0])[:BATCH])


def index_entry(item_uuid, kind: str, slug: str, version: int, sha256: str, reason: str, first: int) -> dict[str, Any]:
    """A document as the manifest of its release has it, and the release."""
    return {
        "id": str(item_uuid),
        "kind": kind,
        "slug": slug,
        "version": version,
        "sha256": sha256,
        "withdrawn": bool(reason),
        "first_release": first,
    }
