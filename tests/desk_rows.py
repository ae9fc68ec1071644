"""Rows of the tables of the desk that the database refuses, by the name of the constraint.

In: an item about which there is one comment. Out: `REFUSED`, functions that try to store such a row.
"""

from datetime import timedelta

from django.utils import timezone

from content_app.models import Assignment, Comment, Item, PreviewLink, Schedule, ScheduledItem, WithdrawalRequest

NOW = timezone.now()


def scheduled(item: Item, **changes) -> Schedule:
    made = {"act": "publish", "due_at": NOW, "set_at": NOW, "set_by": item.threads.get().started_by}
    return Schedule.objects.create(**made | changes)


def comment(item: Item, **changes) -> Comment:
    thread = item.threads.get()
    return Comment.objects.create(
        **{"thread": thread, "text": "x", "written_at": NOW, "written_by": thread.started_by} | changes
    )


def preview_link(item: Item, **changes) -> PreviewLink:
    made = {"item": item, "revision": item.revisions.first(), "body": b"{}", "made_at": NOW}
    lasting = {"expires_at": NOW + timedelta(days=1), "made_by": item.threads.get().started_by}
    return PreviewLink.objects.create(**made | lasting | changes)


REFUSED = {
    "item_for_practice_is_never_published": lambda i: Item.objects.filter(pk=i.pk).update(is_practice=True),
    "schedule_withdraws_with_a_reason": lambda i: scheduled(i, act="withdraw"),
    "withdrawal_request_names_a_replacement": lambda i: WithdrawalRequest.objects.create(
        item=i, reason="replaced", note="x", requested_by=i.threads.get().started_by, requested_at=NOW
    ),
    "schedule_ends_once": lambda i: scheduled(i, state="cancelled"),
    "schedule_fails_with_a_sentence": lambda i: scheduled(i, state="failed", ended_at=NOW),
    "schedule_is_done_with_a_release": lambda i: scheduled(i, state="done", ended_at=NOW),
    "scheduled_item_is_named_once": lambda i: ScheduledItem.objects.bulk_create(
        [ScheduledItem(schedule=scheduled(i), item=i)] * 2
    ),
    "comment_says_something": lambda i: comment(i, text=""),
    "comment_is_by_an_editor_or_by_a_fact_check": lambda i: comment(i, written_by=None),
    "comment_suggests_for_a_field": lambda i: comment(i, after="y"),
    "preview_link_asks_only_in_a_fact_check": lambda i: preview_link(i, question="Is it so?"),
    "assignment_names_somebody_or_a_day": lambda i: Assignment.objects.create(item=i),
    "preview_link_expires_later": lambda i: preview_link(i, expires_at=NOW),
    "preview_link_is_revoked_by_somebody": lambda i: preview_link(i, revoked_at=NOW),
    "presence_is_one_per_person": lambda i: [
        i.presences.create(person=i.threads.get().started_by, opened_at=NOW, seen_at=NOW) for _ in "12"
    ],
    "working_copy_is_one_per_item": lambda i: [
        i.working_copies.create(person=i.threads.get().started_by, fields={}, saved_at=NOW) for _ in "12"
    ],
    "warning_is_considered_once": lambda i: [
        i.considered.create(key="1", considered_by=i.threads.get().started_by, considered_at=NOW) for _ in "12"
    ],
}
