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
    },
    ["source"],
    "A reference to one place in a source.",
)
CITATIONS = many(CITATION, "The sources that support this entry.")

NAME = closed(
    {
        "text": line("The name."),
        "type": one_of(vocabulary.NAME_TYPES, "The type of name, such as synonym or abbreviation."),
        "language": {
            "type": "string",
            "pattern": "^[a-z]{2,3}(-[A-Z]{2})?$",
            "description": "The language as a BCP 47 tag. The default is en.",
        },
        "note": prose("How the name differs from the item, for example that it is narrower."),
        "citations": CITATIONS,
    },
    ["text", "type"],
)
STATEMENT = closed(
    {
        "uuid": UUID_FIELD,
        "aspect": one_of(vocabulary.ASPECTS, "The aspect that the statement is about."),
        "clinical": prose("The statement, written for clinicians."),
        "plain": prose("The same statement in plain words, for a reading age of 11 to 14."),
        "certainty": one_of(vocabulary.CERTAINTIES, "How certain the source is."),
        "frequency": one_of(vocabulary.FREQUENCIES, "How often this applies, if the source says so."),
        "citations": CITATIONS,
    },
    ["uuid", "aspect", "clinical", "plain", "certainty"],
    "A single clinical statement.",
)
RELATION = closed(
    {
        "predicate": one_of(PREDICATES, "The type of relation."),
        "object": ITEM_REFERENCE,
        "modality": one_of(vocabulary.MODALITIES, "How the source expresses the relation. The default is asserted."),
        "certainty": one_of(vocabulary.CERTAINTIES, "How certain the source is, if the relation is a claim."),
        "frequency": one_of(vocabulary.FREQUENCIES, "How often this applies, if the source says so."),
        "ambiguous": flag("True if it is unclear whether the source means this relation. The note explains why."),
        "attributed": flag("True if this is the view of the cited source and others disagree."),
        "display_with": ITEM_REFERENCE
        | {"description": "The item that must be shown wherever this relation is shown."},
        "note": prose("Anything else a reader needs to know about the relation."),
        "citations": CITATIONS,
    },
    ["predicate", "object"],
    "A typed and cited link to another item.",
)
CODING = closed(
    {
        "system": one_of(CODE_SYSTEMS, "The code system."),
        "code": line("The code. Leave it out if the match is none.", 60),
        "display": line("The title of the code in the code system."),
        "match": one_of(
            vocabulary.MATCHES, "How the code relates to the item. Broad means that the code is broader than the item."
        ),
        "version": line("The release of the code system in which the code was looked up."),
        "uri": line("An address for the coded entity that stays the same if its code changes."),
        "billable": flag("For ICD-10-CM: whether the code has no subdivisions and can be billed."),
        "verification": one_of(vocabulary.VERIFICATIONS, "How the code was checked."),
        "verified_by": many(
            line("A release, package or public source."), "The publications in which the code was checked.", 20
        ),
        "checked_on": DATE_FIELD,
        "note": prose("Anything else a clinical coder needs to know."),
    },
    ["system", "match", "version", "verification", "checked_on"],
    "A code of the item in an external code system, and how closely it matches.",
)

ITEM_PROPERTIES: dict[str, Schema] = {
    "uuid": UUID_FIELD,
    "slug": SLUG_FIELD,
    "name": line("The preferred English name.", 200),
    "summary": closed(
        {
            "clinical": prose("The summary for clinicians."),
            "plain": prose("The summary in plain words, for a reading age of 11 to 14."),
        },
        [],
        "The item in one or two sentences. A draft can be without it, but both texts are needed for publishing.",
    ),
    "citations": CITATIONS | {"description": "The sources of the summary and of the fields specific to the kind."},
    "names": many(NAME, "The other names of the item."),
    "statements": many(STATEMENT, "The statements about the item, in reading order."),
    "relations": many(RELATION, "The relations from this item to others."),
    "codings": many(CODING, "The codes of the item in external code systems."),
    "not_covered": many(one_of(vocabulary.ASPECTS, "An aspect."), "The aspects that the sources do not cover."),
    "safety_notice": prose("New information that affects safety. Readers see it first, and apps are alerted."),
    "caution": prose("A standing caution that readers must always see with the item. It does not alert apps."),
    "review_cycle_months": {
        "type": "integer",
        "minimum": 1,
        "maximum": 60,
        "description": "The number of months between reviews. The default is 12.",
    },
}

KIND_PROPERTIES: dict[str, tuple[dict[str, Schema], list[str]]] = {
    "condition": (
        {
            "abbreviation": line("The usual abbreviation of the condition.", 30),
            "cause_status": one_of(vocabulary.CAUSE_STATUSES, "How much is known about the cause."),
        },
        ["cause_status"],
    ),
    "concept": (
        {
            "topic": one_of(vocabulary.TOPICS, "The topic that the concept belongs to."),
            "subtopic": one_of(vocabulary.SUBTOPICS, "A narrower topic, if there is one."),
        },
        ["topic"],
    ),
    "symptom_type": (
        {
            "category": one_of(vocabulary.CATEGORIES, "The category that the symptom belongs to."),
            "observation": one_of(vocabulary.OBSERVATIONS, "Who notices it: the person or an examiner."),
        },
        ["category", "observation"],
    ),
    "example": (
        {
            "form": one_of(vocabulary.FORMS, "The form of the example: a vignette, an analogy or a contrast."),
            "trigger": prose("The event with which the example begins."),
            "context": prose("The circumstances in which it happens."),
            "expected_response": prose("The response that would normally follow."),
            "expected_response_implied": flag("True if the source only implies the normal response."),
            "amplified_response": prose("The amplified response that follows instead."),
            "analogy_source": prose("The image that an analogy uses."),
            "analogy_target": prose("The idea that the image stands for."),
            "limits": prose("The limits of the analogy."),
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
        "type": one_of(vocabulary.SOURCE_TYPES, "The type of work, such as a journal article or a guideline."),
        "evidence_level": one_of(vocabulary.EVIDENCE_LEVELS, "The level of evidence that the work provides."),
        "title": line("The title of the work.", 500),
        "authors": many(
            line("An author: family name, then initials."),
            "The authors, in the order in which the work names them.",
            200,
        ),
        "organisation": line("The organisation that published the work."),
        "container": line("The journal, book or website in which the work appeared, with volume and pages."),
        "year": {"type": "integer", "minimum": 1500, "maximum": 2100, "description": "The year of publication."},
        "url": {
            "type": "string",
            "pattern": r"^https?://[^\s<>\"']+$",
            "maxLength": 500,
            "description": "Give the web address, beginning with https:// or http://.",
        },
        "doi": {
            "type": "string",
            "pattern": r"^10\.[0-9]{4,9}/\S+$",
            "maxLength": 200,
            "description": "Give the DOI without the resolver, beginning with 10.",
        },
        "pmid": {
            "type": "string",
            "pattern": "^[1-9][0-9]{0,8}$",
            "description": "Give the PubMed identifier, in digits only.",
        },
        "isbn": {
            "type": "string",
            "pattern": "^[0-9X-]{10,17}$",
            "description": "Give the ISBN, in digits and hyphens.",
        },
        "licence": line("The licence or terms under which the work may be used."),
        "retracted": flag("True if the work has been retracted."),
        "note": prose("Anything a reader needs to know about the work, for example which patients it covers."),
    },
    ["kind", "uuid", "slug", "type", "evidence_level", "title"],
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
