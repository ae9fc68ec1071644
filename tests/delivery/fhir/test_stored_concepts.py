"""The library's code system answered by queries says what the whole resource says, at a cost that does not grow."""

from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from content_app.delivery.fhir.server import releases, stored_edition
from content_app.delivery.fhir.server.stored_listing import StoredListing
from content_app.delivery.fhir.terminology.concepts import CodeSystemIndex
from tests import library
from tests.fhir_client import SYSTEM, FhirClient

PARTS = ("code", "display", "definition", "designations", "properties", "extensions", "parents", "children")


def told(concepts: CodeSystemIndex, code: str) -> dict:
    return {part: getattr(concepts.by_code[code], part) for part in PARTS}


def by_queries_and_whole(release: int | None = None) -> tuple[CodeSystemIndex, CodeSystemIndex]:
    stored = releases.StoredReleases()
    found = stored.as_of(release) if release else stored.current()
    return found.own, CodeSystemIndex(found.read("CodeSystem", "amps"))


def test_every_concept_of_the_filled_library_is_the_one_in_the_code_system(first_content, db):
    stored, whole = by_queries_and_whole()
    assert [told(stored, code) for code in whole.by_code] == [told(whole, code) for code in whole.by_code]


def test_walking_through_it_goes_in_the_order_of_the_code_system(first_content, db):
    stored, whole = by_queries_and_whole()
    assert [concept.code for concept in stored.by_code.values()] == list(whole.by_code)


@pytest.fixture(scope="module")
def pains(library_of_a_module):
    """Release 1: two kinds of pain. Release 2: one of them withdrawn in favour of the other, and pain renamed."""
    people, pain = library_of_a_module, library.symptom_type("pain")
    burning, stabbing = (
        library.symptom_type(slug, relations=[library.relation("is_kind_of", "symptom_type/pain")])
        for slug in ("burning", "stabbing")
    )
    library.publish([pain, burning, stabbing], people)
    library.withdraw(
        item=library.item_of(stabbing),
        by=people.publisher,
        reason="replaced",
        replaced_by=library.item_of(burning),
        note="The same.",
    )
    library.publish([pain | {"slug": "ache", "name": "Ache"}], people)


@pytest.fixture
def family(pains, fhir_of) -> FhirClient:
    return fhir_of


@pytest.mark.parametrize("release", [1, 2, 3])
def test_in_every_release_it_says_what_that_release_said(family, release):
    stored, whole = by_queries_and_whole(release)
    assert {code: told(stored, code) for code in whole.by_code} == {code: told(whole, code) for code in whole.by_code}


def test_codes_are_told_apart_by_case(family):
    assert family.get(f"CodeSystem/$lookup?system={SYSTEM}&code=Pain").status == 404


QUESTIONS = (
    f"CodeSystem/$lookup?system={SYSTEM}&code=pain",
    f"CodeSystem/$subsumes?system={SYSTEM}&codeA=pain&codeB=burning",
    f"CodeSystem/$validate-code?url={SYSTEM}&code=burning",
    "ValueSet/all/$expand?count=2",
    "ValueSet/symptom-types/$expand?count=2&offset=1",
    f"ValueSet/symptom-types/$validate-code?system={SYSTEM}&code=burning",
    f"ConceptMap/$translate?system={SYSTEM}&code=burning",
    "ConceptMap/$translate?system=http://hl7.org/fhir/sid/icd-10-cm&code=M79.7",
    f"Composition/{library.uuid_of('symptom_type', 'pain')}",
    f"Composition/{library.uuid_of('symptom_type', 'pain')}/$document",
    "Composition?_count=2",
    f"Composition?_id={library.uuid_of('symptom_type', 'pain')}",
    "Composition?event-code=pain",
    "ValueSet",
    "ValueSet/symptom-types",
    "ValueSet?url=http://hl7.org/fhir/ValueSet/nothing",
    "NamingSystem",
    "metadata?mode=terminology",
)


def queries(fhir: FhirClient, question: str) -> int:
    releases._kept.clear()
    with CaptureQueriesContext(connection) as captured:
        assert fhir.get(question).status == 200
    return len(captured)


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_about_a_code_reads_no_whole_release(family, question, monkeypatch):
    monkeypatch.setattr(stored_edition.StoredEdition, "whole", property(lambda _: pytest.fail("all was read")))
    assert queries(family, question)


def test_its_queries_do_not_become_more_with_the_library(family, people):
    before = {question: queries(family, question) for question in QUESTIONS}
    more = [
        library.symptom_type(f"more-{n}", relations=[library.relation("is_kind_of", "symptom_type/ache")])
        for n in range(20)
    ]
    library.publish(more, people)
    assert [question for question in QUESTIONS if queries(family, question) > before[question]] == []


def test_what_is_kept_is_bounded_by_bytes(family, monkeypatch):
    monkeypatch.setattr("content_app.delivery.fhir.server.stored_concepts.MOST_BYTES", 1)
    stored, whole = by_queries_and_whole()
    assert [stored.by_code[code].display for code in whole.by_code]
    assert len(stored.by_code._kept) == 1
    assert stored.url == SYSTEM


PARTS_OF_IT = ([], [("kind", "symptom_type")], [("kind", "concept")], [("kind", "concept"), ("topic", "mechanism")])


@pytest.mark.parametrize("having", PARTS_OF_IT)
@pytest.mark.parametrize("size", [1, 7, 1000])
def test_its_parts_are_listed_in_the_order_of_the_code_system(first_content, db, having, size):
    stored, whole = by_queries_and_whole()
    listed = stored.listing([{"property": name, "op": "=", "value": value} for name, value in having])
    expected = [
        concept.code
        for concept in whole.by_code.values()
        if all(value in concept.values(name) for name, value in having)
    ]
    pages = [listed[first : first + size] for first in range(0, len(listed), size)]
    assert [concept.code for page in pages for concept in page] == expected
    assert len(listed) == len(expected)


@pytest.mark.parametrize("release", [1, 2, 3])
def test_what_is_a_kind_of_another_is_listed_below_it(family, release):
    stored, whole = by_queries_and_whole(release)
    listed = stored.listing([])
    assert [concept.code for concept in listed[0:10]] == list(whole.by_code)
    assert [told(stored, concept.code) for concept in listed[0:2]] == [
        told(whole, code) for code in [*whole.by_code][:2]
    ]


WORDS = (
    "pain",
    "hand cold",
    "Allodynía",
    "touch-evoked",
    "AMPS",
    "dis ord",
    "fibro",
    "(",
    "m79",
    "zzz",
    "a",
    "juvenile",
)


@pytest.mark.parametrize("words", WORDS)
@pytest.mark.parametrize("value_set", ["all", "symptom-types", "concepts-mechanism"])
def test_a_filter_by_words_finds_what_walking_through_it_finds(fhir, words, value_set, monkeypatch):
    asked = f"ValueSet/{value_set}/$expand?filter={quote(words)}&count=500&includeDesignations=true"
    looked_up = fhir.get(asked).json["expansion"]
    monkeypatch.setattr(StoredListing, "having", lambda *_: None)
    walked = fhir.get(asked).json["expansion"]
    assert looked_up["total"] == walked["total"]
    assert looked_up.get("contains") == walked.get("contains")


@pytest.mark.parametrize(
    "search", ["Composition?title=pain", "Composition?_sort=title", "ValueSet?title:contains=pain"]
)
def test_a_search_that_would_read_too_many_resources_is_refused(family, search, monkeypatch):
    monkeypatch.setattr("content_app.delivery.fhir.server.search.MOST_WALKED", 1)
    refused = family.get(search)
    assert refused.status == 422
    assert refused.json["issue"][0]["code"] == "too-costly"
    assert family.get(f"Composition?_id={library.uuid_of('symptom_type', 'pain')}").json["total"] == 1
