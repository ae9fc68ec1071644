"""From events to deliveries: who gets which, when it is tried again, who may take it, what ends it.

The clock is given, never waited for.
"""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from content_app.models import ApiClient, WebhookAttempt, WebhookDelivery, WebhookEndpoint
from content_app.webhooks import deliveries as outbox
from content_app.webhooks import endpoints, schedule, working
from content_app.webhooks.notifying import tell_switched_off
from content_app.webhooks.schedule import DELAYS
from content_app.webhooks.sending import Outcome
from tests.together import all_at_once
from tests.webhook_deliveries import BAD, GOOD, NOON, endpoint, happened, later, queued, tried

SILENT = Outcome(None, "It did not answer.")
pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture(autouse=True)
def no_jitter(monkeypatch):
    monkeypatch.setattr(schedule, "JITTER", 0)


# Who gets which


def test_every_endpoint_gets_what_it_is_told_of_once(db):
    endpoint("https://all.example/"), endpoint("https://items.example/", events=["item.published"])
    endpoint("https://releases.example/", events=["release.published"])
    happened("item.published", 2)
    happened("release.published")
    assert outbox.fan_out(NOON) == 3
    assert outbox.fan_out(NOON) == 0
    found = WebhookDelivery.objects.order_by("endpoint__url", "id").values_list("endpoint__url", "event__type")
    assert list(found) == [
        ("https://all.example/", "item.published"), ("https://all.example/", "item.published"),
        ("https://all.example/", "release.published"),
        ("https://items.example/", "item.published"), ("https://items.example/", "item.published"),
        ("https://releases.example/", "release.published"),
    ]  # fmt: skip


def test_an_endpoint_that_is_off_or_whose_client_is_off_gets_nothing(db):
    endpoints.switch_off(endpoint("https://off.example/"), NOON)
    endpoint("https://gone.example/", of="Gone")
    ApiClient.objects.filter(name="Gone").update(is_active=False)
    queued()
    assert WebhookDelivery.objects.count() == 0


def test_a_client_that_is_switched_off_stops_what_is_pending_at_once(db):
    endpoint()
    queued()
    ApiClient.objects.update(is_active=False)
    assert outbox.claim(NOON) is None
    ApiClient.objects.update(is_active=True)
    assert outbox.claim(NOON) is not None


def test_many_events_are_handed_out_in_steps_with_few_queries(db, monkeypatch):
    endpoint("https://a.example/"), endpoint("https://b.example/")
    happened(number=25)
    monkeypatch.setattr(outbox, "MANY", 10)
    with CaptureQueriesContext(connection) as captured:
        assert outbox.fan_out(NOON) == 25
    assert len([query for query in captured if "SAVEPOINT" not in query["sql"]]) <= 3 * 5 + 1
    assert WebhookDelivery.objects.count() == 50


def test_with_nothing_to_do_a_look_of_the_worker_costs_six_reads(db):
    with CaptureQueriesContext(connection) as captured:
        assert working.deliver() + working.look_after() == 0
    assert len(captured) == 6
    assert all(query["sql"].startswith("SELECT") for query in captured)


# When it is tried again


def test_the_schedule_is_that_of_the_specification_and_then_the_endpoint_stops(db):
    made = endpoint()
    queued()
    now, seconds = NOON, []
    for number in range(1, 11):
        delivery = tried(BAD, now)
        assert delivery.attempts_made == number
        if number < 10:
            assert outbox.claim(delivery.next_attempt_at - timedelta(seconds=1)) is None
            seconds.append((delivery.next_attempt_at - now).total_seconds())
            now = delivery.next_attempt_at
    assert seconds == [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400]
    assert (delivery.state, delivery.next_attempt_at) == ("failed", None)
    made.refresh_from_db()
    assert not made.is_active
    assert made.disabled_reason.startswith("A delivery failed 10 times in about three days. Last error: ")
    assert outbox.claim(now + timedelta(days=9)) is None


def test_each_delay_is_stretched_by_chance_a_little(monkeypatch):
    monkeypatch.setattr(schedule, "JITTER", 0.1)
    drawn = {schedule.next_delay(2) for _ in range(50)}
    assert len(drawn) > 10
    assert all(DELAYS[2] <= delay <= DELAYS[2] * 1.1 for delay in drawn)


def test_a_success_ends_it(db):
    made = endpoint()
    queued()
    tried(SILENT, NOON)
    delivery = tried(GOOD, later(seconds=5))
    assert (delivery.state, delivery.attempts_made, delivery.finished_at) == ("delivered", 2, later(seconds=5))
    assert [attempt.status for attempt in delivery.attempts.all()] == [None, 204]
    made.refresh_from_db()
    assert (made.last_failure_at, made.last_success_at) == (NOON, later(seconds=5))
    assert outbox.claim(later(days=9)) is None


@pytest.mark.parametrize(
    ("asked", "waited"),
    [
        ({"hours": 2}, {"hours": 2}),
        ({"seconds": 1}, {"seconds": 5}),
        ({"days": 4000}, {"hours": 24}),
        ({}, {"seconds": 5}),
    ],
)
def test_retry_after_is_waited_for_within_reason_and_holds_up_the_whole_endpoint(db, asked, waited):
    made = endpoint()
    queued(2)
    delivery = tried(Outcome(429, "It answered 429.", asked_delay=timedelta(**asked)), NOON)
    assert delivery.next_attempt_at == later(**waited)
    paused = WebhookEndpoint.objects.get(pk=made.pk).paused_until
    assert paused == later(**(asked if asked == {"seconds": 1} else waited))
    assert outbox.claim(paused - timedelta(milliseconds=1)) is None
    assert outbox.claim(paused) is not None


@pytest.mark.parametrize(
    ("outcome", "pauses"), [(BAD, False), (SILENT, True), (Outcome(502), True), (Outcome(404), False)]
)
def test_a_receiver_that_is_busy_or_silent_is_left_alone_for_a_moment(db, outcome, pauses):
    endpoint()
    queued(2)
    tried(outcome, NOON)
    assert (outbox.claim(later(seconds=4)) is None) == pauses


def test_a_success_ends_the_pause(db):
    endpoint()
    queued(3)
    tried(SILENT, NOON)
    WebhookEndpoint.objects.update(paused_until=None)
    tried(GOOD, NOON)
    assert WebhookEndpoint.objects.get().paused_until is None


def test_410_switches_the_endpoint_off_at_once_and_what_waits_has_failed(db):
    made = endpoint()
    queued(3)
    tried(Outcome(410, "It answered 410."), NOON)
    made.refresh_from_db()
    assert (made.is_active, made.disabled_reason) == (
        False,
        "The endpoint returned 410, which means that it no longer accepts events.",
    )
    assert set(made.deliveries.values_list("state", flat=True)) == {"failed"}
    assert WebhookAttempt.objects.count() == 1


def test_whoever_switched_it_off_is_told_once(db):
    made = endpoint()
    queued()
    taken = outbox.claim(NOON)
    stopped = outbox.finish(taken, Outcome(410, "It answered 410."), NOON, NOON)
    assert stopped == made
    tell_switched_off(stopped)
    assert [message.to for message in mail.outbox] == [["team@diary.example"]]
    assert "https://diary.example/hooks" in mail.outbox[0].body
    assert "The endpoint returned 410" in mail.outbox[0].body
    again = outbox.finish(taken, Outcome(410, "It answered 410."), NOON, NOON)
    assert again is None


def test_a_mail_server_that_is_away_changes_nothing(db, settings, caplog):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    tell_switched_off(endpoint())
    assert "could not be sent" in caplog.text


# Who may take it


def test_what_is_taken_is_taken_until_its_lease_ends_and_then_falls_due_again(db):
    endpoint()
    queued()
    first = outbox.claim(NOON)
    assert outbox.claim(later(minutes=1, seconds=59)) is None
    second = outbox.claim(later(minutes=2))
    assert (second.pk, second.event.message_id) == (first.pk, first.event.message_id)
    assert second.lease != first.lease


def test_a_failure_that_comes_after_the_lease_has_ended_decides_nothing(db):
    endpoint()
    queued()
    slow = outbox.claim(NOON)
    quick = outbox.claim(later(minutes=3))
    outbox.finish(slow, BAD, NOON, later(minutes=4))
    current = WebhookDelivery.objects.get()
    assert (current.lease, current.attempts_made) == (quick.lease, 0)
    outbox.finish(quick, GOOD, later(minutes=4), later(minutes=4))
    assert WebhookDelivery.objects.get().state == "delivered"
    assert WebhookAttempt.objects.count() == 2


def test_a_success_that_comes_after_the_lease_has_ended_counts(db):
    endpoint()
    queued()
    slow = outbox.claim(NOON)
    outbox.claim(later(minutes=3))
    outbox.finish(slow, GOOD, NOON, later(minutes=3))
    assert WebhookDelivery.objects.get().state == "delivered"


def test_an_endpoint_has_one_request_at_a_time_and_others_are_not_held_up(db):
    endpoint("https://slow.example/")
    queued(5)
    endpoint("https://quick.example/")
    queued(1, now=later(seconds=1))
    first, second = outbox.claim(later(seconds=1)), outbox.claim(later(seconds=1))
    assert [taken.endpoint.url for taken in (first, second)] == ["https://slow.example/", "https://quick.example/"]
    assert outbox.claim(later(seconds=1)) is None
    outbox.finish(second, GOOD, NOON, NOON)
    outbox.finish(first, GOOD, NOON, NOON)
    assert outbox.claim(later(seconds=1)).endpoint.url == "https://slow.example/"


def test_taking_costs_two_queries_and_finishing_three(db):
    endpoint()
    queued()

    def statements(captured):
        return [query["sql"] for query in captured if "SAVEPOINT" not in query["sql"]]

    with CaptureQueriesContext(connection) as captured:
        taken = outbox.claim(NOON)
    assert len(statements(captured)) == 2
    with CaptureQueriesContext(connection) as captured:
        outbox.finish(taken, GOOD, NOON, NOON)
    assert len(statements(captured)) == 3


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_at_once_no_two_take_the_same(people):
    for number in range(6):
        endpoint(f"https://host-{number}.example/")
    queued(20)

    def work() -> list[int]:
        mine, misses = [], 0
        while misses < 20:
            found = outbox.claim(NOON)
            misses = misses + 1 if found is None else 0
            if found:
                mine.append(found.pk)
                outbox.finish(found, GOOD, NOON, NOON)
        return mine

    taken = [key for mine in all_at_once([work] * 6) for key in mine]
    while (left := outbox.claim(NOON)) is not None:  # whoever met only busy endpoints has gone home
        taken.append(left.pk)
        outbox.finish(left, GOOD, NOON, NOON)
    assert len(taken) == len(set(taken)) == 120
    assert WebhookAttempt.objects.count() == 120


@pytest.mark.django_db(transaction=True)
def test_two_workers_hand_out_an_event_once(people):
    endpoint("https://a.example/"), endpoint("https://b.example/")
    happened(number=60)
    handed_out = all_at_once([lambda: outbox.fan_out(NOON)] * 4)
    assert sum(handed_out) + outbox.fan_out(NOON) == 60
    assert WebhookDelivery.objects.count() == 120
