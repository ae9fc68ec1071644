"""An item as prose: a Composition with a section for each aspect, and the document Bundle that an EHR can file.

In: a document, its edition, the address of the server. Out: Composition (https://hl7.org/fhir/R4/composition.html) and
Bundle of type document (https://hl7.org/fhir/R4/documents.html).

Every statement shows its certainty and its sources; what the sources do not cover is a section that says so, never a
missing one. R4 has no place for sources, so they stand in the extension that carries R5's `Composition.relatesTo`.
"""

import uuid
from itertools import groupby

from content_app.delivery.fhir.library.edition import CODED_KINDS, Document, Edition
from content_app.delivery.fhir.library.identity import CODE_SYSTEM, PUBLISHER, canonical, meta, version_of
from content_app.delivery.fhir.library.narrative import (
    Markup,
    element,
    items,
    link,
    narrative,
    paragraph,
    text,
)
from content_app.delivery.fhir.terminology.outcome import Resource
from content_app.vocabulary.licence import LICENCE
from content_app.vocabulary.terms import ASPECTS, CERTAINTIES, FREQUENCIES, MATCHES, NAME_TYPES

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
EXAMPLE_FIELDS = {
    "trigger": "What happens",
    "context": "Circumstances",
    "expected_response": "What would ordinarily follow",
    "amplified_response": "What follows instead",
    "analogy_source": "The picture",
    "analogy_target": "What it stands for",
    "limits": "Where the analogy ends",
}


def composition(edition: Edition, document: Document) -> Resource:
    """The document as a Composition."""
    document = edition.told(document)
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
        "status": "final",
        "type": {"text": "Information on a health topic, not about one patient"},
        "category": [{"text": document["kind"].replace("_", " ")}],
        **_event(edition, document),
        "date": document["meta"]["published_at"],
        "author": [{"display": PUBLISHER}],
        "title": document["name"],
        "attester": [
            {"mode": "official", "time": review["reviewed_on"], "party": {"display": review["reviewer_role"]}}
        ],
        "custodian": {"display": f"{PUBLISHER}, {LICENCE['name']}"},
        "section": [section for section in _sections(document) if section],
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
        "citation": citation(source),
        **({"url": address} if address else {}),
    }


def citation(source: Document) -> str:
    """A source in one line."""
    parts = [
        ", ".join(source["authors"]),
        source["title"],
        source["container"],
        source["organisation"],
        str(source["year"]) if source["year"] else None,
        f"doi:{source['doi']}" if source["doi"] else None,
        f"PMID {source['pmid']}" if source["pmid"] else None,
        "RETRACTED" if source["retracted"] else None,
    ]
    return " ".join(part if part.endswith((".", "?", "!")) else f"{part}." for part in parts if part)


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
        _fields(document),
        *_aspects(document, numbers),
        _relations(document, numbers),
        _section("Names", items(_name(name) for name in document["names"])),
        _codings(document),
        _section("Sources", items((_source(source) for source in document["sources"]), is_numbered=True)),
        _not_covered(document),
    ]


def _section(title: str, *parts: Markup, aspect: str = "") -> Resource | None:
    """A section; none without content."""
    if not "".join(parts):
        return None
    section: Resource = {"title": title}
    if aspect:
        section["code"] = _aspect_code(aspect)
    return {**section, "text": narrative(*parts)}


def _aspect_code(aspect: str) -> Resource:
    term = ASPECTS[aspect]
    coding = {"system": canonical("CodeSystem", "aspects"), "code": term.code, "display": term.label}
    return {"coding": [coding], "text": term.label}


def _marks(citations: list[Document], numbers: dict[str, int]) -> str:
    """The numbers of the sources, with the place in each."""
    marks = [f"{numbers[c['source']]}{', ' + c['locator'] if c['locator'] else ''}" for c in citations]
    return f" [{'; '.join(marks)}]" if marks else ""


def _fields(document: Document) -> Resource | None:
    if document["kind"] != "example":
        return None
    said = [(label, document[field]) for field, label in EXAMPLE_FIELDS.items() if document.get(field)]
    return _section("The example", *(paragraph(f"{label}: {words}") for label, words in said))


def _aspects(document: Document, numbers: dict[str, int]) -> list[Resource | None]:
    order = list(ASPECTS)
    statements = sorted(document["statements"], key=lambda statement: order.index(statement["aspect"]))
    return [
        _section(ASPECTS[aspect].label, items(_statement(entry, numbers) for entry in group), aspect=aspect)
        for aspect, group in groupby(statements, key=lambda statement: statement["aspect"])
    ]


def _statement(statement: Document, numbers: dict[str, int]) -> Markup:
    said = [f"Certainty: {CERTAINTIES[statement['certainty']].label.lower()}."]
    if statement["frequency"]:
        said.append(f"Frequency: {FREQUENCIES[statement['frequency']].label.lower()}.")
    marks = _marks(statement["citations"], numbers)
    return Markup(
        paragraph(statement["plain"])
        + paragraph(f"For clinicians: {statement['clinical']}{marks}")
        + element("p", element("i", text(" ".join(said))))
    )


def _relations(document: Document, numbers: dict[str, int]) -> Resource | None:
    return _section("Connections", items(_relation(document, entry, numbers) for entry in document["relations"]))


def _relation(document: Document, relation: Document, numbers: dict[str, int]) -> Markup:
    said = f"{document['name']} {relation['label']} {relation['object']['name']}"
    beside = relation["display_with"]
    told = [*qualities(relation), *([f"to be read with {beside['name']}"] if beside else [])]
    given = ", ".join(told)
    said += f" ({given})." if given else "."
    note = f" {relation['note']}" if relation["note"] else ""
    return text(said + note + _marks(relation["citations"], numbers))


def qualities(relation: Document) -> list[str]:
    """What must be said of a relation with it: whose view it is, how sure, how often, how the source puts it."""
    told = [
        "the view of the sources cited" if relation["attributed"] else None,
        f"certainty: {CERTAINTIES[relation['certainty']].label.lower()}" if relation["certainty"] else None,
        FREQUENCIES[relation["frequency"]].label.lower() if relation["frequency"] else None,
        relation["modality"] if relation["modality"] != "asserted" else None,
        "not clearly meant" if relation["ambiguous"] else None,
    ]
    return [quality for quality in told if quality]


def _name(name: Document) -> Markup:
    note = f" {name['note']}" if name["note"] else ""
    return text(f"{name['text']} ({NAME_TYPES[name['type']].label.lower()}, {name['language']}).{note}")


def _codings(document: Document) -> Resource | None:
    lines = []
    for coding in document["codings"]:
        code = f"{coding['code']} {coding['display'] or ''}".strip() if coding["code"] else "no code"
        note = f" {coding['note']}" if coding["note"] else ""
        lines.append(text(f"{coding['system']} {coding['version']}: {code}. {MATCHES[coding['match']].meaning}{note}"))
    return _section("Codes", items(lines))


def _source(source: Document) -> Markup:
    address = source["url"] or (f"https://doi.org/{source['doi']}" if source["doi"] else "")
    return link(address, citation(source))


def _not_covered(document: Document) -> Resource | None:
    """What the sources are silent on: one subsection an aspect, empty with a reason, and never left out."""
    if not document["not_covered"]:
        return None
    silent = [
        {
            "title": entry["label"],
            "code": _aspect_code(entry["aspect"]),
            "text": narrative(paragraph(entry["text"])),
            "emptyReason": UNAVAILABLE | {"text": entry["text"]},
        }
        for entry in document["not_covered"]
    ]
    intro = paragraph("The sources of this page are silent on these matters. That is not the same as “there are none”.")
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
