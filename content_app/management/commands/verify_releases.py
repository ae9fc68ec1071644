"""Recomputes every hash of everything ever published."""

from django.core.management.base import BaseCommand, CommandError

from content_app.publication import verification


class Command(BaseCommand):
    help = "Verify the hash of every document and release, and list any that have changed."

    def handle(self, **options):
        faults = list(verification.faults())
        for fault in faults:
            self.stderr.write(fault)
        if faults:
            raise CommandError(f"The stored releases are not as they were published. Problems found: {len(faults)}.")
        releases, documents = verification.extent()
        self.stdout.write(f"Releases: {releases}, documents: {documents}. All are as they were published.")
