"""From an event to an answer: claimed, signed, sent over real TLS, kept. The worker's functions, in this process."""

import json
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone
from standardwebhooks import Webhook, WebhookVerificationError

from content_app.management.commands import work
from content_app.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint
from content_app.webhooks import deliveries as outbox
from content_app.webhooks import endpoints, working
from tests import library
from tests.introduction import code_with
from tests.library import concept, condition
from tests.webhook_deliveries import EVERY, endpoint
from tests.webhook_receiver import held_up, receiving

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def deliver_all() -> int:
    """Everything that is due now, one after the other: how many attempts that were."""
    now, number = timezone.now(), 0
    outbox.fan_out(now)
    while working.deliver_next(now):
        number += 1
    return number


@pytest.fixture
def local(trusting, anywhere):
    """Receivers of this machine may be called, and their authority is trusted."""


def test_every_attempt_is_kept_with_its_status_time_and_answer(people, receiver, local):
    made = endpoint(receiver.url(), events=["release.published"])
    library.publish([condition("one")], people)
    receiver.will_answer(500, body=b"<script>alert(1)</script>")
    assert deliver_all() == 1
    kept = WebhookAttempt.objects.get()
    assert (kept.status, kept.error, kept.excerpt) == (500, "The endpoint returned 500.", "<script>alert(1)</script>")
    assert 0 < kept.duration_ms < 20_000
    sent = made.deliveries.get()
    assert (sent.state, sent.attempts_made, sent.lease) == ("pending", 1, None)


def test_while_a_secret_is_rotated_both_verify_and_after_it_is_revoked_only_the_new_one(receiver, local, db):
    made = endpoint(receiver.url())
    old, new = Webhook(made.shown), Webhook(endpoints.rotate(made, seen=1, now=timezone.now()))
    endpoints.send_test(made, timezone.now())
    deliver_all()
    both = receiver.arrived[-1]
    assert old.verify(both.body, both.headers) == new.verify(both.body, both.headers)
    assert len(both.headers["webhook-signature"].split(" ")) == 2
    endpoints.revoke_previous(made)
    endpoints.send_test(made, timezone.now())
    deliver_all()
    last = receiver.arrived[-1]
    new.verify(last.body, last.headers)
    with pytest.raises(WebhookVerificationError):
        old.verify(last.body, last.headers)


def test_the_recipe_in_the_documentation_takes_what_arrives_and_refuses_the_rest(receiver, local, db):
    made = endpoint(receiver.url())
    endpoints.send_test(made, timezone.now())
    deliver_all()
    recipe = code_with("def receive").replace("whsec_…", made.shown)
    remembered = {}
    surroundings = {"remember": remembered.__setitem__}
    exec(recipe, surroundings)  # noqa: S102 - it is ours
    arrived = receiver.arrived[0]
    assert surroundings["receive"](arrived.headers, arrived.body) == 204
    assert remembered[arrived.message_id]["type"] == "endpoint.test"
    assert surroundings["receive"](arrived.headers, arrived.body + b" ") == 400
    assert len(recipe.strip().splitlines()) <= 12


def test_a_retry_has_a_new_timestamp_and_a_valid_signature_under_the_same_identifier(receiver, local, db):
    made = endpoint(receiver.url())
    endpoints.send_test(made, timezone.now())
    receiver.will_answer(503)
    start = timezone.now()
    working.deliver_next(start)
    receiver.will_answer(204)
    WebhookEndpoint.objects.update(paused_until=None)
    working.deliver_next(start + timedelta(seconds=30))
    first, second = receiver.arrived
    assert (first.message_id, first.body) == (second.message_id, second.body)
    assert int(second.headers["webhook-timestamp"]) == int(first.headers["webhook-timestamp"]) + 30
    assert Webhook(made.shown).verify(second.body, second.headers)["type"] == "endpoint.test"


@pytest.mark.parametrize("host", ["127.0.0.1", "rebound.localhost"])
def test_without_the_setting_for_trials_this_machine_is_not_called(people, receiver, trusting, host):
    made = endpoint(f"https://{host}:8443/", events=["release.published"])
    library.publish([condition("one")], people)
    assert deliver_all() == 1
    assert receiver.connections == 0
    kept = made.deliveries.get().attempts.get()
    assert (kept.status, kept.error) == (None, f"{host} is not on the public internet.")


def test_a_secret_of_another_secret_key_is_said_and_sends_nothing(people, receiver, local, settings):
    made = endpoint(receiver.url(), events=["release.published"])
    library.publish([condition("one")], people)
    before, settings.SECRET_KEY = settings.SECRET_KEY, "another-one-that-is-long-enough-to-be-content-with"
    deliver_all()
    assert receiver.arrived == []
    assert "Rotate the secret" in WebhookAttempt.objects.get().error
    settings.SECRET_KEY_FALLBACKS = [before]
    made.refresh_from_db()
    assert endpoints.secrets_of(made, timezone.now()) == [made.shown]


def test_a_receiver_that_has_gone_is_switched_off_and_its_people_are_told(people, receiver, local):
    endpoint(receiver.url())
    receiver.will_answer(410, body=b"gone")
    library.publish([concept("one"), concept("two")], people)
    assert deliver_all() == 1
    assert len(receiver.arrived) == 1
    assert mail.outbox[0].to == ["team@diary.example"]
    assert (
        WebhookEndpoint.objects.get().disabled_reason
        == "The endpoint returned 410, which means that it no longer accepts events."
    )


def test_every_type_of_event_arrives(people, receiver, local):
    made = endpoint(receiver.url())
    library.publish([concept("one", safety_notice="Stop.")], people)
    working.announce_overdue(timezone.now() + timedelta(days=800))
    library.withdraw(item=library.item_of(concept("one")), by=people.publisher, note="Wrong.")
    endpoints.send_test(made, timezone.now())
    deliver_all()
    assert {json.loads(arrived.body)["type"] for arrived in receiver.arrived} == {*EVERY, "endpoint.test"}


@pytest.mark.django_db(transaction=True)
def test_a_slow_receiver_holds_up_no_other_and_no_other_job(people, receiver, authority, local):
    arrived, may_answer = held_up(receiver)
    endpoint(receiver.url())
    with receiving(authority[1]) as quick:
        endpoint(quick.url())
        library.publish([concept(f"number-{n}") for n in range(4)], people)
        work.run_all()
        assert arrived.wait(30)
        quick.wait_for(5)
        library.publish([concept("another")], people)
        work.run_all()
        quick.wait_for(7)
        assert len(receiver.arrived) == 1, "one request at a time to each"
        may_answer.set()
        work.end_all(at_once=False)
    assert len(receiver.arrived) == 7
    assert not WebhookDelivery.objects.exclude(state="delivered").exists()


@pytest.mark.django_db(transaction=True)
def test_a_fault_of_ours_is_logged_and_the_delivery_falls_due_again(receiver, local, db, monkeypatch, caplog):
    made = endpoint(receiver.url())
    endpoints.send_test(made, timezone.now())

    def broken(*args):
        raise RuntimeError("the database went away")

    with monkeypatch.context() as patch:
        patch.setattr(outbox, "finish", broken)
        work.run_all()
        work.end_all(at_once=False)
    assert "could not be sent because of an error" in caplog.text
    assert WebhookDelivery.objects.get().state == "pending"
    WebhookDelivery.objects.update(next_attempt_at=timezone.now())
    work.run_all()
    work.end_all(at_once=False)
    assert len({arrived.message_id for arrived in receiver.arrived}) == 1
    assert WebhookDelivery.objects.get().state == "delivered"
