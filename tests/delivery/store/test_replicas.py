"""Where tables are read and written when there are replicas, without a second database: the router and the choice."""

import datetime
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.utils import timezone

from content_app.delivery.store import replicas
from content_app.delivery.store.replicas import Found, Router, database, reading_from
from content_app.models import ApiKey, Item
from content_app.models.publication import Document, Library
from content_app.models.search import SearchEntry

router = Router()


@pytest.mark.parametrize("model", [Document, Library, SearchEntry])
def test_published_tables_are_read_from_the_database_of_the_request(model):
    assert router.db_for_read(model) == "default"
    with reading_from("replica-1"):
        assert router.db_for_read(model) == "replica-1"
    assert router.db_for_read(model) == "default"


@pytest.mark.parametrize("model", [Item, User, ApiKey])
def test_tables_of_the_desk_and_of_keys_are_read_from_the_primary(model):
    with reading_from("replica-1"):
        assert router.db_for_read(model) is None


def test_everything_is_written_and_migrated_on_the_primary(settings):
    settings.REPLICAS = ["replica-1"]
    with reading_from("replica-1"):
        assert router.db_for_write(Document) == "default"
    assert router.allow_migrate("default", "content_app")
    assert not router.allow_migrate("replica-1", "content_app")


def test_a_request_changes_over_to_the_primary_and_never_back():
    with reading_from("replica-1"):
        assert replicas.change_to_primary()
        assert database() == "default"
        assert not replicas.change_to_primary()


NOW = timezone.now() + datetime.timedelta(hours=1)  # however long the tests before take
OLD, NEW = Found(6, "a", NOW - datetime.timedelta(days=1)), Found(7, "b", NOW)
STUCK = Found(7, "b", NOW - datetime.timedelta(hours=2))


@pytest.mark.parametrize(
    ("primary", "replica", "chosen"),
    [
        (NEW, NEW, "replica-1"),
        (NEW, OLD, "replica-1"),  # it has had no time to follow
        (STUCK, OLD, "default"),
        (None, OLD, "replica-1"),
        (NEW, None, "default"),
        (None, None, "default"),
    ],
)
def test_a_replica_is_chosen_if_it_answers_and_is_not_far_behind(primary, replica, chosen, monkeypatch):
    choice = replicas.Choice()
    choice.replicas = ["replica-1"]
    monkeypatch.setattr(
        replicas, "Watch",
        lambda alias: SimpleNamespace(
            alias=alias, current=primary if alias == "default" else replica,
            has_told=SimpleNamespace(wait=lambda seconds: True),
        ),
    )  # fmt: skip
    assert choice.current() == chosen


@pytest.mark.parametrize(("method", "asked"), [("GET", ["replica-1", "default"]), ("POST", ["replica-1"])])
def test_a_read_that_a_replica_could_not_answer_is_asked_of_the_primary(method, asked, rf, monkeypatch):
    seen = []

    def answer(request):
        seen.append(database())
        return HttpResponse(status=503 if database() != "default" else 200)

    monkeypatch.setattr(replicas.choice, "current", lambda: "replica-1")
    replicas.OneDatabase(answer)(rf.generic(method, "/api/v1/conditions/"))
    assert seen == asked


def test_the_desk_reads_from_the_primary(rf, monkeypatch):
    seen = []
    monkeypatch.setattr(replicas.choice, "current", lambda: "replica-1")
    replicas.OneDatabase(lambda request: seen.append(database()))(rf.get("/preview/1/"))
    assert seen == ["default"]
