"""Every resource that the FHIR server gives is valid by HL7's own definitions of R4."""

import copy

import pytest

from tests.fhir_client import SYSTEM, parameters
from tests.fhir_validator import faults

ICD = "http://hl7.org/fhir/sid/icd-10-cm"
ANSWERS = [
    "metadata",
    "metadata?mode=terminology",
    "metadata?_summary=true",
    "CodeSystem",
    "CodeSystem?_summary=true",
    "ValueSet?_count=100",
    "ValueSet?publisher=HL7",
    "ValueSet?_elements=url,title",
    "ConceptMap",
    "NamingSystem",
    "OperationDefinition",
    "Composition?_count=100",
    "Composition?_summary=text",
    "CodeSystem/amps/_history",
    f"CodeSystem/$lookup?system={SYSTEM}&code=skin-pallor",
    f"CodeSystem/$lookup?system={SYSTEM}&code=fibromyalgia&property=codings",
    "CodeSystem/amps/$validate-code?code=fibromyalgia&display=Fibro",
    "CodeSystem/amps/$subsumes?codeA=skin-change&codeB=skin-pallor",
    "ValueSet/all/$expand",
    "ValueSet/all/$expand?includeDesignations=true&includeDefinition=true&property=kind&property=parent&property=codings",
    "ValueSet/symptom-types/$expand?filter=skin&count=3&offset=1",
    f"ValueSet/conditions/$validate-code?system={SYSTEM}&code=no-such-code",
    f"ConceptMap/$translate?system={ICD}&code=M79.7",
    f"ConceptMap/$translate?system={SYSTEM}&code=amplified-musculoskeletal-pain-syndrome",
    "$versions",
    "no-such-type",
    "ValueSet/no-such-id",
    "CodeSystem/$lookup?code=x&date=2026",
]


@pytest.mark.parametrize("address", ANSWERS)
def test_an_answer_is_valid(fhir, address):
    assert faults(fhir.get(address).json) == []


def test_every_document_bundle_is_valid(fhir):
    compositions = [entry["resource"]["id"] for entry in fhir.get("Composition", _count=100).json["entry"]]
    assert len(compositions) > 80
    for item in compositions:
        assert faults(fhir.get(f"Composition/{item}/$document").json) == []


def test_a_batch_response_is_valid(fhir):
    asked = [
        {"request": {"method": "GET", "url": url}} for url in ("CodeSystem/amps?_summary=true", "ValueSet/nothing")
    ]
    body = fhir.post("", {"resourceType": "Bundle", "type": "batch", "entry": asked}).json
    assert faults(body) == []


def test_an_answer_to_a_posted_question_is_valid(fhir):
    concept = {"coding": [{"system": SYSTEM, "code": "fibromyalgia"}, {"system": ICD, "code": "M79.7"}]}
    body = parameters(("codeableConcept", concept))
    assert faults(fhir.post("ValueSet/conditions/$validate-code", body).json) == []


class TestValidator:
    """The validator sees what is wrong, so its silence means something."""

    @pytest.fixture
    def value_set(self, fhir):
        return fhir.get("ValueSet/conditions").json

    @pytest.mark.parametrize(
        ("change", "fault"),
        [
            ({"status": "published"}, "is not in"),
            ({"status": None}, "occurs 0 times"),
            ({"colour": "red"}, "is not an element"),
            ({"compose": {}}, "content"),
            ({"compose": {"include": [{"filter": [{"property": "kind", "op": "=", "value": "x"}]}]}}, "breaks vsd-1"),
            ({"immutable": "no"}, "has to be a boolean"),
            ({"date": "yesterday"}, "is not a dateTime"),
            ({"title": ["a"]}, "one value"),
            ({"text": {"status": "generated", "div": "<div>no namespace</div>"}}, "is not on the list"),
            (
                {"text": {"status": "generated", "div": '<div xmlns="http://www.w3.org/1999/xhtml"><p>x</div>'}},
                "is not XML",
            ),
        ],
    )
    def test_finds_a_planted_fault(self, value_set, change, fault):
        broken = copy.deepcopy(value_set) | change
        broken = {key: value for key, value in broken.items() if value is not None}
        assert any(fault in found for found in faults(broken)), faults(broken)
