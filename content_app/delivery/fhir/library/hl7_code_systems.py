"""Code systems of FHIR R4 itself: the normative ones that search parameters here are bound to, and the genders.

In: when a release was published. Out: a CodeSystem of each, and the ValueSet of all its codes, under HL7's own
addresses and version (https://hl7.org/fhir/R4/terminologies-systems.html). Codes and displays are HL7's, definitions
are in our own words. They come with every release of the library and are the same in each.
"""

from content_app.delivery.fhir.library.identity import meta
from content_app.delivery.fhir.library.narrative import items, narrative, text
from content_app.delivery.fhir.terminology.outcome import Resource

VERSION = "4.0.1"
HL7 = "http://hl7.org/fhir"
Terms = tuple[tuple[str, str, str], ...]
SYSTEMS: dict[str, tuple[str, Terms]] = {
    "administrative-gender": (
        "Administrative gender",
        (
            ("male", "Male", "Recorded as male."),
            ("female", "Female", "Recorded as female."),
            ("other", "Other", "Known, and none of the other codes."),
            ("unknown", "Unknown", "There is one, and it is not known."),
        ),
    ),
    "publication-status": (
        "Publication status",
        (
            ("draft", "Draft", "Still being written; not for normal use."),
            ("active", "Active", "For normal use."),
            ("retired", "Retired", "No longer to be used."),
            ("unknown", "Unknown", "One of the others applies, and it is not known which."),
        ),
    ),
    "codesystem-content-mode": (
        "How much of a code system its resource holds",
        (
            ("not-present", "Not Present", "None of its concepts."),
            ("example", "Example", "A few concepts, chosen only to show what they look like."),
            ("fragment", "Fragment", "A part of its concepts, chosen for a purpose."),
            ("complete", "Complete", "All of its concepts."),
            ("supplement", "Supplement", "No concepts of its own: names and properties for those of another."),
        ),
    ),
    "operation-kind": (
        "How an operation is called",
        (
            ("operation", "Operation", "By its own name."),
            ("query", "Query", "As a named query of a search."),
        ),
    ),
}


def code_systems(release: int, published_at: str) -> list[Resource]:
    """The code systems, complete."""
    return [
        _head("CodeSystem", resource_id, release, published_at)
        | {
            "url": f"{HL7}/{resource_id}",
            "caseSensitive": True,
            "valueSet": f"{HL7}/ValueSet/{resource_id}",
            "content": "complete",
            "count": len(terms),
            "concept": [{"code": code, "display": display, "definition": said} for code, display, said in terms],
        }
        for resource_id, (_, terms) in SYSTEMS.items()
    ]


def value_sets(release: int, published_at: str) -> list[Resource]:
    """All codes of each code system."""
    return [
        _head("ValueSet", resource_id, release, published_at)
        | {
            "url": f"{HL7}/ValueSet/{resource_id}",
            "immutable": True,
            "compose": {"include": [{"system": f"{HL7}/{resource_id}"}]},
        }
        for resource_id in SYSTEMS
    ]


def _head(kind: str, resource_id: str, release: int, published_at: str) -> Resource:
    title, terms = SYSTEMS[resource_id]
    return {
        "resourceType": kind,
        "id": resource_id,
        "meta": meta(release, published_at),
        "language": "en",
        "text": narrative(items(text(f"{display} ({code}): {said}") for code, display, said in terms)),
        "version": VERSION,
        "name": "".join(part.capitalize() for part in resource_id.split("-")),
        "title": title,
        "status": "active",
        "experimental": False,
        "date": "2019-11-01",
        "publisher": "HL7 (FHIR Project)",
        "description": f"{title}, as FHIR R4 defines it. Part of FHIR and not of the AMPS library.",
    }
