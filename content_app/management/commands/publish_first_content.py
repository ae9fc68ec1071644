"""Fills an empty library: imports the first content and takes it through the workflow, in one transaction."""

import secrets
from pathlib import Path

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from content_app import workflow
from content_app.interchange import importing
from content_app.models import Item, Library

# Said to readers as it is: nobody has looked at the first content as a clinician before it was published.
REVIEWER_ROLE = "Editorial check of the first content; clinical review pending"
CHANGE_NOTE = "First publication."


class Command(BaseCommand):
    help = "If nothing has been published: import a folder and publish it through the workflow; make accounts."

    def add_arguments(self, parser):
        parser.add_argument("path", type=Path, help="the folder with the first content")

    @transaction.atomic
    def handle(self, *, path: Path, **options):
        library = Library.objects.select_for_update().get()
        if library.current_release_id:
            return
        people = {role: self.account(role) for role in (workflow.AUTHOR, workflow.REVIEWER, workflow.PUBLISHER)}
        if Item.objects.exists():
            self.stdout.write("There are drafts but no release: publish them in the admin pages.")
            return
        try:
            plan = importing.plan(path)
        except importing.NotImportable as error:
            raise CommandError(f"The first content cannot be imported:\n{error}")
        items = importing.apply(plan, by=people["Author"])
        self.stdout.write(f"Publishing {len(items)} items …")
        self.stdout.flush()
        for item in items:
            workflow.submit(item=item, by=people["Author"], change_note=CHANGE_NOTE)
            content = workflow.content_sha256(item)
            workflow.approve(item=item, by=people["Reviewer"], content=content, reviewer_role=REVIEWER_ROLE)
        release = workflow.publish(items=items, by=people["Publisher"], note=CHANGE_NOTE)
        self.stdout.write(f"Release {release.number} is published.")

    def account(self, role: str):
        """The person who holds a role, made with a generated password if there is none yet."""
        person = get_user_model().objects.filter(groups__name=role).first()
        if person:
            return person
        password = secrets.token_urlsafe(12)
        person = get_user_model().objects.create_user(role.lower(), password=password, is_staff=True)
        person.groups.add(Group.objects.get(name=role))
        self.stdout.write(f"Account made: {role.lower():9} password {password}")
        return person
