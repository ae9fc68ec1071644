"""Choosing what comes back: what must be shown stays, texts lose nothing, related documents come once."""

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from content_app.delivery.query import labels, selection
from content_app.delivery.query.selection import MUST_SHOW, Selection
from content_app.vocabulary.terms import ASPECTS, LAYERS
from tests.library import condition, relation, uuid_of
from tests.shelf import saying

pytestmark = pytest.mark.both_databases
FIRST = "/api/v1/conditions/first/"
ITEMS = "/api/v1/items/"


@pytest.fixture(scope="module")
def published(shelf_of_a_module):
    shelf_of_a_module.publish(
        saying("first", "It <hurts> & stays.", relations=[relation("not_the_same_as", "condition/second")]),
        saying("second", "It ends."),
        saying("third", "It begins."),
    )
    return shelf_of_a_module


@pytest.fixture
def library(published, db):
    return published


def test_what_must_be_shown_stays(library, client):
    whole = client.get(FIRST).json()
    chosen = client.get(FIRST, {"fields": "codings"}).json()
    assert list(chosen) == [name for name in whole if name in {*MUST_SHOW, "cause_status", "codings"}]
    assert all(chosen[name] == whole[name] for name in chosen)


def test_statements_never_come_without_their_sources(library, client):
    chosen = client.get(FIRST, {"fields": "statements"}).json()
    assert [source["slug"] for source in chosen["sources"]] == ["a-text"]
    assert chosen["statements"][0]["assertion"]


def test_one_audience_gets_its_texts_only(library, client):
    plain = client.get(FIRST, {"audience": "plain"}).json()
    assert "clinical" not in plain["summary"]
    assert [sorted({"clinical", "plain"} & set(s)) for s in plain["statements"]] == [["plain"]]
    assert plain["notices"] == client.get(FIRST).json()["notices"]


def test_prose_comes_in_the_form_asked_for(library, client):
    texts = {
        form: client.get(FIRST, {"text": form, "audience": "clinical"}).json()["statements"][0]["clinical"]
        for form in selection.TEXTS
    }
    assert texts == {
        "plain": "It <hurts> & stays.",
        "markdown": "It \\<hurts\\> \\& stays.",
        "html": "<p>It &lt;hurts&gt; &amp; stays.</p>",
    }


LINES = st.text(st.sampled_from("ab 1.#-+=*_[]()<>&`\\~|!>\"'\n:/"), max_size=40) | st.text(max_size=20)


def words(text):
    return re.sub(r"\s+", " ", text).strip()


@given(LINES.map(lambda text: re.sub(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]", " ", text)))
def test_markdown_and_html_show_the_same_text(text):
    shown = MarkdownIt("commonmark").render(selection.to_markdown(text))
    assert not set(re.findall(r"<(\w+)", shown)) - {"p", "br"}
    assert words(html.unescape(re.sub(r"<[^>]*>", " ", shown))) == words(text)
    made = selection.to_html(text)
    assert not set(re.findall(r"<(\w+)", made)) - {"p", "br"}
    assert words(html.unescape(re.sub(r"<[^>]*>", " ", made))) == words(text)


def test_related_documents_come_once_and_bounded(library, client, django_assert_num_queries, monkeypatch):
    with django_assert_num_queries(3):
        answer = client.get(FIRST, {"include": "related", "audience": "plain"}).json()
    assert [one["slug"] for one in answer["included"]] == ["second"]
    assert "clinical" not in answer["included"][0]["summary"]
    assert client.get(FIRST, {"include": "is_kind_of"}).json()["included"] == []
    monkeypatch.setattr(selection, "MOST_INCLUDED", 0)
    answer = client.get(FIRST, {"include": "not_the_same_as"}).json()
    assert (answer["included"], answer["included_left_off"]) == ([], 1)


def test_what_is_shown_beside_a_relation_is_related_too():
    ends = [{"id": "b"}, {"id": "c"}, {"id": "b"}, {"id": "a"}]
    relations = [{"predicate": "p", "object": end, "display_with": {"id": "c"}} for end in ends]
    assert selection.related({"id": "a", "relations": relations}, ("related",)) == ["b", "c"]
    assert selection.related({"id": "a", "relations": relations}, ("q",)) == []


def test_everything_chosen_is_the_document_itself():
    document = {"kind": "concept", "id": "a", "relations": []}
    assert selection.selected(document, Selection()) is document


@pytest.mark.parametrize(
    "query",
    [
        {"fields": "statement"},
        {"fields": ""},
        {"fields": "id,"},
        {"audience": "all"},
        {"text": "xml"},
        {"include": "x"},
    ],
)
def test_what_cannot_be_chosen_is_refused(library, client, query):
    response = client.get(FIRST, query)
    assert response.status_code == 400
    assert response.json()["errors"][0]["parameter"] in query


def test_another_choice_has_another_tag(library, client):
    tags = {client.get(FIRST, {"audience": audience})["ETag"] for audience in selection.AUDIENCES}
    assert len(tags | {client.get(FIRST)["ETag"]}) == 3
    assert client.get(FIRST, {"audience": "plain"}, headers={"If-None-Match": ",".join(tags)}).status_code == 304


def test_an_abbreviation_leads_to_what_is_chosen_of_the_item(first_content, db, client):
    moved = client.get("/api/v1/conditions/AMPS/selected/?fields=name")
    assert moved.status_code == 308
    assert moved["Location"] == "/api/v1/conditions/amplified-musculoskeletal-pain-syndrome/selected/?fields=name"


# What must be shown, by reference; labels beside codes


def test_what_must_be_shown_can_be_given_by_reference_and_is_at_the_address_that_is_named(library, client):
    whole = client.get(FIRST).json()
    chosen = client.get(FIRST, {"fields": "name", "must_show": "reference"})
    told = chosen.json()["must_show"]
    assert len(chosen.content) < 1000
    assert told["notices"] == [notice["type"] for notice in whole["notices"]]
    assert told["not_covered"] == [entry["aspect"] for entry in whole["not_covered"] if entry["must_show"]]
    referred = client.get(told["href"]).json()
    assert {name: referred[name] for name in told["fields"]} == {name: whole[name] for name in selection.REFERRED}


def test_what_is_referred_to_is_in_the_release_that_the_reader_named(library, client):
    told = client.get(FIRST, {"must_show": "reference", "release": "1"}).json()["must_show"]
    assert told["href"] == f"{FIRST}selected/?fields=not_covered,notices,licence&release=1"


def test_what_is_chosen_is_not_given_by_reference(library, client):
    told = client.get(FIRST, {"fields": "notices", "must_show": "reference"}).json()
    assert told["notices"]
    assert told["must_show"]["fields"] == ["not_covered", "licence"]


def test_an_active_safety_alert_is_never_left_out(library, client):
    alerted = client.get(FIRST).json() | {"notices": [{"type": "safety", "text": "Stop."}]}
    told = selection.selected(alerted, Selection(fields=("name",), must_show=selection.BY_REFERENCE))
    assert told["notices"] == alerted["notices"]
    assert "notices" not in told["must_show"]["fields"]


def test_labels_stand_beside_codes(library, client):
    [statement] = client.get(FIRST, {"labels": "beside", "fields": "statements"}).json()["statements"]
    names = list(statement)
    assert names.index("aspect_label") == names.index("aspect") + 1
    assert statement["aspect_label"] == ASPECTS[statement["aspect"]].label
    assert statement["layer_label"] == LAYERS[statement["layer"]].label


def test_every_code_of_a_document_has_a_label_that_no_reader_takes_for_a_code(library, client):
    """Whatever is a code of a vocabulary; `language`, `spdx` and codes in other systems are not."""
    document = client.get(FIRST, {"labels": "beside"}).json()
    assert client.get(FIRST, {"labels": "none"}).json() == client.get(FIRST).json()
    for part, codes in labels.OF_PART.items():
        entries = document[part] if isinstance(document.get(part), list) else [document.get(part) or {}]
        for entry in entries:
            assert {f"{code}_label" for code in codes if code in entry} <= entry.keys(), part
    assert document["kind_label"] == "Condition"


# Many items at once


def many(client, *slugs, **query):
    return client.get(ITEMS, {"ids": ",".join(uuid_of("condition", slug) for slug in slugs)} | query)


def test_items_come_in_the_order_asked_for_each_once(library, client, django_assert_num_queries):
    library.withdraw(condition("third"))
    with django_assert_num_queries(2):
        answer = many(client, "second", "nothing", "first", "third", "second", fields="summary").json()
    assert [one["slug"] for one in answer["results"]] == ["second", "first"]
    assert [one["slug"] for one in answer["withdrawn"]] == ["third"]
    assert answer["unknown"] == [uuid_of("condition", "nothing")]
    assert "statements" not in answer["results"][0]
    assert len(many(client, "third", release=1).json()["results"]) == 1


def test_a_hundred_fit_and_no_more(library, client):
    assert many(client, *map(str, range(100))).status_code == 200
    assert many(client, *map(str, range(101))).status_code == 400


@pytest.mark.parametrize(
    "query", ["", "?ids=", "?ids=first", "?ids=a&ids=b", "?ids=%00", "?ids=" + "x" * 5000, "?id=1", "?ids=,"]
)
def test_ids_that_are_none_are_refused(library, client, query):
    response = client.get(ITEMS + query)
    assert response.status_code == 400
    assert response.json()["errors"]
