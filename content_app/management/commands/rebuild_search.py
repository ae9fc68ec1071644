"""Writes the search index anew from what is published: the rows that publishing wrote, once more."""

from django.core.management.base import BaseCommand

from content_app.publication.index import indexing


class Command(BaseCommand):
    help = "Rebuild the search index for all releases, in one transaction."

    def handle(self, **options):
        releases = indexing.rebuild()
        self.stdout.write(f"Rebuilt the search index for {releases} releases.")
