"""The ConceptMaps of the library: from its concepts to each external code system, and the NamingSystem of its codes.

In: an `Edition`. Out: ConceptMaps (https://hl7.org/fhir/R4/conceptmap.html) and a NamingSystem.

In R4, `equivalence` says how the target stands to the source: an external code that is wider than the item (a broad
match) is `wider`. A code system that was searched without finding a code is `unmatched`, which is a finding, not a
gap.
"""

from content_app.delivery.fhir.library.edition import CODED_KINDS, Document, Edition
from content_app.delivery.fhir.library.identity import PUBLISHER, meta, version_of
from content_app.delivery.fhir.library.narrative import items, narrative, paragraph, text
from content_app.delivery.fhir.terminology.canonical_urls import CODE_SYSTEM, CODE_SYSTEM_OID, canonical
from content_app.delivery.fhir.terminology.outcome import Resource
from content_app.vocabulary.code_systems import CODE_SYSTEMS, CodeSystem
from content_app.vocabulary.terms import MATCHES, VERIFICATIONS

EQUIVALENCE = {
    "exact": "equivalent",
    "close": "inexact",
    "broad": "wider",
    "narrow": "narrower",
    "related": "relatedto",
    "none": "unmatched",
}


def concept_maps(edition: Edition) -> list[Resource]:
    """One map for each external code system that the release has codings in."""
    found = (concept_map(edition, system) for system in CODE_SYSTEMS.values())
    return [each for each in found if each["group"]]


def map_id(system: CodeSystem) -> str:
    """The id of the map to a code system."""
    return f"to-{system.key}"


def concept_map(edition: Edition, system: CodeSystem) -> Resource:
    """The map to a code system. It has no group if none of the documents has a coding in it."""
    coded = [(document, _checked(document, system)) for document in edition.living if document["kind"] in CODED_KINDS]
    coded = [(document, codings) for document, codings in coded if codings]
    title = f"From the AMPS library to {system.name}"
    head = edition.canonical_resource("ConceptMap", map_id(system), _name(system.key), title, f"{title}.")
    lines = [text(f"{document['name']}: {_written(codings)}") for document, codings in coded]
    return {
        **head,
        "text": narrative(paragraph(title), items(lines)),
        "copyright": f"{head['copyright']} {system.attribution} {system.licence}",
        "sourceCanonical": f"{canonical('ValueSet', 'all')}|{version_of(edition.release)}",
        "group": _groups(edition, system, coded),
    }


def _checked(document: Document, system: CodeSystem) -> list[Document]:
    """The codings of an item in a system, without those that say that nobody has looked yet."""
    return [c for c in document["codings"] if c["system"] == system.key and c["match"] != "not_checked"]


def _name(key: str) -> str:
    return "AMPSTo" + "".join(part.capitalize() for part in key.split("-"))


def _written(codings: list[Document]) -> str:
    return ", ".join(coding["code"] or "no code" for coding in codings)


def _groups(edition: Edition, system: CodeSystem, coded: list[tuple[Document, list[Document]]]) -> list[Resource]:
    """One group for each release of the external code system in which codes were read."""
    versions = dict.fromkeys(coding["version"] for _, codings in coded for coding in codings)
    groups = []
    for version in versions:
        chosen = [(document, [c for c in codings if c["version"] == version]) for document, codings in coded]
        groups.append(
            {
                "source": CODE_SYSTEM,
                "sourceVersion": version_of(edition.release),
                "target": system.uri,
                "targetVersion": version,
                "element": [_element(edition, document, codings) for document, codings in chosen if codings],
            }
        )
    return groups


def _element(edition: Edition, document: Document, codings: list[Document]) -> Resource:
    """The codes of one item. Beside real codes, “no code of its own” is a remark on them."""
    real = [coding for coding in codings if coding["code"]]
    remarks = [coding["note"] for coding in codings if not coding["code"] and coding["note"]]
    targets = [_target(coding, remarks) for coding in real] or [_target(codings[0], [])]
    return {"code": edition.code(document), "display": document["name"], "target": targets}


def _target(coding: Document, remarks: list[str]) -> Resource:
    said = [
        coding["note"],
        *remarks,
        f"{MATCHES[coding['match']].meaning} {VERIFICATIONS[coding['verification']].label}",
    ]
    comment = " ".join(part for part in said if part) + f" on {coding['checked_on']}."
    found = {"equivalence": EQUIVALENCE[coding["match"]], "comment": comment}
    named = {key: coding[key] for key in ("code", "display") if coding[key]}
    return {**named, **found}


def naming_system(edition: Edition) -> Resource:
    """The names under which the library's code system is known."""
    return {
        "resourceType": "NamingSystem",
        "id": "amps",
        "meta": meta(edition.release, edition.published_at),
        "language": "en",
        "text": narrative(paragraph("The code system of the AMPS library.")),
        "name": "AMPSLibrary",
        "status": "active",
        "kind": "codesystem",
        "date": edition.published_at,
        "publisher": PUBLISHER,
        "description": "The codes of conditions, concepts and symptom types in the AMPS library.",
        "usage": "In FHIR, use the URI. In HL7 v2 and v3, and with Infobutton, use the OID. Both are derived from "
        "the same UUID.",
        "uniqueId": [
            {"type": "uri", "value": CODE_SYSTEM, "preferred": True},
            {"type": "oid", "value": CODE_SYSTEM_OID.removeprefix("urn:oid:"), "preferred": True},
        ],
    }
