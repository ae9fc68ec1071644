"""Recomputes every hash of everything ever published, and of all that is written once."""

from django.core.management.base import BaseCommand, CommandError

from content_app.publication import verification


class Command(BaseCommand):
    help = "Verify the hash of every document, release and record, and list any that have changed."

    def add_arguments(self, parser):
        parser.add_argument("--noted", metavar="HASH", help="the hash of a closing that this command printed earlier")

    def handle(self, *, noted: str | None = None, **options):
        faults = list(verification.faults(noted))
        for fault in faults:
            self.stderr.write(fault)
        if faults:
            raise CommandError(f"The stored releases are not as they were published. Problems found: {len(faults)}.")
        releases, documents = verification.extent()
        self.stdout.write(f"Releases: {releases}, documents: {documents}. All are as they were published.")
        receipts, unchained, last = verification.extent_of_ledger()
        self.stdout.write(f"Receipts: {receipts}, not yet chained: {unchained}. Last closing: {last or 'none'}")
