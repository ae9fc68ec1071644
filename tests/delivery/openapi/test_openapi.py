"""The OpenAPI description: current, valid, without leftovers of 3.0, and true of every answer."""

import json
from pathlib import Path
from urllib.parse import urlencode

import jsonschema
import pytest
from django.db import connection

from content_app.delivery.openapi import schema as openapi
from content_app.vocabulary import terms
from tests.delivery.rest.test_lists import walk
from tests.first_content import AMPS
from tests.golden_files import assert_golden
from tests.width import every_pair

# Which address gave each recorded example; `make accept` writes them again.
RECORDED = {
    "get_library": "/api/v1/",
    "list_conditions": "/api/v1/conditions/?page_size=1",
    "get_condition": "/api/v1/conditions/fibromyalgia/",
    "get_selected_condition": "/api/v1/conditions/fibromyalgia/selected/?fields=codings&must_show=reference",
    "list_concepts": "/api/v1/concepts/?topic=knowledge_gap",
    "get_concept": "/api/v1/concepts/cause-unknown/",
    "get_selected_concept": "/api/v1/concepts/cause-unknown/selected/?fields=names&labels=beside&must_show=reference",
    "list_symptom_types": "/api/v1/symptom-types/?category=autonomic_function&page_size=1",
    "get_symptom_type": "/api/v1/symptom-types/skin-cold/",
    "get_selected_symptom_type": "/api/v1/symptom-types/skin-cold/selected/?fields=names&must_show=reference",
    "list_examples": "/api/v1/examples/?form=analogy&page_size=1",
    "get_example": "/api/v1/examples/loudspeaker-volume/",
    "get_selected_example": "/api/v1/examples/loudspeaker-volume/selected/?fields=links&must_show=reference",
    "list_sources": "/api/v1/sources/?type=lay_text",
    "get_source": "/api/v1/sources/what-is-amps/",
    "get_selected_source": "/api/v1/sources/what-is-amps/selected/?fields=title",
    "get_statement": None,
    "get_vocabulary": "/api/v1/vocabulary/",
    "search": "/api/v1/search/?q=hand+ice+cold",
    "suggest": "/api/v1/suggest/?q=amp&limit=2",
    "list_versions": None,
    "list_changes": "/api/v1/changes/?page_size=1",
    "compare_releases": "/api/v1/releases/1/compare/1/",
    "compare_conditions": "/api/v1/conditions/fibromyalgia/compare/juvenile-fibromyalgia/",
    "get_export": "/api/v1/releases/1/export/",
    "list_relations": "/api/v1/relations/?predicate=has_mechanism&page_size=1",
    "list_codings": "/api/v1/codings/?system=icd-10-cm&code=M79.7&page_size=2",
    "list_releases": "/api/v1/releases/",
    "get_release": "/api/v1/releases/1/?page_size=2",
    "get_sandbox": "/sandbox/",
    "get_sandbox_item": "/sandbox/safety-notice/",
    "problem_429": "/sandbox/too-many-requests/",
    "problem_503": "/sandbox/unavailable/",
    "problem_400": "/api/v1/concepts/?topic=mechanisms",
    "problem_404": "/api/v1/conditions/fibromialgia/",
}


@pytest.fixture(scope="module")
def first_read():
    return {}


@pytest.fixture
def description(read, first_read):
    """The description, read once: it is the same for every test."""
    if not first_read:
        first_read.update(read("/openapi.json").json())
    return first_read


def test_the_description_is_valid_openapi_3_1(description):
    from openapi_spec_validator import OpenAPIV31SpecValidator

    assert description["openapi"] == "3.1.1"
    OpenAPIV31SpecValidator(description).validate()


def keywords(node, *, names=False):
    """Every keyword of the description: not names of properties, not what stands in examples."""
    if isinstance(node, list):
        for entry in node:
            yield from keywords(entry)
    elif isinstance(node, dict):
        for key, value in node.items():
            if not names:
                yield key, value
            if key not in ("examples", "enum", "const") or names:
                yield from keywords(value, names=key in ("properties", "mapping", "schemas") and not names)


def test_nothing_of_openapi_3_0_is_left(description):
    for key, value in keywords(description):
        assert key not in ("nullable", "example"), value
        assert not (key in ("exclusiveMinimum", "exclusiveMaximum") and isinstance(value, bool))


# Addresses of the sandbox that are always a problem.
NEVER_GOOD = ("/sandbox/sunset/", "/sandbox/too-many-requests/", "/sandbox/unavailable/")


def test_every_operation_teaches_and_documents_its_errors(description):
    for path, operations in description["paths"].items():
        for method, operation in operations.items():
            good = {"200", "304"} if method == "get" else {"200", "413", "415"}
            assert len(operation["description"]) > 40, path
            problems = {"400", "401", "404", "406", "429", "500", "503"}
            expected = problems if path in NEVER_GOOD else problems | good
            assert expected <= set(operation["responses"]), path
            assert all(parameter.get("description") for parameter in operation.get("parameters", [])), path


def test_every_field_of_every_shape_is_described_or_refers_to_one_that_is(description):
    for name, schema in description["components"]["schemas"].items():
        if name == "Counts":
            continue
        for field, shape in schema.get("properties", {}).items():
            assert "description" in shape or "$ref" in json.dumps(shape), f"{name}.{field}"


# A token holds a key of the database, which no two databases need give alike.
OF_ONE_DATABASE = {"list_changes": pytest.mark.skipif(connection.vendor != "sqlite", reason="recorded on SQLite")}


@pytest.mark.parametrize("name", [pytest.param(name, marks=OF_ONE_DATABASE.get(name, ())) for name in RECORDED])
def test_examples_in_the_documentation_are_real_answers(read, name):
    document = read(AMPS).json()
    by_identifier = {
        "get_statement": f"/api/v1/statements/{document['statements'][0]['id']}/",
        "list_versions": f"/api/v1/items/{document['id']}/versions/",
    }
    address = RECORDED[name] or by_identifier[name]
    got = json.dumps(read(address).json(), ensure_ascii=False, indent=2) + "\n"
    assert_golden(Path(openapi.EXAMPLES) / f"{name}.json", got)


def answer_schema(description, path):
    answer = description["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    return answer | {"components": description["components"]}


@pytest.mark.parametrize(
    ("collection", "kind"),
    [
        ("conditions", "condition"), ("concepts", "concept"), ("symptom-types", "symptom_type"),
        ("examples", "example"), ("sources", "source"),
    ],
)  # fmt: skip
def test_every_published_document_fits_its_schema_and_has_no_field_beside_it(read, description, collection, kind):
    schema = answer_schema(description, f"/api/v1/{collection}/{{slug}}/")
    validator = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
    documented = set(description["components"]["schemas"][schema["$ref"].rpartition("/")[2]]["properties"])
    for entry in walk(read, f"/api/v1/{collection}/?page_size=100"):
        document = read(entry.get("href") or f"/api/v1/sources/{entry['slug']}/").json()
        validator.validate(document)
        assert set(document) == documented


CHOICES = {
    "fields": ["codings", "statements,summary", "names,links", "cause_status", "relations,sources"],
    "audience": ["plain", "clinical"],
    "text": ["html"],
    "include": ["related", "has_mechanism"],
}
ADDRESSES = (AMPS, "/api/v1/items/{id}/")
ASKED_TOO = [
    *({"fields": fields} for fields in CHOICES["fields"][2:]),
    {"labels": "beside"},
    {"must_show": "reference"},
    {"labels": "beside", "must_show": "reference", "fields": "statements,notices", "audience": "plain"},
    {"labels": "beside", "include": "related", "layer": "literature", "text": "html"},
]


@pytest.mark.parametrize(
    ("address", *CHOICES), every_pair(ADDRESSES, *([None, *given[:2]] for given in CHOICES.values()))
)
def test_whatever_is_chosen_together_fits_its_schema(read, description, address, fields, audience, text, include):
    given = {"fields": fields, "audience": audience, "text": text, "include": include}
    fits_its_schema(read, description, address, {name: value for name, value in given.items() if value})


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("chosen", ASKED_TOO, ids=urlencode)
def test_whatever_is_chosen_fits_its_schema(read, description, address, chosen):
    fits_its_schema(read, description, address, chosen)


def fits_its_schema(read, description, address, chosen):
    """At the address that describes it. It is the same at the address of the whole document."""
    asked = urlencode(chosen)
    path = "/api/v1/conditions/{slug}/selected/" if address == AMPS else "/api/v1/items/{item_id}/selected/"
    whole = address.format(id=read(AMPS).json()["id"])
    answer = read(f"{whole}selected/?{asked}").json()
    jsonschema.Draft202012Validator(answer_schema(description, path)).validate(answer)
    assert answer == read(f"{whole}?{asked}").json()


def test_every_operation_has_one_shape_of_answer(description):
    for path, operations in description["paths"].items():
        for operation in operations.values():
            shapes = list(operation["responses"].get("200", {}).get("content", {}).values())
            assert len({json.dumps(shape["schema"]) for shape in shapes}) <= 1, path
            assert not any("anyOf" in shape["schema"] for shape in shapes), path


def test_schemas_are_called_as_developers_would_call_them(description):
    for name, schema in description["components"]["schemas"].items():
        assert not name.endswith("Enum")
        members = {member.replace("_", "").lower() for member in schema.get("properties", {})}
        assert name.lower() not in members, f"{name}: C# has no member called like its class"


def test_every_choice_of_words_says_what_the_words_mean(description):
    for name, schema in description["components"]["schemas"].items():
        assert "enum" not in schema or schema.get("description"), name
    told = description["components"]["schemas"]["Aspect"]["description"].splitlines()
    assert told[0] == "* `overview`: Overview. What it is."
    assert [line.split("`")[1] for line in told] == list(terms.ASPECTS)


@pytest.mark.parametrize(
    ("path", "address"),
    [
        ("/api/v1/", "/api/v1/"),
        ("/api/v1/conditions/", "/api/v1/conditions/"),
        ("/api/v1/concepts/", "/api/v1/concepts/"),
        ("/api/v1/symptom-types/", "/api/v1/symptom-types/"),
        ("/api/v1/examples/", "/api/v1/examples/"),
        ("/api/v1/sources/", "/api/v1/sources/"),
        ("/api/v1/relations/", "/api/v1/relations/?page_size=100"),
        ("/api/v1/codings/", "/api/v1/codings/?page_size=100"),
        ("/api/v1/vocabulary/", "/api/v1/vocabulary/"),
        ("/api/v1/releases/", "/api/v1/releases/"),
        ("/api/v1/releases/{number}/", "/api/v1/releases/1/"),
    ],
)
def test_every_other_answer_fits_its_schema(read, description, path, address):
    jsonschema.Draft202012Validator(answer_schema(description, path)).validate(read(address).json())


def test_the_editorial_schema_is_served(read):
    response = read("/schemas/editorial-document.json")
    assert response["Content-Type"] == "application/schema+json"
    jsonschema.Draft202012Validator.check_schema(response.json())


def test_a_key_may_be_sent_and_need_not(description):
    assert description["components"]["securitySchemes"]["ApiKey"]["name"] == "X-Api-Key"
    assert description["security"] == [{}, {"ApiKey": []}]
    assert not [o for operations in description["paths"].values() for o in operations.values() if "security" in o]


def test_what_is_deprecated_is_marked_and_nothing_else(description):
    marked = [path for path, operations in description["paths"].items() if operations.get("get", {}).get("deprecated")]
    assert marked == ["/sandbox/deprecated/", "/sandbox/sunset/"]
    [parameter] = description["paths"]["/sandbox/deprecated-parameter/"]["get"]["parameters"]
    assert (parameter["name"], parameter["deprecated"]) == ("form", True)
    fields = description["components"]["schemas"]["SandboxDeprecatedField"]["properties"]
    assert [name for name, shape in fields.items() if shape.get("deprecated")] == ["old_name"]


def test_the_committed_description_is_the_current_one(read):
    """Last in this file: the description holds the examples that tests above have recorded."""
    openapi.example.cache_clear()
    description = read("/openapi.json").json()
    assert_golden("openapi.json", json.dumps(description, indent=1, ensure_ascii=False) + "\n")
