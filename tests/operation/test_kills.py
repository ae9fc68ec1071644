"""A process that is killed at any write leaves nothing half done, and the next one finishes what it began."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from content_app.editorial import scheduling, workflow
from content_app.editorial.exchange import archives, uploads
from content_app.models import Import, Item, Release, Schedule, WebhookAttempt, WebhookDelivery
from content_app.publication import closing, verification
from content_app.webhooks import deliveries, working
from tests import library
from tests.killing import killed_at_each_write
from tests.library import concept, condition, edit, item_of, public, source
from tests.webhook_deliveries import endpoint

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases, pytest.mark.widens]


def test_what_is_not_one_transaction_is_seen_half_done(db):
    for name in ("one", "other"):
        Group.objects.create(name=name)

    def in_two_steps() -> None:
        for name in ("one", "other"):
            Group.objects.filter(name=name).update(name=f"{name}, renamed")

    next(killed_at_each_write(in_two_steps))
    assert Group.objects.filter(name__endswith=", renamed").count() == 1


def test_a_publication_is_whole_or_was_not(people):
    endpoint()
    library.publish([condition()], people)
    before = bytes(public(condition()).body)
    edit(item_of(condition()), people.author)
    library.sign_off(item_of(condition()), people)
    died_at = []

    def publish() -> None:
        workflow.publish(items=[item_of(condition())], by=people.publisher)

    for number in killed_at_each_write(publish):
        died_at.append(number)
        assert (Release.objects.count(), bytes(public(condition()).body)) == (1, before)
        assert item_of(condition()).status == "approved"
        assert list(verification.faults()) == []

    assert died_at[-1] > 10
    assert Release.objects.count() == 2
    assert list(verification.faults()) == []


def test_a_schedule_is_carried_out_once(people):
    items = library.approved([condition(), concept()], people)
    due_at = timezone.now() + timedelta(hours=1)
    scheduling.schedule_publication(items=items, by=people.publisher, due_at=due_at)
    Schedule.objects.update(due_at=timezone.now() - timedelta(hours=1))

    for _ in killed_at_each_write(scheduling.run_due):
        assert Release.objects.count() == 0
        assert Schedule.objects.get().state == Schedule.WAITING

    assert Release.objects.count() == 1
    assert Schedule.objects.get().state == Schedule.DONE


def test_an_import_is_whole_or_was_not(people, monkeypatch):
    monkeypatch.setattr(uploads, "SMALL", 0)  # left to the worker
    data = b"".join(archives.stream([source(), condition(), concept()]))
    uploads.start(name="content.zip", data=data, by=people.author)
    uploads.work_on_next()
    ready = Import.objects.get()
    assert uploads.agree(run=ready, seen=ready.seen, by=people.author)

    for _ in killed_at_each_write(uploads.work_on_next):
        assert Item.objects.count() == 0
        assert Import.objects.get().state == "applying"
        Import.objects.update(held_until=None, attempts=0)  # its lease has ended

    assert Item.objects.count() == 2
    assert Import.objects.get().state == "applied"


def test_a_delivery_is_made_under_one_identifier_and_never_forgotten(people, receiver, trusting, anywhere):
    endpoint(receiver.url(), events=["release.published"])
    library.publish([condition()], people)
    died_at, leases = [], iter(range(1000))

    def deliver() -> None:
        now = timezone.now() + deliveries.LEASE * next(leases)
        deliveries.fan_out(now)
        working.deliver_next(now)

    for number in killed_at_each_write(deliver):
        died_at.append(number)
        next(leases)
        assert WebhookDelivery.objects.exclude(state="pending").count() == 0

    assert died_at[-1] > 3
    delivery = WebhookDelivery.objects.get()
    assert (delivery.state, delivery.attempts_made) == ("delivered", 1)
    assert WebhookAttempt.objects.count() == 1
    assert len({(arrived.message_id, arrived.body) for arrived in receiver.arrived}) == 1


def test_a_closing_of_the_ledger_is_whole_or_was_not(people):
    library.publish([condition()], people)
    for _ in killed_at_each_write(closing.close):
        assert list(verification.faults()) == []
    assert verification.extent_of_ledger()[1] == 0
    assert list(verification.faults()) == []
