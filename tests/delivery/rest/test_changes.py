"""The feed of changes, from outside: never a gap, never twice, whatever is published while a client reads."""

import json

import pytest
from django.db import connection, transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from content_app.models.publication import Document
from tests.golden_files import assert_golden
from tests.library import condition, public, uuid_of
from tests.shelf import saying
from tests.waist import Waist
from tests.width import examples

pytestmark = pytest.mark.both_databases
CHANGES = "/api/v1/changes/"

RELEASE = st.dictionaries(
    st.integers(0, 5), st.sampled_from(["safety", "substantive", "editorial", "withdrawn"]), min_size=1, max_size=5
)
STEP = st.tuples(st.just("publish"), RELEASE) | st.tuples(st.just("read"), st.integers(1, 4))
NARROWED = st.fixed_dictionaries(
    {},
    optional={
        "kind": st.sampled_from(["condition", "concept", "example"]),
        "significance": st.sampled_from(["safety", "substantive", "editorial"]),
    },
)


class Reader:
    """An app that keeps itself current, and its filter."""

    def __init__(self, query):
        self.query = query
        self.seen = []
        self.client = Client()

    def read(self, page_size):
        page = self.client.get(CHANGES, self.query | {"page_size": page_size}).json()
        self.seen += [(entry["id"], entry["version"], entry["change"]) for entry in page["results"]]
        self.query = self.query | {"since": page["token"]}
        return page


def expected(query):
    """What a reader must have seen: every version that it asked for, and every tombstone, in order."""
    seen = []
    back = set()
    for row in Document.objects.order_by("first_release_id", "pk"):
        sort = "withdrawn" if row.tombstone_reason else "created" if row.version == 1 else "changed"
        if row.item_uuid in back and not row.tombstone_reason:
            sort = "created"
        (back.add if row.tombstone_reason else back.discard)(row.item_uuid)
        fits = query.get("kind", row.kind) == row.kind
        fits = fits and query.get("significance", row.significance) == row.significance
        if fits or row.tombstone_reason:
            seen.append((str(row.item_uuid), row.version, sort))
    return seen


@pytest.mark.django_db
@pytest.mark.widens
@settings(max_examples=examples(12, 40), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(RELEASE, st.lists(STEP, max_size=10), NARROWED)
def test_a_reader_sees_every_change_once_and_in_order_while_others_publish(first, steps, query):
    with transaction.atomic():
        waist, reader = Waist(), Reader(query)
        waist.release(first)
        for verb, what in steps:
            (waist.release if verb == "publish" else reader.read)(what)
        while reader.read(3)["is_more"]:
            pass
        assert reader.seen == expected(query)
        assert reader.read(3)["results"] == []
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def published(shelf_of_a_module):
    shelf_of_a_module.publish(saying("first", "It hurts."), saying("second", "It ends."))
    shelf_of_a_module.publish(saying("first", "It often hurts."), significance="safety", change_note="It is worse.")
    shelf_of_a_module.withdraw(saying("second"), replaced_by=saying("first"))
    shelf_of_a_module.publish(saying("second", "It is back."))
    return shelf_of_a_module


@pytest.fixture
def history(published, db):
    return published


def told(page):
    return [(entry["release"], entry["kind"], entry["slug"], entry["change"]) for entry in page["results"]]


def test_everything_that_was_ever_published_comes_in_order(history, client):
    page = client.get(CHANGES).json()
    assert sorted(told(page)[:3]) == [
        (1, "condition", "first", "created"),
        (1, "condition", "second", "created"),
        (1, "source", "a-text", "created"),
    ]
    assert told(page)[3:] == [
        (2, "condition", "first", "changed"),
        (3, "condition", "second", "withdrawn"),
        (4, "condition", "second", "created"),
    ]
    assert page["is_more"] is False


def test_a_tombstone_says_what_takes_its_place(history, client):
    grave = client.get(CHANGES, {"after_release": 2}).json()["results"][0]
    assert (grave["reason"], grave["replaced_by"]["slug"]) == ("replaced", "first")


def test_tombstones_come_whatever_the_filter(history, client):
    page = client.get(CHANGES, {"kind": "example", "significance": "safety"}).json()
    assert told(page) == [(3, "condition", "second", "withdrawn")]
    page = client.get(CHANGES, {"significance": "safety"}).json()
    assert [entry["change_note"] for entry in page["results"]] == ["It is worse.", "Taken back."]


def test_each_change_leads_to_that_very_version(history, client):
    for entry in client.get(CHANGES).json()["results"]:
        response = client.get(entry["href"])
        assert response.json()["meta"]["sha256"] == entry["sha256"]
        assert response.status_code == (410 if entry["change"] == "withdrawn" else 200)


def test_with_nothing_new_there_is_a_token_all_the_same_and_304(history, client):
    following = client.get(CHANGES).json()["next"]
    response = client.get(following)
    assert response.json()["results"] == []
    assert response.json()["next"] == following
    assert client.get(following, headers={"If-None-Match": response["ETag"]}).status_code == 304
    history.publish(saying("third", "It is new."))
    assert told(client.get(following).json()) == [(5, "condition", "third", "created")]


def test_a_copy_of_a_release_goes_on_behind_it(history, client):
    page = client.get(CHANGES, {"after_release": 4}).json()
    assert page["results"] == []
    history.publish(saying("third", "It is new."))
    assert told(client.get(page["next"]).json()) == [(5, "condition", "third", "created")]


def test_an_earlier_release_ends_the_feed_there_for_ever(history, client):
    before = client.get(CHANGES, {"release": 2})
    history.publish(saying("third", "It is new."))
    assert client.get(CHANGES, {"release": 2}).content == before.content
    assert "immutable" in before["Cache-Control"]
    assert client.get(CHANGES, {"after_release": 4, "release": 2}).json()["results"] == []


def test_a_token_ahead_of_the_library_waits_for_it(history, client):
    following = client.get(CHANGES).json()["next"]
    page = client.get(f"{following}&release=2").json()  # as a copy of the database that lags behind would answer
    assert page["results"] == []
    assert page["token"] in following


@pytest.mark.parametrize(
    "query",
    [
        {"since": "abc"},
        {"since": "e30"},
        {"since": "x" * 400},
        {"kind": "conditions"},
        {"significance": "high"},
        {"page_size": 0},
        {"page_size": 101},
        {"after_release": "one"},
        {"changed_since": "2026-01-01"},
        {"since": "abc", "after_release": 1},
    ],
)
def test_what_is_not_known_is_refused(history, client, query):
    response = client.get(CHANGES, query)
    assert response.status_code == 400
    assert response.json()["errors"][0]["parameter"] in query


def test_a_release_that_is_not_there_is_404(history, client):
    assert client.get(CHANGES, {"after_release": 9}).status_code == 404


def test_a_token_of_another_filter_is_refused(history, client):
    token = client.get(CHANGES, {"kind": "condition"}).json()["token"]
    assert client.get(CHANGES, {"since": token}).status_code == 400
    assert client.get(CHANGES, {"since": token, "kind": "condition"}).status_code == 200


def test_a_token_of_a_history_that_was_undone_is_refused(db, client):
    point = transaction.savepoint()
    waist = Waist()
    waist.release({1: "safety"}, salt="one")
    following = client.get(CHANGES).json()["next"]
    transaction.savepoint_rollback(point)
    Waist().release({2: "safety"}, salt="another")
    response = client.get(following)
    assert response.status_code == 400
    assert "restored to an earlier state" in response.json()["detail"]


def test_the_queries_are_few_whatever_the_page(history, client, django_assert_max_num_queries):
    following = client.get(CHANGES, {"page_size": 1}).json()["next"]
    for size in (1, 100):
        with django_assert_max_num_queries(4):
            client.get(following.replace("page_size=1", f"page_size={size}"))


@pytest.mark.one_database
@pytest.mark.skipif(connection.vendor != "sqlite", reason="It reads the plans of SQLite.")
def test_each_query_walks_along_an_index(history, client, django_assert_max_num_queries):
    following = client.get(CHANGES, {"page_size": 1}).json()["next"]
    with django_assert_max_num_queries(4) as captured:
        client.get(following)
    for query in captured.captured_queries:
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN QUERY PLAN " + query["sql"])
            plan = " ".join(row[3] for row in cursor.fetchall())
        assert "content_app_document" not in query["sql"] or "TEMP B-TREE" not in plan, plan


def test_the_shape_of_changes_is_agreed(history, client):
    page = client.get(CHANGES).json()
    page["results"].sort(key=lambda entry: (entry["release"], entry["id"]))
    for entry in page["results"]:
        entry |= {"published_at": "…", "sha256": "…"}
    page |= {"token": "…", "next": page["next"].replace(page["token"], "…")}
    assert_golden("changes.json", json.dumps(page, indent=1, ensure_ascii=False) + "\n")
    assert public(condition("first")).item_uuid.hex == uuid_of("condition", "first").replace("-", "")
