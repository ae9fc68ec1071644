"""Asking of many copies at once whether they are current, also with bodies that nobody should send."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content_app.delivery.rest.changes import check as changes_check
from tests.golden_files import assert_golden
from tests.library import condition, public, uuid_of
from tests.shelf import saying

pytestmark = pytest.mark.both_databases
CHECK = "/api/v1/check/"
FIRST, SECOND, THIRD = (uuid_of("condition", slug) for slug in ("first", "second", "third"))


@pytest.fixture(scope="module")
def published(shelf_of_a_module):
    """First has three versions, second was replaced by first, third was withdrawn."""
    shelf_of_a_module.publish(saying("first", "It hurts."), saying("second", "It ends."), saying("third", "It begins."))
    shelf_of_a_module.publish(saying("first", "It often hurts."), significance="safety")
    shelf_of_a_module.publish(saying("first", "It always hurts."), significance="editorial")
    shelf_of_a_module.withdraw(saying("second"), replaced_by=saying("first"))
    shelf_of_a_module.withdraw(saying("third"))
    return shelf_of_a_module


@pytest.fixture
def history(published, db):
    return published


@pytest.fixture
def check(client):
    def post(*items, **query):
        body = json.dumps({"items": items})
        return client.post(CHECK, body, content_type="application/json", query_params=query)

    return post


def told(response):
    return [(entry["status"], entry["significance"]) for entry in response.json()["results"]]


def test_each_copy_is_told_how_it_stands(history, check):
    response = check(
        {"id": FIRST, "version": 3},
        {"id": FIRST, "version": 2},
        {"id": FIRST, "version": 1},
        {"id": SECOND, "version": 1},
        {"id": THIRD, "version": 1},
        {"id": uuid_of("nothing"), "version": 1},
    )
    assert told(response) == [
        ("current", None),
        ("newer", "editorial"),
        ("newer", "safety"),
        ("replaced", "substantive"),
        ("withdrawn", "substantive"),
        ("unknown", None),
    ]
    results = response.json()["results"]
    assert results[3]["replaced_by"]["slug"] == "first"
    assert results[4]["reason"] == "withdrawn"
    assert results[5]["current"] is None


def test_a_copy_is_known_by_its_hash_as_well(history, check):
    now = public(condition("first")).sha256
    assert told(check({"id": FIRST, "sha256": now})) == [("current", None)]
    unknown = check({"id": FIRST, "sha256": "0" * 64}).json()["results"][0]
    assert (unknown["status"], unknown["current"]["version"]) == ("unknown", 3)


def test_content_that_came_back_is_current_by_its_hash(history, check):
    first = public(condition("first"))
    history.publish(saying("first", "Something else."))
    history.publish(saying("first", "It always hurts."))
    assert (
        told(check({"id": FIRST, "sha256": first.sha256}, {"id": FIRST, "version": first.version}))
        == [("current", None)] * 2
    )


def test_an_earlier_release_can_be_asked(history, check):
    assert told(check({"id": FIRST, "version": 1}, {"id": SECOND, "version": 1}, release=1)) == [("current", None)] * 2
    assert told(check({"id": FIRST, "version": 3}, release=1)) == [("unknown", None)]


def test_nothing_asked_is_answered_in_the_same_shape(history, check):
    response = check()
    assert response.json() == {"release": 5, "results": []}
    assert response["Cache-Control"] == "no-store"


def test_a_thousand_take_as_many_queries_as_one(history, check, django_assert_num_queries):
    with django_assert_num_queries(2):
        check({"id": FIRST, "version": 1})
    with django_assert_num_queries(2):
        results = check(*[{"id": uuid_of(str(n)), "version": 1} for n in range(999)], {"id": FIRST, "version": 3})
    assert told(results)[-1] == ("current", None)


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        (b" ", "#"),
        (b"[]", "#"),
        (b'{"items": {}}', "#/items"),
        (b'{"items": [], "more": 1}', "#"),
        (b'{"items": [], "items": []}', "#"),
        (b'{"items": [NaN]}', "#"),
        (b'{"items": [1e999]}', "#/items/0"),
        (b'{"items": ["\\ud800"]}', "#/items/0"),
        (b'{"items": [{"id": "\\ud800", "version": 1}]}', "#/items/0/id"),
        (b'{"items": [\xff]}', "#"),
        (b"[" * 100_000, "#"),
        (b'{"items": [' + b"9" * 5000 + b"]}", "#"),
        (json.dumps({"items": [{}] * 1001}).encode(), "#/items"),
        (json.dumps({"items": [{"id": FIRST}]}).encode(), "#/items/0"),
        (json.dumps({"items": [{"id": FIRST, "version": 1, "sha256": "0" * 64}]}).encode(), "#/items/0"),
        (json.dumps({"items": [{"id": FIRST, "version": True}]}).encode(), "#/items/0/version"),
        (json.dumps({"items": [{"id": FIRST, "version": 0}]}).encode(), "#/items/0/version"),
        (json.dumps({"items": [{"id": FIRST, "version": 1.5}]}).encode(), "#/items/0/version"),
        (json.dumps({"items": [{"id": FIRST, "sha256": "0" * 63}]}).encode(), "#/items/0/sha256"),
        (json.dumps({"items": [{"id": FIRST.replace("-", ""), "version": 1}]}).encode(), "#/items/0/id"),
        (json.dumps({"items": [{"id": None, "version": 1}]}).encode(), "#/items/0/id"),
    ],
)
def test_a_body_that_is_not_usable_is_told_where(db, client, body, pointer):
    response = client.post(CHECK, body, content_type="application/json")
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["errors"][0]["pointer"] == pointer


@given(st.binary(max_size=60) | st.text(st.sampled_from('{}[]":,iteмs10\\u'), max_size=40).map(str.encode))
def test_any_bytes_are_either_entries_or_not_usable(body):
    with contextlib.suppress(changes_check.NotUsable):
        assert isinstance(changes_check.parsed(body), list)


def test_too_large_a_body_is_413_and_another_type_415(db, client):
    large = b'{"items": []}' + b" " * changes_check.LARGEST_BODY
    assert client.post(CHECK, large, content_type="application/json").status_code == 413
    for media_type in ("text/plain", "application/xml", "application/json; charset=latin-1"):
        assert client.post(CHECK, b"{}", content_type=media_type).status_code == 415
    packed = client.post(CHECK, b"{}", content_type="application/json", headers={"Content-Encoding": "br"})
    assert packed.status_code == 415


def test_only_post_is_possible(history, client, check):
    assert client.get(CHECK).status_code == 405
    assert client.options(CHECK)["Allow"] == "POST, OPTIONS"
    assert check(relase=1).status_code == 400


def test_the_shape_of_a_check_is_agreed(history, check):
    answer = check({"id": FIRST, "version": 1}, {"id": SECOND, "version": 1}, {"id": uuid_of("x"), "version": 1}).json()
    for entry in answer["results"][:2]:
        entry["current"]["sha256"] = "…"
    assert_golden("check.json", json.dumps(answer, indent=1, ensure_ascii=False) + "\n")
