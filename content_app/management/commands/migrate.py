"""Django's `migrate`, one at a time: of several machines that start on an empty database, one makes the tables."""

from django.core.management.commands import migrate

from content_app.operation.one_at_a_time import migrating


class Command(migrate.Command):
    def handle(self, *args, **options):
        with migrating(options["database"]):
            super().handle(*args, **options)
