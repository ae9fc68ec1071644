"""The JSON Schema of the editorial document: an item or a source written as plain data, one file each.

In: the table of fields. Out: `EDITORIAL_SCHEMA` (JSON Schema 2020-12), served at `/schemas/editorial-document.json`.
It checks the form of one document; what takes the database or a second document is checked by `rules`.
"""

from collections.abc import Callable, Iterable
from typing import Any

from content_app.vocabulary import fields
from content_app.vocabulary import terms as vocabulary
from content_app.vocabulary.fields import OWN, PARTS, Field

# No control characters but tab and newline, nothing that turns the direction of what follows and so shows another text
# than is stored (U+202A-202E, U+2066-2069), no lone surrogates, nothing that only the font of one
# program can show (U+E000-F8FF, such as Word's bullets), no sign that a character was lost (U+FFFD), no code points
# that are no characters.
NO_TEXT = r"\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069\ud800-\uf8ff\ufffd-\uffff"
CLEAN_TEXT = rf"^[^{NO_TEXT}]*$"
CLEAN_LINE = rf"^[^{NO_TEXT}\t\n]*$"
SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
REFERENCE = r"^(condition|concept|symptom_type|example)/[a-z0-9]+(-[a-z0-9]+)*$"

Schema = dict[str, Any]


def line(description: str, longest: int = 300) -> Schema:
    return {
        "type": "string",
        "minLength": 1,
        "maxLength": longest,
        "pattern": CLEAN_LINE,
        "description": description,
    }


def prose(description: str) -> Schema:
    return {
        "type": "string",
        "minLength": 1,
        "maxLength": 200_000,
        "pattern": CLEAN_TEXT,
        "description": description,
    }


def one_of(terms: dict[str, Any], description: str) -> Schema:
    return {"enum": list(terms), "description": description}


def flag(description: str) -> Schema:
    return {"type": "boolean", "description": description}


def many(items: Schema, description: str, most: int = 1000) -> Schema:
    return {"type": "array", "items": items, "maxItems": most, "description": description}


def closed(properties: dict[str, Schema], required: list[str], description: str = "") -> Schema:
    """An object with these properties and no others."""
    schema: Schema = {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }
    return schema | ({"description": description} if description else {})


SLUG_FIELD = {
    "type": "string",
    "pattern": SLUG,
    "maxLength": 120,
    "description": "Use lower-case words joined by hyphens.",
}
UUID_FIELD = {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$",
    "description": "A permanent identifier, in lower case. Make it with: python -c 'import uuid; print(uuid.uuid4())'",
}
ITEM_REFERENCE = {
    "type": "string",
    "pattern": REFERENCE,
    "description": "Write another item as kind/slug, such as concept/cause-unknown.",
}
DATE_FIELD = {
    "type": "string",
    "format": "date",
    "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
    "description": "Write a day as YYYY-MM-DD.",
}

CITATION = closed(
    {
        "source": SLUG_FIELD,
        "locator": line("The place in the source: a paragraph and sentence, a page or a table."),
        "passage": line("The words of the source that support this, for reviewers. They are never published.", 2000),
    },
    ["source"],
    "A reference to one place in a source.",
)
CITATIONS = many(CITATION, "The sources that support this entry.")


def schema_of(field: Field) -> Schema:
    """What a value of a field may be in a file."""
    told = f"{field.meaning} The default is {field.default}." if field.default else field.meaning
    if field.pattern:
        return {"type": "string", "pattern": field.pattern, "maxLength": field.longest, "description": told}
    least, most = field.bounds
    by_form: dict[str, Callable[[], Schema]] = {
        fields.PROSE: lambda: prose(told),
        fields.LINE: lambda: line(told, field.longest),
        fields.LINES: lambda: many(line("One of them."), told, most),
        fields.CODE: lambda: one_of(field.terms, told),
        fields.FLAG: lambda: flag(told),
        fields.ANSWER: lambda: flag(told),
        fields.NUMBER: lambda: {"type": "integer", "minimum": least, "maximum": most, "description": told},
        fields.DAY: lambda: DATE_FIELD | {"description": f"{told} A day, YYYY-MM-DD."},
        fields.ITEM: lambda: ITEM_REFERENCE | {"description": f"{told} {ITEM_REFERENCE['description']}"},
    }
    return by_form[field.form]()


def properties_of(given: Iterable[Field]) -> dict[str, Schema]:
    return {field.name: schema_of(field) for field in fields.written(given)}


def required_of(given: Iterable[Field]) -> list[str]:
    return [field.name for field in fields.written(given) if field.is_required]


def part(name: str, description: str = "", **more: Schema) -> Schema:
    """The schema of one entry of a part. `more` stands before its fields, or after them if it is its citations."""
    before = {key: value for key, value in more.items() if key != "citations"}
    own = {**before, **properties_of(PARTS[name])} | more
    return closed(own, [*before, *required_of(PARTS[name])], description)


NAME = part("names", citations=CITATIONS)
STATEMENT = part("statements", "A single clinical statement.", uuid=UUID_FIELD, citations=CITATIONS)
RELATION = part("relations", "A typed and cited link to another item.", citations=CITATIONS)
CODING = part("codings", "A code of the item in an external code system, and how closely it matches.")

ITEM_PROPERTIES: dict[str, Schema] = {
    "uuid": UUID_FIELD,
    "slug": SLUG_FIELD,
    "name": line("The preferred English name.", 200),
    "summary": closed(
        properties_of(PARTS["summary"]),
        [],
        "The item in one or two sentences. A draft can be without it, but both texts are needed for publishing.",
    ),
    "citations": CITATIONS | {"description": "The sources of the summary and of the fields specific to the kind."},
    "names": many(NAME, "The other names of the item."),
    "statements": many(STATEMENT, "The statements about the item, in reading order."),
    "relations": many(RELATION, "The relations from this item to others."),
    "codings": many(CODING, "The codes of the item in external code systems."),
    **properties_of(fields.SHARED),
    "review_cycle_months": {
        "type": "integer",
        "minimum": 1,
        "maximum": 60,
        "description": "The number of months between reviews. The default is 12.",
    },
}

KIND_PROPERTIES: dict[str, tuple[dict[str, Schema], list[str]]] = {
    kind: (properties_of(given), required_of(given)) for kind, given in OWN.items()
}


def item_schema(kind: str) -> Schema:
    """The schema of one kind of item."""
    properties, required = KIND_PROPERTIES[kind]
    identity = {key: ITEM_PROPERTIES[key] for key in ("uuid", "slug", "name")}
    return closed(
        {"kind": {"const": kind}} | identity | properties | ITEM_PROPERTIES,
        ["kind", "uuid", "slug", "name", *required],
        vocabulary.KINDS[kind].meaning,
    )


SOURCE_IDENTITY: dict[str, Schema] = {"kind": {"const": "source"}, "uuid": UUID_FIELD, "slug": SLUG_FIELD}
SOURCE_SCHEMA = closed(
    SOURCE_IDENTITY | properties_of(PARTS["sources"]),
    ["kind", "uuid", "slug", *required_of(PARTS["sources"])],
    "A work that the content cites.",
)

CODING_PACK_SCHEMA = closed(
    {
        "kind": {"const": "coding_pack"},
        "slug": SLUG_FIELD,
        "licence": line("The licence that is needed to load the pack.", 1000),
        "codings": many(
            closed({"item": ITEM_REFERENCE} | CODING["properties"], ["item", *CODING["required"]]),
            "The codings to add to items.",
        ),
    },
    ["kind", "slug", "licence", "codings"],
    "Codings of licensed code systems, added to items only if a licence is stated.",
)

SCHEMAS_BY_KIND: dict[str, Schema] = {kind: item_schema(kind) for kind in vocabulary.KINDS} | {
    "source": SOURCE_SCHEMA,
    "coding_pack": CODING_PACK_SCHEMA,
}

EDITORIAL_SCHEMA: Schema = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Editorial document of AMPS API",
    "description": "An item, a source or a pack of licensed codings, as one YAML or JSON file.",
    "oneOf": list(SCHEMAS_BY_KIND.values()),
}
