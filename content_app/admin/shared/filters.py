"""The filters of item lists, and the questions that the desk's home asks with the same words.

In: a request. Out: a narrowed queryset of items of any kind.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.contrib import admin
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from content_app.editorial import workflow
from content_app.manuscripts import code_releases
from content_app.models import Citation, Coding, Document, Event, Revision, Schedule, Source, SourceRevision, Thread

SOON, HALF_A_YEAR, A_YEAR = timedelta(days=30), timedelta(days=183), timedelta(days=365)


def _last_editor() -> Subquery:
    """Who made the last revision of an item, as an annotation."""
    revisions = Revision.objects.filter(item_id=OuterRef("pk")).order_by("-number")
    return Subquery(revisions.values("created_by")[:1])


def _last_act() -> Subquery:
    """The verb of the last event of an item's review, whatever has been edited since, as an annotation."""
    events = Event.objects.filter(item_id=OuterRef("pk")).exclude(verb__in=(*workflow.SIDE_ACTS, *workflow.EDITS))
    events = events.order_by("-happened_at", "-id")
    return Subquery(events.values("verb")[:1])


def _threads_for(person) -> QuerySet:
    """Open threads in which the person is to speak next: on what they edited last, or where they spoke before."""
    revisions = Revision.objects.filter(item_id=OuterRef("item_id")).order_by("-number")
    waiting = Thread.objects.filter(is_open=True).exclude(last_by=person.pk)
    waiting = waiting.alias(editor=Subquery(revisions.values("created_by")[:1]))
    return waiting.filter(Q(editor=person.pk) | Q(comments__written_by=person.pk))


def _citing_retracted_work() -> QuerySet:
    """Keys of items whose working copy cites a retracted source."""
    return Citation.objects.filter(source__retracted=True).values("item_id")


def _published_on_retracted_work() -> QuerySet:
    """Uuids of items that rest on a retracted source in what readers have, whatever the draft says now."""
    slugs = Source.objects.filter(retracted=True).values("slug")
    return Document.objects.filter(superseded_in=None, terms__name="source", terms__value__in=slugs).values("item_uuid")


def _coded_otherwise() -> list[int]:
    """Keys of the codings that the installed release of their code system no longer says the same of."""
    codings = Coding.objects.values("pk", "system", "code", "display", "billable")
    return [coding["pk"] for coding in code_releases.changed(codings)]


def _today():
    return timezone.now().date()


@dataclass(frozen=True)
class Queue:
    """One question to the library: which items wait for whom or what."""

    label: str
    meaning: str
    narrow: Callable[[QuerySet, object], QuerySet]


QUEUES = {
    "my-drafts": Queue(
        "My drafts",
        "Drafts that you edited last.",
        lambda items, person: items.filter(status="draft").alias(editor=_last_editor()).filter(editor=person.pk),
    ),
    "sent-back": Queue(
        "Sent back for changes",
        "Drafts that a reviewer asked somebody to change.",
        lambda items, person: items.filter(status="draft").alias(act=_last_act()).filter(act="request_changes"),
    ),
    "waiting-for-my-review": Queue(
        "Waiting for my review",
        "Sent for review and last edited by somebody else, with no other reviewer named.",
        lambda items, person: (
            items.filter(status="in_review")
            .alias(editor=_last_editor())
            .exclude(editor=person.pk)
            .filter(Q(assignment__person=None) | Q(assignment__person=person.pk))
        ),
    ),
    "asked-of-others": Queue(
        "Waiting for other reviewers",
        "In review, with another reviewer named. You can still review them.",
        lambda items, person: items.filter(status="in_review", assignment__person__isnull=False).exclude(
            assignment__person=person.pk
        ),
    ),
    "ready-to-publish": Queue(
        "Ready to publish", "Signed off but not published yet.", lambda items, person: items.filter(status="approved")
    ),
    "withdrawal-requested": Queue(
        "Withdrawal requested",
        "Somebody asked for the item to be withdrawn. A publisher confirms or declines.",
        lambda items, person: items.filter(withdrawal_request__isnull=False),
    ),
    "scheduled": Queue(
        "Scheduled",
        "To be published or withdrawn at a scheduled time.",
        lambda items, person: items.filter(schedules__state=Schedule.WAITING).distinct(),
    ),
    "schedule-failed": Queue(
        "Scheduling failed",
        "Items that could not be published or withdrawn as scheduled. Somebody needs to decide what to do.",
        lambda items, person: items.filter(schedules__state=Schedule.FAILED).distinct(),
    ),
    "comments-for-me": Queue(
        "Comments for me",
        "Open comments waiting for your reply, on items that you edited last or commented on.",
        lambda items, person: items.filter(pk__in=_threads_for(person).values("item")),
    ),
    "codes-changed": Queue(
        "Codes changed",
        "A new release of a code system has changed or dropped a code, its title or whether it can be billed.",
        lambda items, person: items.filter(codings__in=_coded_otherwise()).distinct(),
    ),
    "warnings": Queue(
        "With warnings",
        "Items with warnings that do not block publishing.",
        lambda items, person: items.exclude(status="withdrawn").filter(checked__warnings__gt=0),
    ),
    "review-overdue": Queue(
        "Review overdue",
        "The date for their next review has passed.",
        lambda items, person: items.exclude(status="withdrawn").filter(review_due_on__lt=_today()),
    ),
    "review-due-soon": Queue(
        "Review due within 30 days",
        "Their next review is due within 30 days.",
        lambda items, person: items.exclude(status="withdrawn").filter(
            review_due_on__gte=_today(), review_due_on__lte=_today() + SOON
        ),
    ),
    "retracted-sources": Queue(
        "Citing retracted sources",
        "The draft or the published version cites a retracted source.",
        lambda items, person: items.filter(
            Q(pk__in=_citing_retracted_work()) | Q(uuid__in=_published_on_retracted_work())
        ),
    ),
    "unpublished-changes": Queue(
        "Published, with unpublished changes",
        "Readers see an older version.",
        lambda items, person: items.filter(Q(published_revision__isnull=False) & ~Q(status="published")),
    ),
}


def _last_editor_of_source() -> Subquery:
    acts = SourceRevision.objects.filter(source_uuid=OuterRef("uuid")).exclude(verb__in=SourceRevision.REVIEWING)
    return Subquery(acts.order_by("-number").values("created_by")[:1])


SOURCE_QUEUES = {
    "waiting-for-my-review": Queue(
        "Sources waiting for my review",
        "Sent for review and last edited by somebody else.",
        lambda sources, person: (
            sources.filter(status="in_review").alias(editor=_last_editor_of_source()).exclude(editor=person.pk)
        ),
    ),
    "ready-to-publish": Queue(
        "Sources ready to publish",
        "Signed off but not published yet.",
        lambda sources, person: sources.filter(status="approved"),
    ),
    "not-signed-off": Queue(
        "Sources not signed off",
        "Readers do not see the latest version of these sources.",
        lambda sources, person: sources.filter(status__in=["draft", "in_review"]),
    ),
}


class QueueFilter(admin.SimpleListFilter):
    """Narrows a list to one queue."""

    title = "task"
    parameter_name = "queue"
    queues = QUEUES

    def lookups(self, request, model_admin):
        return [(key, queue.label) for key, queue in self.queues.items()]

    def queryset(self, request, queryset):
        queue = self.queues.get(self.value())
        return queue.narrow(queryset, request.user) if queue else queryset


class SourceQueueFilter(QueueFilter):
    """The same for the list of sources."""

    queues = SOURCE_QUEUES


# How long ago items were last reviewed: key → (label, narrows items on a day).
REVIEW_AGES = {
    "half-a-year": ("In the last 6 months", lambda today: Q(reviewed_on__gt=today - HALF_A_YEAR)),
    "a-year": (
        "6 to 12 months ago",
        lambda today: Q(reviewed_on__lte=today - HALF_A_YEAR, reviewed_on__gt=today - A_YEAR),
    ),
    "longer": ("More than 12 months ago", lambda today: Q(reviewed_on__lte=today - A_YEAR)),
    "never": ("Never", lambda today: Q(reviewed_on=None)),
}


def last_reviewed(age: str, items: QuerySet) -> QuerySet:
    """The items whose last review is of this age, a key of REVIEW_AGES; what is withdrawn needs no review."""
    return items.exclude(status="withdrawn").filter(REVIEW_AGES[age][1](_today()))


class ReviewAgeFilter(admin.SimpleListFilter):
    """Narrows a list to items that were last reviewed so long ago."""

    title = "last review"
    parameter_name = "reviewed"

    def lookups(self, request, model_admin):
        return [(age, label) for age, (label, _) in REVIEW_AGES.items()]

    def queryset(self, request, queryset):
        return last_reviewed(self.value(), queryset) if self.value() in REVIEW_AGES else queryset


class PutAwayFilter(admin.SimpleListFilter):
    """Shows what has been put away; otherwise it is in no list."""

    title = "put away"
    parameter_name = "put_away"

    def lookups(self, request, model_admin):
        return [("yes", "Drafts that were put away")]

    def choices(self, changelist):
        shown = list(super().choices(changelist))
        shown[0]["display"] = "Everything else"
        return shown

    def queryset(self, request, queryset):
        return queryset.filter(is_put_away=self.value() == "yes", is_practice=False)


ITEM_FILTERS = [QueueFilter, "status", ReviewAgeFilter, PutAwayFilter]
CSV_COLUMNS = [
    "uuid", "kind", "slug", "name", "status", "reviewed_on", "review_due_on", "review_cycle_months", "created_at",
    "updated_at",
]  # fmt: skip
