"""Backs this deployment up into one file, while it serves."""

from pathlib import Path

from django.core.management.base import BaseCommand

from content_app.management.passphrase import add_argument, read
from content_app.operation.backup.making import back_up


class Command(BaseCommand):
    help = (
        "Back up the database and the keys into one archive that can be verified. Exit codes: 1 the database "
        "cannot be read, 2 it is damaged, 3 the target cannot be used."
    )

    def add_arguments(self, parser):
        parser.add_argument("target", type=Path, help="a new file, or a folder to put one in")
        add_argument(parser, "encrypt the archive")

    def handle(self, *, target: Path, passphrase_file: Path | None = None, **options):
        place, facts = back_up(target, read(passphrase_file))
        size = place.stat().st_size / 1_000_000
        self.stdout.write(
            f"{place}: release {facts['release']}, {facts['documents']} documents, {size:.1f} MB"
            f"{', encrypted' if passphrase_file else ''}."
        )
        if not passphrase_file:
            self.stdout.write("It contains password hashes and keys: keep it where only administrators can read it.")
