"""What this server can do, in FHIR's own words: CapabilityStatement, TerminologyCapabilities, OperationDefinitions.

In: the table of operations, the search parameters, the versions of the library, the address of the server. Out:
resources (https://hl7.org/fhir/R4/capabilitystatement.html, terminologycapabilities.html, operationdefinition.html).
Nothing is said here twice: what the code takes is what these list.
"""

from content_app import VERSION
from content_app.delivery.fhir.library.identity import PUBLISHER, version_of
from content_app.delivery.fhir.library.narrative import items, link, narrative, paragraph
from content_app.delivery.fhir.server import by_code
from content_app.delivery.fhir.server.search import DATES, PARAMETERS
from content_app.delivery.fhir.terminology.canonical_urls import CODE_SYSTEM
from content_app.delivery.fhir.terminology.operation_definitions import CACHE_ID, EXPAND, OPERATIONS
from content_app.delivery.fhir.terminology.operation_types import Operation, Parameter
from content_app.delivery.fhir.terminology.outcome import Resource

FHIR_VERSION = "4.0.1"
SOFTWARE = {"name": "AMPS API", "version": VERSION, "releaseDate": "2026-11-01"}
FEATURE = "http://hl7.org/fhir/uv/application-feature/StructureDefinition/feature"
SEARCH_TYPES = {
    "_id": "token", "_lastUpdated": "date", "date": "date", "url": "uri", "version": "token", "name": "string",
    "title": "string", "status": "token", "publisher": "string", "description": "string", "language": "token",
    "identifier": "token",
    "code": "token", "system": "uri", "content-mode": "token", "supplements": "reference", "reference": "uri",
    "source-system": "uri", "target-system": "uri", "source-code": "token", "target-code": "token",
    "source": "reference", "source-uri": "reference", "kind": "token", "value": "string", "type": "token",
    "event-code": "token", "context": "token",
}  # fmt: skip
BY_CODE = (
    "The code that a Composition is about: the library's own, or one of another system (ICD-10-CM, ICD-11 …) that "
    "the library says means the same, nearly the same, or a part of it. The closest come first; matches that are not "
    "exact are explained in an OperationOutcome of mode “outcome”. Broader and related codes find nothing."
)
SECURITY: Resource = {
    "cors": True,
    "service": [{"text": "None: no login is needed"}],
    "description": "Reading is open and needs no login. An API key only raises the limits.",
}
# What names the value set; and what is kept only while there is room, so that nobody may rely on it.
UNCLAIMED = ("url", "valueSet", "valueSetVersion", CACHE_ID.name)
INSTANTIATES = "http://hl7.org/fhir/CapabilityStatement/terminology-server"


def capability_statement(base: str, published_at: str, release: int) -> Resource:
    """What can be read, searched and called."""
    return {
        "resourceType": "CapabilityStatement",
        "id": "amps",
        "text": _narrative(base),
        "extension": [
            _feature("http://hl7.org/fhir/uv/tx-tests/FeatureDefinition/test-version", {"valueCode": "1.7.5"}),
            _feature(
                "http://hl7.org/fhir/uv/tx-ecosystem/FeatureDefinition/CodeSystemAsParameter", {"valueBoolean": True}
            ),
        ],
        "url": f"{base}/metadata",
        "version": version_of(release),
        "name": "AMPSTerminologyServer",
        "title": "AMPS API: FHIR R4 terminology server",
        "status": "active",
        "experimental": False,
        "date": published_at,
        "publisher": PUBLISHER,
        "description": "Conditions, concepts and symptom types of the AMPS library, in all its releases.",
        "kind": "instance",
        "instantiates": [INSTANTIATES],
        "software": SOFTWARE,
        "implementation": {"description": "AMPS API", "url": base},
        "fhirVersion": FHIR_VERSION,
        "format": ["application/fhir+json", "application/fhir+xml", "json", "xml"],
        "rest": [
            {
                "mode": "server",
                "documentation": "This server is read-only. Add `release=` to any request to read from that "
                "release of the library.",
                "security": SECURITY,
                "resource": [_resource(kind, base) for kind in PARAMETERS],
                "interaction": [{"code": "batch"}],
                "operation": [_called(entry, base) for entry in OPERATIONS if entry.is_on_system],
            }
        ],
    }


def _narrative(base: str) -> Resource:
    """What the server can do, for people."""
    kinds = [link(f"{base}/{kind}?_format=json", kind) for kind in PARAMETERS]
    called = [link(f"{base}/OperationDefinition/{entry.id}", f"{entry.resource}/${entry.code}") for entry in OPERATIONS]
    return narrative(
        paragraph("A FHIR R4 terminology server for the AMPS library. Reading is open and needs no login."),
        paragraph("Resources:"), items(kinds), paragraph("Operations:"), items(called),
    )  # fmt: skip


def _feature(definition: str, value: Resource) -> Resource:
    parts = [{"url": "definition", "valueCanonical": definition}, {"url": "value", **value}]
    return {"url": FEATURE, "extension": parts}


def _called(operation: Operation, base: str) -> Resource:
    return {"name": operation.code, "definition": f"{base}/OperationDefinition/{operation.id}"}


def _search_parameter(name: str) -> Resource:
    told = {"documentation": BY_CODE} if name in by_code.NAMES else {}
    return {"name": name, "type": SEARCH_TYPES[name], **told}


def _resource(kind: str, base: str) -> Resource:
    interactions = ["read", "vread", "history-instance", "search-type"]
    found: Resource = {
        "type": kind,
        "interaction": [{"code": code} for code in interactions],
        "versioning": "versioned",
        "readHistory": True,
        "conditionalRead": "full-support",
        "searchParam": [_search_parameter(name) for name in [*PARAMETERS[kind], *DATES]],
    }
    operations = [_called(entry, base) for entry in OPERATIONS if entry.resource == kind]
    return found | ({"operation": operations} if operations else {})


def terminology_capabilities(
    base: str, published_at: str, release: int, others: list[tuple[str, str]]
) -> Resource:  # fmt: skip
    """Which code systems are here, in which versions, and what `$expand` takes."""
    versions = [{"code": version_of(number), "isDefault": number == release} for number in range(release, 0, -1)]
    systems = [{"uri": CODE_SYSTEM, "version": versions, "subsumption": True}]
    systems += [{"uri": url, "version": [{"code": version, "isDefault": True}]} for url, version in others]
    taken = [parameter for parameter in EXPAND.takes if parameter.name not in UNCLAIMED]
    return {
        "resourceType": "TerminologyCapabilities",
        "id": "amps",
        "url": f"{base}/metadata?mode=terminology",
        "version": version_of(release),
        "name": "AMPSTerminologyCapabilities",
        "title": "AMPS API: terminology capabilities",
        "status": "active",
        "experimental": False,
        "date": published_at,
        "publisher": PUBLISHER,
        "kind": "instance",
        "software": {"name": SOFTWARE["name"], "version": SOFTWARE["version"]},
        "implementation": {"description": "AMPS API", "url": base},
        "lockedDate": False,
        "codeSystem": systems,
        "expansion": {
            "hierarchical": True,
            "paging": True,
            "incomplete": False,
            "parameter": [{"name": entry.name, "documentation": entry.doc} for entry in taken],
            "textFilter": "Every word must occur in one of the names or in the code. Case and accents are ignored.",
        },
        "codeSearch": "explicit",
        "validateCode": {"translations": True},
        "translation": {"needsMap": False},
    }


def operation_definition(operation: Operation, base: str, published_at: str, release: int) -> Resource:
    """An operation as this server offers it."""
    return {
        "resourceType": "OperationDefinition",
        "id": operation.id,
        "meta": {"versionId": str(release), "lastUpdated": published_at},
        "url": f"{base}/OperationDefinition/{operation.id}",
        "version": version_of(release),
        "name": "".join(part.capitalize() for part in operation.id.replace("-", " ").split()),
        "title": operation.title,
        "status": "active",
        "kind": "operation",
        "experimental": False,
        "date": published_at,
        "publisher": PUBLISHER,
        "description": operation.description,
        "affectsState": False,
        "code": operation.code,
        "comment": "Any other parameter is refused. Use GET for parameters of primitive types only; otherwise POST a "
        "Parameters resource.",
        "base": operation.base,
        "resource": [operation.resource],
        "system": operation.is_on_system,
        "type": operation.code not in ("document", "versions"),
        "instance": operation.is_on_instance,
        "parameter": [
            *(_parameter(parameter, "in") for parameter in operation.takes),
            *(_parameter(parameter, "out") for parameter in operation.gives),
        ],
    }


def _parameter(parameter: Parameter, use: str) -> Resource:
    found: Resource = {
        "name": parameter.name,
        "use": use,
        "min": parameter.least,
        "max": parameter.most,
        "documentation": parameter.doc,
    }
    if parameter.parts:
        return found | {"part": [_parameter(part, use) for part in parameter.parts]}
    return found | {"type": {"*": "Element"}.get(parameter.kind, parameter.kind)}
