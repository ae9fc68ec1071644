"""`$lookup` and `$subsumes` on the library's code system."""

import pytest

from tests.fhir_client import SYSTEM, parameters


def lookup(fhir, code: str, **query: str):
    return fhir.get("CodeSystem/$lookup", system=SYSTEM, code=code, **query)


def test_it_says_all_that_is_known(fhir):
    answer = lookup(fhir, "skin-pallor")
    assert (answer.value("name"), answer.value("version"), answer.value("display")) == (
        "AMPSLibrary",
        "1.0.0",
        "Paleness",
    )
    assert answer.value("definition") == "Paleness of the skin (pallor); it may look different in darker skin."
    names = {(name["use"]["code"], name["value"]) for name in answer.values("designation")}
    assert {("clinical_term", "Pallor"), ("everyday_wording", "it goes pale")} <= names
    properties = {part["code"]: part for part in answer.values("property")}
    assert properties["parent"]["value"] == "skin-colour-change"
    assert properties["parent"]["description"] == "Altered skin colour"
    assert (properties["kind"]["value"], properties["category"]["value"]) == ("symptom_type", "autonomic_sign")
    assert properties["inactive"]["value"] is False


def test_properties_narrow_the_answer(fhir):
    answer = lookup(fhir, "skin-pallor", property="kind")
    assert [part["code"] for part in answer.values("property")] == ["kind"]
    assert answer.values("designation") == []


def test_a_heading_is_abstract(fhir):
    answer = lookup(fhir, "skin-change")
    assert answer.value("abstract") is True
    assert "skin-colour-change" in [p["value"] for p in answer.values("property") if p["code"] == "child"]


def test_a_coding_can_be_posted(fhir):
    body = parameters(("coding", {"system": SYSTEM, "code": "finger", "version": "1.0.0"}))
    assert fhir.post("CodeSystem/$lookup", body).value("display") == "Finger"


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ({"system": SYSTEM, "code": "nothing"}, 404, "not-found"),
        ({"system": SYSTEM, "code": "Skin-Pallor"}, 404, "not-found"),
        ({"system": "http://snomed.info/sct", "code": "1"}, 404, "not-found"),
        ({"system": SYSTEM, "code": "finger", "version": "9.0.0"}, 404, "not-found"),
        ({"system": SYSTEM}, 400, "required"),
        ({"code": "finger"}, 400, "required"),
        ({"system": SYSTEM, "code": "finger", "date": "2026-01-01"}, 400, "not-supported"),
        ({"system": SYSTEM, "code": "finger", "coding": "x"}, 400, "invalid"),
        ({"system": SYSTEM, "code": ""}, 400, "required"),
        ({"system": SYSTEM, "code": ["finger", "hand"]}, 400, "invalid"),
        ({"system": SYSTEM, "code": "finger", "displayLanguage": "-"}, 400, "processing"),
        ({"system": SYSTEM, "code": "finger", "useSupplement": "http://x.example/s"}, 404, "not-found"),
    ],
)
def test_what_cannot_be_answered_says_why(fhir, query, status, code):
    answer = fhir.get("CodeSystem/$lookup", **query)
    assert (answer.status, answer.issue["code"]) == (status, code)


@pytest.mark.parametrize(
    ("first", "second", "outcome"),
    [
        ("skin-pallor", "skin-pallor", "equivalent"),
        ("skin-colour-change", "skin-pallor", "subsumes"),
        ("skin-pallor", "skin-colour-change", "subsumed-by"),
        ("skin-change", "skin-pallor", "subsumes"),
        ("skin-pallor", "skin-redness", "not-subsumed"),
        ("fibromyalgia", "skin-pallor", "not-subsumed"),
        # The view of one source: shown as a property, never stated as fact.
        ("fibromyalgia", "juvenile-fibromyalgia", "not-subsumed"),
    ],
)
def test_subsumption_follows_what_is_a_kind_of_what(fhir, first, second, outcome):
    assert fhir.get("CodeSystem/amps/$subsumes", codeA=first, codeB=second).value("outcome") == outcome
    typed = fhir.get("CodeSystem/$subsumes", codeA=first, codeB=second, system=SYSTEM)
    assert typed.value("outcome") == outcome
    codings = [
        (f"coding{end}", {"system": SYSTEM, "code": code}) for end, code in zip("AB", (first, second), strict=True)
    ]
    assert fhir.post("CodeSystem/$subsumes", parameters(*codings)).value("outcome") == outcome


def test_the_view_of_a_source_is_a_property(fhir):
    properties = lookup(fhir, "juvenile-fibromyalgia").values("property")
    assert [p["value"] for p in properties if p["code"] == "attributedKindOf"] == ["fibromyalgia"]


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ({"codeA": "skin-pallor", "codeB": "nothing", "system": SYSTEM}, 404, "not-found"),
        ({"codeA": "a", "codeB": "b", "system": "http://x.example"}, 404, "not-found"),
        ({"codeA": "skin-pallor", "system": SYSTEM}, 400, "required"),
        ({"codeA": "a", "codeB": "b"}, 400, "required"),
    ],
)
def test_subsumption_of_what_is_not_known_is_an_error(fhir, query, status, code):
    answer = fhir.get("CodeSystem/$subsumes", **query)
    assert (answer.status, answer.issue["code"]) == (status, code)


@pytest.mark.parametrize(
    ("second", "beside"),
    [
        ({"system": "http://x.example"}, {}),
        ({"system": SYSTEM, "version": "2.0.0"}, {}),
        ({"system": SYSTEM}, {"version": "2.0.0"}),
        ({"system": SYSTEM}, {"system": "http://x.example"}),
    ],
)
def test_codes_of_two_systems_or_versions_cannot_be_compared(fhir, second, beside):
    first = {"system": SYSTEM, "version": "1.0.0", "code": "skin-pallor"}
    codings = [("codingA", first), ("codingB", second | {"code": "skin-change"}), *beside.items()]
    answer = fhir.post("CodeSystem/$subsumes", parameters(*codings))
    assert (answer.status, answer.issue["code"]) == (400, "invalid")


def test_a_coding_is_of_the_system_and_version_that_stand_beside_it(fhir):
    bare = [("codingA", {"code": "skin-pallor"}), ("codingB", {"code": "skin-change"}), ("system", SYSTEM)]
    assert fhir.post("CodeSystem/$subsumes", parameters(*bare)).value("outcome") == "subsumed-by"
    asked = (("coding", {"system": SYSTEM, "code": "finger"}), ("version", "9.0.0"))
    assert fhir.post("CodeSystem/$lookup", parameters(*asked)).status == 404
    versioned = (("coding", {"system": SYSTEM, "code": "finger", "version": "1.0.0"}), ("version", "9.0.0"))
    assert fhir.post("CodeSystem/$lookup", parameters(*versioned)).status == 400


def test_another_hierarchy_than_is_a_is_not_compared(fhir):
    system = {
        "resourceType": "CodeSystem",
        "url": "http://x.example/parts",
        "status": "active",
        "content": "complete",
        "hierarchyMeaning": "part-of",
        "concept": [{"code": "car", "concept": [{"code": "wheel"}]}],
    }
    asked = (("codeA", "car"), ("codeB", "wheel"), ("system", "http://x.example/parts"), ("tx-resource", system))
    assert fhir.post("CodeSystem/$subsumes", parameters(*asked)).status == 422
