"""`$batch-validate-code`: many questions in one call, each answered as it would be alone."""

import pytest

from tests.fhir_client import SYSTEM, parameters, value_of

BY_TYPE = "ValueSet/$batch-validate-code"


def question(*pairs):
    return ("validation", parameters(*pairs))


def named(answer) -> list[dict]:
    return [
        {entry["name"]: value_of(entry) for entry in found.get("parameter", [])} | {"type": found["resourceType"]}
        for found in answer.values("validation")
    ]


@pytest.fixture
def conditions(fhir):
    """The address of the value set of all conditions."""
    return fhir.get("ValueSet/conditions").json["url"]


def test_each_question_is_answered_in_its_order(fhir, conditions):
    asked = [question(("coding", {"system": SYSTEM, "code": code})) for code in ("fibromyalgia", "arm", "nothing")]
    found = named(fhir.post(BY_TYPE, parameters(("url", conditions), *asked)))
    assert [(entry["code"], entry["result"]) for entry in found] == [
        ("fibromyalgia", True), ("arm", False), ("nothing", False),
    ]  # fmt: skip


def test_an_answer_is_the_one_that_validate_code_gives(fhir, conditions):
    alone = [("coding", {"system": SYSTEM, "code": "fibromyalgia", "display": "wrong"}), ("url", conditions)]
    (together,) = fhir.post(BY_TYPE, parameters(question(*alone))).values("validation")
    assert together == fhir.post("ValueSet/$validate-code", parameters(*alone)).json


def test_a_question_overrides_what_is_said_for_all(fhir, conditions):
    coding = ("coding", {"system": SYSTEM, "code": "fibromyalgia", "display": "wrong"})
    lenient = ("lenient-display-validation", True)
    asked = [question(coding), question(coding, ("lenient-display-validation", False))]
    found = named(fhir.post(BY_TYPE, parameters(("url", conditions), lenient, *asked)))
    assert [entry["result"] for entry in found] == [True, False]


def test_an_error_stays_with_its_question(fhir, conditions):
    right = question(("coding", {"system": SYSTEM, "code": "fibromyalgia"}))
    wrong = [
        question(("colour", "red")),
        question(("code", "x"), ("colour", "red")),
        question(("code", "x"), ("coding", {"code": "x"})),
        question(("code", "fibromyalgia"), ("system", SYSTEM), ("url", "http://x.example/nothing")),
    ]
    answer = fhir.post(BY_TYPE, parameters(("url", conditions), *wrong, right))
    assert answer.status == 200
    assert [entry["type"] for entry in named(answer)] == ["OperationOutcome"] * 4 + ["Parameters"]


def test_a_code_system_can_be_asked_too(fhir):
    asked = [question(("code", code)) for code in ("fibromyalgia", "nothing")]
    found = named(fhir.post("CodeSystem/$batch-validate-code", parameters(("url", SYSTEM), *asked)))
    assert [entry["result"] for entry in found] == [True, False]


def test_a_value_set_can_be_named_in_the_address(fhir):
    asked = question(("coding", {"system": SYSTEM, "code": "fibromyalgia"}))
    found = named(fhir.post("ValueSet/conditions/$batch-validate-code", parameters(asked)))
    assert [entry["result"] for entry in found] == [True]


def test_a_boolean_may_be_written_as_text(fhir, conditions):
    coding = {"system": SYSTEM, "code": "fibromyalgia", "display": "wrong"}
    body = parameters(("url", conditions), ("coding", coding))
    body["parameter"].append({"name": "lenient-display-validation", "valueBoolean": "true"})
    assert fhir.post("ValueSet/$validate-code", body).value("result") is True
    body["parameter"][-1]["valueBoolean"] = "perhaps"
    assert fhir.post("ValueSet/$validate-code", body).status == 400


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ([], 400),
        ([question(("code", "x"))] * 501, 413),
        ([("validation", {"resourceType": "ValueSet"})], 400),
        ([("validation", {"resourceType": "Parameters", "parameter": "x"})], 400),
    ],
)
def test_a_call_that_is_none_is_refused(fhir, conditions, asked, status):
    answer = fhir.post(BY_TYPE, parameters(("url", conditions), *asked))
    assert (answer.status, answer.json["resourceType"]) == (status, "OperationOutcome")
