"""The code systems of FHIR itself that the server holds: they are HL7's, and answer as every other one does."""

import pytest

from content_app.delivery.fhir.library import hl7_code_systems
from tests import fhir_definitions
from tests.fhir_client import parameters

GENDER = "http://hl7.org/fhir/administrative-gender"
ALL_GENDERS = "http://hl7.org/fhir/ValueSet/administrative-gender"


@pytest.mark.parametrize(
    "made", [*hl7_code_systems.code_systems(1, ""), *hl7_code_systems.value_sets(1, "")], ids=lambda r: r["url"]
)
def test_each_is_what_hl7_published(made):
    published = fhir_definitions.by_address()[made["resourceType"], made["url"]]
    same = ("version", "status", "caseSensitive", "content", "valueSet", "compose", "immutable")
    assert {key: made.get(key) for key in same} == {key: published.get(key) for key in same}
    assert published["date"].startswith(made["date"])
    names = [(entry["code"], entry["display"]) for entry in published.get("concept", [])]
    assert [(entry["code"], entry["display"]) for entry in made.get("concept", [])] == names


def test_it_is_read_and_searched(fhir):
    (entry,) = fhir.get("CodeSystem", url=GENDER, version="4.0.1").json["entry"]
    assert fhir.get("CodeSystem/administrative-gender").json == entry["resource"]
    assert fhir.get("ValueSet/administrative-gender").json["url"] == ALL_GENDERS


def test_it_is_looked_up_expanded_and_validated(fhir):
    assert fhir.get("CodeSystem/$lookup", system=GENDER, code="other").value("display") == "Other"
    expanded = fhir.get("ValueSet/$expand", url=ALL_GENDERS)
    assert expanded.codes == ["male", "female", "other", "unknown"]
    validated = fhir.get("ValueSet/$validate-code", url=ALL_GENDERS, system=GENDER, code="male", display="Male")
    assert (validated.value("result"), validated.value("version")) == (True, "4.0.1")
    assert fhir.get("CodeSystem/$validate-code", url=GENDER, code="robot").value("result") is False


def test_it_has_the_version_of_fhir_and_not_of_the_library(fhir):
    asked = {"url": GENDER, "code": "male"}
    assert fhir.get("CodeSystem/$validate-code", **asked, version="4.0.1").value("result") is True
    assert fhir.get("CodeSystem/$validate-code", **asked, version="1.0.0").value("result") is False


@pytest.mark.parametrize(("version", "status"), [("4.0.1", 200), ("1.0.0", 404)])
def test_the_instance_is_asked_in_that_version(fhir, version, status):
    assert fhir.get("ValueSet/administrative-gender/$expand", valueSetVersion=version).status == status
    validate = "CodeSystem/administrative-gender/$validate-code"
    assert fhir.get(validate, code="male", version=version).status == status


def test_a_value_set_that_comes_along_may_use_it(fhir):
    include = {"valueSet": [ALL_GENDERS]}
    exclude = {"system": GENDER, "concept": [{"code": "other"}], "valueSet": [ALL_GENDERS]}
    brought = {"resourceType": "ValueSet", "status": "active", "compose": {"include": [include], "exclude": [exclude]}}
    answer = fhir.post("ValueSet/$expand", parameters(("valueSet", brought)))
    assert answer.codes == ["male", "female", "unknown"]
