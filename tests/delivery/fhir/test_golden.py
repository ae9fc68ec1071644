"""One file of each type of resource and answer, as it looked when somebody last agreed to it (`make accept`)."""

import datetime
import json
import uuid

import pytest
from django.utils import timezone

from tests.fhir_client import SYSTEM
from tests.golden_files import assert_golden

NOW = datetime.datetime(2026, 11, 2, 10, 0, tzinfo=datetime.UTC)

FILES = {
    "capability-statement": "metadata",
    "terminology-capabilities": "metadata?mode=terminology",
    "code-system-summary": "CodeSystem/amps?_summary=true",
    "code-system-name-types": "CodeSystem/name-types",
    "value-set": "ValueSet/symptom-types-autonomic-sign",
    "concept-map": "ConceptMap/to-icd-11-foundation",
    "naming-system": "NamingSystem/amps",
    "operation-definition": "OperationDefinition/ValueSet-expand",
    "lookup": f"CodeSystem/$lookup?system={SYSTEM}&code=skin-pallor",
    "validate-code": f"ValueSet/conditions/$validate-code?system={SYSTEM}&code=finger&display=Toe",
    "subsumes": "CodeSystem/amps/$subsumes?codeA=skin-change&codeB=skin-pallor",
    "expand": "ValueSet/symptom-types-autonomic-sign/$expand?includeDesignations=true&property=kind",
    "translate": f"ConceptMap/$translate?system={SYSTEM}&code=juvenile-fibromyalgia",
    "search": "ValueSet?_count=2&_elements=url,title",
    "not-found": f"CodeSystem/$lookup?system={SYSTEM}&code=nothing",
    "not-supported": "ValueSet/conditions/$expand?date=2026-01-01",
}


@pytest.fixture
def still(monkeypatch):
    """The time stands, and what is random is not."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    monkeypatch.setattr(uuid, "uuid4", lambda: uuid.UUID(int=0))


def pretty(resource) -> str:
    return json.dumps(resource, ensure_ascii=False, indent=1) + "\n"


@pytest.mark.parametrize("name", FILES)
def test_the_answer_is_as_agreed(fhir, still, name):
    assert_golden(f"fhir/{name}.json", pretty(fhir.get(FILES[name]).json))


def test_the_document_is_as_agreed(fhir, still):
    found = fhir.get("Composition", **{"title:exact": "Paleness"}).json["entry"][0]["resource"]["id"]
    assert_golden("fhir/document.json", pretty(fhir.get(f"Composition/{found}/$document").json))
