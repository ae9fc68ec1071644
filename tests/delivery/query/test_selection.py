"""Choosing what comes back: what must be shown stays, texts lose nothing, related documents come once."""

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from content_app.delivery.query import selection
from content_app.delivery.query.selection import MUST_SHOW, Selection
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
