"""A backup of this deployment: what goes into the archive.

In: the database, and the keys in VAR_DIR. Out: an archive, and what is in it. Readers and editors are not held up.
"""

import tempfile
from datetime import UTC
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from content_app import VERSION
from content_app.models import Document, Release
from content_app.operation.backup import REFUSED, NotDone, archive, databases
from content_app.operation.backup.keys import fingerprint, key_files


def back_up(target: Path, passphrase: str = "") -> tuple[Path, dict[str, Any]]:
    """Write an archive to `target`, a file or a folder. Returns where it lies and the facts. Raises `NotDone`."""
    now = timezone.now().astimezone(UTC)
    if target.is_dir():
        target = target / f"amps-{now:%Y-%m-%dT%H%M%SZ}.tar{'.age' if passphrase else ''}"
    if not target.parent.is_dir():
        raise NotDone(f"{target.parent} is not a folder. Create it first.", returncode=REFUSED)
    facts = facts_of(now.isoformat())
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".amps-backup-") as folder:
        _, kind = databases.of_this_deployment()
        copy = Path(folder) / kind.file
        kind.dump(copy)
        archive.write(target, {kind.file: copy, **key_files()}, facts, passphrase)
    return target, facts


def facts_of(made_at: str) -> dict[str, Any]:
    """What the archive is of. What was published while it was made is in the database all the same."""
    last = Release.objects.order_by("-number").first()
    return {
        "made_at": made_at,
        "version": VERSION,
        "database": connection.vendor,
        "migrations": sorted(".".join(key) for key in MigrationRecorder(connection).applied_migrations()),
        "release": last.number if last else 0,
        "documents": Document.objects.count(),
        "secret_key": fingerprint(settings.SECRET_KEY),
    }
