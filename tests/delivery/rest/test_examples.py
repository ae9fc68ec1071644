"""From a condition to the examples that illustrate it: in lists, in documents, on pages."""

import pytest

from content_app.delivery.store import examples
from tests.first_content import AMPS
from tests.library import condition, example, relation, symptom_type

pytestmark = pytest.mark.both_databases
OF_AMPS = "/api/v1/examples/?condition=amplified-musculoskeletal-pain-syndrome"


def slugs(response):
    assert response.status_code == 200, response.content
    return {entry["slug"] for entry in response.json()["results"]}


def test_a_condition_leads_to_the_examples_of_what_it_is_related_to(read):
    assert {"puffy-cold-hand", "loudspeaker-volume"} <= slugs(read(OF_AMPS))


@pytest.mark.parametrize("other", ["AMPS", "amps"])
def test_the_condition_may_be_named_by_its_abbreviation_or_identifier(read, other):
    by_slug = slugs(read(OF_AMPS))
    assert slugs(read(f"/api/v1/examples/?condition={other}")) == by_slug
    assert slugs(read(f"/api/v1/examples/?condition={read(AMPS).json()['id']}")) == by_slug


def test_an_unknown_condition_is_not_found(read):
    refused = read("/api/v1/examples/?condition=no-such-condition")
    assert refused.status_code == 404
    assert refused.json()["errors"][0]["parameter"] == "condition"


def test_examples_come_along_when_they_are_asked_for(read):
    included = read(f"{AMPS}?include=examples").json()["included"]
    assert {document["slug"] for document in included} == slugs(read(OF_AMPS))
    assert {document["kind"] for document in included} == {"example"}


@pytest.mark.parametrize("suffix", ["html", "md"])
def test_the_page_of_a_condition_links_to_its_examples(read, suffix):
    page = read(AMPS.rstrip("/") + f".{suffix}").content.decode()
    assert all(f"/api/v1/examples/{slug}/" in page for slug in slugs(read(OF_AMPS)))
    assert "/api/v1/examples/" not in read(f"/api/v1/concepts/cause-unknown.{suffix}").content.decode()


def test_what_an_item_is_told_apart_from_lends_it_no_examples(shelf, client):
    shelf.publish(
        symptom_type("chill"),
        condition("first", relations=[relation(examples.APART, "symptom_type/chill")]),
        condition("second", relations=[relation("has_symptom", "symptom_type/chill")]),
        example("of-a-chill", relations=[relation("illustrates", "symptom_type/chill")]),
    )
    assert slugs(client.get("/api/v1/examples/?condition=first")) == set()
    assert slugs(client.get("/api/v1/examples/?condition=second")) == {"of-a-chill"}


def test_a_withdrawn_condition_is_not_found_whatever_it_is_called(shelf, client):
    shelf.publish(condition("first", abbreviation="FST"))
    shelf.withdraw(condition("first"))
    for name in ("first", "FST", condition("first")["uuid"], condition("first")["uuid"].upper()):
        assert client.get(f"/api/v1/examples/?condition={name}").status_code == 404, name
