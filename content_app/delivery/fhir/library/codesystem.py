"""The CodeSystem of the library: conditions, concepts and symptom types of one release.

In: an `Edition`. Out: a CodeSystem (https://hl7.org/fhir/R4/codesystem.html), and the small ones for its words.

The hierarchy means `is-a`, and comes from `is_kind_of` relations only. A relation that is the view of its source
(`attributed`) is left out: `$subsumes` would state it as a fact; it stands in the property `attributedKindOf` instead.
Withdrawn items stay as inactive concepts with nothing but their name: a code that was used once keeps its meaning.
"""

from collections.abc import Mapping
from typing import Any

from content_app.delivery.fhir.library.edition import Document, Edition
from content_app.delivery.fhir.library.identity import version_of
from content_app.delivery.fhir.library.narrative import items, narrative, paragraph, text
from content_app.delivery.fhir.terminology.canonical_urls import (
    CODE_SYSTEM,
    CODE_SYSTEM_ID,
    CODE_SYSTEM_OID,
    canonical,
)
from content_app.delivery.fhir.terminology.outcome import Resource
from content_app.delivery.store.prose import by_layer
from content_app.vocabulary.terms import ASPECTS, KINDS, LAYERS, NAME_TYPES, Term

STANDARD = "http://hl7.org/fhir/concept-properties#"
GROUP_CATEGORIES = frozenset({"sign_group"})
PROPERTIES: tuple[tuple[str, str, str, str], ...] = (
    (
        "status",
        "code",
        f"{STANDARD}status",
        "The status of the concept: active, or retired if the item has been withdrawn.",
    ),
    ("inactive", "boolean", f"{STANDARD}inactive", "True if the item has been withdrawn."),
    ("notSelectable", "boolean", f"{STANDARD}notSelectable", "True for a concept that only groups others."),
    ("parent", "code", f"{STANDARD}parent", "The concept directly above this one."),
    ("child", "code", f"{STANDARD}child", "A concept directly below this one."),
    ("kind", "string", "", "The kind of item: condition, concept or symptom_type."),
    ("topic", "string", "", "For concepts: the topic, such as mechanism, presentation_pattern or trigger."),
    ("subtopic", "string", "", "For some concepts: a narrower topic."),
    ("category", "string", "", "For symptom types: the category, such as pain_quality or autonomic_sign."),
    ("observation", "string", "", "For symptom types: whether the person reports it or an examiner observes it."),
    ("causeStatus", "string", "", "For conditions: how much is known about the cause. Show it beside every mechanism."),
    (
        "attributedKindOf",
        "code",
        "",
        "A concept that some sources place above this one. This is only their view, so it is not in the hierarchy.",
    ),
    ("notTheSameAs", "code", "", "A different concept that is often confused with this one."),
    ("codings", "integer", "", "The number of codes in other systems that it is mapped to. See the ConceptMaps."),
    ("withdrawalReason", "string", "", "For withdrawn items: the reason, which is withdrawn, replaced or gone."),
    ("replacedBy", "code", "", "For withdrawn items: the concept that replaces this one."),
    ("uuid", "string", "", "The permanent identifier of the item in every representation."),
    ("slug", "string", "", "The last part of the item's current address."),
    ("documentVersion", "integer", "", "The version of the item's document."),
    ("sinceRelease", "integer", "", "The release in which this version of the document was first published."),
    ("layer", "code", "", "A layer from which the item has statements: the lay source, or the literature."),
    ("reviewState", "code", "", "Whether a clinician has signed off the content."),
    ("reviewedOn", "dateTime", "", "The day on which the item was signed off."),
    (
        "reviewDueOn",
        "dateTime",
        "",
        "The day by which the item must be reviewed again. After that day, say that the review is overdue.",
    ),
)
FILTERS = (
    ("concept", ["is-a", "descendent-of", "is-not-a", "generalizes", "in", "not-in", "regex"], "A code"),
    ("kind", ["=", "in", "not-in"], "condition, concept or symptom_type"),
    ("topic", ["=", "in", "not-in", "exists"], "A topic of concepts"),
    ("category", ["=", "in", "not-in", "exists"], "A category of symptom types"),
    ("status", ["=", "in"], "active or retired"),
    ("inactive", ["="], "true or false"),
)
NAME = "AMPSLibrary"
DECLARED = [
    {"code": code, **({"uri": uri} if uri else {}), "description": description, "type": kind}
    for code, kind, uri, description in PROPERTIES
]
MEANING = {
    "caseSensitive": True,
    "valueSet": canonical("ValueSet", "all"),
    "hierarchyMeaning": "is-a",
    "compositional": False,
    "versionNeeded": False,
    "content": "complete",
}


def code_system(edition: Edition) -> Resource:
    """The CodeSystem of a release."""
    head = edition.canonical_resource(
        "CodeSystem",
        CODE_SYSTEM_ID,
        NAME,
        "AMPS library: conditions, concepts and symptom types",
        "One concept for each condition, concept and symptom type in the AMPS library, so that other records can "
        "refer to it. AMPS itself has no code in the common classifications.",
    )
    tree = concept_tree(edition)
    return {
        **head,
        "text": _narrative(edition),
        "identifier": [{"system": "urn:ietf:rfc:3986", "value": CODE_SYSTEM_OID}],
        **MEANING,
        "count": len(edition.coded),
        "filter": [{"code": c, "operator": ops, "value": value} for c, ops, value in FILTERS],
        "property": DECLARED,
        **({"concept": tree} if tree else {}),
    }


def declaration(release: int) -> Resource:
    """What questions about single codes need to know of the CodeSystem. Costs the same however large it is."""
    return {
        "resourceType": "CodeSystem",
        "language": "en",
        "url": CODE_SYSTEM,
        "version": version_of(release),
        "name": NAME,
        "status": "active",
        "experimental": False,
        **MEANING,
        "property": DECLARED,
    }


def _narrative(edition: Edition) -> Resource:
    counts = {kind: sum(document["kind"] == kind for document in edition.coded) for kind in KINDS if kind != "example"}
    lines = [text(f"{KINDS[kind].label}: {count}") for kind, count in counts.items()]
    names = [text(f"{document['name']} ({edition.code(document)})") for document in edition.coded]
    return narrative(paragraph(f"AMPS library, release {edition.release}."), items(lines), items(names))


def concept_tree(edition: Edition) -> list[Resource]:
    """The concepts, each below the one that it is a kind of."""
    concepts = {document["id"]: concept(edition, document) for document in edition.coded}
    top: list[Resource] = []
    for document in edition.coded:
        above = concepts.get(kind_of(document) or "")
        (above.setdefault("concept", []) if above else top).append(concepts[document["id"]])
    return top


def kind_of(document: Document) -> str | None:
    """The identifier of the item that it is a kind of, in fact and not in the view of a source."""
    relations = (entry for entry in document.get("relations", []) if entry["predicate"] == "is_kind_of")
    return next((entry["object"]["id"] for entry in relations if not entry["attributed"]), None)


def concept(edition: Edition, document: Document) -> Resource:
    """One item as a concept, without what stands below it."""
    said = properties(edition.codes, edition.with_both_ends(document))
    return names(edition.code(document), document) | {"property": said}


def names(code: str, document: Document) -> Resource:
    """A concept with nothing but its names."""
    found: Resource = {"code": code, "display": document["name"]}
    if not document.get("withdrawn"):
        found["definition"] = document["summary"]["clinical"]
        if designations := [_designation(name) for name in document["names"][1:]]:
            found["designation"] = designations
    return found


def properties(codes: Mapping[str, str], document: Document) -> list[Resource]:
    """The properties of an item that has been told what others say of it. `codes` has those of its other ends."""
    return [{"code": code, key: value} for code, key, value in _values(codes, document) if value is not None]


def _designation(name: Document) -> Resource:
    term = NAME_TYPES[name["type"]]
    use = {"system": canonical("CodeSystem", "name-types"), "code": term.code, "display": term.label}
    return {"language": name["language"], "use": use, "value": name["text"]}


def _values(codes: Mapping[str, str], document: Document) -> list[tuple[str, str, Any]]:
    is_withdrawn = bool(document.get("withdrawn"))
    review = document.get("review", {})
    meta = document["meta"]
    codings = [coding for coding in document.get("codings", []) if coding["code"]]
    is_group = document.get("category") in GROUP_CATEGORIES
    return [
        ("status", "valueCode", "retired" if is_withdrawn else "active"),
        ("inactive", "valueBoolean", True if is_withdrawn else None),
        ("notSelectable", "valueBoolean", True if is_group else None),
        ("kind", "valueString", document["kind"]),
        *((code, "valueString", document.get(field)) for code, field in WORDS.items()),
        *(("attributedKindOf", "valueCode", code) for code in _ends(codes, document, "is_kind_of", attributed=True)),
        *(("notTheSameAs", "valueCode", code) for code in _ends(codes, document, "not_the_same_as")),
        ("codings", "valueInteger", None if is_withdrawn else len(codings)),
        ("withdrawalReason", "valueString", document.get("reason")),
        ("replacedBy", "valueCode", _replacement(codes, document)),
        ("uuid", "valueString", document["id"]),
        ("slug", "valueString", document["slug"]),
        ("documentVersion", "valueInteger", meta["version"]),
        ("sinceRelease", "valueInteger", meta["release"]),
        *(("layer", "valueCode", layer) for layer, _ in by_layer(document.get("statements", []))),
        ("reviewState", "valueCode", review.get("state")),
        ("reviewedOn", "valueDateTime", review.get("reviewed_on")),
        ("reviewDueOn", "valueDateTime", review.get("review_due_on")),
    ]


WORDS = {
    "topic": "topic", "subtopic": "subtopic", "category": "category", "observation": "observation",
    "causeStatus": "cause_status",
}  # fmt: skip


def _ends(codes: Mapping[str, str], document: Document, predicate: str, *, attributed: bool | None = None) -> list[str]:
    """The codes that a relation of the item leads to."""
    return [
        codes[relation["object"]["id"]]
        for relation in document.get("relations", [])
        if relation["predicate"] == predicate and attributed in (None, relation["attributed"])
    ]


def _replacement(codes: Mapping[str, str], document: Document) -> str | None:
    other = document.get("replaced_by")
    return codes.get(other["id"]) if other and other["kind"] != "example" else None


def vocabularies(edition: Edition) -> list[Resource]:
    """Code systems for the words of the library in other resources: sorts of names, aspects and layers of sections."""
    return [
        _words(edition, "name-types", "AMPSNameTypes", "Types of name", NAME_TYPES),
        _words(edition, "aspects", "AMPSAspects", "Aspects of a description", ASPECTS),
        _words(edition, "layers", "AMPSLayers", "Layers of statements", LAYERS),
    ]


def _words(edition: Edition, resource_id: str, name: str, title: str, terms: dict[str, Term]) -> Resource:
    head = edition.canonical_resource("CodeSystem", resource_id, name, title, f"{title} in the AMPS library.")
    return {
        **head,
        "text": narrative(items(text(f"{term.label}: {term.meaning}") for term in terms.values())),
        "caseSensitive": True,
        "content": "complete",
        "count": len(terms),
        "concept": [{"code": t.code, "display": t.label, "definition": t.meaning} for t in terms.values()],
    }
