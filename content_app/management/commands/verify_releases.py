"""Recomputes every hash of everything ever published."""

from django.core.management.base import BaseCommand, CommandError

from content_app.publication import verification


class Command(BaseCommand):
    help = "Recompute the hash of every document and release, and name what has changed."

    def handle(self, **options):
        faults = list(verification.faults())
        for fault in faults:
            self.stderr.write(fault)
        if faults:
            raise CommandError(f"{len(faults)} faults: what was published is not what is stored.")
        releases, documents = verification.extent()
        self.stdout.write(f"Releases: {releases}, documents: {documents}. All are as they were published.")
