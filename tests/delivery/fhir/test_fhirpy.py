"""A FHIR client that others wrote (fhirpy) finds, reads and calls the running server."""

import pytest

SYSTEM = "urn:uuid:5b8a9ba2-0d0b-4f0e-9c1d-7a6f0e1c93d4"
ICD = "http://hl7.org/fhir/sid/icd-10-cm"


@pytest.fixture
def client(live_library):
    from fhirpy import SyncFHIRClient

    return SyncFHIRClient(f"{live_library}/fhir")


def test_it_finds_a_code_system_by_its_address(client):
    found = client.resources("CodeSystem").search(url=SYSTEM).elements("url", "version").first()
    assert (found["url"], found["version"]) == (SYSTEM, "1.0.0")


def test_it_walks_through_all_pages(client):
    ids = [entry["id"] for entry in client.resources("ValueSet").limit(5)]
    assert len(ids) == len(set(ids)) == client.resources("ValueSet").count()


def test_it_reads_by_reference(client):
    assert client.reference("ValueSet", "conditions").to_resource()["title"] == "AMPS library: conditions"


def test_it_goes_from_a_code_in_a_record_to_the_prose_about_it(client):
    """M79.7 in a patient's record → a concept of the library → its document."""
    asked = {
        "resourceType": "Parameters",
        "parameter": [
            {"name": "coding", "valueCoding": {"system": ICD, "code": "M79.7"}},
            {"name": "targetsystem", "valueUri": SYSTEM},
        ],
    }
    answer = client.execute("ConceptMap/$translate", method="POST", data=asked)
    parts = [
        {part["name"]: part for part in entry["part"]} for entry in answer["parameter"] if entry["name"] == "match"
    ]
    exact = next(part for part in parts if part["equivalence"]["valueCode"] == "equivalent")
    code = exact["concept"]["valueCoding"]["code"]
    composition = client.resources("Composition").search(**{"event-code": f"{SYSTEM}|{code}"}).first()
    document = client.execute(f"Composition/{composition['id']}/$document", method="GET")
    assert (document["type"], document["entry"][0]["resource"]["title"]) == ("document", "Fibromyalgia")


def test_it_expands_a_value_set(client):
    value_set = client.execute("ValueSet/symptom-types-autonomic-sign/$expand", method="GET", params={"filter": "skin"})
    assert value_set["expansion"]["total"] > 0


def test_it_understands_the_errors(client):
    from fhirpy.base.exceptions import OperationOutcome, ResourceNotFound

    with pytest.raises(ResourceNotFound):
        client.reference("ValueSet", "nothing").to_resource()
    with pytest.raises(OperationOutcome, match="date"):
        client.execute("ValueSet/conditions/$expand", method="GET", params={"date": "2026-01-01"})
