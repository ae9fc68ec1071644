"""Puts a backup back, or only checks that it is whole."""

from pathlib import Path

from django.core.management.base import BaseCommand

from content_app.management.passphrase import add_argument, read
from content_app.operation.backup import restoring
from content_app.publication import verification


class Command(BaseCommand):
    help = (
        "Verify a backup, restore it to the database and VAR_DIR, and verify every release. Exit codes: 1 the database "
        "cannot be used, 2 the backup is damaged, 3 refused, 4 restored, but the releases are not as published."
    )

    def add_arguments(self, parser):
        parser.add_argument("source", type=Path, help="the archive")
        parser.add_argument("--check", action="store_true", help="only check that the archive is undamaged")
        parser.add_argument("--replace", action="store_true", help="overwrite what the database has now")
        add_argument(parser, "the archive is encrypted")

    def handle(self, *, source: Path, check=False, replace=False, passphrase_file: Path | None = None, **options):
        passphrase = read(passphrase_file)
        if check:
            with restoring.verified(source, passphrase) as (manifest, _):
                self.stdout.write(f"The backup is undamaged: {description_of(manifest)}.")
            return
        manifest = restoring.restore(source, passphrase, replace=replace)
        releases, documents = verification.extent()
        self.stdout.write(f"Restored: {description_of(manifest)}.")
        self.stdout.write(f"Releases: {releases}, documents: {documents}. All are as they were published.")


def description_of(manifest: dict) -> str:
    """What an archive is of, in words."""
    return f"release {manifest['release']}, {manifest['documents']} documents, made at {manifest['made_at']}"
