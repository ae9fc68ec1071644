"""CDS Hooks over HTTP: discovery, and the cards of both hooks.

The checks of cards are those of the public kits (Inferno's test kit for Coverage Requirements Discovery) and of the
invariants in the standard's logical models, written anew from what they check.
"""

import json
import logging
import uuid

import pytest
from django.urls import include, path

from amps_api import urls
from content_app.models.publication import Document
from tests.golden_files import assert_golden

urlpatterns = [path("cds-services", include("content_app.delivery.cds_hooks.urls")), *urls.urlpatterns]
handler404 = urls.handler404

pytestmark = pytest.mark.urls(__name__)

VIEW, CREATE = "/cds-services/amps-patient-view", "/cds-services/amps-problem-list-item-create"
ICD_10_CM, MESH = "http://hl7.org/fhir/sid/icd-10-cm", "https://www.nlm.nih.gov/mesh"
PATIENT = {"userId": "Practitioner/example", "patientId": "1288992", "encounterId": "89284"}


def condition(code, system=ICD_10_CM, **changes):
    return {
        "resourceType": "Condition",
        "id": "smart-1",
        "category": [{"coding": [{"code": "problem-list-item"}]}],
        "clinicalStatus": {"coding": [{"code": "active"}]},
        "code": {"coding": [{"system": system, "code": code}], "text": "Pain"},
        "subject": {"reference": "Patient/1288992"},
    } | changes


def bundle(*resources):
    return {"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": each} for each in resources]}


def patient_view(*resources, **changes):
    """A call as clients make it, with the members that this service has no use for."""
    return {
        "hook": "patient-view",
        "hookInstance": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
        "fhirServer": "https://ehr.example/fhir",
        "fhirAuthorization": {
            "access_token": "some-opaque-token", "token_type": "Bearer", "expires_in": 300,
            "scope": "user/Condition.read", "subject": "cds-service",
        },
        "context": PATIENT,
        "prefetch": {"conditions": bundle(*resources)},
    } | changes  # fmt: skip


def problem_created(*resources, **changes):
    return {
        "hook": "problem-list-item-create",
        "hookInstance": str(uuid.uuid4()),
        "context": PATIENT | {"conditions": bundle(*resources)},
    } | changes


@pytest.fixture
def call(first_content, db, client):
    """A function that posts JSON and returns the response."""

    def post(address, body, content_type="application/json", **headers):
        body = body if isinstance(body, str | bytes) else json.dumps(body)
        return client.post(address, body, content_type=content_type, headers=headers)

    return post


@pytest.fixture
def cards(call):
    """A function that opens a chart with these conditions and returns the cards, checked."""

    def open_chart(*resources):
        response = call(VIEW, patient_view(*resources))
        assert response.status_code == 200, response.content
        assert_cards_pass_the_kit(response.json())
        return response.json()["cards"]

    return open_chart


def assert_cards_pass_the_kit(answer):
    assert isinstance(answer["cards"], list)
    assert len(answer["cards"]) <= 2
    for card in answer["cards"]:
        assert_no_empty_members(card)
        assert isinstance(card["summary"], str)
        assert len(card["summary"]) < 140
        assert card["indicator"] == "info"
        assert isinstance(card["source"]["label"], str)
        assert {"code", "system"} <= set(card["source"]["topic"])
        assert uuid.UUID(card["uuid"])
        assert not {"suggestions", "selectionBehavior", "systemActions"} & set(card)
        for link in card["links"]:
            assert set(link) == {"label", "url", "type"}
            assert link["type"] == "absolute"
            assert link["url"].startswith("http://testserver/")


def assert_no_empty_members(data):
    assert data not in (None, "", [], {})
    for child in data.values() if isinstance(data, dict) else data if isinstance(data, list) else []:
        assert_no_empty_members(child)


def titles(cards):
    return [link["label"] for card in cards[:1] for link in card["links"]]


# Discovery


def test_discovery_describes_each_service_as_the_standard_asks(read):
    services = read("/cds-services").json()["services"]
    assert {service["hook"] for service in services} == {"patient-view", "problem-list-item-create"}
    for service in services:
        assert_no_empty_members(service)
        assert all(isinstance(service[name], str) for name in ("hook", "title", "description", "id"))


def test_patient_view_asks_for_the_problem_list_as_prefetch(read):
    first = read("/cds-services/").json()["services"][0]
    assert first["prefetch"] == {"conditions": "Condition?patient={{context.patientId}}&category=problem-list-item"}


def test_discovery_is_what_was_agreed(read):
    assert_golden("cds_hooks/discovery.json", json.dumps(read("/cds-services").json(), indent=1) + "\n")


# Cards


def test_a_code_on_the_list_links_to_the_content_that_it_means(cards):
    content = cards(condition("M79.7"))[0]
    assert titles([content]) == ["Fibromyalgia"]
    assert content["source"]["topic"] == {"system": ICD_10_CM, "code": "M79.7", "display": "Fibromyalgia"}
    assert "means the same" in content["detail"]
    assert "not a diagnosis" in content["detail"]
    assert "Not covered: " in content["detail"]
    assert "published in release 1" in content["detail"]


@pytest.mark.parametrize("code", ["G89.29", "R52", "R60.0"])
def test_a_broader_code_and_one_of_a_symptom_bring_no_card(cards, code):
    assert cards(condition(code)) == []


@pytest.mark.parametrize("status", ["refuted", " Refuted ", "entered-in-error", {"text": "Refuted"}, ["refuted"], 7])
def test_a_condition_that_is_refuted_brings_no_card_however_old_its_fhir_is(cards, status):
    assert cards(condition("M79.7") | {"verificationStatus": status}) == []


@pytest.mark.parametrize("status", ["confirmed", "active", "provisional"])
def test_a_plain_status_of_earlier_fhir_is_read(cards, status):
    assert cards(condition("M79.7") | {"verificationStatus": status})


def test_codes_for_two_things_that_are_not_the_same_get_a_caution(cards):
    caution = next(card for card in cards(condition("R52"), condition("G90.50")) if "Not the same" in card["summary"])
    assert caution["summary"].startswith("Not the same: Amplified musculoskeletal pain syndrome and Complex regional")
    assert "The names must not be used for each other." in caution["detail"]
    assert len(caution["links"]) == 2


def test_one_code_that_is_used_for_two_things_gets_a_caution(cards):
    caution = cards(condition("M79.7"))[1]
    assert caution["summary"] == "Not the same: Juvenile fibromyalgia and Fibromyalgia"


def test_a_code_that_is_no_code_for_what_it_is_taken_for_gets_a_caution(cards):
    (caution,) = cards(condition("M89.0"))
    assert caution["summary"] == "M89.0 is not a code for Complex regional pain syndrome"
    assert "Excludes1" in caution["detail"]


def test_content_on_a_code_without_confusion_is_one_card(cards):
    assert len(cards(condition("G90.50"))) == 1


@pytest.mark.parametrize("code", ["Z00.0", "nonsense", "<script>", "M79.7\x00", "M79.7" * 30])
def test_codes_without_content_get_no_cards(cards, code):
    assert cards(condition(code)) == []


def test_a_system_that_is_not_known_here_gets_no_cards(cards):
    assert cards(condition("M79.7", system="http://loinc.org")) == []


@pytest.mark.parametrize("system", [MESH, "urn:oid:2.16.840.1.113883.6.177"])
def test_all_mapped_systems_are_read(cards, system):
    assert titles(cards(condition("D005356", system=system))) == ["Fibromyalgia"]


@pytest.mark.parametrize(
    "status",
    [
        {"clinicalStatus": {"coding": [{"code": "resolved"}]}},
        {"verificationStatus": {"coding": [{"code": "entered-in-error"}]}},
        {"verificationStatus": {"coding": [{"code": "refuted"}]}},
    ],
)
def test_a_problem_that_is_off_the_list_gets_no_cards(cards, status):
    assert cards(condition("M79.7", **status)) == []


@pytest.mark.parametrize(
    "code", [None, {}, {"text": "pain"}, {"coding": None}, {"coding": [None, 1, {"code": 1, "system": ["a"]}]}]
)
def test_a_problem_without_a_code_gets_no_cards(cards, code):
    assert cards(condition("M79.7") | {"code": code}) == []


def test_other_resources_in_the_bundle_are_passed_over(cards):
    assert titles(cards({"resourceType": "OperationOutcome"}, condition("M79.7"))) == ["Fibromyalgia"]


def test_a_long_problem_list_gets_two_cards_and_few_links(cards):
    codes = ["M79.7", "G90.50", "M25.5", "M79.1", "R23.1", "L53.9", "R61", "R20.8", "R52", "G89.4"]
    shown = cards(*(condition(code) for code in codes))
    assert len(shown) == 2
    assert all(len(card["links"]) <= 4 for card in shown)


def test_cards_keep_their_identifiers(cards):
    assert [card["uuid"] for card in cards(condition("R52"))] == [card["uuid"] for card in cards(condition("R52"))]


def test_what_is_said_is_what_was_agreed(cards):
    shown = cards(condition("R52"), condition("G90.50"))
    outline = [{name: card[name] for name in ("summary", "indicator", "source", "links")} for card in shown]
    assert_golden("cds_hooks/caution.json", json.dumps(outline, indent=1, ensure_ascii=False) + "\n")


def test_a_problem_that_is_added_needs_no_prefetch(call):
    response = call(CREATE, problem_created(condition("M79.7")))
    assert response.status_code == 200
    assert_cards_pass_the_kit(response.json())
    assert titles(response.json()["cards"]) == ["Fibromyalgia"]


@pytest.mark.parametrize("conditions", [None, bundle(), {"resourceType": "Bundle"}])
def test_an_empty_problem_list_gets_no_cards(call, conditions):
    response = call(VIEW, patient_view(prefetch={"conditions": conditions}))
    assert (response.status_code, response.json()) == (200, {"cards": []})


def test_a_release_can_be_named(call):
    response = call(f"{VIEW}?release=1", patient_view(condition("M79.7")))
    assert response["Content-Release"] == "1"
    assert response.json()["cards"][0]["links"][0]["url"].endswith("/fibromyalgia.html?release=1")


def test_a_foreign_token_does_not_break_an_open_service(call):
    response = call(VIEW, patient_view(condition("M79.7")), Authorization="Bearer some.foreign.token")
    assert response.status_code == 200


def test_nothing_of_a_call_is_stored_or_logged(call, caplog):
    count = Document.objects.count()
    with caplog.at_level(logging.INFO):
        response = call(VIEW, patient_view(condition("M79.7")))
    assert response["Cache-Control"] == "no-store"
    assert Document.objects.count() == count
    assert "1288992" not in caplog.text
    assert b"1288992" not in response.content
