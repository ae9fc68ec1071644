"""Parameters that the FHIR terminology ecosystem sends and that change nothing are accepted; near misses are not."""

import pytest

from content_app.delivery.fhir.terminology.operation_definitions import WITHOUT_EFFECT

GARDEN = {
    "resourceType": "CodeSystem",
    "url": "http://example.org/cs/garden",
    "version": "1",
    "status": "active",
    "content": "complete",
    "concept": [{"code": "a1", "display": "Apple"}, {"code": "b2", "display": "Birch"}],
}


def validate(client, *more):
    body = {
        "resourceType": "Parameters",
        "parameter": [
            {"name": "coding", "valueCoding": {"system": GARDEN["url"], "code": "a1"}},
            {"name": "codeSystem", "resource": GARDEN},
            *more,
        ],
    }
    return client.post("/fhir/CodeSystem/$validate-code", body, content_type="application/fhir+json")


@pytest.mark.parametrize("name", WITHOUT_EFFECT)
def test_what_cannot_change_the_answer_is_accepted_in_a_body(first_content, db, client, name):
    plain = validate(client)

    answered = validate(client, {"name": name, "valueString": "x"})

    assert (answered.status_code, answered.json()) == (200, plain.json())


@pytest.mark.parametrize("name", WITHOUT_EFFECT)
def test_what_cannot_change_the_answer_is_accepted_in_an_address(first_content, db, client, name):
    asked = {"system": GARDEN["url"], "code": "no-code", name: "x"}

    assert name not in client.get("/fhir/CodeSystem/$lookup", asked).content.decode()


@pytest.mark.parametrize("name", ["displaylanguage", "tx-resources", "abstrakt", "version-of-system"])
def test_a_near_miss_is_still_refused(first_content, db, client, name):
    assert validate(client, {"name": name, "valueString": "x"}).status_code == 400
