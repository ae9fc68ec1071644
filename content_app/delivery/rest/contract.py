"""What OpenAPI says of each address: one entry a view. Descriptions that teach; the shapes stand in `shapes`.

In: nothing. Out: `OPERATIONS`, by the name of the view. `openapi.ReadSchema` turns them into OpenAPI.
"""

from dataclasses import dataclass, field

from content_app import serializers as published
from content_app.delivery.query.filters import ITEM_PATTERN, PLAIN
from content_app.delivery.rest import selection_shapes, shapes
from content_app.vocabulary.code_systems import SYSTEM_NAMES


@dataclass(frozen=True)
class Operation:
    """How one address is described. `describes` maps further query parameters to (schema, description).

    `chosen` is the shape if readers choose what comes back, `body` the JSON Schema of what is sent, `required` are
    parameters that must be given. `always` is the one status that an address of the sandbox is answered with, if it
    is a problem.
    """

    id: str
    tag: str
    summary: str
    description: str
    answer: type
    chosen: type | None = None
    body: dict | None = None
    required: tuple[str, ...] = ()
    is_file: bool = False
    is_found_by_name: bool = False
    can_be_withdrawn: bool = False
    always: tuple[int, ...] = ()
    describes: dict[str, tuple[dict, str]] = field(default_factory=dict)
    example: str = ""


def listing(plural: str, noun: str, page: type, what: str) -> Operation:
    return Operation(
        id=f"list_{plural}",
        tag=plural.replace("_", "-"),
        summary=f"List {plural.replace('_', ' ')}",
        description=f"{what}\n\nFollow `next` until it is null. All pages are read from the same release, even if "
        f"another is published in the meantime. Entries are in short form; `href` is the address of the full {noun}.",
        answer=page,
        example=f"list_{plural}",
    )


FORMS = (
    "The `Accept` header selects the representation: JSON, a readable page, schema.org JSON-LD, Markdown, or SKOS in "
    "Turtle. Without it you get JSON; browsers get the page. `Link` gives the address of each representation. You can "
    "use `fields`, `text` and `include` only with JSON."
)


def single(plural: str, singular: str, noun: str, answer: type) -> Operation:
    return Operation(
        id=f"get_{singular}",
        tag=plural.replace("_", "-"),
        summary=f"Get one {noun}",
        description=f"The full {noun} as published. Store the `ETag` and send it in `If-None-Match` next time: you get "
        "a 304 if nothing has changed. A former slug or an abbreviation redirects with a 308; a withdrawn "
        f"{noun} returns a 410.\n\n{FORMS}\n\nAlways show `notices` with the content, and show the sentences in "
        "`not_covered` instead of empty sections.",
        answer=answer,
        chosen=selection_shapes.SELECTED[singular],
        is_found_by_name=True,
        can_be_withdrawn=True,
        example=f"get_{singular}",
    )


END = {"type": "string", "maxLength": 500, "pattern": ITEM_PATTERN, "examples": ["concepts/cause-unknown"]}
END_HINT = "given by identifier or by the last two parts of the address, such as `concepts/cause-unknown`."

OPERATIONS = {
    "LibraryView": Operation(
        "get_library", "library", "Get an overview of the API",
        "Start here: the current release, the number of documents, the licence, and links to everything else.",
        shapes.LibrarySerializer, example="get_library",
    ),
    "VocabularyView": Operation(
        "get_vocabulary", "library", "Get all vocabularies",
        "Every code that documents use, with its label and meaning: kinds, aspects, predicates, certainty, "
        "frequency, match quality, and the code systems with their licences."
        "\n\nThe Turtle form defines the terms that our linked data introduces.",
        shapes.VocabularySerializer, example="get_vocabulary",
    ),
    "RepresentationView": Operation(
        "get_representation", "library", "Get one representation of a document",
        "Every representation has an address of its own, for links and for browsers. It returns the same as the "
        "address of the document does with the matching `Accept` header. If your `Accept` header excludes the type, "
        "you get a 406.",
        shapes.published_item(), selection_shapes.selected_item(),
        is_found_by_name=True, can_be_withdrawn=True, example="get_concept",
    ),
    "LibraryGraphView": Operation(
        "get_library_graph", "library", "Get the whole library as SKOS",
        "Conditions, concepts and symptom types as a SKOS concept scheme in Turtle, with examples and sources. Codes "
        "are marked as exact, close, broader, narrower or related matches. Relations that are ambiguous or disputed "
        "are left out; find them in the JSON-LD of each item, which includes their qualifiers.",
        shapes.LibrarySerializer, example="get_library_graph",
    ),
    "MappingsView": Operation(
        "list_mappings", "codings", "Get all codings as SSSOM",
        "Every coding in the release as SSSOM/TSV 1.1. `skos:broadMatch` means that the code is broader than the "
        "item. `sssom:NoTermFound` means that the system was searched and no code was found for the item.",
        shapes.LibrarySerializer, example="list_mappings",
    ),
    "ContextView": Operation(
        "get_context", "library", "Get the JSON-LD context",
        "Defines the names used in `application/ld+json`. It is self-contained and refers to no other context. If a "
        "meaning changes, the context gets a new address, so you can cache this one indefinitely.",
        shapes.JsonLdContextSerializer, example="get_context",
    ),
    "ConditionListView": listing(
        "conditions", "condition", shapes.ConditionPage,
        "Conditions that people are diagnosed with: AMPS and the conditions it is confused with.",
    ),
    "ConditionView": single("conditions", "condition", "condition", published.ConditionSerializer),
    "ConceptListView": listing(
        "concepts", "concept", shapes.ConceptPage,
        "Ideas that help to explain conditions: mechanisms, normal physiology, presentation patterns, populations, "
        "body sites, triggers, impact and gaps in knowledge.",
    ),
    "ConceptView": single("concepts", "concept", "concept", published.ConceptSerializer),
    "SymptomTypeListView": listing(
        "symptom_types", "symptom type", shapes.SymptomTypePage,
        "Symptoms that a person feels and signs that an examiner sees: pain, its quality and location, and autonomic "
        "signs.\n\nThis API does not rank conditions by symptoms. Do not use it to build a symptom checker: the same "
        "signs occur in illnesses that need prompt care and are not described here.",
    ),
    "SymptomTypeView": single("symptom_types", "symptom_type", "symptom type", published.SymptomTypeSerializer),
    "ExampleListView": listing(
        "examples", "example", shapes.ExamplePage,
        "Short scenes, analogies and contrasts. An analogy is not a fact: always show its limits with it.",
    ),
    "ExampleView": single("examples", "example", "example", published.ExampleSerializer),
    "SourceListView": listing("sources", "source", shapes.SourcePage, "The works that the content cites."),
    "SourceView": single("sources", "source", "source", published.SourceSerializer),
    "ItemView": Operation(
        "get_item", "items", "Get an item of any kind by its identifier",
        "The same document as at its own address, in any representation. Store identifiers rather than slugs: "
        "identifiers never change.",
        shapes.published_item(), selection_shapes.selected_item(),
        is_found_by_name=True, can_be_withdrawn=True, example="get_concept",
    ),
    "StatementView": Operation(
        "get_statement", "statements", "Get one statement",
        "A single clinical statement, by its identifier, with its sources, the review of its item, and the notices "
        "that must be shown with it.",
        shapes.StatementDocumentSerializer, is_found_by_name=True, example="get_statement",
    ),
    "RelationListView": Operation(
        "list_relations", "relations", "List relations",
        "The relations between items. Filter by `subject`, `predicate` and `object`, or by `item` for either end. "
        "Show the certainty of each relation, and show the item in `display_with` beside it. Present a relation marked "
        "`attributed` as the view of its sources.",
        shapes.RelationPage,
        describes={
            "subject": (END, f"Only relations from this item, {END_HINT}"),
            "predicate": ({"enum": shapes.PREDICATE_CODES, "type": "string"}, "Only relations of this type."),
            "object": (END, f"Only relations to this item, {END_HINT}"),
            "item": (END, f"Only relations from or to this item, {END_HINT}"),
        },
        example="list_relations",
    ),
    "CodingListView": Operation(
        "list_codings", "codings", "Find items by code",
        "Find the items for a code, and how closely each matches. `match` says how the code relates to the item. If "
        "it is `broad`, the code is broader than the item, so a patient with this code does not necessarily have what "
        "the item describes. If the system is known but no item has the code, you get a 200 with "
        "`outcome: unknown_code`. Entries with `match: none` mean that the system was searched and no code was found "
        "for the item.",
        shapes.CodingPage,
        describes={
            "system": (
                {"type": "string", "enum": list(SYSTEM_NAMES)},
                "The code system, given by its key (`icd-10-cm`), its FHIR address or its OID.",
            ),
            "code": (
                {"type": "string", "maxLength": 500, "pattern": f"^{PLAIN}$", "examples": ["M79.7"]},
                "The code, in upper or lower case. Without `system`, all code systems are searched.",
            ),
        },
        example="list_codings",
    ),
    "ReleaseListView": Operation(
        "list_releases", "releases", "List releases",
        "All releases of the library, newest first. Add `?release=` to any read to get it from a particular release.",
        shapes.ReleasePage, example="list_releases",
    ),
    "ReleaseView": Operation(
        "get_release", "releases", "Get a release with its manifest",
        "Every document that is current in the release, with its version and hash.\n\n`manifest_sha256` links each "
        "release to the one before. It is the SHA-256 of the canonical JSON (RFC 8785) of "
        "`{\"documents\": […], \"previous\": …, \"release\": …}`, where `documents` are the entries whose "
        "`first_release` is this release, sorted by `id`, with `id`, `kind`, `sha256`, `slug`, `version` and "
        "`withdrawn` only, and `previous` is `previous_manifest_sha256`.",
        shapes.ReleaseSerializer, is_found_by_name=True, example="get_release",
    ),
}  # fmt: skip
