"""Search: which resources fit, a page of them, and only the elements that are wanted.

In: resources and parameters. Out: Bundles of type searchset (https://hl7.org/fhir/R4/search.html). Modifiers `:exact`,
`:contains` and `:missing` are understood; other modifiers, and parameters that are not listed here, are refused.
"""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

from content_app.delivery.fhir.expand import folded
from content_app.delivery.fhir.outcome import FhirError, Resource, refusal

USUAL_COUNT = 20
MOST = 100
SUMMARIES = ("true", "false", "text", "data", "count")
Reader = Callable[[Resource], Iterator[Any]]


def _element(name: str) -> Reader:
    def read(resource: Resource) -> Iterator[Any]:
        if resource.get(name) is not None:
            yield resource[name]

    return read


def _codes(resource: Resource) -> Iterator[str]:
    waiting = list(resource.get("concept", []))
    while waiting:
        entry = waiting.pop()
        waiting.extend(entry.get("concept", []))
        yield entry["code"]


def _identifiers(resource: Resource) -> Iterator[str]:
    given = resource.get("identifier", [])
    for entry in given if isinstance(given, list) else [given]:
        yield entry["value"]
        yield f"{entry.get('system', '')}|{entry['value']}"


def _includes(resource: Resource) -> Iterator[str]:
    yield from (entry["system"] for entry in resource.get("compose", {}).get("include", []) if "system" in entry)


def _map(read: Callable[[Resource], Iterator[Any]]) -> Reader:
    def each(resource: Resource) -> Iterator[Any]:
        for group in resource.get("group", []):
            yield from read(group)

    return each


def _elements(group: Resource) -> Iterator[str]:
    yield from (entry["code"] for entry in group["element"])


def _targets(group: Resource) -> Iterator[str]:
    for entry in group["element"]:
        yield from (target["code"] for target in entry["target"] if "code" in target)


def _scope(end: str) -> Reader:
    def read(resource: Resource) -> Iterator[Any]:
        canonical = resource.get(f"{end}Canonical")
        if canonical:
            yield canonical
            yield canonical.partition("|")[0]

    return read


def _context(resource: Resource) -> Iterator[str]:
    for event in resource.get("event", []):
        for concept in event["code"]:
            for coding in concept["coding"]:
                yield coding["code"]
                yield f"{coding['system']}|{coding['code']}"


def _types(resource: Resource) -> Iterator[str]:
    for coding in resource.get("type", {}).get("coding", []):
        yield coding["code"]
        yield f"{coding['system']}|{coding['code']}"


STRINGS = frozenset({"name", "title", "description", "publisher"})
SHARED: dict[str, Reader] = {"_id": _element("id")}
CANONICAL: dict[str, Reader] = SHARED | {
    name: _element(name)
    for name in ("url", "version", "name", "title", "status", "publisher", "description", "language")
}
PARAMETERS: dict[str, dict[str, Reader]] = {
    "CodeSystem": CANONICAL
    | {
        "identifier": _identifiers,
        "code": _codes,
        "system": _element("url"),
        "content-mode": _element("content"),
        "supplements": _element("supplements"),
    },
    "ValueSet": CANONICAL | {"identifier": _identifiers, "reference": _includes},
    "ConceptMap": CANONICAL
    | {
        "identifier": _identifiers,
        "source-system": _map(_element("source")),
        "target-system": _map(_element("target")),
        "source-code": _map(_elements),
        "target-code": _map(_targets),
        "source": _scope("source"),
        "source-uri": _scope("source"),
    },
    "NamingSystem": SHARED
    | {
        "name": _element("name"),
        "status": _element("status"),
        "kind": _element("kind"),
        "value": lambda resource: (entry["value"] for entry in resource["uniqueId"]),
    },
    "Composition": SHARED
    | {
        "title": _element("title"),
        "status": _element("status"),
        "identifier": _identifiers,
        "type": _types,
        "event-code": _context,
    },
    "OperationDefinition": SHARED | {name: _element(name) for name in ("url", "name", "status", "code", "kind")},
}
# `total` is always exact, so `_total` changes nothing; some clients write it `_totalMethod`.
CONTROLS = ("_count", "_offset", "_summary", "_elements", "_lastUpdated", "_total", "_totalMethod")
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


def matching(kind: str, resources: list[Resource], pairs: list[tuple[str, str]]) -> list[Resource]:
    """The resources that fit all parameters. Raises FhirError 400 for a parameter that is not known."""
    for name, text in pairs:
        bare = name.partition(":")[0]
        if bare in CONTROLS:
            if bare == "_lastUpdated":
                resources = [entry for entry in resources if _is_updated(entry, text)]
            continue
        if bare not in PARAMETERS[kind]:
            raise refusal(400, "not-supported", f"There is no search parameter “{name}” for {kind}", path=name)
        resources = [entry for entry in resources if _fits(entry, kind, name, text)]
    return resources


def _fits(resource: Resource, kind: str, name: str, text: str) -> bool:
    bare, _, modifier = name.partition(":")
    found = [str(value) for value in PARAMETERS[kind][bare](resource)]
    wanted = [part for part in text.split(",") if part]
    if modifier == "missing":
        return (not found) == (text == "true")
    if modifier == "exact" or (not modifier and bare not in STRINGS):
        return any(value == part for value in found for part in wanted)
    if modifier == "contains":
        return any(folded(part) in folded(value) for value in found for part in wanted)
    if modifier:
        raise refusal(400, "not-supported", f"The modifier “:{modifier}” is not supported", path=name)
    return any(folded(value).startswith(folded(part)) for value in found for part in wanted)


COMPARISONS: dict[str, Callable[[str, str], bool]] = {
    "eq": lambda own, given: own.startswith(given),
    "ne": lambda own, given: not own.startswith(given),
    "gt": lambda own, given: own[: len(given)] > given,
    "ge": lambda own, given: own[: len(given)] >= given,
    "lt": lambda own, given: own[: len(given)] < given,
    "le": lambda own, given: own[: len(given)] <= given,
}


def _is_updated(resource: Resource, text: str) -> bool:
    prefix, given = (text[:2], text[2:]) if text[:2].isalpha() else ("eq", text)
    if prefix not in COMPARISONS or not given[:4].isdecimal():
        raise refusal(400, "invalid", "“_lastUpdated” is written like ge2026-03-01", path="_lastUpdated")
    return COMPARISONS[prefix](resource["meta"]["lastUpdated"], given)


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


def _number(pairs: list[tuple[str, str]], name: str, default: int, most: int) -> int:
    text = dict(pairs).get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise refusal(400, "invalid", f"“{name}” is a whole number", path=name)
    return min(int(text), most)


def searchset(found: list[Resource], pairs: list[tuple[str, str]], *, base: str, kind: str) -> Resource:
    """A page of what was found, with links to the pages around it."""
    count = _number(pairs, "_count", USUAL_COUNT, MOST)
    offset = _number(pairs, "_offset", 0, 10**9)
    is_count_only = dict(pairs).get("_summary") == "count" or count == 0
    page = [] if is_count_only else found[offset : offset + count]
    links = [("self", offset)]
    if not is_count_only:
        if offset + count < len(found):
            links.append(("next", offset + count))
        if offset:
            links.append(("previous", max(0, offset - count)))
    kept = [(name, text) for name, text in pairs if name != "_offset"]
    bundle: Resource = {
        "resourceType": "Bundle",
        "type": "searchset",
        "total": len(found),
        "link": [
            {"relation": relation, "url": f"{base}/{kind}" + _query([*kept, *([("_offset", str(at))] if at else [])])}
            for relation, at in links
        ],
    }
    entries = [
        {
            "fullUrl": f"{base}/{kind}/{entry['id']}",
            "resource": reduced(entry, pairs),
            "search": {"mode": "match"},
        }
        for entry in page
    ]
    return bundle | ({"entry": entries} if entries else {})


def _query(pairs: list[tuple[str, str]]) -> str:
    return f"?{urlencode(pairs)}" if pairs else ""


def unknown_resource(kind: str, resource_id: str) -> FhirError:
    return refusal(404, "not-found", f"There is no {kind} “{resource_id[:120]}”")
