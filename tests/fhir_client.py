"""Talks FHIR to the application through Django's test client, and says what it got.

In: addresses below `fhir/`. Out: `Answer` objects. Fixtures for the FHIR tests: `fhir` over the first content,
`fhir_of` over whatever a test has published.
"""

import json
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

Resource = dict[str, Any]
SYSTEM = "urn:uuid:5b8a9ba2-0d0b-4f0e-9c1d-7a6f0e1c93d4"
FHIR_JSON = "application/fhir+json"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Any
    content: bytes

    @property
    def json(self) -> Resource:
        return json.loads(self.content)

    @property
    def issue(self) -> Resource:
        """The one issue of an OperationOutcome."""
        assert self.json["resourceType"] == "OperationOutcome", self.json
        assert len(self.json["issue"]) == 1, self.json
        return self.json["issue"][0]

    def values(self, name: str) -> list[Any]:
        """The values of a parameter in Parameters."""
        return [value_of(entry) for entry in self.json["parameter"] if entry["name"] == name]

    def value(self, name: str) -> Any:
        """The one value of a parameter; None without it."""
        found = self.values(name)
        assert len(found) <= 1, found
        return found[0] if found else None

    @property
    def codes(self) -> list[str]:
        """The codes of an expansion, depth first."""
        return list(codes_in(self.json["expansion"].get("contains", [])))

    def entry(self, code: str) -> Resource:
        """The entry of a code in an expansion."""
        return next(entry for entry in entries_in(self.json["expansion"]["contains"]) if entry["code"] == code)

    @property
    def told(self) -> dict[str, str]:
        """Severity by tx-issue-type, of the issues of a validation."""
        issues = (self.value("issues") or {"issue": []})["issue"]
        return {issue["details"]["coding"][0]["code"]: issue["severity"] for issue in issues}


def value_of(entry: Resource) -> Any:
    if "part" in entry:
        return {part["name"]: value_of(part) for part in entry["part"]}
    return entry.get("resource", next((value for key, value in entry.items() if key.startswith("value")), None))


def entries_in(contains: list[Resource]):
    for entry in contains:
        yield entry
        yield from entries_in(entry.get("contains", []))


def codes_in(contains: list[Resource]):
    return (entry["code"] for entry in entries_in(contains))


def parameters(*pairs: tuple[str, Any]) -> Resource:
    """A Parameters resource: the FHIR type of each value is taken from its look."""
    return {"resourceType": "Parameters", "parameter": [{"name": name, **_typed(value)} for name, value in pairs]}


def _typed(value: Any) -> Resource:
    if isinstance(value, bool):
        return {"valueBoolean": value}
    if isinstance(value, int):
        return {"valueInteger": value}
    if isinstance(value, str):
        return {"valueString": value}
    if "resourceType" in value:
        return {"resource": value}
    return {"valueCodeableConcept": value} if "coding" in value else {"valueCoding": value}


class FhirClient:
    """GET with parameters as keywords (`__` stands for a hyphen), POST with a resource."""

    def __init__(self, client: Client):
        self.client = client

    def get(self, address: str, /, headers: dict[str, str] | None = None, **query: Any) -> Answer:
        named = {name.replace("__", "-"): value for name, value in query.items()}
        return self._answer(self.client.get(f"/fhir/{address}", named, headers=headers))

    def post(self, address: str, body: Any, content_type: str = FHIR_JSON, **headers: str) -> Answer:
        sent = body if isinstance(body, str | bytes) else json.dumps(body)
        return self._answer(self.client.post(f"/fhir/{address}", sent, content_type=content_type, headers=headers))

    def _answer(self, response: Any) -> Answer:
        return Answer(response.status_code, response.headers, response.content)


@pytest.fixture
def fhir_of(db, client) -> FhirClient:
    """A client for what the test publishes."""
    return FhirClient(client)


@pytest.fixture
def fhir(first_content, db, client) -> FhirClient:
    """A client for the first content."""
    return FhirClient(client)
