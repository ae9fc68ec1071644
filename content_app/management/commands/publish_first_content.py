"""Fills an empty library: imports the first content and takes it through the workflow, in one transaction."""

import secrets
from pathlib import Path

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from content_app.editorial import source_history, source_workflow, warning_counts, workflow
from content_app.editorial.content_hashes import content_hashes
from content_app.editorial.exchange import files, importing, layers
from content_app.editorial.roles import AUTHOR, PUBLISHER, REVIEWER
from content_app.manuscripts import rows
from content_app.models import Item, Release, SignOff, Source
from content_app.publication import publishing

CHANGE_NOTE = "First publication."


class Command(BaseCommand):
    help = "Import and publish the first content, and create accounts, if nothing has been published yet."

    def add_arguments(self, parser):
        where = {"nargs": "?", "type": Path, "default": settings.FIRST_CONTENT}
        parser.add_argument("path", **where, help="the folder with the first content, if it is another one")

    def handle(self, *, path: Path, **options):
        self.accounts: list[str] = []
        try:
            with transaction.atomic():
                said = self.fill(path)
        except importing.NotImportable as error:
            raise CommandError(f"The first content cannot be imported:\n{error}")
        except workflow.NotPublishable as error:
            raise CommandError("The first content cannot be published:\n" + "\n".join(map(str, sentences(error))))
        except workflow.TransitionNotAllowed as error:
            raise CommandError(f"The first content cannot be published: {error}")
        for sentence in [*self.accounts, *said]:
            self.stdout.write(sentence)

    def fill(self, path: Path) -> list[str]:
        """What was done, in sentences; nothing if something is published already."""
        if publishing.wait_for_turn().current_release_id:
            return []
        people = {role: self.account(role) for role in (AUTHOR, REVIEWER, PUBLISHER)}
        if Item.objects.exists():
            return ["The library has drafts but no release. Publish them on the admin pages."]
        plan = importing.plan_of(layers.only(settings.LAYERS, files.read(path)))
        release = self.publish(importing.apply(plan, by=people["Author"]), people)
        while warning_counts.refresh():  # so that the desk knows from the start
            pass
        return [*plan.left_out, f"Release {release.number} is published."]

    def publish(self, items: list[Item], people: dict) -> Release:
        self.stdout.write(f"Publishing {len(items)} items …")
        self.stdout.flush()
        read = rows.to_documents(Item.objects.filter(pk__in=[item.pk for item in items]))
        for source in Source.objects.filter(status="draft"):
            source_workflow.submit(source=source, by=people["Author"], change_note=CHANGE_NOTE)
            content = source_history.version_of(source)
            source_workflow.approve(source=source, by=people["Reviewer"], content=content)
        contents = content_hashes(read)
        for item in items:
            workflow.submit(item=item, by=people["Author"], change_note=CHANGE_NOTE)
            content = contents[str(item.uuid)]
            workflow.approve(item=item, by=people["Reviewer"], content=content, reviewer_role=SignOff.NOT_YET_CLINICAL)
        return workflow.publish(items=items, by=people["Publisher"])

    def account(self, role: str):
        """The person who holds a role, made with a generated password if there is none yet."""
        people, username = get_user_model().objects, role.lower()
        person = people.filter(groups__name=role, is_active=True).order_by("pk").first()
        if person:
            return person
        if people.filter(username=username).exists():
            raise CommandError(f"The user “{username}” exists but is not in the group {role}. Add them to the group.")
        password = secrets.token_urlsafe(12)
        person = people.create_user(username, password=password, is_staff=True)
        person.groups.add(Group.objects.get(name=role))
        self.accounts.append(f"Account created: {username:9} password {password}")
        return person


def sentences(error: workflow.NotPublishable) -> list[str]:
    return [f"{item.reference}#{finding.pointer}: {finding.sentence}" for item, finding in error.obstacles]
