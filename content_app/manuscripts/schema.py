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
    "description": (
        "The permanent identifier, in lower case. To create one: python -c 'import uuid; print(uuid.uuid4())'"
    ),
}
ITEM_REFERENCE = {
    "type": "string",
    "pattern": REFERENCE,
    "description": "Another item, as kind/slug: for example, concept/cause-unknown.",
}
DATE_FIELD = {
    "type": "string",
    "format": "date",
    "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
    "description": "A date, as YYYY-MM-DD.",
}

CITATION = closed(
    {
        "source": SLUG_FIELD,
        "locator": line("The place in the source: a paragraph, page or table."),
    },
    ["source"],
    "A citation of a source.",
)
CITATIONS = many(CITATION, "The sources for this.")

NAME = closed(
    {
        "text": line("The name."),
        "type": one_of(vocabulary.NAME_TYPES, "The type of name."),
        "language": {
            "type": "string",
            "pattern": "^[a-z]{2,3}(-[A-Z]{2})?$",
            "description": "The language, as a BCP 47 tag. The default is en.",
        },
        "note": prose("How the meaning of the name differs from the item: for example, that it is narrower."),
        "citations": CITATIONS,
    },
    ["text", "type"],
)
STATEMENT = closed(
    {
        "uuid": UUID_FIELD,
        "aspect": one_of(vocabulary.ASPECTS, "The aspect of the item that the statement is about."),
        "clinical": prose("The statement for clinicians."),
        "plain": prose("The same statement in plain words, for a reading age of 11 to 14."),
        "certainty": one_of(vocabulary.CERTAINTIES, "How certain the source is."),
        "frequency": one_of(vocabulary.FREQUENCIES, "How often it happens, if the source says."),
        "citations": CITATIONS,
    },
    ["uuid", "aspect", "clinical", "plain", "certainty"],
    "A statement: one clinical assertion, for clinicians and in plain words.",
)
RELATION = closed(
    {
        "predicate": one_of(PREDICATES, "The type of relation."),
        "object": ITEM_REFERENCE,
        "modality": one_of(vocabulary.MODALITIES, "How the source expresses it. The default is asserted."),
        "certainty": one_of(vocabulary.CERTAINTIES, "How certain the source is, if the relation makes a claim."),
        "frequency": one_of(vocabulary.FREQUENCIES, "How often it happens, if the source says."),
        "ambiguous": flag("True if the source may not mean this. The note explains why."),
        "attributed": flag("True if this is the view of the cited source and other sources disagree."),
        "display_with": ITEM_REFERENCE
        | {"description": "The item that must be shown wherever this relation is shown."},
        "note": prose("What readers need to know about the relation."),
        "citations": CITATIONS,
    },
    ["predicate", "object"],
    "A relation to another item, with its type and citations.",
)
CODING = closed(
    {
        "system": one_of(CODE_SYSTEMS, "The code system."),
        "code": line("The code. Leave it out if the match is none.", 60),
        "display": line("The title of the code in the code system."),
        "match": one_of(
            vocabulary.MATCHES,
            "How closely the code matches the item. Broad means that the code is wider than the item.",
        ),
        "version": line("The release of the code system in which the code was checked."),
        "uri": line("A permanent address of the coded entity."),
        "billable": flag("For ICD-10-CM: whether the code is billable."),
        "verification": one_of(vocabulary.VERIFICATIONS, "How the code was checked."),
        "verified_by": many(line("A release, package or public source."), "What the code was checked against.", 20),
        "checked_on": DATE_FIELD,
        "note": prose("What coders need to know."),
    },
    ["system", "match", "version", "verification", "checked_on"],
    "The item's code in an external code system, and how closely it matches.",
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
        "What the item is, in one or two sentences. A draft can leave these out, but both are needed for publishing.",
    ),
    "citations": CITATIONS | {"description": "The sources for the summary and for the item's own fields."},
    "names": many(NAME, "Other names of the item."),
    "statements": many(STATEMENT, "The statements about the item, in reading order."),
    "relations": many(RELATION, "Relations to other items."),
    "codings": many(CODING, "Codes in external code systems."),
    "not_covered": many(one_of(vocabulary.ASPECTS, "An aspect."), "Aspects that the sources do not cover."),
    "safety_notice": prose("A safety alert. Readers see it first, and applications are notified."),
    "caution": prose(
        "A warning that always applies and is always shown with the item. Applications are not notified of it."
    ),
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
            "abbreviation": line("The usual abbreviation.", 30),
            "cause_status": one_of(vocabulary.CAUSE_STATUSES, "How much is known about the cause."),
        },
        ["cause_status"],
    ),
    "concept": (
        {
            "topic": one_of(vocabulary.TOPICS, "The topic of the concept."),
            "subtopic": one_of(vocabulary.SUBTOPICS, "The subtopic, which must belong to the topic."),
        },
        ["topic"],
    ),
    "symptom_type": (
        {
            "category": one_of(vocabulary.CATEGORIES, "The category of the symptom type."),
            "observation": one_of(
                vocabulary.OBSERVATIONS, "Whether it is reported by the person, observed by an examiner, or both."
            ),
        },
        ["category", "observation"],
    ),
    "example": (
        {
            "form": one_of(vocabulary.FORMS, "The form of the example."),
            "trigger": prose("What sets the response off."),
            "context": prose("The situation in which it happens."),
            "expected_response": prose("What would normally happen."),
            "expected_response_implied": flag("True if the source does not state the normal response directly."),
            "amplified_response": prose("What happens in amplified pain instead."),
            "analogy_source": prose("The everyday image that the analogy uses."),
            "analogy_target": prose("What the image represents."),
            "limits": prose("Where the analogy stops being true."),
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
        "type": one_of(vocabulary.SOURCE_TYPES, "The type of source."),
        "evidence_level": one_of(vocabulary.EVIDENCE_LEVELS, "The level of evidence."),
        "title": line("The title.", 500),
        "authors": many(line("An author: family name, then initials."), "The authors, in order.", 200),
        "organisation": line("The organisation that published it."),
        "container": line("The journal, book or website it appeared in, with volume and pages."),
        "year": {"type": "integer", "minimum": 1500, "maximum": 2100, "description": "The year of publication."},
        "url": {
            "type": "string",
            "pattern": r"^https?://[^\s<>\"']+$",
            "maxLength": 500,
            "description": "The web address, starting with https:// or http://.",
        },
        "doi": {
            "type": "string",
            "pattern": r"^10\.[0-9]{4,9}/\S+$",
            "maxLength": 200,
            "description": "The DOI, without https://doi.org/.",
        },
        "pmid": {"type": "string", "pattern": "^[1-9][0-9]{0,8}$", "description": "The PubMed ID."},
        "isbn": {"type": "string", "pattern": "^[0-9X-]{10,17}$", "description": "The ISBN."},
        "licence": line("The licence or terms of use."),
        "retracted": flag("True if the source has been retracted."),
        "note": prose("What readers need to know about the source: for example, who was studied."),
    },
    ["kind", "uuid", "slug", "type", "evidence_level", "title"],
    "A source that items cite.",
)

CODING_PACK_SCHEMA = closed(
    {
        "kind": {"const": "coding_pack"},
        "slug": SLUG_FIELD,
        "licence": line("The licence that you need to import the pack.", 1000),
        "codings": many(
            closed({"item": ITEM_REFERENCE} | CODING["properties"], ["item", *CODING["required"]]),
            "The codings to add.",
        ),
    },
    ["kind", "slug", "licence", "codings"],
    "Codings from licensed code systems. They are imported only if the installation has a licence.",
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
