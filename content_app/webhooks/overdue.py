"""Reviews of published items that have fallen due, told once for each due date.

In: the day. Out: events of the outbox. Review dates are followed from the documents that readers have, a few with each
release, so that looking costs nothing as the library grows. A review is overdue from the day after its due date.
"""

import json
from datetime import date, datetime

from django.db import transaction
from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet

from content_app.models.publication import Document, Library
from content_app.models.webhooks import ReviewDate, WebhookEvent
from content_app.publication.outbox import overdue_event, wanted_types

MANY = 500


def announce_overdue(now: datetime) -> int:
    """Follow what was published, then write an event for each review that is newly overdue: how many those were."""
    while unread().exists():
        follow()
    return tell(now) if overdue(now).exists() else 0


def unread() -> QuerySet[Document]:
    """Documents that readers have, and whose review dates have not been followed yet."""
    last = ReviewDate.objects.aggregate(last=Max("document"))["last"] or 0
    return Document.objects.filter(pk__gt=last, superseded_in=None, tombstone_reason="").exclude(kind="source")


@transaction.atomic
def follow() -> None:
    """Keep the review dates of the next documents, oldest first."""
    Library.objects.select_for_update(no_key=True).get()  # one worker at a time, and no release half written
    documents = unread().order_by("pk").only("pk", "item_uuid", "list_form")[:MANY]
    dates = [ReviewDate(item_uuid=d.item_uuid, document=d.pk, due_on=due_on(d)) for d in documents]
    ReviewDate.objects.bulk_create(
        dates, update_conflicts=True, unique_fields=["item_uuid"], update_fields=["document", "due_on"]
    )


def overdue(now: datetime) -> QuerySet[ReviewDate]:
    """Reviews that are overdue, and of which nothing was told."""
    untold = Q(told_due_on=None) | ~Q(told_due_on=F("due_on"))
    return ReviewDate.objects.filter(untold, due_on__lt=now.date())


def number_overdue(now: datetime) -> int:
    """How many published items have a review that is overdue, told or not."""
    current = Document.objects.filter(item_uuid=OuterRef("item_uuid"), superseded_in=None, tombstone_reason="")
    return ReviewDate.objects.filter(Exists(current), due_on__lt=now.date()).count()


def due_on(document: Document) -> date:
    """When the review of a published item is due."""
    return date.fromisoformat(json.loads(bytes(document.list_form))["review_due_on"])


@transaction.atomic
def tell(now: datetime) -> int:
    """Write the events. A due date counts as told also if nobody wants to hear of it."""
    newly = {row.item_uuid: row for row in overdue(now).select_for_update(skip_locked=True)[:MANY]}
    current = Document.objects.filter(item_uuid__in=newly, superseded_in=None, tombstone_reason="")
    told = [
        overdue_event(document, now)
        for document in current.defer("body", "body_gzip").order_by("item_uuid")
        if due_on(document) == newly[document.item_uuid].due_on
    ]
    ReviewDate.objects.filter(item_uuid__in=newly).update(told_due_on=F("due_on"))
    if "review.overdue" in wanted_types():
        WebhookEvent.objects.bulk_create(told)
    return len(newly)
