"""Every parameter that names a document understands the same spellings; every path leads to the usual one."""

import pytest

from tests.first_content import AMPS
from tests.library import condition

pytestmark = pytest.mark.both_databases
SLUG = "amplified-musculoskeletal-pain-syndrome"
SPELLINGS = (SLUG, SLUG.upper(), "AMPS", "amps", f"conditions/{SLUG}", "conditions/AMPS", AMPS, "{id}", "{ID}")
ADDRESSES = (
    "/api/v1/concepts/?related={}", "/api/v1/relations/?subject={}", "/api/v1/relations/?object={}",
    "/api/v1/relations/?item={}", "/api/v1/examples/?condition={}", "/api/v1/releases/1/compare/1/?item={}",
)  # fmt: skip
SOURCE = ("what-is-amps", "What-Is-AMPS", "sources/what-is-amps", "/api/v1/sources/what-is-amps/", "{id}")


def spelt(read, address, spelling):
    identifier = read(address).json()["id"]
    return spelling.format(id=identifier, ID=identifier.upper())


def answered(read, address, spelling):
    response = read(address.format(spelling))
    assert response.status_code == 200, response.content
    page = response.json()
    return {name: page[name] for name in page if not name.startswith("next")}


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("address", ADDRESSES)
def test_an_item_may_be_named_in_many_ways_in_every_parameter(read, address, spelling):
    assert answered(read, address, spelt(read, AMPS, spelling)) == answered(read, address, read(AMPS).json()["id"])


@pytest.mark.parametrize("spelling", SOURCE)
def test_so_may_a_source(read, spelling):
    named = spelt(read, "/api/v1/sources/what-is-amps/", spelling)
    assert answered(read, "/api/v1/conditions/?source={}", named)["results"]


@pytest.mark.parametrize("address", [*ADDRESSES[:-1], "/api/v1/conditions/?source={}"])
@pytest.mark.parametrize("wrong", ["amplyfied-musculoskeletal-pain-syndrome", "conditions/AMPZ", "condition/AMPS", "-"])
def test_a_misspelt_name_is_refused_by_every_parameter(read, address, wrong):
    response = read(address.format(wrong))
    assert response.status_code in (400, 404)
    assert response.json()["errors"][0]["parameter"] in address


def test_a_misspelt_name_is_answered_with_the_nearest(read):
    detail = read("/api/v1/concepts/?related=conditions/fibromialgia").json()["detail"]
    assert detail.endswith("Did you mean conditions/fibromyalgia?")


def test_a_name_that_stands_for_several_documents_is_refused_with_all_of_them(shelf, client):
    shelf.publish(condition("first", abbreviation="ABC"), condition("second", abbreviation="ABC"))
    response = client.get("/api/v1/concepts/?related=ABC")
    assert response.status_code == 400
    assert "conditions/first and conditions/second" in response.json()["detail"]


MOVED = (
    ("/api/v1/conditions/Fibromyalgia/?lang=en", "/api/v1/conditions/fibromyalgia/?lang=en"),
    ("/api/v1/conditions/AMPS.md", f"/api/v1/conditions/{SLUG}.md"),
    ("/api/v1/conditions/Fibromyalgia/selected/?fields=name", "/api/v1/conditions/fibromyalgia/selected/?fields=name"),
    ("/api/v1/conditions/AMPS/compare/FIBROMYALGIA/", f"/api/v1/conditions/{SLUG}/compare/fibromyalgia/"),
    ("/api/v1/sources/What-is-AMPS/", "/api/v1/sources/what-is-amps/"),
    ("/api/v1/items/{ID}/", "/api/v1/items/{id}/"),
    ("/api/v1/items/{ID}/versions/?page_size=1", "/api/v1/items/{id}/versions/?page_size=1"),
    ("/api/v1/items/{ID}/selected/?fields=name", "/api/v1/items/{id}/selected/?fields=name"),
    ("/library/history/{ID}/", "/library/history/{id}/"),
)


@pytest.mark.parametrize(("address", "to"), MOVED)
def test_another_case_leads_to_the_usual_address(read, address, to):
    response = read(spelt(read, AMPS, address))
    assert (response.status_code, response["Location"]) == (308, spelt(read, AMPS, to))


def test_mistakes_in_parameters_are_told_before_the_way_is(read):
    assert read(spelt(read, AMPS, "/api/v1/items/{ID}/?field=name")).status_code == 400
