"""From an archive back to a deployment: verified first, refused where it would do harm, verified again at the end.

In: an archive, a database and VAR_DIR that nobody uses. Out: the library as it was. Raises `NotDone` with a sentence;
then nothing has changed, unless it says that it has.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from content_app.models import Release
from content_app.operation import running
from content_app.operation.backup import NOT_AS_PUBLISHED, REFUSED, NotDone, archive, databases
from content_app.operation.backup.keys import KEYS, PREFIX, fingerprint, put_back
from content_app.publication import verification


@contextmanager
def verified(source: Path, passphrase: str = "") -> Iterator[tuple[dict[str, Any], Path]]:
    """The manifest of an archive every byte of which has been checked, and the folder with its files."""
    if not source.is_file():
        raise NotDone(f"{source} is not a file.", returncode=REFUSED)
    place = Path(settings.VAR_DIR)
    place.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(dir=place, prefix="restore-") as folder,
        archive.opened(source, passphrase, Path(folder)) as manifest,
    ):
        yield manifest, Path(folder)


def restore(source: Path, passphrase: str = "", *, replace: bool = False) -> dict[str, Any]:
    """Put everything back. `replace` agrees to lose what the database has now. Returns the manifest."""
    with verified(source, passphrase) as (manifest, folder):
        try:
            with running.alone():
                _put_back(manifest, folder, replace=replace)
        except running.InUse:
            raise NotDone("A server or a worker is running. Stop it first.", returncode=REFUSED)
    faults = list(verification.faults())
    if faults:
        sentence = f"The backup was restored, but its releases are not as they were published: {' '.join(faults[:5])}"
        raise NotDone(sentence, returncode=NOT_AS_PUBLISHED)
    return manifest


def _put_back(manifest: dict[str, Any], folder: Path, *, replace: bool) -> None:
    vendor, kind = databases.of_this_deployment()
    if manifest["database"] != vendor:
        sentence = f"The backup is from {manifest['database']}, but DATABASE_URL names {vendor}. Use the same kind."
        raise NotDone(sentence, returncode=REFUSED)
    newer = set(manifest["migrations"]) - _known_migrations()
    if newer:
        sentence = f"The backup is of version {manifest['version']}, which is newer than this one. Upgrade first."
        raise NotDone(f"{sentence} Unknown here: {', '.join(sorted(newer))}.", returncode=REFUSED)
    _refuse_lost_secret(manifest)
    if not replace and (number := _last_release()):
        sentence = f"The database has releases, up to {number}, which would be lost. To overwrite them, add --replace."
        raise NotDone(sentence, returncode=REFUSED)
    kind.refuse_if_in_use()
    kind.load(folder / kind.file)
    put_back([*manifest["files"]], folder)
    call_command("migrate", verbosity=0, interactive=False)


def _known_migrations() -> set[str]:
    return {".".join(key) for key in MigrationLoader(None).disk_migrations}


def _refuse_lost_secret(manifest: dict[str, Any]) -> None:
    """Second factors and webhook secrets in the database can only be read with the key of that time."""
    has_own = f"{PREFIX}{KEYS[0]}" in manifest["files"] and not os.environ.get("SECRET_KEY")
    given = {fingerprint(key) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)}
    if not has_own and manifest["secret_key"] not in given:
        raise NotDone(
            "The backup was made with a different SECRET_KEY, so second factors and webhook secrets could not be read. "
            "Set SECRET_KEY to that key, or add that key to SECRET_KEY_FALLBACKS.",
            returncode=REFUSED,
        )


def _last_release() -> int:
    """The number of the last release in the database as it is now; 0 if there is none, or no tables yet."""
    if Release._meta.db_table not in connection.introspection.table_names():
        return 0
    return Release.objects.order_by("-number").values_list("number", flat=True).first() or 0
