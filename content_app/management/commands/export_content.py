"""Exports the working copy of the library as editorial documents."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from content_app.audit import log
from content_app.editorial.exchange import files
from content_app.manuscripts import rows
from content_app.models import Item, Source


class Command(BaseCommand):
    help = "Export the current drafts of all items and sources, as one YAML file each."

    def add_arguments(self, parser):
        parser.add_argument("path", type=Path, help="the folder to write to (created if it does not exist)")

    def handle(self, *, path: Path, **options):
        documents = [rows.source_document(source) for source in Source.objects.all()]
        documents += rows.to_documents(Item.objects.filter(is_practice=False))
        try:
            written = files.write(path, documents)
        except OSError as error:
            raise CommandError(f"The export could not be completed: {error}.")
        log.record("content_exported", what=("library", "", path.name), documents=len(written))
        self.stdout.write(f"Exported {len(written)} documents to {path}.")
