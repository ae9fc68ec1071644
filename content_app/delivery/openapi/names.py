"""Gives every choice of words, and every body, in the OpenAPI description a name: generated clients then have one type
for each, with a name worth reading.

In: the description as drf-spectacular made it. Out: the same, in which parameters refer to the schemas of their words,
bodies to schemas called as their titles say, and what may be null says so plainly. Called by drf-spectacular
(`POSTPROCESSING_HOOKS`).
"""

from typing import Any

Schema = dict[str, Any]
SCHEMAS = "#/components/schemas/"
NULL = {"$ref": f"{SCHEMAS}NullEnum"}


def name_choices_and_bodies(result: Schema, **_: Any) -> Schema:
    """The description with a named schema for each choice of words and each titled part of a body."""
    schemas = result["components"]["schemas"]
    known = {frozenset(schema["enum"]): name for name, schema in schemas.items() if "enum" in schema}
    for operation in (one for operations in result["paths"].values() for one in operations.values()):
        for parameter in operation.get("parameters", []):
            _refer(parameter, schemas, known)
        if "requestBody" in operation:
            operation["requestBody"] = _taken_out(operation["requestBody"], schemas)
    schemas.pop("NullEnum", None)
    result["components"]["schemas"] = dict(sorted(schemas.items()))
    return _with_plain_nulls(result)


def _refer(parameter: Schema, schemas: Schema, known: dict[frozenset, str]) -> None:
    """Have a parameter that takes one of some words refer to the schema of these words."""
    words = parameter["schema"].pop("enum", None)
    if words is None:
        return
    name = known.setdefault(frozenset(words), f"{parameter['name'].title().replace('_', '')}Enum")
    schemas.setdefault(name, {"type": "string", "enum": words})
    parameter["schema"].pop("type")
    parameter["schema"] = {"$ref": SCHEMAS + name} | parameter["schema"]


def _taken_out(node: Any, schemas: Schema) -> Any:
    """The same with a reference in place of each schema that has a title."""
    if isinstance(node, list):
        return [_taken_out(entry, schemas) for entry in node]
    if not isinstance(node, dict):
        return node
    inner = {key: _taken_out(value, schemas) for key, value in node.items()}
    if "title" not in inner:
        return inner
    name = inner.pop("title")
    schemas[name] = inner
    return {"$ref": SCHEMAS + name}


def _with_plain_nulls(node: Any) -> Any:
    if isinstance(node, list):
        return [{"type": "null"} if entry == NULL else _with_plain_nulls(entry) for entry in node]
    return {key: _with_plain_nulls(value) for key, value in node.items()} if isinstance(node, dict) else node
