"""The home of the desk: what waits for whom, how the library stands, what was done lately.

In: whoever opens the desk. Out: numbers that lead to their lists.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.contrib.auth.models import AbstractUser
from django.db.models import Count, F, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from content_app.admin import digests
from content_app.admin.clients import webhooks
from content_app.admin.history.event_labels import labelled
from content_app.admin.items.findings import page_of
from content_app.admin.shared.filters import QUEUES, REVIEW_AGES, SOURCE_QUEUES, Queue, last_reviewed
from content_app.admin.shared.roles import roles_of
from content_app.editorial.putting_away import ACTIVE
from content_app.editorial.roles import AUTHOR, PUBLISHER, REVIEWER
from content_app.models import Assignment, Event, Item, Release, Source, WorkingCopy
from content_app.vocabulary.terms import KINDS, STATUSES
from content_app.worker import backlog

MOST_TASKS = 20
AT = {"comments-for-me": "#comments"}  # where on the item's page a task of this queue is
# What each role comes for stands first.
FIRST = {
    AUTHOR: ("sent-back", "comments-for-me", "my-drafts"),
    REVIEWER: ("waiting-for-my-review", "comments-for-me"),
    PUBLISHER: ("withdrawal-requested", "ready-to-publish", "scheduled", "schedule-failed"),
}


@dataclass(frozen=True)
class Number:
    """A number of items, and the list that shows them."""

    label: str
    meaning: str
    count: int
    href: str


@dataclass(frozen=True)
class Task:
    """One thing that waits for whoever opens the desk: where, why, since when, and by when if somebody said."""

    name: str
    href: str
    why: str
    since: datetime
    due_on: date | None = None

    @property
    def is_late(self) -> bool:
        return self.due_on is not None and self.due_on < timezone.now().date()


@dataclass(frozen=True)
class CountsRow:
    """One row of a picture: how many items of each kind, and altogether."""

    label: str
    cells: list[Number]
    total: int


def context(request: HttpRequest) -> dict:
    """What the home shows."""
    return {
        "worker": backlog.standing(),
        "tasks": tasks(request.user, roles_of(request)),
        "digest": digests.told_to(request.user),
        "numbers": numbers(request) + numbers_of_webhooks(request),
        "kinds": [term.label for term in KINDS.values()],
        "by_status": by_status(),
        "by_review": by_review(),
        "number_of_items": Item.objects.filter(**ACTIVE).count(),
        "releases": Release.objects.select_related("published_by")[:5],
        "lately": _lately(),
    }


def tasks(person: AbstractUser, roles: Collection[str]) -> list[Task]:
    """What waits for this person, in one list: what they have not saved, what they were asked to review, soonest first,
    then each queue of their roles, oldest first.

    An item is there once, for the first reason.
    """
    copies = WorkingCopy.objects.filter(person=person).exclude(item__is_practice=True)
    copies = copies.select_related("item").order_by("saved_at")
    found = {copy.item_id or -copy.pk: _unsaved(copy) for copy in copies}
    asked = Assignment.objects.filter(
        person=person, item__status="in_review", item__is_put_away=False, item__is_practice=False
    )
    for one in asked.select_related("item").order_by(F("due_on").asc(nulls_last=True), "pk"):
        found.setdefault(one.item_id, _task(one.item, "You are asked to review it", one.due_on))
    for key in dict.fromkeys(key for role, keys in FIRST.items() if role in roles for key in keys):
        waiting = QUEUES[key].narrow(Item.objects.filter(**ACTIVE), person).select_related("assignment")
        for item in waiting.order_by("updated_at", "pk")[:MOST_TASKS]:
            asked = getattr(item, "assignment", None) if item.status == "in_review" else None
            task = _task(item, QUEUES[key].label, asked and asked.due_on)
            found.setdefault(item.pk, replace(task, href=f"{task.href}{AT.get(key, '')}"))
    return list(found.values())[:MOST_TASKS]


def _task(item: Item, why: str, due_on: date | None) -> Task:
    return Task(item.name, page_of(item), why, item.updated_at, due_on)


def _unsaved(copy: WorkingCopy) -> Task:
    kind = copy.kind.replace("_", "")
    name, href = f"New {copy.get_kind_display().lower()}", reverse(f"admin:content_app_{kind}_add")
    if copy.item:
        name, href = copy.item.name, page_of(copy.item)
    return Task(name, href, "You have unsaved changes", copy.saved_at)


def _lately() -> list[Event]:
    events = labelled(Event.objects.filter(item__is_practice=False).select_related("item")[:8])
    for event in events:
        event.page = page_of(event.item)
    return events


def _list(**query: str) -> str:
    return reverse("admin:content_app_item_changelist", query=query)


def numbers(request: HttpRequest) -> list[Number]:
    """How many items are in each queue, those for this person's roles first."""

    def listed(queues: dict[str, Queue], rows: QuerySet, model: str) -> list[Number]:
        address = f"admin:content_app_{model}_changelist"
        return [
            Number(
                queue.label,
                queue.meaning,
                queue.narrow(rows, request.user).count(),
                reverse(address, query={"queue": key}),
            )
            for key, queue in sorted(queues.items(), key=lambda entry: entry[0] not in mine)
        ]

    mine = [key for role, keys in FIRST.items() if role in roles_of(request) for key in keys]
    return listed(QUEUES, Item.objects.filter(**ACTIVE), "item") + listed(SOURCE_QUEUES, Source.objects.all(), "source")


def numbers_of_webhooks(request: HttpRequest) -> list[Number]:
    """How many webhook endpoints have stopped, for those who may see them and if there are any."""
    stopped = webhooks.number_stopped() if request.user.has_perm("content_app.view_webhookendpoint") else 0
    if not stopped:
        return []
    href = reverse("admin:content_app_webhookendpoint_changelist", query={"state": "stopped"})
    return [Number("Webhooks stopped", "Endpoints that were switched off because deliveries failed.", stopped, href)]


def by_status() -> list[CountsRow]:
    """How many items stand where, by kind."""
    items = Item.objects.filter(**ACTIVE)
    return [_row(term.label, items.filter(status=status), status__exact=status) for status, term in STATUSES.items()]


def by_review() -> list[CountsRow]:
    """How long ago items were last reviewed, by kind."""
    items = Item.objects.filter(**ACTIVE)
    return [_row(label, last_reviewed(age, items), reviewed=age) for age, (label, _) in REVIEW_AGES.items()]


def _row(label: str, items: QuerySet, **query: str) -> CountsRow:
    """A row of what `query` narrows the list of items to."""
    found = dict(items.order_by().values_list("kind").annotate(number=Count("pk")))
    cells = [Number(kind, "", found.get(kind, 0), _list(kind__exact=kind, **query)) for kind in KINDS]
    return CountsRow(label, cells, sum(found.values()))
