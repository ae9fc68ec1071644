"""Looks at a deployment and says what to fix."""

from django.core.management.base import BaseCommand, CommandError

from content_app.operation import examination


class Command(BaseCommand):
    help = (
        "Check this deployment: settings, folder, database, cache, keys, clock and worker. Exit code 1: fix something."
    )
    requires_system_checks = []  # they are the first of its findings

    def handle(self, **options):
        wrong = 0
        for finding in examination.findings():
            self.stdout.write(f"{'fix ' if finding.advice else 'ok  '} {finding.sentence}")
            if finding.advice:
                wrong += 1
                self.stdout.write(f"     → {finding.advice}")
        if wrong:
            raise CommandError(f"Things to fix: {wrong}.")
