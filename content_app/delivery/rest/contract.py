"""What OpenAPI says of each address: one entry a view. Descriptions that teach; the shapes stand in `shapes`.

In: nothing. Out: `OPERATIONS`, by the name of the view. `openapi.ReadSchema` turns them into OpenAPI.
"""

from dataclasses import dataclass, field

from content_app import serializers as published
from content_app.delivery.query.filters import ITEM_PATTERN, PLAIN
from content_app.delivery.rest import selection_shapes, shapes
from content_app.delivery.rest.entries import SYSTEM_NAMES


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
        description=f"{what}\n\nFollow `next` until it is null: the whole list is read from one release, however much "
        f"is published meanwhile. Each entry is a short form; `href` leads to the whole {noun}.",
        answer=page,
        example=f"list_{plural}",
    )


FORMS = (
    "`Accept` chooses the representation: JSON, a page for people, schema.org JSON-LD, Markdown, or SKOS in Turtle. "
    "Without a wish it is JSON; a browser gets the page. `Link` names the address of each. What `fields`, `text` and "
    "`include` choose is there in JSON only."
)


def single(plural: str, singular: str, noun: str, answer: type) -> Operation:
    return Operation(
        id=f"get_{singular}",
        tag=plural.replace("_", "-"),
        summary=f"Get one {noun}",
        description=f"The whole {noun} as published. The body is stored bytes: keep the `ETag` and ask again with "
        "`If-None-Match`; 304 costs next to nothing. A former slug or an abbreviation answers 308, a withdrawn "
        f"{noun} 410.\n\n{FORMS}\n\nShow `notices` with the content, and the sentences of `not_covered` in place of "
        "empty sections.",
        answer=answer,
        chosen=selection_shapes.SELECTED[singular],
        is_found_by_name=True,
        can_be_withdrawn=True,
        example=f"get_{singular}",
    )


END = {"type": "string", "maxLength": 500, "pattern": ITEM_PATTERN, "examples": ["concepts/cause-unknown"]}
END_HINT = "by identifier or by the last two parts of its address, such as `concepts/cause-unknown`."

OPERATIONS = {
    "LibraryView": Operation(
        "get_library", "library", "What is here",
        "The entrance: the current release, how much is in it, on which terms, and where everything is.",
        shapes.LibrarySerializer, example="get_library",
    ),
    "VocabularyView": Operation(
        "get_vocabulary", "library", "All vocabularies",
        "Every code that documents use, with its label and meaning: kinds, aspects, predicates, certainty, "
        "frequency, how codes match, and the code systems with their licences."
        "\n\nIn Turtle it defines the words of our own that linked data here uses.",
        shapes.VocabularySerializer, example="get_vocabulary",
    ),
    "RepresentationView": Operation(
        "get_representation", "library", "Get one representation of a document",
        "Each representation at an address of its own, for links and for browsers: what `Accept` chooses at the "
        "address of the document. Nothing else is negotiated here: a client that does not accept the type gets 406.",
        shapes.published_item(), selection_shapes.selected_item(),
        is_found_by_name=True, can_be_withdrawn=True, example="get_concept",
    ),
    "LibraryGraphView": Operation(
        "get_library_graph", "library", "The whole library as SKOS",
        "Conditions, concepts and symptom types as a concept scheme, with examples and sources, in Turtle. Exact, "
        "close, broader, narrower and related codes are told apart; relations that a source leaves open, or that are "
        "the view of some, are left to the JSON-LD of each item, which has their qualifiers.",
        shapes.LibrarySerializer, example="get_library_graph",
    ),
    "MappingsView": Operation(
        "list_mappings", "codings", "All codings as SSSOM",
        "Every coding of the release as SSSOM/TSV 1.1. `skos:broadMatch` says that the code is the broader one. "
        "`sssom:NoTermFound` says that the system was searched and has no code for the item.",
        shapes.LibrarySerializer, example="list_mappings",
    ),
    "ContextView": Operation(
        "get_context", "library", "The context of our JSON-LD",
        "What the names in `application/ld+json` mean. It stands for itself and refers to no other context. A change "
        "of meaning gets a new address: keep this one as long as you like.",
        shapes.JsonLdContextSerializer, example="get_context",
    ),
    "ConditionListView": listing(
        "conditions", "condition", shapes.ConditionPage,
        "Conditions that people are told they have: AMPS, and those that it is confused with.",
    ),
    "ConditionView": single("conditions", "condition", "condition", published.ConditionSerializer),
    "ConceptListView": listing(
        "concepts", "concept", shapes.ConceptPage,
        "Ideas that explain conditions: mechanisms, normal physiology, presentation patterns, populations, body "
        "sites, triggers, impact, and what is not known.",
    ),
    "ConceptView": single("concepts", "concept", "concept", published.ConceptSerializer),
    "SymptomTypeListView": listing(
        "symptom_types", "symptom type", shapes.SymptomTypePage,
        "What a person feels or an examiner sees: pain, its qualities and places, autonomic signs.\n\nNothing here "
        "ranks conditions by symptoms. Do not build that from it: the same signs occur in illnesses that need "
        "prompt care and are not described here.",
    ),
    "SymptomTypeView": single("symptom_types", "symptom_type", "symptom type", published.SymptomTypeSerializer),
    "ExampleListView": listing(
        "examples", "example", shapes.ExamplePage,
        "Short scenes, analogies and contrasts. An analogy is never a fact: show its limits with it.",
    ),
    "ExampleView": single("examples", "example", "example", published.ExampleSerializer),
    "SourceListView": listing("sources", "source", shapes.SourcePage, "The works that content rests on."),
    "SourceView": single("sources", "source", "source", published.SourceSerializer),
    "ItemView": Operation(
        "get_item", "items", "Get an item of any kind by its identifier",
        "The same document as at its own address, in any representation. Keep identifiers, not slugs: they never "
        "change.",
        shapes.published_item(), selection_shapes.selected_item(),
        is_found_by_name=True, can_be_withdrawn=True, example="get_concept",
    ),
    "StatementView": Operation(
        "get_statement", "statements", "Get one statement",
        "One clinical assertion by its identifier, with its sources, the review of its item, and the notices that "
        "must be shown with it.",
        shapes.StatementDocumentSerializer, is_found_by_name=True, example="get_statement",
    ),
    "RelationListView": Operation(
        "list_relations", "relations", "List relations",
        "The edges between items: by `subject`, `predicate` and `object`, or by `item` for either end. Show the "
        "certainty with each, what `display_with` names beside it, and `attributed` ones as the view of their "
        "sources.",
        shapes.RelationPage,
        describes={
            "subject": (END, f"Only relations that start from this item, {END_HINT}"),
            "predicate": ({"enum": shapes.PREDICATE_CODES, "type": "string"}, "Only relations of this type."),
            "object": (END, f"Only relations that lead to this item, {END_HINT}"),
            "item": (END, f"Only relations that start from or lead to this item, {END_HINT}"),
        },
        example="list_relations",
    ),
    "CodingListView": Operation(
        "list_codings", "codings", "Find items by code",
        "Which items answer to a code, and how well. `match` says how the code relates to the item: with `broad` "
        "the code is wider than the item, so a patient who has the code need not have what the item describes. "
        "A code that no item has, in a system that is known here, answers 200 with `outcome: unknown_code`. "
        "Entries with `match: none` say that the system was searched and has no code for the item.",
        shapes.CodingPage,
        describes={
            "system": (
                {"type": "string", "enum": list(SYSTEM_NAMES)},
                "The code system: its key (`icd-10-cm`), its FHIR address or its OID.",
            ),
            "code": (
                {"type": "string", "maxLength": 500, "pattern": f"^{PLAIN}$", "examples": ["M79.7"]},
                "The code. Case does not matter. Without `system`: in any system.",
            ),
        },
        example="list_codings",
    ),
    "ReleaseListView": Operation(
        "list_releases", "releases", "List releases",
        "Every state that the library has had, newest first. Any read takes `?release=` to be answered from one.",
        shapes.ReleasePage, example="list_releases",
    ),
    "ReleaseView": Operation(
        "get_release", "releases", "Get a release with its manifest",
        "Every document that is current in the release, with version and hash.\n\n`manifest_sha256` chains releases: "
        "it is over the canonical JSON (RFC 8785) of `{\"documents\": […], \"previous\": …, \"release\": …}`, where "
        "`documents` are the entries whose `first_release` is this release, sorted by `id`, with `id`, `kind`, "
        "`sha256`, `slug`, `version` and `withdrawn` only, and `previous` is `previous_manifest_sha256`.",
        shapes.ReleaseSerializer, is_found_by_name=True, example="get_release",
    ),
}  # fmt: skip
