"""What is published is answered at once by the process that published it, and within a second by every other."""

import datetime
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest
from django.db import OperationalError
from django.utils import timezone

from content_app.delivery.read_plane import edition as editions
from content_app.delivery.store import reading
from tests import prepared
from tests.live import ROOT, serving
from tests.shelf import saying

WITHDRAW = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "amps_api.settings"
import django
django.setup()
from django.contrib.auth.models import User
from content_app.editorial import withdrawal
from content_app.models import Item
item = Item.objects.get(slug="loudspeaker-volume")
publisher = User.objects.filter(groups__name="Publisher").first()
author = User.objects.filter(groups__name="Author").first()
withdrawal.request(item=item, by=author, reason="withdrawn", note="Taken back.")
withdrawal.withdraw(item=item, by=publisher)
"""


@pytest.mark.one_database
@pytest.mark.django_db(transaction=True)
def test_what_this_process_publishes_is_answered_at_once(shelf, both):
    shelf.publish(saying("one"))
    address = "/api/v1/conditions/one/"
    both.ask(address)
    assert not both.ask(address).was_django_asked
    shelf.publish(saying("one", "Something else."))
    assert b"Something else." in both.compare(address).body


@pytest.mark.one_database
@pytest.mark.django_db(transaction=True)
def test_a_withdrawn_item_is_gone_at_once_and_that_is_kept_too(shelf, both):
    document = saying("one")
    shelf.publish(document, saying("two"))
    both.ask("/api/v1/conditions/two/")
    assert both.ask("/api/v1/conditions/one/").status[:3] == "200"
    shelf.withdraw(document)
    gone = both.compare("/api/v1/conditions/one/")
    assert (gone.status[:3], gone.was_django_asked) == ("410", False)
    assert both.compare("/api/v1/conditions/one/", accept="text/html").status[:3] == "410"


@pytest.mark.one_database
@pytest.mark.django_db(transaction=True)
def test_a_safety_notice_is_announced_on_the_first_read_too(shelf, both):
    shelf.publish(saying("one"), saying("two", safety_notice="Stop."), saying("three"))
    both.compare("/api/v1/conditions/one/")
    assert "no-cache" in both.compare("/api/v1/conditions/two/").header("Cache-Control")
    assert "no-cache" not in both.compare("/api/v1/conditions/three/").header("Cache-Control")


@pytest.mark.one_database
@pytest.mark.django_db
def test_what_was_read_before_a_publication_is_not_kept_after_it(first_content, both, monkeypatch):
    both.plane.django = lambda environ, start_response: published_meanwhile(both, environ, start_response)
    both.ask("/api/v1/conditions/fibromyalgia/")
    assert not both.plane.kept.lately


def published_meanwhile(both, environ, start_response):
    """Django's answer, and then another edition."""
    response = both.handler(environ, start_response)
    both.plane.editions.edition = both.plane.editions.edition._replace(release=2)
    return response


@pytest.mark.one_database
@pytest.mark.django_db
def test_a_new_day_is_a_new_edition(first_content, both, monkeypatch):
    page = "/api/v1/conditions/fibromyalgia.html"
    both.compare(page)
    for days in (1, 800):  # reviews are overdue by then
        then = timezone.now() + datetime.timedelta(days=days)
        monkeypatch.setattr(timezone, "now", lambda then=then: then)
        monkeypatch.setattr(editions.time, "time", lambda then=then: then.timestamp())
        answer = both.compare(page)
    assert b"overdue" in answer.body


@pytest.mark.one_database
@pytest.mark.django_db
def test_the_database_is_asked_at_most_once_a_second(first_content, both, django_assert_num_queries):
    both.ask("/api/v1/conditions/fibromyalgia/")
    both.plane.editions.look_again_at = time.monotonic() + 60
    with django_assert_num_queries(0):
        both.ask("/api/v1/conditions/fibromyalgia/")
    both.plane.editions.look_again_at = time.monotonic()
    with django_assert_num_queries(1):
        both.ask("/api/v1/conditions/fibromyalgia/")


@pytest.mark.one_database
@pytest.mark.django_db
def test_while_the_database_is_away_django_says_so(first_content, both, monkeypatch):
    def fail(*_):
        raise OperationalError("away")

    both.ask("/api/v1/conditions/fibromyalgia/")
    monkeypatch.setattr(editions.connections, "close_all", lambda: None)
    monkeypatch.setattr(reading, "_one", fail)
    both.plane.editions.forget()
    assert both.ask("/api/v1/conditions/fibromyalgia/").status[:3] == "503"


@pytest.mark.one_database
def test_what_another_process_publishes_is_answered_within_a_second(tmp_path):
    environment = prepared.environment_of_a_server(tmp_path)
    with serving(environment) as server:
        address = f"{server}/api/v1/examples/loudspeaker-volume/"
        assert {status_of(address) for _ in range(20)} == {200}  # so that both workers have kept it
        subprocess.run([sys.executable, "-c", WITHDRAW], cwd=ROOT, env=os.environ | environment, check=True)
        time.sleep(1)
        assert {status_of(address) for _ in range(20)} == {410}


def status_of(address: str) -> int:
    try:
        with urllib.request.urlopen(address, timeout=60) as answer:  # noqa: S310 - our own server
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


@pytest.mark.one_database
@pytest.mark.django_db
def test_while_the_database_is_away_what_was_given_before_is_given_and_says_how_old_it_is(
    first_content, both, monkeypatch
):
    def fail(*_):
        raise OperationalError("away")

    both.ask("/api/v1/conditions/fibromyalgia/")
    monkeypatch.setattr(editions.connections, "close_all", lambda: None)
    monkeypatch.setattr(reading, "_one", fail)
    both.plane.editions.told_at = time.monotonic() - 90
    both.plane.editions.look_again_at = time.monotonic()
    answer = both.ask("/api/v1/conditions/fibromyalgia/")
    headers = dict(answer.headers)
    assert (answer.status[:3], headers["Age"], headers["Cache-Status"]) == ("200", "90", "AMPS; hit; ttl=-90")
