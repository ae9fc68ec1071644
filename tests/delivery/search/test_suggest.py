"""Completing what is typed: from names alone, each item once, the beginnings of names first."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

pytestmark = pytest.mark.django_db


def texts(answer):
    return [entry["text"] for entry in answer["results"]]


def test_a_beginning_finds_the_names_that_go_on_from_it(suggest):
    assert texts(suggest("allo"))[0] == "Allodynia"
    assert texts(suggest("complex reg"))[0] == "Complex regional pain syndrome"
    assert texts(suggest("CRP"))[0] == "CRPS"


def test_a_later_word_of_a_name_is_found_after_the_first_ones(suggest):
    found = texts(suggest("fibromyalg"))
    assert found[0] == "Fibromyalgia"
    assert "Juvenile fibromyalgia" in found


def test_codes_are_completed_too(suggest):
    assert all(text.startswith("M79.") for text in texts(suggest("M79.")))
    assert texts(suggest("m79.7"))[0] == "M79.7"
    assert suggest("HP:00125")["results"]


def test_each_item_is_suggested_once(suggest):
    ids = [entry["item"]["id"] for entry in suggest("p", limit=20)["results"]]
    assert len(ids) == len(set(ids)) == 20


@pytest.mark.parametrize("q", ["allo", "Hurts wh", "can’t st", "CAN'T ST", "icy", "M79"])
def test_what_was_typed_is_highlighted_and_nothing_is_lost(suggest, q):
    for entry in suggest(q)["results"]:
        assert "".join(piece["text"] for piece in entry["excerpt"]) == entry["text"]
        assert [piece["is_match"] for piece in entry["excerpt"]].count(True) == 1


def test_a_misspelt_beginning_is_corrected_and_that_is_said(suggest):
    answer = suggest("fibromylgia")
    assert answer["interpreted_as"] == {"q": "fibromyalgia"}
    assert texts(answer)[0] == "Fibromyalgia"


def test_suggestions_can_be_narrowed_to_a_kind(suggest):
    kinds = {entry["item"]["kind"] for entry in suggest("p", kind="condition")["results"]}
    assert kinds == {"condition"}


def test_nothing_found_has_the_shape_of_something_found(suggest):
    assert suggest("xyzzy").keys() == suggest("pain").keys()
    assert suggest("xyzzy")["results"] == []


@pytest.mark.parametrize("more", [{"limit": "21"}, {"kind": "source"}, {"topic": "feature"}, {"cursor": "x"}])
def test_what_is_not_right_is_refused(suggest, more):
    assert suggest("pain", **more)["http"] == 400


def test_a_suggestion_costs_four_queries(suggest):
    with CaptureQueriesContext(connection) as queries:
        suggest("pain")
    assert len(queries) == 4
