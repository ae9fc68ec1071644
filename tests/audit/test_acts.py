"""Acts beside the workflow: each leaves exactly one entry, with who did it and what it was about."""

import datetime

import pytest
from django.core.management import call_command
from django.utils import timezone

from content_app.editorial import fact_checks, previews, putting_away, review_comments, scheduling, suggestions
from content_app.editorial.exchange import archives, uploads
from content_app.models import ApiClient, ApiKey, AuditEntry, Schedule, Source
from content_app.webhooks import endpoints
from tests import library
from tests import webhook_deliveries as webhooks
from tests.library import concept, condition

SOON = datetime.timedelta(hours=1)


def in_an_hour() -> datetime.datetime:
    return timezone.now() + SOON


def waiting(people) -> Schedule:
    items = library.approved([condition()], people)
    return scheduling.schedule_publication(items=items, by=people.publisher, due_at=in_an_hour())


def come_due(schedule: Schedule, *, edited_by=None) -> Schedule:
    if edited_by:
        library.edit(schedule.items.get(), edited_by)
    Schedule.objects.filter(pk=schedule.pk).update(due_at=timezone.now() - SOON)
    scheduling.run_due()
    schedule.refresh_from_db()
    return schedule


def draft(people):
    return library.bring_in([condition()], people.author)[0]


def upload(people):
    data = b"".join(archives.stream([concept("brought"), library.source()]))
    return uploads.start(name="a.zip", data=data, by=people.author)


def thread(people):
    return review_comments.start(item=draft(people), by=people.reviewer, text="Is it so?")


def resolved(people):
    found = thread(people)
    review_comments.resolve(thread=found, by=people.author)
    found.refresh_from_db()
    return found


def link(people):
    return previews.make_link(item=draft(people), by=people.author)[0]


def suggestion(people):
    after = {"summary_plain": "Better."}
    item = draft(people)
    return suggestions.suggest(
        item=item, by=people.reviewer, anchor="summary_plain", text="", after=after
    ).comments.get()


def fact_check(people):
    return previews.make_link(item=draft(people), by=people.author, is_fact_check=True)


def opened(people):
    previews.opened(fact_check(people)[1])


def answered(people):
    fact_checks.keep(link=fact_check(people)[0], answer=fact_checks.Answer("Jo", "Nurse", {"": "No."}))


def moved(people):
    due_at = in_an_hour() + SOON
    scheduling.move(schedule=waiting(people), by=people.publisher, due_at=due_at, time_zone="UTC")


def put_draft_away(people):
    return putting_away.put_away(item=draft(people), by=people.author, note="A mistake.")


def put_away(people):
    failed = come_due(waiting(people), edited_by=people.author)
    scheduling.put_away(schedule=failed, by=people.publisher)


def agreed(people):
    run = upload(people)
    assert uploads.agree(run=run, seen=run.seen, by=people.author)


def key() -> ApiKey:
    return ApiKey.objects.create_key(client=webhooks.client(), name="server")[0]


def changed(row, **values):
    for name, value in values.items():
        setattr(row, name, value)
    row.save()


def rotated():
    made = webhooks.endpoint()
    endpoints.rotate(made, seen=1, now=timezone.now())
    return made


def switched_on():
    made = webhooks.endpoint()
    endpoints.switch_off(made, timezone.now())
    endpoints.switch_on(made)


# By act: what is done, in whose name it is told, and the kind of what it is about.
DONE = {
    "scheduled": (waiting, "the-publisher", "schedule"),
    "schedule_changed": (moved, "the-publisher", "schedule"),
    "schedule_cancelled": (
        lambda p: scheduling.cancel(schedule=waiting(p), by=p.publisher),
        "the-publisher",
        "schedule",
    ),
    "schedule_done": (lambda p: come_due(waiting(p)), "the-publisher", "schedule"),
    "schedule_failed": (lambda p: come_due(waiting(p), edited_by=p.author), "the-publisher", "schedule"),
    "schedule_put_away": (put_away, "the-publisher", "schedule"),
    "preview_link_made": (link, "the-author", "condition"),
    "preview_link_revoked": (
        lambda p: previews.revoke(link=link(p), by=p.reviewer),
        "the-reviewer",
        "condition",
    ),
    "fact_check_made": (fact_check, "the-author", "condition"),
    "fact_check_opened": (opened, "", "condition"),
    "fact_check_answered": (answered, "", "condition"),
    "suggestion_accepted": (
        lambda p: suggestions.accept(comment=suggestion(p), by=p.author),
        "the-author",
        "condition",
    ),
    "suggestion_declined": (
        lambda p: suggestions.decline(comment=suggestion(p), by=p.author, text="No."),
        "the-author",
        "condition",
    ),
    "comment_added": (thread, "the-reviewer", "condition"),
    "comment_resolved": (resolved, "the-author", "condition"),
    "comment_reopened": (
        lambda p: review_comments.reopen(thread=resolved(p), by=p.reviewer),
        "the-reviewer",
        "condition",
    ),
    "item_put_away": (lambda p: put_draft_away(p), "the-author", "condition"),
    "item_bring_back": (
        lambda p: putting_away.bring_back(item=put_draft_away(p), by=p.author),
        "the-author",
        "condition",
    ),
    "comment_kept_open": (
        lambda p: review_comments.keep_open(thread=thread(p), by=p.reviewer, text="It can wait."),
        "the-reviewer",
        "condition",
    ),
    "import_started": (upload, "the-author", "import"),
    "import_agreed": (agreed, "the-author", "import"),
    "import_discarded": (lambda p: uploads.discard(run=upload(p), by=p.author), "the-author", "import"),
    "import_failed": (lambda p: uploads.start(name="a.yaml", data=b"kind: x", by=p.author), "the-author", "import"),
    "content_imported": (agreed, "the-author", "import"),
    "source_added": (draft, "the-author", "source"),
    "client_added": (lambda p: webhooks.client(), "", "apiclient"),
    "client_changed": (lambda p: changed(webhooks.client(), name="Another"), "", "apiclient"),
    "key_created": (lambda p: key(), "", "apikey"),
    "key_changed": (lambda p: changed(key(), name="another"), "", "apikey"),
    "key_revoked": (lambda p: changed(key(), revoked=True), "", "apikey"),
    "webhook_added": (lambda p: webhooks.endpoint(), "", "webhookendpoint"),
    "webhook_changed": (lambda p: changed(webhooks.endpoint(), description="x"), "", "webhookendpoint"),
    "webhook_secret_rotated": (lambda p: rotated(), "", "webhookendpoint"),
    "webhook_secret_ended": (lambda p: endpoints.revoke_previous(rotated()), "", "webhookendpoint"),
    "webhook_switched_off": (
        lambda p: endpoints.switch_off(webhooks.endpoint(), timezone.now()),
        "",
        "webhookendpoint",
    ),
    "webhook_switched_on": (lambda p: switched_on(), "", "webhookendpoint"),
    "webhook_tested": (lambda p: endpoints.send_test(webhooks.endpoint(), timezone.now()), "", "webhookendpoint"),
}


@pytest.mark.parametrize("act", DONE)
def test_each_act_leaves_one_entry_with_who_and_what(act, people):
    do, who, kind = DONE[act]
    do(people)
    entry = AuditEntry.objects.get(act=act)
    assert (entry.actor_name, entry.what_kind) == (who, kind)
    assert all((entry.what_id, entry.what_label))


def test_revoking_a_key_and_rotating_a_secret_are_told_once_and_keep_no_secret(people):
    made_key, shown = ApiKey.objects.create_key(client=webhooks.client(), name="server")
    changed(made_key, revoked=True)
    made = rotated()
    kept = str(list(AuditEntry.objects.values()))
    assert not any(secret in kept for secret in (shown, made_key.hashed_key, made.shown, made.secret))
    assert not AuditEntry.objects.filter(act__in=["key_changed", "webhook_changed"]).exists()


def test_what_the_worker_publishes_is_told_as_the_workers_in_the_name_of_who_scheduled(people):
    schedule = waiting(people)
    Schedule.objects.filter(pk=schedule.pk).update(due_at=timezone.now() - SOON)
    call_command("work", once=True)
    for act in ("schedule_done", "item_publish"):
        entry = AuditEntry.objects.get(act=act)
        assert (entry.actor_name, entry.channel) == ("the-publisher", "worker")


def test_a_source_and_a_client_are_told_once_however_they_are_brought(people, tmp_path):
    draft(people)
    assert AuditEntry.objects.filter(act__startswith="source_").count() == Source.objects.count()
    ApiClient.objects.create(name="Diary", contact_email="d@example.org")
    call_command("export_content", tmp_path / "out")
    assert AuditEntry.objects.get(act="content_exported").what_label == "out"
