"""What apps do with lists: several values of a filter, counts, and addresses of their own making."""

import json

import pytest

from tests.delivery.rest.test_lists import walk

pytestmark = pytest.mark.both_databases
CONCEPTS = "/api/v1/concepts/"


def slugs(read, query):
    return [entry["slug"] for entry in walk(read, f"{CONCEPTS}?page_size=100&{query}")]


def test_several_values_give_what_has_any_of_them(read):
    either = set(slugs(read, "topic=mechanism,impact"))
    assert either == {*slugs(read, "topic=mechanism"), *slugs(read, "topic=impact")}


def test_values_may_be_repeated_or_have_commas_between_them(read):
    assert slugs(read, "topic=mechanism&topic=impact") == slugs(read, "topic=mechanism,impact")


def test_different_filters_all_have_to_fit(read):
    both = set(slugs(read, "topic=mechanism,impact&aspect=mechanism"))
    assert both == set(slugs(read, "topic=mechanism,impact")) & set(slugs(read, "aspect=mechanism"))


@pytest.mark.parametrize("wrong", ["mechanism,impakt", "impakt,mechanism", "mechanism&topic=impakt"])
def test_one_misspelt_value_of_several_is_refused_by_name(read, wrong):
    response = read(f"{CONCEPTS}?topic={wrong}")
    assert response.status_code == 400
    [error] = response.json()["errors"]
    assert error == {"parameter": "topic", "detail": "“impakt” is not a valid value; did you mean “impact”?"}


@pytest.mark.parametrize("empty", ["mechanism,", ",mechanism", "mechanism,,impact", ","])
def test_an_empty_value_among_several_is_refused(read, empty):
    assert read(f"{CONCEPTS}?topic={empty}").status_code == 400


@pytest.mark.parametrize(
    "address", ["concepts/?ordering=name&ordering=-name", "search/?q=a&q=b", "concepts/?code=a&code=b"]
)
def test_what_takes_one_value_is_refused_twice(read, address):
    assert read(f"/api/v1/{address}").status_code == 400


def test_several_predicates_narrow_relations_and_what_is_related(read):
    end = "conditions/amplified-musculoskeletal-pain-syndrome"
    wanted = "has_mechanism,has_symptom"
    relations = walk(read, f"/api/v1/relations/?subject={end}&predicate={wanted}&page_size=100")
    assert {relation["predicate"] for relation in relations} == {"has_mechanism", "has_symptom"}
    concepts = {r["object"]["slug"] for r in relations if r["object"]["kind"] == "concept"}
    assert set(slugs(read, f"related={end}&predicate={wanted}")) >= concepts


def test_several_kinds_narrow_changes(read):
    changed = read("/api/v1/changes/?kind=condition,source").json()["results"]
    assert {change["kind"] for change in changed} == {"condition", "source"}


def test_a_client_can_build_the_address_of_the_next_page_itself(read):
    first = read(f"{CONCEPTS}?page_size=5&topic=mechanism,impact").json()
    second = read(f"{CONCEPTS}?page_size=5&topic=mechanism,impact&cursor={first['next_cursor']}").json()
    assert second == read(first["next"]).json()


@pytest.mark.parametrize(
    "address", ["conditions/", "relations/?subject=conditions/fibromyalgia&page_size=100", "search/?q=zz"]
)
def test_the_last_page_has_no_next_cursor(read, address):
    page = read(f"/api/v1/{address}").json()
    assert page["next"] is page["next_cursor"] is None


def test_a_filtered_list_that_fits_on_one_page_is_counted(read):
    page = read(f"{CONCEPTS}?topic=impact&page_size=100").json()
    assert page["count"] == len(page["results"]) > 0


def test_a_filtered_list_that_goes_on_is_counted_if_that_is_asked_for(read):
    address = f"{CONCEPTS}?topic=mechanism,impact&page_size=2"
    assert read(address).json()["count"] is None
    pages = [read(f"{address}&count=exact").json()]
    pages.append(read(pages[0]["next"]).json())
    assert {page["count"] for page in pages} == {len(slugs(read, "topic=mechanism,impact"))}


LISTS_WITH_CODES = (
    ("/api/v1/conditions/", ("cause_status", "kind")),
    ("/api/v1/concepts/", ("topic", "subtopic")),
    ("/api/v1/symptom-types/", ("category", "observation")),
    ("/api/v1/examples/", ("form",)),
    ("/api/v1/sources/", ("type", "evidence_level")),
    ("/api/v1/relations/", ("likelihood", "modality")),
    ("/api/v1/codings/", ("system", "match", "verification")),
)


@pytest.mark.parametrize(("path", "codes"), LISTS_WITH_CODES)
def test_every_list_has_labels_beside_its_codes_on_request(read, path, codes):
    plain, labelled = (read(f"{path}?labels={way}").json()["results"] for way in ("none", "beside"))
    vocabulary = json.dumps(read("/api/v1/vocabulary/").json())
    assert plain
    assert [without_labels(entry) for entry in labelled] == plain
    for code in codes:
        told = [(entry[code], entry[f"{code}_label"]) for entry in labelled]
        assert all((value is None) == (label is None) for value, label in told)
        assert {label for _, label in told if label and json.dumps(label) not in vocabulary} == set()


def test_search_has_labels_beside_the_codes_of_items_and_of_the_aspect(read):
    hits = read("/api/v1/search/?q=chronic+pain&labels=beside").json()["results"]
    assert {hit["item"]["kind_label"] for hit in hits} <= {"Condition", "Concept", "Symptom type", "Example"}
    assert all((hit["match"]["aspect"] is None) == (hit["match"]["aspect_label"] is None) for hit in hits)
    assert any(hit["match"]["aspect"] for hit in hits)


def test_the_next_page_of_a_list_keeps_its_labels(read):
    first = read("/api/v1/concepts/?labels=beside&page_size=1").json()
    assert "topic_label" in read(first["next"]).json()["results"][0]


def without_labels(entry: dict) -> dict:
    return {name: value for name, value in entry.items() if name in RELATION_LABELS or not name.endswith("_label")}


RELATION_LABELS = ("inverse_label", "predicate_label")
