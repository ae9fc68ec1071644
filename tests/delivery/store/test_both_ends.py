"""Two things that must not be confused are kept apart at both ends, in every form, by one mechanism."""

import html
import json
import re

import pytest

from content_app.delivery.linked_data import skos
from content_app.delivery.mcp import tools
from content_app.delivery.store import reading
from content_app.delivery.store import symmetric_query as both_ends
from tests.fhir_client import SYSTEM
from tests.golden_files import assert_golden
from tests.library import condition, relation

HERE = "/api/v1/conditions/complex-regional-pain-syndrome"
CRPS = "aafd8108-ec0a-57b4-9c55-da09571ccd6b"
INFOBUTTON = "/infobutton?mainSearchCriteria.v.cs=2.16.840.1.113883.6.90&mainSearchCriteria.v.c=G90.50"
NOTE = "The names must not be used for each other."
# The forms, and what each may ask of the database.
QUERIES = {
    f"{HERE}.html": 4,
    f"{HERE}.md": 4,
    f"{HERE}.jsonld": 3,
    f"{HERE}.ttl": 3,
    "/api/v1/library.ttl": 7,
    f"{INFOBUTTON}&knowledgeResponseType=application/json": 3,
    f"{INFOBUTTON}&knowledgeResponseType=text/html": 3,
    f"/fhir/Composition/{CRPS}": 10,
    f"/fhir/Bundle/{CRPS}": 10,
}


def body_of(response) -> str:
    return (b"".join(response) if response.streaming else response.content).decode()


@pytest.mark.parametrize("address", QUERIES)
def test_the_end_that_does_not_hold_the_relation_tells_it_too(read, django_assert_max_num_queries, address):
    with django_assert_max_num_queries(QUERIES[address]):
        body = body_of(read(address))
    assert NOTE in html.unescape(body)


def test_language_models_and_terminology_servers_are_told_too(read, first_content, db):
    told = {
        entry["label"]: entry["to"]["name"] for entry in tools.read_item(CRPS, everything=True)["item"]["relations"]
    }
    assert told["is not the same as"] == "Amplified musculoskeletal pain syndrome"
    found = read(f"/fhir/CodeSystem/$lookup?system={SYSTEM}&code=complex-regional-pain-syndrome&property=notTheSameAs")
    ends = [entry["part"][1]["valueCode"] for entry in found.json()["parameter"] if entry["name"] == "property"]
    assert ends == ["amplified-musculoskeletal-pain-syndrome"]


def test_what_is_said_at_that_end_is_as_agreed(read):
    composition = read(f"/fhir/Composition/{CRPS}").json()
    connections = next(entry for entry in composition["section"] if entry["title"] == "Relationships")
    feed = read(f"{INFOBUTTON}&knowledgeResponseType=application/json").json()["feed"]
    cautions = re.findall(r'<p class="not-the-same">.*?</p>', feed["entry"][0]["summary"]["_value"])
    relations = tools.read_item(CRPS, everything=True)["item"]["relations"]
    told = {"Composition": connections["text"]["div"].split("<li>"), "Infobutton": cautions, "MCP": relations}
    assert_golden("both_ends.json", json.dumps(told, ensure_ascii=False, indent=1) + "\n")


def test_a_release_tells_what_was_said_in_it(shelf, client):
    first, second = condition("first"), condition("second")
    shelf.publish(first, second)
    shelf.publish(first | {"relations": [relation("not_the_same_as", second, note="They differ.")]})
    shelf.publish(first | {"relations": []})
    for form in ("ttl", "jsonld", "md", "html"):
        told = [body_of(client.get(f"/api/v1/conditions/second.{form}?release={number}")) for number in (1, 2, 3)]
        assert ["They differ." in text for text in told] == [False, True, False]


def test_the_date_of_a_form_is_that_of_the_last_release_as_others_may_speak_of_it_now(shelf, client):
    first, second = condition("first"), condition("second")
    shelf.publish(first, second)
    before = client.get("/api/v1/conditions/second.ttl")
    shelf.publish(first | {"relations": [relation("not_the_same_as", second, note="They differ.")]})
    asked = {"if-none-match": before["ETag"], "if-modified-since": before["Last-Modified"]}
    assert "They differ." in body_of(client.get("/api/v1/conditions/second.ttl", headers=asked))


def test_a_library_is_read_in_batches_with_a_query_for_each(first_content, db, django_assert_num_queries, monkeypatch):
    moment = reading.current_moment()
    whole = [json.loads(body) for _, _, body in reading.bodies(reading.documents(moment), 1000)]
    monkeypatch.setattr(both_ends, "BATCH", 60)
    with django_assert_num_queries(-(-len(whole) // 60)):
        told = list(both_ends.with_both_ends_in_batches(whole, moment))
    assert told == both_ends.with_both_ends(whole, moment)
    assert "".join(skos.of_library(told, "", 1, "")).count(NOTE) == 3  # of both items, and of the relation
