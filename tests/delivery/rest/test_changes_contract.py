"""Every answer that keeps a copy in step fits the shape that OpenAPI gives it, and has no field beside it."""

import json

import jsonschema
import pytest

from tests.library import coding, condition, relation, uuid_of
from tests.shelf import saying

ITEM = uuid_of("condition", "first")
ADDRESSES = {
    "/api/v1/items/{item_id}/versions/": f"/api/v1/items/{ITEM}/versions/",
    "/api/v1/items/": f"/api/v1/items/?ids={ITEM},{uuid_of('condition', 'third')},{uuid_of('nothing')}",
    "/api/v1/releases/{a}/compare/{b}/": "/api/v1/releases/1/compare/3/",
    "/api/v1/conditions/{a}/compare/{b}/": "/api/v1/conditions/first/compare/second/",
    "/api/v1/changes/": "/api/v1/changes/",
    "/api/v1/releases/{number}/export/": "/api/v1/releases/1/export/",
    "/api/v1/signing-keys/": "/api/v1/signing-keys/",
}


@pytest.fixture(scope="module")
def published(shelf_of_a_module):
    shelf_of_a_module.publish(
        saying("first", "It hurts.", relations=[relation("not_the_same_as", "condition/second")], codings=[coding()]),
        saying("second", "It ends.", codings=[coding()]),
        saying("third", "It begins."),
    )
    shelf_of_a_module.publish(saying("first", "It often hurts."))
    shelf_of_a_module.withdraw(condition("third"))


@pytest.fixture
def description(published, db, client, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    return client.get("/openapi.json").json()


def closed(schema):
    """The schema, and no field beside those that it names."""
    if isinstance(schema, list):
        return [closed(entry) for entry in schema]
    if not isinstance(schema, dict):
        return schema
    told = {key: closed(value) for key, value in schema.items()}
    if isinstance(told.get("properties"), dict) and told.get("type") == "object":
        told["additionalProperties"] = False
    return told


def fits(answer, schema, description):
    components = {"schemas": closed(description["components"]["schemas"])}
    checker = jsonschema.FormatChecker()
    jsonschema.Draft202012Validator(closed(schema) | {"components": components}, format_checker=checker).validate(
        answer
    )


@pytest.mark.parametrize("path", ADDRESSES)
def test_every_answer_fits_its_shape(description, client, path):
    schema = description["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    fits(client.get(ADDRESSES[path]).json(), schema, description)


@pytest.mark.parametrize("show", ["patch", "list"])
def test_a_comparison_fits_its_shape_whatever_it_shows(description, client, show):
    path = "/api/v1/releases/{a}/compare/{b}/"
    schema = description["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    fits(client.get("/api/v1/releases/3/compare/1/", {"show": show}).json(), schema, description)


def test_a_check_fits_its_shape(description, client):
    operation = description["paths"]["/api/v1/check/"]["post"]
    question = {"items": [{"id": ITEM, "version": 1}, {"id": uuid_of("condition", "third"), "sha256": "0" * 64}]}
    fits(question, operation["requestBody"]["content"]["application/json"]["schema"], description)
    answer = client.post("/api/v1/check/", json.dumps(question), content_type="application/json").json()
    fits(answer, operation["responses"]["200"]["content"]["application/json"]["schema"], description)
