"""An item as prose: a Composition with a section for each aspect, and the document Bundle that an EHR can file.

In: a document, its edition, the address of the server. Out: Composition (https://hl7.org/fhir/R4/composition.html) and
Bundle of type document (https://hl7.org/fhir/R4/documents.html).

Every statement shows its qualities and its sources; what the page does not cover is a section that says so, never a
missing one. R4 has no place for sources, so they stand in the extension that carries R5's `Composition.relatesTo`.
"""

import uuid
from itertools import groupby

from content_app.delivery.fhir.library.edition import CODED_KINDS, Document, Edition
from content_app.delivery.fhir.library.identity import PUBLISHER, meta, version_of
from content_app.delivery.fhir.library.narrative import (
    Markup,
    element,
    items,
    link,
    narrative,
    paragraph,
    text,
)
from content_app.delivery.fhir.terminology.canonical_urls import CODE_SYSTEM, canonical
from content_app.delivery.fhir.terminology.outcome import Resource
from content_app.delivery.store.prose import LAYER_TITLES, by_layer, is_reviewed, source_citation
from content_app.vocabulary import fields
from content_app.vocabulary.fields import CODE
from content_app.vocabulary.licence import LICENCE
from content_app.vocabulary.terms import (
    ASPECTS,
    EVIDENCE_LEVELS,
    LAYERS,
    MATCHES,
    NAME_TYPES,
    SOURCE_TYPES,
    VERIFICATIONS,
    Term,
)

RELATED = "http://hl7.org/fhir/5.0/StructureDefinition/extension-Composition.relatesTo"
VERSION_NUMBER = "http://hl7.org/fhir/StructureDefinition/composition-clinicaldocument-versionNumber"
UNAVAILABLE = {
    "coding": [
        {
            "system": "http://terminology.hl7.org/CodeSystem/list-empty-reason",
            "code": "unavailable",
            "display": "Unavailable",
        }
    ]
}
# Under which title the texts stand that a kind of item has for itself.
OWN_TITLES = {"example": "The example"}


def composition(edition: Edition, document: Document) -> Resource:
    """The document as a Composition."""
    document = edition.with_both_ends(document)
    review = document["review"]
    return {
        "resourceType": "Composition",
        "id": document["id"],
        "meta": meta(edition.release, edition.published_at),
        "language": "en",
        "text": narrative(element("h2", text(document["name"])), paragraph(document["summary"]["plain"])),
        "extension": [
            {"url": VERSION_NUMBER, "valueString": str(document["meta"]["version"])},
            *({"url": RELATED, "valueRelatedArtifact": _artifact(source)} for source in document["sources"]),
        ],
        "identifier": {"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{document['id']}"},
        "status": "final" if is_reviewed(review) else "preliminary",
        "type": {"text": "Information on a health topic, not about one patient"},
        "category": [{"text": document["kind"].replace("_", " ")}],
        **_event(edition, document),
        "date": document["meta"]["published_at"],
        "author": [{"display": PUBLISHER}],
        "title": document["name"],
        **_attester(review),
        "custodian": {"display": f"{PUBLISHER}, {LICENCE['name']}"},
        "section": [section for section in _sections(document) if section],
    }


def _attester(review: Document) -> Resource:
    """Who stands by the clinical content. An editorial check attests nothing."""
    if not is_reviewed(review):
        return {}
    return {
        "attester": [
            {"mode": "professional", "time": review["reviewed_on"], "party": {"display": review["reviewer_role"]}}
        ]
    }


def _event(edition: Edition, document: Document) -> Resource:
    """What it is about, as a code of the library; examples have none."""
    if document["kind"] not in CODED_KINDS:
        return {}
    coding = {
        "system": CODE_SYSTEM,
        "version": version_of(edition.release),
        "code": edition.code(document),
        "display": document["name"],
    }
    return {"event": [{"code": [{"coding": [coding], "text": document["name"]}]}]}


def _artifact(source: Document) -> Resource:
    """A source as a RelatedArtifact that is cited."""
    address = source["url"] or (f"https://doi.org/{source['doi']}" if source["doi"] else None)
    return {
        "type": "citation",
        "label": source["slug"],
        "display": source["title"],
        "citation": source_citation(source),
        **({"url": address} if address else {}),
    }


def _sections(document: Document) -> list[Resource | None]:
    numbers = {source["slug"]: number for number, source in enumerate(document["sources"], 1)}
    summary = document["summary"]
    plain = paragraph(summary["plain"] + _marks(summary["citations"], numbers))
    clinical = paragraph(summary["clinical"])
    return [
        _section("Please read first", items(text(notice["text"]) for notice in document["notices"])),
        _section(
            "Summary", element("h3", text("In plain words")), plain, element("h3", text("For clinicians")), clinical
        ),
        _facts(document),
        _own(document),
        *_aspects(document, numbers),
        _relations(document, numbers),
        _section("Names", items(_name(name, numbers) for name in document["names"])),
        _codings(document),
        _section("Sources", items((_source(source) for source in document["sources"]), is_numbered=True)),
        _not_covered(document),
    ]


def _section(title: str, *parts: Markup) -> Resource | None:
    """A section; none without content."""
    return {"title": title, "text": narrative(*parts)} if "".join(parts) else None


def _code(system: str, term: Term) -> Resource:
    """A word of a vocabulary of the library as a CodeableConcept."""
    coding = {"system": canonical("CodeSystem", system), "code": term.code, "display": term.label}
    return {"coding": [coding], "text": term.label}


def _marks(citations: list[Document], numbers: dict[str, int]) -> str:
    """The numbers of the sources, with the place in each."""
    marks = [f"{numbers[c['source']]}{', ' + c['locator'] if c['locator'] else ''}" for c in citations]
    return f" [{'; '.join(marks)}]" if marks else ""


def _facts(document: Document) -> Resource | None:
    """What sorts the item among its like, each word with its meaning."""
    told = [(field, field.in_words(value), value) for field, value in fields.facts(document)]
    meant = [f" {field.terms[value].meaning}" if field.form == CODE else "" for field, _, value in told]
    lines = [f"{field.title}: {words}.{meaning}" for (field, words, _), meaning in zip(told, meant, strict=True)]
    return _section("Key facts", items(text(line) for line in lines))


def _own(document: Document) -> Resource | None:
    """The texts that an item of its kind has for itself."""
    told = [paragraph(f"{label}: {words}") for label, words in fields.texts(document)]
    return _section(OWN_TITLES.get(document["kind"], "More about it"), *told)


def _aspects(document: Document, numbers: dict[str, int]) -> list[Resource | None]:
    order = list(ASPECTS)
    statements = sorted(document["statements"], key=lambda statement: order.index(statement["aspect"]))
    return [
        _aspect(aspect, list(group), numbers)
        for aspect, group in groupby(statements, key=lambda statement: statement["aspect"])
    ]


def _aspect(aspect: str, statements: list[Document], numbers: dict[str, int]) -> Resource:
    """The statements on an aspect; those of a layer with a title of its own as a section within."""
    section: Resource = {"title": ASPECTS[aspect].label, "code": _code("aspects", ASPECTS[aspect])}
    for layer, group in by_layer(statements):
        told = narrative(items(_statement(entry, numbers) for entry in group))
        if layer in LAYER_TITLES:
            within = {"title": LAYER_TITLES[layer], "code": _code("layers", LAYERS[layer]), "text": told}
            section["section"] = [*section.get("section", []), within]
        else:
            section["text"] = told
    return section


def _statement(statement: Document, numbers: dict[str, int]) -> Markup:
    said = [
        f"{field.title}: {field.in_words(statement[field.name]).lower()}."
        for field in fields.of("statements", CODE)
        if statement.get(field.name) and not field.is_heading
    ]
    marks = _marks(statement["citations"], numbers)
    return Markup(
        paragraph(statement["plain"])
        + paragraph(f"For clinicians: {statement['clinical']}{marks}")
        + element("p", element("i", text(" ".join(said))))
    )


def _relations(document: Document, numbers: dict[str, int]) -> Resource | None:
    return _section("Relationships", items(_relation(document, entry, numbers) for entry in document["relations"]))


def _relation(document: Document, relation: Document, numbers: dict[str, int]) -> Markup:
    said = f"{document['name']} {relation['label']} {relation['object']['name']}"
    beside = relation["display_with"]
    told = [*fields.qualities("relations", relation), *([f"see also {beside['name']}"] if beside else [])]
    given = ", ".join(told)
    said += f" ({given})." if given else "."
    note = f" {relation['note']}" if relation["note"] else ""
    return text(said + note + _marks(relation["citations"], numbers))


def _name(name: Document, numbers: dict[str, int]) -> Markup:
    note = f" {name['note']}" if name["note"] else ""
    sort = NAME_TYPES[name["type"]].label.lower()
    return text(f"{name['text']} ({sort}, {name['language']}).{note}{_marks(name['citations'], numbers)}")


def _codings(document: Document) -> Resource | None:
    lines = []
    for coding in document["codings"]:
        code = (
            f"{coding['code']} {coding['display'] or ''}".strip()
            if coding["code"]
            else MATCHES[coding["match"]].label.lower()
        )
        note = f" {coding['note']}" if coding["note"] else ""
        told = f"{MATCHES[coding['match']].meaning}{note}{_checked(coding)}"
        lines.append(text(f"{coding['system']} {coding['version']}: {code}. {told}"))
    return _section("Codes", items(lines))


def _checked(coding: Document) -> str:
    return f" {VERIFICATIONS[coding['verification']].label}, {coding['checked_on']}."


def _source(source: Document) -> Markup:
    address = source["url"] or (f"https://doi.org/{source['doi']}" if source["doi"] else "")
    rests_on = f" {SOURCE_TYPES[source['type']].label}. Rests on: {EVIDENCE_LEVELS[source['evidence_level']].label}."
    note = f" {source['note']}" if source["note"] else ""
    return Markup(link(address, source_citation(source)) + text(rests_on + note))


def _not_covered(document: Document) -> Resource | None:
    """What the item does not cover: one subsection an aspect, empty with a reason, and never left out."""
    if not document["not_covered"]:
        return None
    silent = [
        {
            "title": entry["label"],
            "code": _code("aspects", ASPECTS[entry["aspect"]]),
            "text": narrative(paragraph(entry["text"])),
            "emptyReason": UNAVAILABLE | {"text": entry["text"]},
        }
        for entry in document["not_covered"]
    ]
    intro = paragraph(
        "This page does not cover the topics below. That does not mean that there is nothing to know about them."
    )
    return {"title": "Not covered", "text": narrative(intro), "section": silent}


def document_bundle(edition: Edition, document: Document, base: str) -> Resource:
    """The Composition as a document that stands on its own."""
    stable = uuid.uuid5(uuid.UUID(document["id"]), f"document|{document['meta']['version']}|{edition.release}")
    return {
        "resourceType": "Bundle",
        "id": document["id"],
        "meta": meta(edition.release, edition.published_at),
        "language": "en",
        "identifier": {"system": "urn:ietf:rfc:3986", "value": stable.urn},
        "type": "document",
        "timestamp": edition.published_at,
        "entry": [
            {"fullUrl": f"{base}/Composition/{document['id']}", "resource": composition(edition, document)},
        ],
    }
