"""Writes the search index anew from what is published: the rows that publishing wrote, once more."""

from django.core.management.base import BaseCommand

from content_app.publication.index import indexing


class Command(BaseCommand):
    help = "Write the search index anew, release by release, in one transaction."

    def handle(self, **options):
        releases = indexing.rebuild()
        self.stdout.write(f"The search index holds {releases} releases.")
