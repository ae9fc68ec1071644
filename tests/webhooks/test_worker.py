"""From a release to a receiver: the real worker in its own process, over real TLS, read by the public library.

In: the test database, which the worker shares. Out: what arrived. Workers are killed, doubled, stopped and held up.
"""

import os
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.utils import timezone
from standardwebhooks import Webhook, WebhookVerificationError

from content_app.models import Release, WebhookAttempt, WebhookDelivery, WebhookEvent
from content_app.webhooks import deliveries
from content_app.webhooks import working as working_here
from tests import library
from tests.library import concept, condition
from tests.publication.test_races import address_of_the_test_database
from tests.webhook_deliveries import endpoint
from tests.webhook_receiver import held_up

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


def environment(authority, **more: str) -> dict[str, str]:
    return os.environ | {
        "DATABASE_URL": address_of_the_test_database(),
        "SECRET_KEY": settings.SECRET_KEY,
        "DJANGO_SETTINGS_MODULE": "amps_api.settings",
        "SSL_CERT_FILE": str(authority[0]),
        "WEBHOOKS_ALLOW_INSECURE": "true",
    } | more  # fmt: skip


@pytest.fixture
def work_once(authority):
    """A function that runs `manage.py work --once` to its end, and returns what it said."""

    def run(**more: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", "work", "--once"],
            cwd=settings.BASE_DIR, env=environment(authority, **more), capture_output=True, text=True, timeout=300,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout + done.stderr

    return run


@pytest.fixture
def working(authority):
    """A context manager: `manage.py work` in a process of its own, stopped at the end."""

    @contextmanager
    def start():
        process = subprocess.Popen(
            [sys.executable, "manage.py", "work"],
            cwd=settings.BASE_DIR, env=environment(authority), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            yield process
        finally:
            process.terminate()
            process.wait(120)

    return start


@pytest.mark.one_database
def test_what_is_published_arrives_signed_and_the_public_library_takes_it(people, receiver, work_once):
    made = endpoint(receiver.url())
    library.publish([condition("one"), concept("two")], people)
    said = work_once(PUBLIC_URL="https://api.example")
    assert "WEBHOOKS_ALLOW_INSECURE is on" in said
    verifier = Webhook(made.shown)
    events = [verifier.verify(arrived.body, arrived.headers) for arrived in receiver.arrived]
    assert sorted(event["type"] for event in events) == ["item.published", "item.published", "release.published"]
    assert [bytes(event.body) for event in WebhookEvent.objects.order_by("id")] == [a.body for a in receiver.arrived]
    assert all(d.state == "delivered" and d.attempts.get().status == 204 for d in WebhookDelivery.objects.all())
    made.refresh_from_db()
    assert made.last_success_at is not None

    first = receiver.arrived[0]
    tampered = [
        (first.body.replace(b"one", b"0ne").replace(b"two", b"tw0"), first.headers),
        (first.body, first.headers | {"webhook-id": "msg_other"}),
        (first.body, first.headers | {"webhook-timestamp": str(int(first.headers["webhook-timestamp"]) - 60)}),
        (first.body, first.headers | {"webhook-signature": "v1,AAAA"}),
    ]
    for body, headers in tampered:
        with pytest.raises(WebhookVerificationError):
            verifier.verify(body, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(endpoint("https://another.example/").shown).verify(first.body, first.headers)


@pytest.mark.one_database
def test_what_a_killed_worker_was_sending_another_delivers_under_the_same_identifier(
    people, receiver, working, trusting, anywhere
):
    endpoint(receiver.url(), events=["release.published"])
    library.publish([condition("one")], people)
    arrived, may_answer = held_up(receiver)
    with working() as process:
        assert arrived.wait(30)
        process.send_signal(signal.SIGKILL)
        process.wait(10)
    may_answer.set()
    assert WebhookDelivery.objects.get().state == "pending"
    receiver.will_answer(200)
    assert not working_here.deliver_next(timezone.now()), "the lease has not ended yet"
    assert working_here.deliver_next(timezone.now() + deliveries.LEASE)
    first, second = receiver.arrived
    assert (first.message_id, first.body) == (second.message_id, second.body)
    delivery = WebhookDelivery.objects.get()
    assert (delivery.state, delivery.attempts_made) == ("delivered", 1)


PUBLISHES_AND_DIES_AFTER_THE_COMMIT = """
import os, signal, django
django.setup()
from django.contrib.auth.models import User
from content_app.editorial import workflow
from content_app.models import Item
workflow.publish(items=[Item.objects.get(slug="one")], by=User.objects.get(username="the-publisher"))
os.kill(os.getpid(), signal.SIGKILL)
"""
PUBLISHES_AND_DIES_BEFORE_THE_COMMIT = PUBLISHES_AND_DIES_AFTER_THE_COMMIT.replace(
    "workflow.publish(", "from django.db import transaction; transaction.atomic().__enter__(); workflow.publish("
)


@pytest.mark.parametrize(
    ("program", "told"), [(PUBLISHES_AND_DIES_AFTER_THE_COMMIT, 2), (PUBLISHES_AND_DIES_BEFORE_THE_COMMIT, 0)]
)
def test_events_live_and_die_with_their_release(people, receiver, work_once, authority, program, told):
    endpoint(receiver.url())
    library.approved([condition("one")], people)
    died = subprocess.run(
        [sys.executable, "-c", program], cwd=settings.BASE_DIR, env=environment(authority), timeout=300
    )
    assert died.returncode == -signal.SIGKILL
    assert Release.objects.count() == (1 if told else 0)
    work_once()
    assert len(receiver.arrived) == told


def test_two_workers_send_nothing_twice(people, receiver, working):
    for number in range(3):
        endpoint(receiver.url(path=f"/hooks/{number}"), events=["item.published"])
    with working(), working():
        library.publish([concept(f"number-{n}") for n in range(12)], people)
        receiver.wait_for(36)
    sent = [(arrived.path, arrived.message_id) for arrived in receiver.arrived]
    assert len(sent) == len(set(sent)) == 36
    assert WebhookDelivery.objects.exclude(state="delivered").count() == 0
    assert WebhookAttempt.objects.count() == 36


@pytest.mark.one_database
def test_a_worker_that_is_told_to_stop_finishes_what_is_on_its_way_and_begins_nothing_more(people, receiver, working):
    endpoint(receiver.url())
    library.publish([concept(f"number-{n}") for n in range(4)], people)
    arrived, may_answer = held_up(receiver)
    with working() as process:
        assert arrived.wait(30)
        process.terminate()
        threading.Timer(1, may_answer.set).start()
        assert process.wait(30) == 0
    assert len(receiver.arrived) < 5
    assert WebhookDelivery.objects.filter(state="delivered").count() == len(receiver.arrived)
    assert WebhookDelivery.objects.filter(state="pending").count() == 5 - len(receiver.arrived)
    assert not WebhookDelivery.objects.filter(lease__isnull=False).exists()
