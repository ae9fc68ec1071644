"""`$validate-code` on the library's value sets and code system."""

import pytest

from tests.fhir_client import SYSTEM, parameters

ICD = "http://hl7.org/fhir/sid/icd-10-cm"


def validate(fhir, value_set: str = "conditions", **query):
    return fhir.get(f"ValueSet/{value_set}/$validate-code", **{"system": SYSTEM} | query)


def test_a_member_is_right_and_named(fhir):
    answer = validate(fhir, code="fibromyalgia")
    assert [answer.value(name) for name in ("result", "code", "system", "version", "display")] == [
        True,
        "fibromyalgia",
        SYSTEM,
        "1.0.0",
        "Fibromyalgia",
    ]
    assert answer.value("message") is None


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ({"code": "nothing"}, {"invalid-code": "error", "not-in-vs": "error"}),
        ({"code": "finger"}, {"not-in-vs": "error"}),
        ({"code": "fibromyalgia", "display": "Something else"}, {"invalid-display": "error"}),
        ({"code": "fibromyalgia", "system": ICD}, {"not-in-vs": "error", "not-found": "error"}),
        ({"code": "fibromyalgia", "systemVersion": "9.0.0"}, {"vs-invalid": "error", "not-found": "error"}),
    ],
)
def test_what_is_wrong_is_an_answer_with_issues(fhir, query, told):
    answer = validate(fhir, **query)
    assert (answer.status, answer.value("result"), answer.told) == (200, False, told)
    assert answer.value("message")


def test_the_right_display_is_returned_with_a_wrong_one(fhir):
    answer = validate(fhir, code="fibromyalgia", display="Something else")
    assert answer.value("display") == "Fibromyalgia"
    lenient = fhir.get(
        "ValueSet/conditions/$validate-code",
        **{"system": SYSTEM, "code": "fibromyalgia", "display": "Something else", "lenient-display-validation": "true"},
    )
    assert (lenient.value("result"), lenient.told) == (True, {"invalid-display": "warning"})


@pytest.mark.parametrize("display", ["Paleness", "PALENESS", "Pallor", "it goes pale"])
def test_every_name_is_a_right_display(fhir, display):
    assert validate(fhir, "symptom-types", code="skin-pallor", display=display).value("result") is True


@pytest.mark.parametrize("header", [{}, {"accept-language": "de"}])
def test_a_name_is_right_or_wrong_for_a_language(fhir, header):
    query = {"system": SYSTEM, "code": "fibromyalgia", "display": "Fibromyalgia"}
    answer = fhir.get("ValueSet/conditions/$validate-code", headers=header, **query)
    assert answer.value("result") is True
    assert answer.told == ({"invalid-display": "information"} if header else {})


def test_an_unknown_system_is_named(fhir):
    answer = validate(fhir, code="M79.7", system=ICD)
    assert answer.values("x-unknown-system") == [ICD]


def test_a_coding_can_be_posted(fhir):
    answer = fhir.post(
        "ValueSet/conditions/$validate-code", parameters(("coding", {"system": SYSTEM, "code": "fibromyalgia"}))
    )
    assert answer.value("result") is True


def test_one_right_coding_is_enough(fhir):
    concept = {"coding": [{"system": SYSTEM, "code": "finger"}, {"system": SYSTEM, "code": "fibromyalgia"}]}
    answer = fhir.post("ValueSet/conditions/$validate-code", parameters(("codeableConcept", concept)))
    assert (answer.value("result"), answer.value("code")) == (True, "fibromyalgia")
    assert answer.value("codeableConcept") == concept
    assert answer.told == {"this-code-not-in-vs": "information"}


def test_no_right_coding_says_so_of_each(fhir):
    concept = {"coding": [{"system": SYSTEM, "code": "finger"}, {"system": SYSTEM, "code": "nothing"}]}
    answer = fhir.post("ValueSet/conditions/$validate-code", parameters(("codeableConcept", concept)))
    paths = {issue["expression"][0] for issue in answer.value("issues")["issue"] if "expression" in issue}
    assert answer.value("result") is False
    assert paths == {"CodeableConcept.coding[0].code", "CodeableConcept.coding[1].code"}


def test_the_system_can_be_inferred(fhir):
    answer = fhir.get("ValueSet/conditions/$validate-code", code="fibromyalgia", inferSystem="true")
    assert (answer.value("result"), answer.value("system")) == (True, SYSTEM)
    unknown = fhir.get("ValueSet/conditions/$validate-code", code="nothing", inferSystem="true")
    assert unknown.told == {"not-in-vs": "error", "cannot-infer": "error"}


def test_a_code_without_a_system_means_nothing(fhir):
    answer = fhir.get("ValueSet/conditions/$validate-code", code="fibromyalgia")
    assert (answer.value("result"), answer.told) == (False, {"not-in-vs": "error", "invalid-data": "warning"})


def test_a_heading_is_refused_where_it_is_not_wanted(fhir):
    assert validate(fhir, "symptom-types", code="skin-change").value("result") is True
    answer = validate(fhir, "symptom-types", code="skin-change", abstract="false")
    assert (answer.value("result"), answer.told) == (False, {"code-rule": "error", "not-in-vs": "error"})


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ({"url": "http://x.example/vs", "code": "x"}, 404, "not-found"),
        ({"code": "x"}, 400, "required"),
        ({"url": "http://x.example/vs"}, 404, "not-found"),
        ({"url": "http://x.example/vs", "code": "x", "system-version": "1.0.0"}, 400, "invalid"),
        ({"url": "http://x.example/vs", "code": "x", "version": "1.0.0"}, 400, "not-supported"),
        ({"url": "http://x.example/vs", "code": "x", "date": "2026"}, 400, "not-supported"),
        ({"url": "http://x.example/vs", "code": "x", "abstract": "perhaps"}, 400, "invalid"),
        ({"url": "http://x.example/vs", "code": "x", "codeableConcept": "y"}, 400, "invalid"),
    ],
)
def test_a_question_that_is_none_is_an_error(fhir, query, status, code):
    answer = fhir.get("ValueSet/$validate-code", **query)
    assert (answer.status, answer.issue["code"]) == (status, code)


def test_the_hint_names_the_right_parameter(fhir):
    for name in ("version", "system-version"):
        answer = fhir.get("ValueSet/conditions/$validate-code", **{"code": "x", name: "1.0.0"})
        assert "systemVersion" in answer.issue["details"]["text"]


class TestInCodeSystem:
    def test_a_code_is_right(self, fhir):
        for address in (
            f"CodeSystem/$validate-code?url={SYSTEM}&code=finger",
            "CodeSystem/amps/$validate-code?code=finger",
        ):
            answer = fhir.get(address)
            assert (answer.value("result"), answer.value("display")) == (True, "Finger")

    def test_an_unknown_code_is_an_answer(self, fhir):
        answer = fhir.get("CodeSystem/amps/$validate-code", code="nothing")
        assert (answer.value("result"), answer.told) == (False, {"invalid-code": "error"})

    def test_an_unknown_system_is_an_answer(self, fhir):
        answer = fhir.get("CodeSystem/$validate-code", url=ICD, code="M79.7")
        assert (answer.status, answer.value("result"), answer.told) == (200, False, {"not-found": "error"})
        assert answer.values("x-caused-by-unknown-system") == [ICD]

    def test_an_unknown_version_is_an_answer(self, fhir):
        answer = fhir.get("CodeSystem/$validate-code", url=SYSTEM, code="finger", version="9.0.0")
        assert answer.values("x-caused-by-unknown-system") == [f"{SYSTEM}|9.0.0"]

    def test_the_instance_has_its_own_address(self, fhir):
        assert fhir.get("CodeSystem/amps/$validate-code", url=SYSTEM, code="finger").status == 400

    def test_a_concept_of_another_system_is_wrong(self, fhir):
        coding = {"system": ICD, "code": "M79.7"}
        answer = fhir.post("CodeSystem/amps/$validate-code", parameters(("coding", coding)))
        assert (answer.value("result"), answer.told) == (False, {"invalid-data": "error"})


@pytest.mark.parametrize("beside", [("display", "Toe"), ("systemVersion", "9.0.0"), ("system", "http://x.example")])
def test_what_stands_beside_a_coding_is_not_passed_over(fhir, beside):
    whole = {"system": SYSTEM, "code": "fibromyalgia", "version": "1.0.0", "display": "Fibromyalgia"}
    answer = fhir.post("ValueSet/conditions/$validate-code", parameters(("coding", whole), beside))
    assert (answer.status, answer.issue["code"]) == (400, "invalid")


def test_what_a_coding_does_not_say_may_stand_beside_it(fhir):
    asked = (("coding", {"code": "fibromyalgia"}), ("system", SYSTEM), ("display", "Toe"))
    answer = fhir.post("ValueSet/conditions/$validate-code", parameters(*asked))
    assert (answer.value("result"), answer.told) == (False, {"invalid-display": "error"})


@pytest.mark.parametrize("beside", [("display", "Toe"), ("systemVersion", "1.0.0"), ("system", SYSTEM)])
def test_nothing_is_said_beside_a_concept_of_several_codings(fhir, beside):
    whole = {"coding": [{"system": SYSTEM, "code": "fibromyalgia"}]}
    answer = fhir.post("ValueSet/conditions/$validate-code", parameters(("codeableConcept", whole), beside))
    assert (answer.status, answer.issue["code"], answer.issue["expression"]) == (400, "invalid", [beside[0]])


@pytest.mark.parametrize("way", ["coding", "codeableConcept"])
def test_a_code_system_is_asked_in_the_version_that_the_coding_says(fhir, way):
    coding = {"system": SYSTEM, "code": "fibromyalgia", "version": "1.0.0"}
    asked = (("url", SYSTEM), (way, {"coding": [coding]} if way == "codeableConcept" else coding))
    same = fhir.post("CodeSystem/$validate-code", parameters(*asked, ("version", "1.0.0")))
    assert same.value("result") is True
    other = fhir.post("CodeSystem/$validate-code", parameters(*asked, ("version", "9.0.0")))
    assert (other.status, other.issue["code"]) == (400, "invalid")


def test_an_issue_has_an_expression_and_no_location(fhir):
    answer = fhir.get(f"ValueSet/conditions/$validate-code?system={SYSTEM}&code=nothing")
    issues = next(part["resource"]["issue"] for part in answer.json["parameter"] if part["name"] == "issues")
    assert [sorted({"location", "expression"} & issue.keys()) for issue in issues] == [["expression"]] * len(issues)
