"""What the server says that it can do is what it does: nothing more, nothing less."""

import pytest

from content_app.delivery.fhir.server import dispatch, search
from content_app.delivery.fhir.terminology import operation_definitions, operation_types
from tests.fhir_client import FHIR_JSON, SYSTEM


@pytest.fixture
def statement(fhir):
    return fhir.get("metadata").json


@pytest.fixture
def rest(statement):
    return statement["rest"][0]


def test_it_is_a_terminology_server_of_r4(statement):
    assert statement["fhirVersion"] == "4.0.1"
    assert statement["instantiates"] == ["http://hl7.org/fhir/CapabilityStatement/terminology-server"]
    assert FHIR_JSON in statement["format"]
    assert {"name", "version", "releaseDate"} <= set(statement["software"])


def test_it_says_how_to_sign_in(rest):
    assert rest["security"]["service"]


def test_every_type_that_it_lists_can_be_read_and_searched(fhir, rest):
    for resource in rest["resource"]:
        page = fhir.get(resource["type"], _count="1").json
        one = page["entry"][0]["resource"]
        interactions = {entry["code"] for entry in resource["interaction"]}
        assert fhir.get(f"{resource['type']}/{one['id']}").status == 200
        version = fhir.get(f"{resource['type']}/{one['id']}/_history/1").status
        assert (version == 200) == ("vread" in interactions)
        history = fhir.get(f"{resource['type']}/{one['id']}/_history").status
        assert (history == 200) == ("history-instance" in interactions)


def test_every_search_parameter_that_it_lists_is_known(fhir, rest):
    for resource in rest["resource"]:
        assert {p["name"] for p in resource["searchParam"]} == {
            *search.PARAMETERS[resource["type"]],
            "_lastUpdated",
            "date",
        }
        for parameter in resource["searchParam"]:
            text = "ge2020-01-01" if parameter["type"] == "date" else "x"
            assert fhir.get(resource["type"], **{parameter["name"]: text}).status == 200


def test_every_operation_is_listed_and_defined(fhir, rest):
    listed = {
        (resource["type"], entry["name"]): entry["definition"]
        for resource in rest["resource"]
        for entry in resource.get("operation", [])
    }
    assert set(listed) == set(dispatch.CALLS)
    listed |= {("CapabilityStatement", entry["name"]): entry["definition"] for entry in rest["operation"]}
    assert set(listed) == {(entry.resource, entry.code) for entry in operation_definitions.OPERATIONS}
    for (kind, name), definition in listed.items():
        defined = fhir.get(definition.removeprefix("http://testserver/fhir/")).json
        assert (defined["url"], defined["resource"], defined["code"]) == (definition, [kind], name)


def test_every_parameter_that_a_definition_lists_is_taken_and_no_other(fhir):
    for entry in fhir.get("OperationDefinition").json["entry"]:
        definition = entry["resource"]
        address = f"{'' if definition['system'] else definition['resource'][0] + '/'}${definition['code']}"
        for parameter in definition["parameter"]:
            if parameter["use"] == "in" and parameter["type"] in operation_types.TEXTS | {"boolean", "integer"}:
                text = {"boolean": "true", "integer": "1"}.get(parameter["type"], "x")
                answer = fhir.get(address, **{parameter["name"]: text})
                assert f"“{parameter['name']}” is not supported" not in answer.content.decode(), (
                    address,
                    parameter["name"],
                )
        assert fhir.get(address, colour="red").issue["code"] == "not-supported"


def test_the_expansion_parameters_are_those_of_expand(fhir):
    capabilities = fhir.get("metadata?mode=terminology").json
    listed = {entry["name"] for entry in capabilities["expansion"]["parameter"]}
    assert listed == {entry.name for entry in operation_definitions.EXPAND.takes} - {
        "url",
        "valueSet",
        "valueSetVersion",
        "cache-id",  # kept only while there is room: nobody may rely on it
    }
    needed = {"activeOnly", "check-system-version", "count", "displayLanguage", "excludeNested", "force-system-version"}
    needed |= {"includeDefinition", "includeDesignations", "offset", "property", "system-version", "tx-resource"}
    assert needed <= listed


def test_every_code_system_that_it_lists_answers(fhir):
    systems = fhir.get("metadata?mode=terminology").json["codeSystem"]
    assert systems[0]["uri"] == SYSTEM
    for system in systems:
        for version in system["version"]:
            found = fhir.get("CodeSystem", url=system["uri"], version=version["code"]).json
            assert found["total"] == 1


def test_the_versions_of_fhir_can_be_asked(fhir):
    answer = fhir.get("$versions")
    assert (answer.values("version"), answer.value("default")) == (["4.0"], "4.0")


def test_batch_is_listed(rest):
    assert rest["interaction"] == [{"code": "batch"}]
