"""The JSON Schema of the editorial document: an item or a source written as plain data, one file each.

In: the vocabularies. Out: `EDITORIAL_SCHEMA` (JSON Schema 2020-12), served at `/schemas/editorial-document.json`.
It checks the form of one document; what takes the database or a second document is checked by `rules`.
"""

from typing import Any

from content_app.vocabulary import terms as vocabulary
from content_app.vocabulary.code_systems import CODE_SYSTEMS
from content_app.vocabulary.predicates import PREDICATES

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
    "description": "Lower-case words joined by hyphens.",
}
UUID_FIELD = {
    "type": "string",
    "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$",
    "description": "Permanent identifier, lower case. Make one with: python -c 'import uuid; print(uuid.uuid4())'",
}
ITEM_REFERENCE = {
    "type": "string",
    "pattern": REFERENCE,
    "description": "Another item as kind/slug, such as concept/cause-unknown.",
}
DATE_FIELD = {
    "type": "string",
    "format": "date",
    "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
    "description": "A day, YYYY-MM-DD.",
}

CITATION = closed(
    {
        "source": SLUG_FIELD,
        "locator": line("Where in the source: a paragraph and sentence, a page, a table."),
    },
    ["source"],
    "The use of a source at one place.",
)
CITATIONS = many(CITATION, "The sources that this rests on.")

NAME = closed(
    {
        "text": line("The name."),
        "type": one_of(vocabulary.NAME_TYPES, "What sort of name it is."),
        "language": {
            "type": "string",
            "pattern": "^[a-z]{2,3}(-[A-Z]{2})?$",
            "description": "BCP 47 language; en unless given.",
        },
        "note": prose("Where the name differs from the item, for example that it is narrower."),
        "citations": CITATIONS,
    },
    ["text", "type"],
)
STATEMENT = closed(
    {
        "uuid": UUID_FIELD,
        "aspect": one_of(vocabulary.ASPECTS, "What it is about."),
        "clinical": prose("The assertion for clinicians."),
        "plain": prose("The same assertion in plain words, reading age 11 to 14."),
        "certainty": one_of(vocabulary.CERTAINTIES, "How sure the source is."),
        "frequency": one_of(vocabulary.FREQUENCIES, "How often, if the source says so."),
        "citations": CITATIONS,
    },
    ["uuid", "aspect", "clinical", "plain", "certainty"],
    "One clinical assertion.",
)
RELATION = closed(
    {
        "predicate": one_of(PREDICATES, "The type of relation."),
        "object": ITEM_REFERENCE,
        "modality": one_of(vocabulary.MODALITIES, "How the source puts it; asserted unless given."),
        "certainty": one_of(vocabulary.CERTAINTIES, "How sure the source is, if the relation is a claim."),
        "frequency": one_of(vocabulary.FREQUENCIES, "How often, if the source says so."),
        "ambiguous": flag("True if the source leaves open whether this is meant; the note says why."),
        "attributed": flag("True if this is the view of the cited source and other sources differ."),
        "display_with": ITEM_REFERENCE
        | {"description": "The item that must be shown wherever this relation is shown."},
        "note": prose("What a reader has to know about it."),
        "citations": CITATIONS,
    },
    ["predicate", "object"],
    "A typed, cited link to another item.",
)
CODING = closed(
    {
        "system": one_of(CODE_SYSTEMS, "The code system."),
        "code": line("The code; absent if match is none.", 60),
        "display": line("The title of the code in the code system."),
        "match": one_of(vocabulary.MATCHES, "How the code relates to the item: broad means that the code is wider."),
        "version": line("The release of the code system in which it was read."),
        "uri": line("An address for the coded entity that stays when codes move."),
        "billable": flag("For ICD-10-CM: whether it is a leaf that may be billed."),
        "verification": one_of(vocabulary.VERIFICATIONS, "How it was checked."),
        "verified_by": many(line("A release, package or public source."), "What it was read from.", 20),
        "checked_on": DATE_FIELD,
        "note": prose("What a coder has to know."),
    },
    ["system", "match", "version", "verification", "checked_on"],
    "The item's code in an external code system, with how well it matches.",
)

ITEM_PROPERTIES: dict[str, Schema] = {
    "uuid": UUID_FIELD,
    "slug": SLUG_FIELD,
    "name": line("The preferred English name.", 200),
    "summary": closed(
        {"clinical": prose("For clinicians."), "plain": prose("In plain words, reading age 11 to 14.")},
        [],
        "What it is, in one or two sentences. A draft may lack it; nothing is published without both.",
    ),
    "citations": CITATIONS | {"description": "The sources of the summary and of the fields of its kind."},
    "names": many(NAME, "Its other names."),
    "statements": many(STATEMENT, "Its assertions, in the order in which they are read."),
    "relations": many(RELATION, "Its links to other items."),
    "codings": many(CODING, "Its codes."),
    "not_covered": many(one_of(vocabulary.ASPECTS, "An aspect."), "Aspects on which the sources are silent."),
    "safety_notice": prose("News that matters for safety. Readers see it first, and apps are alerted."),
    "caution": prose("What readers must always be told with the item. It is no news: it alerts nobody."),
    "review_cycle_months": {
        "type": "integer",
        "minimum": 1,
        "maximum": 60,
        "description": "Months between reviews; 12 unless given.",
    },
}

KIND_PROPERTIES: dict[str, tuple[dict[str, Schema], list[str]]] = {
    "condition": (
        {
            "abbreviation": line("Its usual abbreviation.", 30),
            "cause_status": one_of(vocabulary.CAUSE_STATUSES, "What is known of its cause."),
        },
        ["cause_status"],
    ),
    "concept": (
        {
            "topic": one_of(vocabulary.TOPICS, "What sort of concept it is."),
            "subtopic": one_of(vocabulary.SUBTOPICS, "A closer sort."),
        },
        ["topic"],
    ),
    "symptom_type": (
        {
            "category": one_of(vocabulary.CATEGORIES, "What sort of symptom it is."),
            "observation": one_of(vocabulary.OBSERVATIONS, "Who notices it."),
        },
        ["category", "observation"],
    ),
    "example": (
        {
            "form": one_of(vocabulary.FORMS, "What sort of example it is."),
            "trigger": prose("What happens."),
            "context": prose("The circumstances."),
            "expected_response": prose("What would ordinarily follow."),
            "expected_response_implied": flag("True if the source only implies the ordinary response."),
            "amplified_response": prose("What follows instead."),
            "analogy_source": prose("The picture that an analogy uses."),
            "analogy_target": prose("What the picture stands for."),
            "limits": prose("Where the analogy ends."),
        },
        ["form"],
    ),
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


SOURCE_SCHEMA = closed(
    {
        "kind": {"const": "source"},
        "uuid": UUID_FIELD,
        "slug": SLUG_FIELD,
        "type": one_of(vocabulary.SOURCE_TYPES, "What sort of work it is."),
        "evidence_level": one_of(vocabulary.EVIDENCE_LEVELS, "What its assertions rest on."),
        "title": line("Its title.", 500),
        "authors": many(line("One author: family name, then initials."), "Its authors, in order.", 200),
        "organisation": line("The publishing body."),
        "container": line("The journal, book or site it appeared in, with volume and pages."),
        "year": {"type": "integer", "minimum": 1500, "maximum": 2100, "description": "Year of publication."},
        "url": {
            "type": "string",
            "pattern": r"^https?://[^\s<>\"']+$",
            "maxLength": 500,
            "description": "Its address on the web, beginning with https:// or http://.",
        },
        "doi": {
            "type": "string",
            "pattern": r"^10\.[0-9]{4,9}/\S+$",
            "maxLength": 200,
            "description": "Its DOI, without the resolver.",
        },
        "pmid": {"type": "string", "pattern": "^[1-9][0-9]{0,8}$", "description": "Its PubMed identifier."},
        "isbn": {"type": "string", "pattern": "^[0-9X-]{10,17}$", "description": "Its ISBN."},
        "licence": line("The terms on which it may be used."),
        "retracted": flag("True if the work has been retracted."),
        "note": prose("What a reader has to know when it is cited, for example whom it is about."),
    },
    ["kind", "uuid", "slug", "type", "evidence_level", "title"],
    "A work that is cited.",
)

CODING_PACK_SCHEMA = closed(
    {
        "kind": {"const": "coding_pack"},
        "slug": SLUG_FIELD,
        "licence": line("The licence that whoever loads the pack needs.", 1000),
        "codings": many(
            closed({"item": ITEM_REFERENCE} | CODING["properties"], ["item", *CODING["required"]]),
            "Codings to add.",
        ),
    },
    ["kind", "slug", "licence", "codings"],
    "Codings of licensed code systems, added to items only where a licence is stated.",
)

SCHEMAS_BY_KIND: dict[str, Schema] = {kind: item_schema(kind) for kind in vocabulary.KINDS} | {
    "source": SOURCE_SCHEMA,
    "coding_pack": CODING_PACK_SCHEMA,
}

EDITORIAL_SCHEMA: Schema = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Editorial document of AMPS API",
    "description": "An item, a source or a pack of licensed codings as plain data (YAML or JSON), one file each.",
    "oneOf": list(SCHEMAS_BY_KIND.values()),
}
