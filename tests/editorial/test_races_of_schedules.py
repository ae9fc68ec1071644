"""Several workers and one schedule, in processes of their own: done exactly once, whoever comes first or dies."""

import datetime
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from content_app.editorial import scheduling
from content_app.models import Library, Release, Schedule
from content_app.publication import verification
from tests import library
from tests.library import condition
from tests.publication.test_races import address_of_the_test_database
from tests.together import all_at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
SOON = datetime.timedelta(hours=1)
WORK = [sys.executable, "manage.py", "work", "--once"]
STOPS_IN_THE_MIDDLE = """
import time, django
django.setup()
from django.db import connection
from content_app.editorial import scheduling

def stop_at_the_terms(execute, sql, params, many, context):
    result = execute(sql, params, many, context)
    if sql.startswith('INSERT INTO "content_app_indexterm"'):
        print("in the middle", flush=True)
        time.sleep(600)
    return result

with connection.execute_wrapper(stop_at_the_terms):
    scheduling.run_due()
"""


@pytest.fixture
def due(people) -> list[Schedule]:
    """Five schedules whose moment has come, each of two items."""
    made = []
    for number in range(5):
        items = library.approved([condition(f"one-{number}"), condition(f"other-{number}")], people)
        due_at = timezone.now() + SOON
        made.append(scheduling.schedule_publication(items=items, by=people.publisher, due_at=due_at))
    Schedule.objects.update(due_at=timezone.now() - SOON)
    return made


def process(command: list[str]) -> subprocess.Popen:
    kept = {"DATABASE_URL": address_of_the_test_database(), "DJANGO_SETTINGS_MODULE": "amps_api.settings"}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen(command, cwd=settings.BASE_DIR, env=os.environ | kept, **pipes)


def assert_each_was_done_once() -> None:
    assert set(Schedule.objects.values_list("state", flat=True)) == {"done"}
    assert Schedule.objects.values("release").distinct().count() == 5
    assert sorted(Release.objects.values_list("number", flat=True)) == [1, 2, 3, 4, 5]
    assert all(r.documents.filter(kind="condition").count() == 2 for r in Release.objects.all())
    assert list(verification.faults()) == []


def test_two_worker_processes_at_once_do_everything_once(due):
    connection.close()
    workers = [process(WORK) for _ in range(2)]
    said = [worker.communicate(timeout=300) for worker in workers]
    assert [worker.returncode for worker in workers] == [0, 0], said
    assert not any("Traceback" in err for _, err in said), said
    scheduling.run_due()  # what one of them had claimed while the other looked
    assert_each_was_done_once()


def test_eight_workers_at_once_do_everything_once(due):
    results = all_at_once([scheduling.run_due] * 8)
    assert all(isinstance(result, int) for result in results), results
    scheduling.run_due()
    assert_each_was_done_once()


def test_a_worker_that_is_killed_in_the_middle_leaves_it_to_the_next_one(due):
    Schedule.objects.exclude(pk=due[0].pk).update(due_at=timezone.now() + SOON)
    connection.close()
    worker = process([sys.executable, "-c", STOPS_IN_THE_MIDDLE])
    try:
        assert worker.stdout.readline() == "in the middle\n"
    finally:
        worker.kill()
        worker.communicate()
    assert Schedule.objects.get(pk=due[0].pk).state == "waiting"
    assert Library.objects.get().current_release is None
    assert [scheduling.run_due() for _ in range(2)] == [1, 0]
    assert Release.objects.count() == 1
    assert list(verification.faults()) == []


def test_of_a_worker_and_a_publisher_who_cancels_at_once_one_gives_way(due, people):
    Schedule.objects.exclude(pk=due[0].pk).update(due_at=timezone.now() + SOON)
    all_at_once([scheduling.run_due, lambda: scheduling.cancel(schedule=due[0], by=people.publisher)])
    state = Schedule.objects.get(pk=due[0].pk).state
    assert (state, Release.objects.count()) in {("done", 1), ("cancelled", 0)}


def test_of_two_publishers_who_schedule_the_same_item_at_once_one_is_told_so(people):
    items = library.approved([condition()], people)
    act = scheduling.schedule_publication
    due_at = timezone.now() + SOON
    results = all_at_once([lambda: act(items=items, by=people.publisher, due_at=due_at)] * 4)
    assert [type(result).__name__ for result in results].count("Schedule") == 1, results
    assert Schedule.objects.count() == 1
