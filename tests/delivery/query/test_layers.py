"""One layer of an item: its statements and their sources alone, and what that leaves out is said."""

import pytest

from content_app.vocabulary.terms import LAYERS
from tests.fhir_client import SYSTEM
from tests.first_content import AMPS

pytestmark = pytest.mark.both_databases


@pytest.fixture
def whole(read):
    return read(AMPS).json()


def layers_of(document):
    return {statement["layer"] for statement in document["statements"]}


def cited(document):
    parts = [document["summary"], *document["names"], *document["statements"], *document["relations"]]
    return {citation["source"] for part in parts for citation in part["citations"]}


@pytest.mark.parametrize("layer", LAYERS)
def test_a_layer_has_its_own_statements_and_the_sources_of_what_is_left(read, whole, layer):
    chosen = read(f"{AMPS}?layer={layer}").json()
    assert chosen["statements"] == [s for s in whole["statements"] if s["layer"] == layer] != []
    assert {source["slug"] for source in chosen["sources"]} == cited(chosen)


@pytest.mark.parametrize("layer", LAYERS)
def test_an_aspect_is_covered_or_said_to_be_left_out(read, whole, layer):
    chosen = read(f"{AMPS}?layer={layer}").json()
    covered = {statement["aspect"] for statement in chosen["statements"]}
    silent = {entry["aspect"] for entry in chosen["not_covered"]}
    everything = {s["aspect"] for s in whole["statements"]} | {entry["aspect"] for entry in whole["not_covered"]}
    assert covered | silent == everything
    assert not covered & silent


def test_whoever_leaves_out_the_warning_signs_is_told_first_to_ask_for_help(read, whole):
    assert "when_to_seek_help" not in {notice["type"] for notice in whole["notices"]}
    chosen = read(f"{AMPS}?layer=source_text").json()
    assert chosen["notices"][0]["type"] == "when_to_seek_help"
    assert next(e for e in chosen["not_covered"] if e["aspect"] == "red_flags")["must_show"]


def test_without_a_choice_both_layers_come(whole):
    assert layers_of(whole) == set(LAYERS)


def test_related_documents_come_in_the_same_layer(read):
    included = read(f"{AMPS}?layer=source_text&include=not_the_same_as").json()["included"]
    assert included
    assert all(layers_of(document) <= {"source_text"} for document in included)


@pytest.mark.parametrize("suffix", ["html", "md"])
def test_a_layer_can_be_read_alone(read, whole, suffix):
    literature = next(
        s["clinical"] for s in whole["statements"] if s["layer"] == "literature" and "<" not in s["clinical"]
    )
    first_words = " ".join(literature.split()[:4])
    page = AMPS.rstrip("/") + f".{suffix}"
    assert first_words in read(page).content.decode()
    assert "From the literature" in read(page).content.decode()
    assert "From the literature" not in read(f"{page}?layer=source_text").content.decode()


def test_lists_and_searches_can_ask_for_a_layer(read):
    listed = {entry["slug"] for entry in read("/api/v1/conditions/?layer=literature").json()["results"]}
    assert "complex-regional-pain-syndrome" in listed
    found = read("/api/v1/search/?q=pain&layer=literature").json()
    assert found["results"]
    assert "literature" in {facet["value"] for facet in found["facets"]["layer"]}


def test_an_unknown_layer_is_refused_with_the_nearest(read):
    for address in (AMPS, "/api/v1/conditions/", "/api/v1/search/"):
        refused = read(f"{address}?q=pain&layer=litrature" if "search" in address else f"{address}?layer=litrature")
        assert refused.status_code == 400
        assert "literature" in refused.json()["errors"][0]["detail"]


def test_the_composition_keeps_what_the_literature_says_in_sections_of_its_own(read, whole):
    sections = {s["title"]: s for s in read(f"/fhir/Composition/{whole['id']}").json()["section"]}
    within = sections["Diagnosis"]["section"]
    assert [section["title"] for section in within] == ["From the literature"]
    assert within[0]["code"]["coding"][0]["code"] == "literature"


def test_the_code_system_says_from_which_layers_an_item_has_statements(fhir):
    answer = fhir.get("CodeSystem/$lookup", system=SYSTEM, code="fibromyalgia", property="layer")
    told = {part.get("valueCode") for property in answer.json["parameter"] for part in property.get("part", [])}
    assert set(LAYERS) <= told


@pytest.mark.parametrize("address", ["CodeSystem/amps", "ValueSet/conditions", "ConceptMap/to-icd-10-cm"])
def test_what_the_library_gives_fhir_says_that_no_clinician_has_reviewed_it_all(fhir, address):
    assert "reviewed by a clinician yet" in fhir.get(address).json["description"]


def test_an_infobutton_answer_marks_what_is_from_the_literature(read):
    asked = "mainSearchCriteria.v.c=M79.7&mainSearchCriteria.v.cs=2.16.840.1.113883.6.90&subTopic.v.c=Q000628"
    answer = read(f"/infobutton?{asked}&knowledgeResponseType=application/json")
    assert "From the literature" in answer.content.decode()
