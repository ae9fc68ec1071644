"""Only the elements of a resource that are wanted: `_summary` and `_elements`.

In: a resource and parameters. Out: the resource, marked as a part of itself
(https://hl7.org/fhir/R4/search.html#summary). Mandatory elements always stay.
"""

from content_app.delivery.fhir.terminology.outcome import Resource, refusal

SUMMARIES = ("true", "false", "text", "data", "count")
SUMMARY_ELEMENTS = {
    "CodeSystem": (
        "url", "identifier", "version", "name", "title", "status", "experimental", "date", "publisher", "contact",
        "useContext", "jurisdiction", "caseSensitive", "valueSet", "hierarchyMeaning", "compositional",
        "versionNeeded", "content", "supplements", "count", "filter", "property",
    ),
    "ValueSet": (
        "url", "identifier", "version", "name", "title", "status", "experimental", "date", "publisher", "contact",
        "useContext", "jurisdiction", "immutable",
    ),
    "ConceptMap": (
        "url", "identifier", "version", "name", "title", "status", "experimental", "date", "publisher", "contact",
        "useContext", "jurisdiction", "sourceCanonical", "targetUri",
    ),
    "NamingSystem": ("name", "status", "kind", "date", "publisher"),
    "Composition": (
        "identifier", "status", "type", "category", "subject", "encounter", "date", "author", "title",
        "confidentiality", "attester", "custodian", "event",
    ),
    "OperationDefinition": (
        "url", "version", "name", "title", "status", "kind", "experimental", "date", "publisher", "code", "base",
        "system", "type", "instance", "resource", "affectsState",
    ),
}  # fmt: skip
STATEMENTS = (
    "url", "version", "name", "title", "status", "experimental", "date", "publisher", "kind", "instantiates",
    "software", "implementation", "fhirVersion", "format", "rest", "lockedDate", "codeSystem", "expansion",
    "codeSearch", "validateCode", "translation",
)  # fmt: skip
SUMMARY_ELEMENTS |= dict.fromkeys(("CapabilityStatement", "TerminologyCapabilities"), STATEMENTS)
MANDATORY = {
    "CapabilityStatement": (
        "status", "date", "kind", "description", "software", "implementation", "fhirVersion", "format", "rest",
    ),
    "TerminologyCapabilities": ("status", "date", "kind", "description", "software", "implementation"),
    "CodeSystem": ("status", "content"),
    "ValueSet": ("status",),
    "ConceptMap": ("status",),
    "NamingSystem": ("name", "status", "kind", "date", "uniqueId"),
    "Composition": ("status", "type", "date", "author", "title"),
    "OperationDefinition": ("name", "status", "kind", "code", "system", "type", "instance"),
}  # fmt: skip
ALWAYS = ("resourceType", "id", "meta", "implicitRules", "language")
SUBSETTED = {"system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue", "code": "SUBSETTED"}


def reduced(resource: Resource, pairs: list[tuple[str, str]]) -> Resource:
    """The resource with only what `_summary` or `_elements` ask for, marked as such."""
    asked = dict(pairs)
    summary, elements = asked.get("_summary"), asked.get("_elements")
    if summary not in (None, *SUMMARIES):
        raise refusal(400, "invalid", f"“_summary” is one of {', '.join(SUMMARIES)}", path="_summary")
    kind = resource["resourceType"]
    if summary == "true":
        kept: tuple[str, ...] = SUMMARY_ELEMENTS.get(kind, ())
    elif summary == "text":
        kept = ("text", *MANDATORY.get(kind, ()))
    elif summary == "data":
        kept = tuple(key for key in resource if key != "text")
    elif elements:
        kept = (*elements.split(","), *MANDATORY.get(kind, ()))
    else:
        return resource
    found = {key: value for key, value in resource.items() if key in (*ALWAYS, *kept)}
    return found | {"meta": {**resource.get("meta", {}), "tag": [SUBSETTED]}}
