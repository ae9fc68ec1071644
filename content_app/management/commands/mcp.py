"""Serves the library to language models: the Model Context Protocol over standard input and output.

In: protocol messages on standard input. Out: answers on standard output, until input ends; logs go to standard error.
A client starts it by itself: command `.venv/bin/python`, arguments `manage.py mcp`.
"""

from django.core.management.base import BaseCommand

from content_app.delivery.mcp.server import the_server


class Command(BaseCommand):
    help = "Serve the library, read-only, to language models over standard input and output (Model Context Protocol)."
    requires_system_checks = []

    def handle(self, *args, **options):
        the_server().run("stdio")
