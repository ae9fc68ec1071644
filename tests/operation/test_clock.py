"""A clock that jumps: what was put off waits until it is due again, nothing is done twice, and nobody is locked out."""

import time
from datetime import timedelta

import pytest
from django.utils import timezone

from content_app.delivery.gate import quotas
from content_app.delivery.gate.quotas import Policy, count
from content_app.editorial import scheduling
from content_app.models import Release, Schedule
from content_app.webhooks import deliveries
from content_app.worker import backlog, heartbeat
from tests import library
from tests.library import condition
from tests.webhook_deliveries import endpoint, happened

JUMP = timedelta(days=1)


@pytest.fixture
def jump(monkeypatch):
    """A function that puts the clock forward or, with a negative duration, back."""
    now, real = timezone.now, time.time
    jumps = [timedelta()]
    monkeypatch.setattr(timezone, "now", lambda: now() + jumps[-1])
    monkeypatch.setattr(quotas.time, "time", lambda: real() + jumps[-1].total_seconds())
    return jumps.append


def test_a_schedule_is_carried_out_once_whichever_way_the_clock_jumps(people, jump):
    items = library.approved([condition()], people)
    scheduling.schedule_publication(items=items, by=people.publisher, due_at=timezone.now() + JUMP / 2)
    jump(-JUMP)
    assert scheduling.run_due() == 0
    jump(JUMP)
    assert scheduling.run_due() == 1
    jump(-JUMP)
    jump(JUMP)
    assert scheduling.run_due() == 0
    assert Schedule.objects.get().state == Schedule.DONE
    assert Release.objects.count() == 1


def test_a_delivery_waits_until_the_clock_has_caught_up_and_is_not_late_before(db, jump):
    endpoint()
    happened()
    deliveries.fan_out(timezone.now())
    jump(-JUMP)
    assert deliveries.claim(timezone.now()) is None
    assert backlog.standing().late == []
    jump(timedelta(seconds=1))
    assert deliveries.claim(timezone.now()) is not None
    jump(JUMP)
    assert deliveries.claim(timezone.now()) is not None, "the lease counts as ended, and the receiver knows the event"


def test_a_limit_holds_nobody_up_for_longer_than_a_minute(jump):
    policy = Policy("anonymous", 1)
    assert [count(policy, "somebody").is_exceeded for _ in range(2)] == [False, True]
    for to in (JUMP, -JUMP):
        jump(to)
        standing = count(policy, "somebody")
        assert not standing.is_exceeded
        assert standing.reset <= 60


def test_a_worker_that_was_seen_in_the_future_has_stopped(settings, tmp_path, db, jump):
    settings.VAR_DIR = tmp_path
    heartbeat.write("", timezone.now())
    assert backlog.standing().status == "running"
    jump(-JUMP)
    assert backlog.standing().status == "stopped"
    heartbeat.write("", timezone.now())
    assert backlog.standing().status == "running"
