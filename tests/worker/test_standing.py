"""Whether somebody notices that the background work is not done."""

import json
import logging
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from content_app.management.commands import work
from content_app.models import Import, Schedule, WebhookEvent
from content_app.worker import backlog, heartbeat

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    return tmp_path


def seen(ago: timedelta, job: str = "", since: timedelta = timedelta()) -> None:
    now = timezone.now()
    heartbeat.place().parent.mkdir(exist_ok=True)
    told = {"seen_at": (now - ago).isoformat(), "job": job, "since": (now - since).isoformat()}
    heartbeat.place().write_text(json.dumps(told))


def test_a_worker_leaves_signs_of_life_and_takes_them_away_when_it_ends_in_order():
    assert backlog.standing().status == "unknown"
    with heartbeat.beating():
        heartbeat.write("", timezone.now())
        assert backlog.standing().status == "running"
    assert heartbeat.last() is None


def test_a_worker_that_went_silent_has_stopped():
    seen(timedelta(minutes=2))

    standing = backlog.standing()
    assert standing.status == "stopped"
    assert "has stopped" in standing.sentences[0]


def test_a_worker_that_is_stuck_in_one_job_has_stopped_too():
    seen(timedelta(), "imports", timedelta(minutes=5))
    assert backlog.standing().status == "running"
    seen(timedelta(), "imports", timedelta(minutes=11))
    assert backlog.standing().status == "stopped"


def test_a_broken_file_counts_as_none():
    heartbeat.place().parent.mkdir()
    heartbeat.place().write_text("{")
    assert heartbeat.last() is None


def a_schedule(people):
    now = timezone.now()
    Schedule.objects.create(
        act=Schedule.PUBLISH, set_by=people.publisher, set_at=now, due_at=now - timedelta(minutes=7), time_zone="UTC"
    )


def an_import(people):
    run = Import.objects.create(file_name="a.yaml", uploaded_by=people.author)
    Import.objects.filter(pk=run.pk).update(uploaded_at=timezone.now() - timedelta(minutes=7))


def an_event(people):
    WebhookEvent.objects.create(type="release.published", body=b"{}", created_at=timezone.now() - timedelta(minutes=7))


@pytest.mark.parametrize(("leave", "name"), [(a_schedule, "schedules"), (an_import, "imports"), (an_event, "webhooks")])
def test_work_that_nobody_does_is_late(people, leave, name):
    leave(people)

    standing = backlog.standing()
    assert standing.status == "late"
    assert [late.name for late in standing.late] == [name]
    assert standing.sentences == [f"{name.capitalize()} have been waiting for 7 minutes: 1."]
    assert 420 <= standing.as_json()["late_seconds"][name] < 480


def test_what_has_just_become_due_is_not_late(people):
    an_import(people)
    Import.objects.update(uploaded_at=timezone.now() - timedelta(minutes=1))
    seen(timedelta())

    assert backlog.standing().status == "running"


def test_the_desk_says_that_the_worker_has_stopped(people):
    seen(timedelta(minutes=2))
    client = Client()
    client.force_login(people.superuser)
    assert "The background worker has stopped." in client.get("/admin/").content.decode()

    seen(timedelta())
    assert "The background worker" not in client.get("/admin/").content.decode()


def test_a_database_that_is_away_is_told_in_one_line_however_often_it_is_tried(monkeypatch, caplog):
    def away():
        raise OperationalError("connection refused\nIs the server running?")

    monkeypatch.setattr(work, "JOBS", (work.Job("one", away), work.Job("two", away)))
    monkeypatch.setattr(work, "outage", work.Outage())
    with caplog.at_level(logging.INFO):
        for _ in range(30):
            work.run_all()
        monkeypatch.setattr(work, "JOBS", (work.Job("one", lambda: 0),))
        work.run_all()

    assert [record.getMessage() for record in caplog.records] == [
        "The database is unavailable. Jobs are tried again every 2 seconds: connection refused Is the server running?",
        "The database is available again.",
    ]
    assert not any(record.exc_info for record in caplog.records)


def test_a_fault_of_a_job_keeps_its_traceback_and_the_others_go_on(monkeypatch, caplog):
    done = []
    monkeypatch.setattr(work, "JOBS", (work.Job("one", lambda: 1 // 0), work.Job("two", lambda: done.append(1))))
    work.run_all()

    assert done == [1]
    assert caplog.records[0].exc_info
