"""Gives every choice of words, and every body, in the OpenAPI description a name: generated clients then have one type
for each, with a name worth reading.

In: the description as drf-spectacular made it. Out: the same, in which parameters refer to the schemas of their words,
bodies to schemas called as their titles say, every schema of words says what each word means, and what may be null
says so plainly. Called by drf-spectacular (`POSTPROCESSING_HOOKS`).
"""

from typing import Any

from content_app.vocabulary import terms
from content_app.vocabulary.code_systems import CODE_SYSTEMS
from content_app.vocabulary.predicates import PREDICATES

Schema = dict[str, Any]
SCHEMAS = "#/components/schemas/"
ENUM = "Enum"  # how drf-spectacular ends the name of a choice of words
NULL = {"$ref": f"{SCHEMAS}NullEnum"}
# Where drf-spectacular begins to list words, which is said once, where the words are.
LIST = "\n\n* `"
# What a parameter's words are called where its own name would say too little, or is a class of most languages.
CALLED = {
    "text": "TextFormat",
    "form": "EntryForm",
    "state": "SandboxCase",
    "system": "CodeSystemName",
    "must_show": "MustShowForm",
    "fields": "{}Field",  # each kind has its own
    "include": "Included",
}


def name_choices_and_bodies(result: Schema, **_: Any) -> Schema:
    """The description with a named schema for each choice of words and each titled part of a body."""
    schemas = result["components"]["schemas"]
    known = {frozenset(schema["enum"]): name for name, schema in schemas.items() if "enum" in schema}
    for operation in (one for operations in result["paths"].values() for one in operations.values()):
        for parameter in operation.get("parameters", []):
            _refer(parameter, operation["operationId"], schemas, known)
        if "requestBody" in operation:
            operation["requestBody"] = _taken_out(operation["requestBody"], schemas)
    schemas.pop("NullEnum", None)
    for schema in schemas.values():
        _say_what_words_mean(schema)
    new_names = {SCHEMAS + name: SCHEMAS + new for name, new in _without_ending(schemas).items()}
    result = _rewritten(result, new_names)
    named = {new_names.get(SCHEMAS + name, name).removeprefix(SCHEMAS): schema for name, schema in _schemas(result)}
    result["components"]["schemas"] = dict(sorted(named.items()))
    return result


def _schemas(result: Schema) -> list[tuple[str, Schema]]:
    return list(result["components"]["schemas"].items())


def _refer(parameter: Schema, operation: str, schemas: Schema, known: dict[frozenset, str]) -> None:
    """Have a parameter that takes one of some words refer to the schema of these words."""
    schema = parameter["schema"].get("items", parameter["schema"])
    words = schema.pop("enum", None)
    if words is None:
        return
    called = CALLED.get(parameter["name"], _as_class(parameter["name"])).format(
        _as_class(operation.split("selected_")[-1])
    )
    name = known.setdefault(frozenset(words), called + ENUM)
    schemas.setdefault(name, {"type": "string", "enum": words, "description": parameter["description"]})
    schema.pop("type")
    schema |= {"$ref": SCHEMAS + name}


def _as_class(name: str) -> str:
    return name.title().replace("_", "")


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


def _defined(word: terms.Term | terms.Predicate) -> str:
    meaning = word.meaning[0].upper() + word.meaning[1:]
    return f"* `{word.code}`: {word.label}. {meaning.removesuffix('.')}."


def _say_what_words_mean(schema: Schema) -> None:
    """The words of a vocabulary are described as `/vocabulary/` describes them."""
    words = schema.get("enum", [])
    for vocabulary in (*terms.PUBLISHED.values(), PREDICATES):
        if words and set(words) <= vocabulary.keys():
            schema["description"] = "\n".join(_defined(vocabulary[word]) for word in words)
            return
    if words and set(words) <= CODE_SYSTEMS.keys():
        schema["description"] = "\n".join(f"* `{key}`: {CODE_SYSTEMS[key].name}" for key in words)


def _without_ending(schemas: Schema) -> dict[str, str]:
    """The names that end as drf-spectacular ends them, and what is left; `…Code` where a shape is called that."""
    ended = {name: name.removesuffix(ENUM) for name in schemas if name.endswith(ENUM)}
    return {name: f"{left}Code" if left in schemas else left for name, left in ended.items()}


def _rewritten(node: Any, new_names: dict[str, str]) -> Any:
    """The same with plain nulls, references by the new names, and what words mean said where they are alone."""
    if isinstance(node, list):
        return [{"type": "null"} if entry == NULL else _rewritten(entry, new_names) for entry in node]
    if not isinstance(node, dict):
        return node
    inner = {key: _rewritten(value, new_names) for key, value in node.items()}
    if isinstance(inner.get("$ref"), str):
        inner["$ref"] = new_names.get(inner["$ref"], inner["$ref"])
    if "enum" not in inner and isinstance(inner.get("description"), str):
        inner["description"] = inner["description"].partition(LIST)[0]
    return inner
