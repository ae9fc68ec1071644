"""What is kept under a `cache-id`: for the client that sent it, for a while, and never more than there is room for."""

import pytest
from django.core.cache import cache

from content_app.delivery.fhir.server import kept_resources
from tests.fhir_birds import BIRDS, VALUE_SET, birds, value_set
from tests.fhir_client import parameters

pytestmark = pytest.mark.both_databases
OWL = {"system": BIRDS, "code": "owl"}


def asked(name: str, *resources: dict, code: str = "owl"):
    sent = [("tx-resource", resource) for resource in resources]
    return parameters(("url", VALUE_SET), ("coding", OWL | {"code": code}), ("cache-id", name), *sent)


def validate(fhir, name: str, *resources: dict, code: str = "owl"):
    return fhir.post("ValueSet/$validate-code", asked(name, *resources, code=code))


def test_what_was_sent_once_is_used_again(fhir):
    assert validate(fhir, "one", birds(), value_set()).value("result") is True
    assert validate(fhir, "one").value("result") is True
    assert validate(fhir, "one", code="penguin").value("result") is False


def test_what_a_call_was_about_can_be_named_by_its_address_in_the_next(fhir):
    about = parameters(("valueSet", value_set()), ("coding", OWL), ("cache-id", "one"), ("tx-resource", birds()))
    assert fhir.post("ValueSet/$validate-code", about).value("result") is True
    assert validate(fhir, "one").value("result") is True


def test_what_comes_in_two_calls_is_used_together(fhir):
    validate(fhir, "one", birds())
    assert validate(fhir, "one", value_set()).value("result") is True
    assert validate(fhir, "one").value("result") is True


def test_what_is_sent_again_takes_the_place_of_what_is_kept(fhir):
    validate(fhir, "one", birds(), value_set())
    validate(fhir, "one", birds(concept=[{"code": "dodo"}]))
    assert validate(fhir, "one").value("result") is False
    assert validate(fhir, "one", code="dodo").value("result") is True


def test_another_name_or_another_client_finds_nothing(fhir, client):
    validate(fhir, "one", birds(), value_set())
    assert validate(fhir, "two").status == 404
    asked_by_another = client.post(
        "/fhir/ValueSet/$validate-code", asked("one"), "application/fhir+json", REMOTE_ADDR="192.0.2.7"
    )
    assert asked_by_another.status_code == 404


def test_names_share_a_fixed_number_of_places(fhir, monkeypatch):
    monkeypatch.setattr(kept_resources, "PLACES", 1)
    validate(fhir, "one", birds(), value_set())
    validate(fhir, "two", birds(), value_set())
    assert validate(fhir, "one").status == 404
    assert validate(fhir, "two").value("result") is True


def test_more_than_there_is_room_for_is_answered_and_not_kept(fhir, monkeypatch):
    monkeypatch.setattr(kept_resources, "MOST_CHARACTERS", 100)
    assert validate(fhir, "one", birds(), value_set()).value("result") is True
    assert validate(fhir, "one").status == 404


def test_what_somebody_else_wrote_into_the_cache_is_no_answer(fhir, monkeypatch):
    monkeypatch.setattr(kept_resources, "PLACES", 1)
    cache.set("fhir-resources-0", {"owner": "another", "resources": [birds(), value_set()]})
    assert validate(fhir, "one").status == 404


def test_a_question_in_an_address_finds_nothing_kept_as_its_answer_is_kept_by_others(fhir):
    validate(fhir, "one", birds(), value_set())
    address = f"ValueSet/$validate-code?url={VALUE_SET}&system={BIRDS}&code=owl&cache-id=one"
    assert fhir.get(address).status == 404


def test_a_name_that_is_none_is_refused(fhir):
    assert validate(fhir, "").status == 400


def test_no_capability_statement_claims_that_resources_are_kept(fhir):
    taken = fhir.get("metadata?mode=terminology").json["expansion"]["parameter"]
    assert "cache-id" not in [entry["name"] for entry in taken]
