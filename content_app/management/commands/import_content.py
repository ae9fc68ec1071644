"""Imports editorial documents as drafts: all of them or none."""

from pathlib import Path

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from content_app.audit import log
from content_app.editorial import workflow
from content_app.editorial.exchange import importing
from content_app.editorial.transitions import require_role


class Command(BaseCommand):
    help = "Import editorial documents (YAML or JSON) from a file or folder as drafts: all of them or none."

    def add_arguments(self, parser):
        parser.add_argument("path", type=Path, help="a file, or a folder with one document per file")
        parser.add_argument("--dry-run", action="store_true", help="show what would change, without changing anything")
        parser.add_argument("--by", default="author", help="user name of the person who imports (default: author)")

    def handle(self, *, path: Path, dry_run: bool, by: str, **options):
        if not path.exists():
            raise CommandError(f"{path} does not exist.")
        try:
            self.bring_in(path, dry_run, by)
        except importing.NotImportable as error:
            for problem in error.problems:
                self.stderr.write(str(problem))
            raise CommandError(f"Nothing was imported. Problems found: {len(error.problems)}.")
        except workflow.TransitionNotAllowed as error:
            raise CommandError(f"Nothing was imported. {error}")

    def bring_in(self, path: Path, dry_run: bool, by: str) -> None:
        plan = importing.plan(path)
        self.report(plan)
        person = self.person(by)
        require_role("edit", person)
        if dry_run:
            self.stdout.write("Dry run: nothing was changed.")
        elif plan.count("unchanged") == len(plan.changes):
            self.stdout.write("There is nothing to import: the library already has all of this content.")
        else:
            with transaction.atomic():
                importing.apply(plan, by=person, note=str(path.name))
                log.record("content_imported", by=person, what=("file", "", path.name), **plan.counts())
            self.stdout.write("Imported as drafts.")

    def report(self, plan: importing.Plan) -> None:
        for change in plan.changes:
            if change.action != "unchanged":
                fields = f" ({', '.join(change.fields)})" if change.fields else ""
                self.stdout.write(f"{change.action:8} {change.reference}{fields}")
        for sentence in plan.left_out:
            self.stdout.write(sentence)
        counts = [f"{number} {action}" for action, number in plan.counts().items()]
        self.stdout.write(", ".join(counts) + ".")

    def person(self, username: str):
        person = get_user_model().objects.filter(username=username).first()
        if person is None:
            sentence = f"There is no user “{username}”. Use --by to name a user in the group Author"
            raise CommandError(f"{sentence}. You can add users on the admin pages.")
        return person
