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
            ("other", "Other", "Known, but none of the other codes applies."),
            ("unknown", "Unknown", "Not known."),
        ),
    ),
    "publication-status": (
        "Publication status",
        (
            ("draft", "Draft", "Still being written, and not for normal use."),
            ("active", "Active", "For normal use."),
            ("retired", "Retired", "Must no longer be used."),
            ("unknown", "Unknown", "One of the other codes applies, but it is not known which."),
        ),
    ),
    "codesystem-content-mode": (
        "Code system content",
        (
            ("not-present", "Not Present", "The resource contains none of the concepts."),
            ("example", "Example", "The resource contains a few concepts as examples."),
            ("fragment", "Fragment", "The resource contains some of the concepts, chosen for a purpose."),
            ("complete", "Complete", "The resource contains all the concepts."),
            (
                "supplement",
                "Supplement",
                "The resource adds names and properties to the concepts of another code system.",
            ),
        ),
    ),
    "operation-kind": (
        "Operation kind",
        (
            ("operation", "Operation", "Called by its own name."),
            ("query", "Query", "Called as a named query in a search."),
        ),
    ),
}


def is_of_hl7(resource: Resource) -> bool:
    """Whether a resource is one of these."""
    return resource.get("id") in SYSTEMS and str(resource.get("url", "")).startswith(f"{HL7}/")


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
        "description": f"{title}, as defined by FHIR R4. This code system is part of FHIR, not of the AMPS library.",
    }
