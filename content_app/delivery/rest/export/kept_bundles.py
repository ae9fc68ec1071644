"""Keeps the bundles of some releases as files, each made once, when it is first asked for.

In: a release. Out: its bundle, open for reading. A bundle appears whole or not at all: it is written under another
name and renamed. One is made at a time; the lock goes with the process that holds it, and what a killed one leaves
behind is removed by the next.
"""

import contextlib
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from django.conf import settings

from content_app.delivery.rest.export import bundles
from content_app.delivery.rest.export.signing_keys import key_id, sign, signing_key
from content_app.delivery.store import reading
from content_app.delivery.store.reading import Moment

MOST_KEPT = 4
LONGEST_WAIT = 2.0  # seconds for the bundle that somebody else is making
BATCH = 100
COLUMNS = ("item_uuid", "kind", "slug", "version", "sha256", "tombstone_reason", "first_release_id", "body")


class BeingMade(Exception):
    """Another process is making a bundle."""


class NoRoom(Exception):
    """The bundle cannot be written."""


def folder() -> Path:
    return Path(settings.VAR_DIR) / "exports"


def path_of(release: dict[str, Any]) -> Path:
    """Where the bundle of a release is kept: the name changes with the content, the format and the key."""
    name = f"release-{release['number']}-{release['manifest_sha256'][:16]}-{key_id(signing_key().public_key())}"
    return folder() / f"{bundles.FORMAT}-{name}.zip"


def opened(release: dict[str, Any], moment: Moment) -> IO[bytes]:
    """The bundle of a release, made if need be. Raises `BeingMade` or `NoRoom`."""
    path = path_of(release)
    try:
        file = path.open("rb")
    except FileNotFoundError:
        return _made(path, release, moment)
    with contextlib.suppress(OSError):
        os.utime(path)  # what was used last is removed last
    return file


def _made(path: Path, release: dict[str, Any], moment: Moment) -> IO[bytes]:
    try:
        folder().mkdir(parents=True, exist_ok=True)
        with _alone():
            if not path.exists():
                _make(path, release, moment)
                _make_room(path)
            return path.open("rb")
    except OSError as error:
        raise NoRoom(str(error))


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Be the one who makes a bundle. Raises `BeingMade` if another process takes too long over one."""
    until = time.monotonic() + LONGEST_WAIT
    with (folder() / "lock").open("w") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > until:
                    raise BeingMade
                time.sleep(0.05)
        yield


def _make(path: Path, release: dict[str, Any], moment: Moment) -> None:
    for left_behind in folder().glob("*.part"):
        left_behind.unlink()
    draft = path.with_suffix(".part")
    try:
        with draft.open("w+b") as file:
            bundles.write(file, release, documents(moment), sign)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def _make_room(newest: Path) -> None:
    """Remove what was used longest ago. Who is reading it reads on to its end all the same."""
    found = [path for path in folder().glob("*.zip") if path != newest]
    for path in sorted(found, key=lambda path: path.stat().st_mtime, reverse=True)[MOST_KEPT - 1 :]:
        path.unlink(missing_ok=True)


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
