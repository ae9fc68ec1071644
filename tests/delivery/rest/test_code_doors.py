"""One code, every spelling, every door: each finds the same item."""

import json

import pytest

from tests.library import uuid_of

FIBROMYALGIA = [
    ("icd-10-cm", "M79.7"),
    ("icd-10-cm", "M797"),
    ("http://hl7.org/fhir/sid/icd-10-cm", "m79.7"),
    ("2.16.840.1.113883.6.90", "M797"),
    ("urn:oid:2.16.840.1.113883.6.90", "M797"),
    ("mondo", "MONDO_0005546"),
    ("mondo", "http://purl.obolibrary.org/obo/MONDO_0005546"),
    ("mesh", "http://id.nlm.nih.gov/mesh/D005356"),
]
OWN = [
    ("amps", "fibromyalgia"),
    ("urn:uuid:5b8a9ba2-0d0b-4f0e-9c1d-7a6f0e1c93d4", "fibromyalgia"),
    ("2.25.121679441195393020614871145566900622292", "fibromyalgia"),
    ("urn:oid:2.25.121679441195393020614871145566900622292", "FIBROMYALGIA"),
]
NEARLY = [("icd-10-cm", "M79.71"), ("mondo", "MONDO_000554"), ("amps", "fibromyalgix")]
NAME = "Fibromyalgia"


def by_codings(client, system, code):
    found = client.get("/api/v1/codings/", {"system": system, "code": code}).json()
    return [entry["item"]["name"] for entry in found["results"]]


def by_filter(client, system, code):
    found = client.get("/api/v1/conditions/", {"code": f"{system}|{code}"}).json()
    return [entry["name"] for entry in found["results"]]


def by_search(client, system, code):
    found = client.get("/api/v1/search/", {"q": f"{system}|{code}"}).json()
    return [entry["item"]["name"] for entry in found["results"]]


def by_infobutton(client, system, code):
    asked = {"mainSearchCriteria.v.cs": system, "mainSearchCriteria.v.c": code}
    found = client.get("/infobutton", asked | {"knowledgeResponseType": "application/json"}).json()
    return [entry["title"]["_value"] for entry in found["feed"]["entry"]]


def by_hook(client, system, code):
    condition = {"resourceType": "Condition", "code": {"coding": [{"system": system, "code": code}]}}
    call = {
        "hook": "problem-list-item-create",
        "hookInstance": uuid_of("hook"),
        "context": {"userId": "Practitioner/1", "patientId": "1", "conditions": {"resourceType": "Condition"}},
    }
    call["context"]["conditions"] = condition
    url = "/cds-services/amps-problem-list-item-create"
    cards = client.post(url, json.dumps(call), content_type="application/json").json()["cards"]
    return [link["label"] for card in cards for link in card["links"]]


def by_tool(client, system, code):
    from content_app.delivery.mcp import tools

    return [entry["item"]["name"] for entry in tools.look_up_code(code, system)["results"]]


def by_translate(client, system, code):
    found = client.get("/fhir/ConceptMap/$translate", {"system": system, "code": code}).json()
    parts = [part for entry in found["parameter"] if entry["name"] == "match" for part in entry["part"]]
    return [part["valueCoding"].get("display") for part in parts if part["name"] == "concept"]


DOORS = [by_codings, by_filter, by_search, by_infobutton, by_hook, by_tool]


@pytest.mark.parametrize("door", [*DOORS, by_translate])
@pytest.mark.parametrize(("system", "code"), FIBROMYALGIA)
def test_every_spelling_of_a_code_is_understood_at_every_door(client, db, first_content, door, system, code):
    assert NAME in door(client, system, code)


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(("system", "code"), OWN)
def test_the_librarys_own_code_is_understood_at_every_door(client, db, first_content, door, system, code):
    assert NAME in door(client, system, code)


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(("system", "code"), NEARLY)
def test_what_is_nearly_a_code_finds_nothing(client, db, first_content, door, system, code):
    assert NAME not in door(client, system, code)


def test_the_librarys_own_code_is_an_exact_match_of_amps(client, db, first_content):
    asked = {"system": "amps", "code": "amplified-musculoskeletal-pain-syndrome"}
    found = client.get("/api/v1/codings/", asked).json()
    assert [(entry["match"], entry["system_uri"][:9]) for entry in found["results"]] == [("exact", "urn:uuid:")]
    assert found["system"]["oid"].startswith("2.25.")


def test_the_librarys_own_system_is_asked_with_a_code(client, db, first_content):
    assert client.get("/api/v1/codings/", {"system": "amps"}).status_code == 400
