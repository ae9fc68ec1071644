"""Comparing two releases and two conditions, from outside."""

import json

import jsonpatch
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from content_app.models.publication import Document
from tests.golden_files import assert_golden
from tests.library import coding, condition, public, uuid_of
from tests.shelf import saying

CRPS_I = coding(code="G90.5", display="Complex regional pain syndrome I (CRPS I)")


def address(a, b):
    return f"/api/v1/releases/{a}/compare/{b}/"


@pytest.fixture(scope="module")
def published(shelf_of_a_module):
    """1: first and second. 2: first says more, third is new. 3: second is withdrawn. 4: first says it again."""
    shelf_of_a_module.publish(saying("first", "It hurts.", "Stays."), saying("second", "It ends."))
    shelf_of_a_module.publish(saying("first", "It often hurts.", "Stays.", "New."), saying("third", "It begins."))
    shelf_of_a_module.withdraw(condition("second"))
    shelf_of_a_module.publish(saying("first", "It hurts.", "Stays."), significance="editorial")
    return shelf_of_a_module


@pytest.fixture
def history(published, db):
    return published


def changes(client, a, b, **query):
    return client.get(address(a, b), query).json()["results"]


def told(results):
    return sorted((entry["slug"], entry["change"]) for entry in results)


def test_added_changed_and_withdrawn_items_are_told(history, client):
    assert told(changes(client, 1, 3)) == [("first", "changed"), ("second", "withdrawn"), ("third", "added")]
    assert told(changes(client, 3, 1)) == [("first", "changed"), ("second", "added"), ("third", "withdrawn")]


def test_the_same_release_twice_has_no_differences(history, client):
    response = client.get(address(2, 2)).json()
    assert (response["results"], response["next"]) == ([], None)


def test_a_changed_statement_is_told_word_by_word(history, client):
    first = next(entry for entry in changes(client, 1, 2) if entry["slug"] == "first")
    assert [(d["part"], d["change"]) for d in first["changes"]] == [("statements", "changed"), ("statements", "added")]
    clinical = first["changes"][0]["fields"][0]
    assert clinical["words"] == [
        {"change": "same", "text": "It"},
        {"change": "added", "text": " often"},
        {"change": "same", "text": " hurts."},
    ]


def test_an_item_that_is_again_as_it_was_has_no_differences_but_another_version(history, client):
    first = next(entry for entry in changes(client, 1, 4) if entry["slug"] == "first")
    assert first["changes"] == []
    assert (first["before"]["version"], first["after"]["version"]) == (1, 3)
    assert first["before"]["sha256"] == first["after"]["sha256"]


def test_the_significance_is_the_highest_in_between(history, client):
    first = next(entry for entry in changes(client, 1, 4) if entry["slug"] == "first")
    assert first["significance"] == "substantive"


@pytest.mark.parametrize("a", [1, 2, 3, 4])
@pytest.mark.parametrize("b", [1, 2, 3, 4])
def test_the_patch_of_each_item_leads_from_one_release_to_the_other(history, client, a, b):
    for entry in changes(client, a, b, show="patch"):
        documents = [stored(entry["id"], release) for release in (a, b)]
        assert jsonpatch.apply_patch(documents[0], entry["patch"]) == documents[1]


def stored(item, release):
    rows = Document.objects.filter(item_uuid=item, first_release__lte=release).order_by("-version")
    return json.loads(bytes(rows[0].body)) if rows else None


def test_the_other_way_round_is_the_inverse(history, client):
    there, back = changes(client, 1, 4), changes(client, 4, 1)
    for one, other in zip(there, back, strict=True):
        assert (one["before"], one["after"]) == (other["after"], other["before"])
        assert [d["before"] for d in one["changes"]] == [d["after"] for d in other["changes"]]


def test_pages_make_up_the_whole(history, client):
    whole, pages, following = changes(client, 1, 4), [], f"{address(1, 4)}?page_size=1"
    while following:
        page = client.get(following).json()
        pages += page["results"]
        following = page["next"]
    assert pages == whole


def test_one_item_alone(history, client):
    assert told(changes(client, 1, 4, item=uuid_of("condition", "third"))) == [("third", "added")]
    assert changes(client, 1, 4, item=uuid_of("nothing")) == []


def test_a_comparison_never_changes(history, client):
    before = client.get(address(1, 3))
    history.publish(saying("first", "Something else."))
    after = client.get(address(1, 3))
    assert before.content == after.content
    assert "immutable" in after["Cache-Control"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (address(1, 9), 404),
        (address(0, 1), 404),
        (address(1, 99999999999999999999), 404),
        (address(1, 2) + "?show=everything", 400),
        (address(1, 2) + "?item=nothing", 404),
        (address(1, 2) + "?release=1", 400),
        (address(1, 2) + "?cursor=abc", 400),
    ],
)
def test_what_cannot_be_compared_is_a_problem(history, client, path, status):
    response = client.get(path)
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"


def test_a_cursor_of_another_comparison_is_refused(history, client):
    following = client.get(address(1, 4), {"page_size": 1}).json()["next"]
    assert client.get(following.replace("/1/compare/4/", "/2/compare/4/")).status_code == 400


def test_the_queries_are_five_and_read_only_what_changed(history, client):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        client.get(address(1, 4))
    assert len(captured) == 5


# Two conditions


@pytest.fixture
def two(shelf):
    relation = {"predicate": "not_the_same_as", "object": "condition/second", "citations": saying("x")["citations"]}
    shelf.publish(
        saying("first", "Both say something.", relations=[relation], codings=[coding()], abbreviation="FST"),
        saying(
            "second",
            "It says so too.",
            codings=[coding(), CRPS_I],
        ),
    )
    return shelf


PAIR = "/api/v1/conditions/first/compare/second/"


def test_two_conditions_side_by_side(two, client):
    compared = client.get(PAIR).json()
    assert compared["release"] == 1
    assert [(row["in"], row["code"]) for row in compared["codings"]] == [("b", "G90.5"), ("both", "M79.7")]
    assert [row["in"] for row in compared["aspects"]] == ["both"]
    assert compared["between"][0]["subject"]["slug"] == "first"
    assert compared["sources"][0]["slug"] == "a-text"


def test_the_shape_of_a_comparison_of_conditions_is_agreed(two, client):
    compared = client.get(PAIR).json()
    for side in ("a", "b"):
        compared[side]["meta"] = "…"
        compared[side]["review"] = "…"
    assert_golden("compare_conditions.json", json.dumps(compared, indent=1, ensure_ascii=False) + "\n")


def test_an_abbreviation_leads_to_the_comparison_under_the_name(two, client):
    response = client.get("/api/v1/conditions/fst/compare/second/?release=1")
    assert (response.status_code, response["Location"]) == (308, f"{PAIR}?release=1")


def test_a_withdrawn_or_unknown_condition_cannot_be_compared(two, client):
    two.publish(condition("third"))
    two.withdraw(condition("third"))
    gone = client.get("/api/v1/conditions/first/compare/third/")
    assert (gone.status_code, gone.json()["reason"]) == (410, "withdrawn")
    assert client.get("/api/v1/conditions/first/compare/third/?release=2").status_code == 200
    assert client.get("/api/v1/conditions/first/compare/nothing/").status_code == 404
    assert client.get(PAIR + "?relase=1").status_code == 400


def test_comparing_two_conditions_takes_three_queries(two, client, django_assert_num_queries):
    with django_assert_num_queries(3):
        client.get(PAIR)
    assert public(condition("second")).version == 1
