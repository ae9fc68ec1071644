"""Moves a library from SQLite to PostgreSQL, with the server stopped, and proves that nothing was lost."""

import os
import subprocess
import sys

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from amps_api import databases, setting_rules
from content_app.operation import running
from content_app.operation.copying import NotCopied, copy


class Command(BaseCommand):
    help = "Copy everything from the SQLite of this deployment to an empty PostgreSQL database, and verify it there."

    def add_arguments(self, parser):
        parser.add_argument("target", help="its address: postgresql://user:password@host:5432/name")

    def handle(self, *, target: str, **options):
        if not settings.IS_SQLITE:
            raise CommandError("DATABASE_URL is PostgreSQL already. Use PostgreSQL's own tools to copy it.")
        if said := setting_rules.on_a_server(target):
            raise CommandError(f"The target {said}")
        try:
            with running.alone():
                counts = copy(databases.configured(target, [])["default"])
        except running.InUse:
            raise NotCopied("A server or a worker is running. Stop it first, so that nothing changes meanwhile.")
        self.stdout.write(f"Copied {sum(counts.values())} rows of {len(counts)} tables; each is the same there.")
        for command in ("rebuild_search", "verify_releases"):  # with the target as the database
            self.there(command, target)
        self.stdout.write("Set DATABASE_URL to the new address and start the server. Keep the old file as a backup.")

    def there(self, command: str, target: str) -> None:
        done = subprocess.run(  # noqa: S603 - this program
            [sys.executable, sys.argv[0], command], env=os.environ | {"DATABASE_URL": target}, text=True,
            capture_output=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise CommandError(f"{command} failed on the target: {done.stderr.strip() or done.stdout.strip()}")
        self.stdout.write(done.stdout.strip())
