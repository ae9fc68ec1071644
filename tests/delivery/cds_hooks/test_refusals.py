"""CDS Hooks over HTTP: feedback, and every way to call a service wrongly. None of it needs content."""

import json

import pytest

from tests.delivery.cds_hooks.test_cds_hooks import CREATE, VIEW, assert_no_empty_members, condition, patient_view

pytestmark = pytest.mark.urls("tests.delivery.cds_hooks.test_cds_hooks")


@pytest.fixture
def call(db, client):
    """A function that posts JSON and returns the response."""

    def post(address, body, content_type="application/json"):
        body = body if isinstance(body, str | bytes) else json.dumps(body)
        return client.post(address, body, content_type=content_type)

    return post


# Feedback


def feedback(**changes):
    entry = {
        "card": "9368d37b-283f-44a0-93ea-547cebab93ed",
        "outcome": "overridden",
        "overrideReason": {"reason": {"code": "d7ecf885", "system": "https://example.com/x"}, "userComment": "No."},
        "outcomeTimestamp": "2020-12-11T00:00:00Z",
    } | changes
    return {"feedback": [{name: value for name, value in entry.items() if value is not None}]}


ACCEPTED = {"outcome": "accepted", "overrideReason": None}


@pytest.mark.parametrize(
    "body",
    [
        feedback(),
        feedback(overrideReason=None),
        feedback(overrideReason={"userComment": "No."}),
        feedback(**ACCEPTED, acceptedSuggestions=[{"id": "e56e1945-20b3-4393-8503-a1a20fd73152"}]),
        feedback(outcomeTimestamp="2020-12-11T00:00:00.123+01:00"),
    ],
)
@pytest.mark.parametrize("service", [VIEW, CREATE])
def test_feedback_is_taken(call, service, body):
    assert call(f"{service}/feedback", body).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"feedback": []},
        {"feedback": {}},
        {"feedback": ["x"]},
        feedback(card=None),
        feedback(card="not-a-uuid"),
        feedback(outcome="ignored"),
        feedback(**ACCEPTED),
        feedback(**ACCEPTED, acceptedSuggestions=[]),
        feedback(**ACCEPTED, acceptedSuggestions=[{}]),
        feedback(overrideReason={}),
        feedback(overrideReason={"reason": {}}),
        feedback(outcomeTimestamp=None),
        feedback(outcomeTimestamp="yesterday"),
        feedback(outcomeTimestamp="2020-13-11T00:00:00Z"),
        feedback(outcomeTimestamp="2020-12-11T00:00:00"),
    ],
)
def test_what_is_no_feedback_is_refused(call, body):
    response = call(f"{VIEW}/feedback", body)
    assert response.status_code == 400
    assert response.json()["resourceType"] == "OperationOutcome"


# Calls that cannot be answered


def without(body, *names):
    *way, last = names
    changed = json.loads(json.dumps(body))
    place = changed
    for name in way:
        place = place[name]
    del place[last]
    return changed


CALL = patient_view(condition("M79.7"))


@pytest.mark.parametrize(
    ("body", "status", "hint"),
    [
        (without(CALL, "hook"), 400, "hook is required"),
        (without(CALL, "hookInstance"), 400, "hookInstance is required"),
        (without(CALL, "context"), 400, "context is required"),
        (without(CALL, "context", "userId"), 400, "context.userId"),
        (without(CALL, "context", "patientId"), 400, "context.patientId"),
        (without(CALL, "fhirServer"), 400, "fhirServer"),
        (CALL | {"hook": "order-sign"}, 400, "not “order-sign”"),
        (CALL | {"hookInstance": "1"}, 400, "UUID"),
        (CALL | {"context": []}, 400, "context"),
        (CALL | {"prefetch": []}, 400, "prefetch"),
        (CALL | {"prefetch": {"conditions": 1}}, 400, "prefetch"),
        (CALL | {"prefetch": {"conditions": {"resourceType": "Patient"}}}, 400, "Bundle"),
        (CALL | {"prefetch": {"conditions": {"resourceType": "Bundle", "entry": {}}}}, 400, "Bundle.entry"),
        (without(CALL, "prefetch"), 412, "“conditions”"),
        (CALL | {"prefetch": {}}, 412, "“conditions”"),
        (CALL | {"prefetch": {"conditions": {"resourceType": "OperationOutcome"}}}, 412, "failed"),
        (" ", 400, "not valid JSON"),
        ("[]", 400, "must be a JSON object"),
        ("{", 400, "not valid JSON"),
        ('{"hook": "a", "hook": "b"}', 400, "twice"),
        ('{"hook": NaN}', 400, "not a JSON number"),
        ('{"hook": Infinity}', 400, "not a JSON number"),
        ('{"hook": "\\ud800"}', 400, "not UTF-8"),
        ('{"\\ud800": 1, "\\ud800": 2}', 400, "twice"),
        (b'{"hook": "\xff"}', 400, "not UTF-8"),
        pytest.param('{"hook": 1' + "0" * 5000 + "}", 400, "not valid JSON", id="long number"),
        pytest.param('{"a":' * 100 + "1" + "}" * 100, 400, "deeply", id="deep"),
        pytest.param('{"a":' + "[" * 200_000 + "]" * 200_000 + "}", 400, "deeply", id="bottomless"),
        pytest.param('{"a": "' + "a" * 2_000_001 + '"}', 413, "2000000 bytes", id="long"),
        pytest.param('{"a": "' + "a" * 6_000_000 + '"}', 413, "2000000 bytes", id="endless"),
    ],
)
def test_a_call_that_is_wrong_is_refused_with_an_outcome_that_says_why(call, body, status, hint):
    response = call(VIEW, body)
    assert response.status_code == status
    assert response["Content-Type"] == "application/fhir+json"
    outcome = response.json()
    assert outcome["resourceType"] == "OperationOutcome"
    assert hint in outcome["issue"][0]["details"]["text"]
    assert_no_empty_members(outcome)


@pytest.mark.parametrize(
    ("address", "body"),
    [("/cds-services/nothing", CALL), ("/cds-services/nothing/feedback", feedback()), (f"{VIEW}?release=9", CALL)],
)
def test_what_is_not_there_is_404(call, address, body):
    response = call(address, body)
    assert response.status_code == 404
    assert response.json()["issue"][0]["code"] == "not-found"


@pytest.mark.parametrize("content_type", ["text/plain", "application/xml", "application/x-www-form-urlencoded"])
def test_a_body_of_another_type_is_refused(call, content_type):
    assert call(VIEW, CALL, content_type=content_type).status_code == 415


@pytest.mark.parametrize("address", [VIEW, f"{VIEW}/feedback", "/cds-services"])
def test_a_method_that_is_not_there_is_refused_and_the_others_named(call, client, address):
    method = "delete"
    response = getattr(client, method)(address)
    assert response.status_code == 405
    assert response["Allow"] == client.options(address)["Allow"]
    assert response.json()["resourceType"] == "OperationOutcome"


def test_a_parameter_that_is_not_there_is_refused(call):
    response = call(f"{VIEW}?relaese=1", CALL)
    assert response.status_code == 400
    assert "release" in response.json()["issue"][0]["details"]["text"]
