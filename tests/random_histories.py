"""Random histories of a library, by people with random roles, through the functions that production uses.

In: a seed. Out: a `History`, one act at a time; what is refused changes nothing. Every text that somebody writes has a
mark of its own, by which it is found again in what readers get.
"""

import datetime
import random
from collections.abc import Callable
from types import SimpleNamespace

from django.contrib.auth.models import AbstractUser, Group, User
from django.db import IntegrityError, transaction
from django.utils import timezone

from content_app.editorial import saving, scheduling, source_history, source_workflow, withdrawal, workflow
from content_app.editorial.exchange import importing
from content_app.editorial.exchange.restoring import restore
from content_app.editorial.transitions import TransitionNotAllowed
from content_app.manuscripts import rows, writing
from content_app.models import Item, Release, Revision, Schedule, Source
from tests import library

REFUSALS = (
    TransitionNotAllowed, workflow.NotPublishable, importing.NotImportable, saving.NotSaveable, IntegrityError,
)  # fmt: skip
# Who is there: some can do everything themselves, which is when four eyes are needed.
CAST = {
    "writer": ("Author",),
    "second-writer": ("Author",),
    "writing-reviewer": ("Author", "Reviewer"),
    "reviewing-publisher": ("Reviewer", "Publisher"),
    "everything": ("Author", "Reviewer", "Publisher"),
    "superuser": (),
}
LEVELS = ("unreferenced_lay_text", "expert_opinion", "guideline", "cohort")


def cast() -> list[AbstractUser]:
    """The people of all histories."""
    people = []
    for name, groups in CAST.items():
        person = User.objects.create_user(name, is_superuser=name == "superuser")
        person.groups.set(Group.objects.filter(name__in=groups))
        people.append(person)
    return people


class History:
    """What happens to three sources and three items that cite them and name each other."""

    def __init__(self, seed: int, people: list[AbstractUser]):
        self.random, self.people, self.mark = random.Random(seed), people, 0  # noqa: S311 - no secret
        sources = [library.source(f"source-{n}") for n in range(3)]
        cited = [[{"source": f"source-{n}"} for n in numbers] for numbers in ((0,), (0, 1), (1, 2))]
        first = library.concept("first", citations=cited[0])
        second = library.concept("second", citations=cited[1])
        second["relations"] = [library.relation("part_of", first, citations=cited[1])]
        third = library.condition("third", citations=cited[2])
        third["statements"] = [library.statement("It hurts.", citations=cited[2])]
        third["relations"] = [library.relation("has_feature", first, citations=cited[0])]
        items = importing.apply(library.planned(*sources, first, second, third), by=people[0])
        if seed % 2:  # from an empty library, or from one that readers have
            roles = SimpleNamespace(author=people[0], reviewer=people[2])
            workflow.publish(items=[library.sign_off(item, roles) for item in items], by=people[3])

    def act(self) -> str:
        """Do one thing, or be refused. Returns what was tried."""
        verb = self.random.choice(ACTS)
        holders = [person for person in self.people if ROLES[verb] in CAST[person.username]]
        by = self.random.choice(holders if self.random.random() < 0.8 else self.people)
        try:
            with transaction.atomic():
                verb(self, by)
        except REFUSALS:
            return f"refused: {verb.__name__}"
        return verb.__name__

    def text(self) -> str:
        """Words that nobody has written before."""
        self.mark += 1
        return f"word{self.mark}word"

    def item(self, **where) -> Item:
        return self._one_of(Item.objects.filter(**where).order_by("pk"))

    def source(self, **where) -> Source:
        return self._one_of(Source.objects.filter(**where).order_by("pk"))

    def _one_of(self, found):
        found = list(found)
        if not found:
            raise TransitionNotAllowed("There is none.")
        return self.random.choice(found)

    def changed(self, document: dict) -> dict:
        """The document with one thing changed."""
        text = self.text()
        if document["kind"] == "source":
            return document | self.random.choice(
                [{"title": text}, {"note": text}, {"year": 1900 + self.mark % 120}, {"retracted": self.mark % 2 == 0},
                 {"evidence_level": self.random.choice(LEVELS)}]
            )  # fmt: skip
        statements = [statement | {"plain": f"{text}."} for statement in document.get("statements", [])]
        summary = document["summary"] | {"plain": f"{text}."}
        return document | self.random.choice(
            [{"name": text}, {"slug": text}, {"caution": text}, {"summary": summary},
             {"statements": statements} if statements else {"safety_notice": text}]
        )  # fmt: skip


def edit_item(history: History, by: AbstractUser) -> None:
    """As a form does it."""
    item = history.item()
    saving.save(history.changed(rows.to_document(item)), by=by, expected=saving.version_of(item))


def edit_source(history: History, by: AbstractUser) -> None:
    before = rows.source_document(history.source())
    source = writing.write_source(history.changed(before))
    source_history.record(source=source, by=by, verb="edit", before=before)


def import_files(history: History, by: AbstractUser) -> None:
    documents = [rows.to_document(item) for item in Item.objects.all()]
    documents += [rows.source_document(source) for source in Source.objects.all()]
    taken = history.random.sample(documents, 2)
    others = [document for document in documents if document not in taken]
    importing.apply(library.planned(*map(history.changed, taken), *others), by=by)


def bring_back(history: History, by: AbstractUser) -> None:
    """Roll an item back to any earlier revision."""
    restore(revision=history.random.choice(list(Revision.objects.filter(item=history.item()))), by=by)


def roll_a_source_back(history: History, by: AbstractUser) -> None:
    """A source says again what it said once."""
    source = history.source()
    before = rows.source_document(source)
    kept = source_history.SourceRevision.objects.filter(source_uuid=source.uuid)
    source = writing.write_source(history.random.choice(list(kept)).document)
    source_history.record(source=source, by=by, verb="edit", before=before)


def submit_item(history: History, by: AbstractUser) -> None:
    workflow.submit(item=history.item(status="draft"), by=by, change_note=history.text(), significance="substantive")


def submit_what_is_public(history: History, by: AbstractUser) -> None:
    item = history.item(status__in=["published", "withdrawn"])
    workflow.submit(item=item, by=by, change_note=history.text())


def submit_source(history: History, by: AbstractUser) -> None:
    source_workflow.submit(source=history.source(status="draft"), by=by, change_note=history.text())


def send_item_back(history: History, by: AbstractUser) -> None:
    workflow.request_changes(item=history.item(status__in=["in_review", "approved"]), by=by, comment="Say more.")


def send_source_back(history: History, by: AbstractUser) -> None:
    source = history.source(status__in=["in_review", "approved"])
    source_workflow.request_changes(source=source, by=by, comment="Say more.")


def sign_item_off(history: History, by: AbstractUser) -> None:
    item = history.item(status="in_review")
    workflow.approve(item=item, by=by, content=workflow.content_sha256(item))


def sign_source_off(history: History, by: AbstractUser) -> None:
    source = history.source(status="in_review")
    source_workflow.approve(source=source, by=by, content=source_history.version_of(source))


def publish_items(history: History, by: AbstractUser) -> None:
    approved = list(Item.objects.filter(status="approved").order_by("pk"))
    chosen = history.random.sample(approved, history.random.randint(0, len(approved)))
    workflow.publish(items=chosen or approved, by=by)


def publish_sources(history: History, by: AbstractUser) -> None:
    workflow.publish(sources=[history.source(status="approved")], by=by)


def publish_both(history: History, by: AbstractUser) -> None:
    sources = list(Source.objects.filter(status="approved"))
    workflow.publish(items=[history.item(status="approved")], sources=sources, by=by)


def ask_for_withdrawal(history: History, by: AbstractUser) -> None:
    withdrawal.request(item=history.item(published_revision__isnull=False), by=by, note=history.text())


def withdraw(history: History, by: AbstractUser) -> None:
    if history.random.random() < 0.3:
        withdrawal.withdraw(item=history.item(withdrawal_request__isnull=False), by=by)


def publish_later(history: History, by: AbstractUser) -> None:
    due = timezone.now() + datetime.timedelta(days=1)
    scheduling.schedule_publication(items=[history.item(status="approved")], by=by, due_at=due)


def let_time_pass(history: History, by: AbstractUser) -> None:
    Schedule.objects.filter(state=Schedule.WAITING).update(due_at=timezone.now())
    scheduling.run_due()


# What ends in a release is tried more often: it needs several acts of different people before.
REVIEWING = [submit_item, submit_source, sign_item_off, sign_source_off]
EDITING = [edit_item, edit_source, edit_source, import_files, bring_back, roll_a_source_back]
ROLES = (
    dict.fromkeys([*EDITING, submit_item, submit_what_is_public, submit_source, ask_for_withdrawal], "Author")
    | dict.fromkeys([send_item_back, send_source_back, sign_item_off, sign_source_off], "Reviewer")
    | dict.fromkeys([publish_items, publish_sources, publish_both, withdraw, publish_later, let_time_pass], "Publisher")
)
ACTS: list[Callable[[History, AbstractUser], None]] = [
    *EDITING, *REVIEWING * 8, submit_what_is_public, send_item_back, send_source_back, ask_for_withdrawal,
    withdraw, publish_later,    let_time_pass, *[publish_items, publish_sources, publish_both] * 3,
]  # fmt: skip


def released() -> int:
    return Release.objects.count()
