"""Search: which resources fit, and a page of them.

In: resources and parameters. Out: Bundles of type searchset (https://hl7.org/fhir/R4/search.html). Modifiers `:exact`,
`:contains` and `:missing` are understood; other modifiers, and parameters that are not listed here, are refused.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from urllib.parse import urlencode

from content_app.delivery.fhir.server.summary import reduced
from content_app.delivery.fhir.terminology.expand import folded
from content_app.delivery.fhir.terminology.outcome import FhirError, Issue, Resource, operation_outcome, refusal

USUAL_COUNT = 20
MOST = 100
MOST_WALKED = 2000  # resources that a search may read one after the other
Reader = Callable[[Resource], Iterator[Any]]


def _element(name: str) -> Reader:
    def read(resource: Resource) -> Iterator[Any]:
        if resource.get(name) is not None:
            yield resource[name]

    return read


def _token(name: str, system: str) -> Reader:
    """A code as it is asked for: alone, or as system|code (search.html#token)."""

    def read(resource: Resource) -> Iterator[str]:
        if resource.get(name) is not None:
            yield resource[name]
            yield f"{system}|{resource[name]}"

    return read


def _url(resource: Resource) -> Iterator[str]:
    yield resource["url"]
    yield f"{resource['url']}|{resource['version']}"


def _codes(resource: Resource) -> Iterator[str]:
    waiting = list(resource.get("concept", []))
    while waiting:
        entry = waiting.pop()
        waiting.extend(entry.get("concept", []))
        yield entry["code"]
        yield f"{resource['url']}|{entry['code']}"


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
    for entry in group["element"]:
        yield from (entry["code"], f"{group['source']}|{entry['code']}")


def _targets(group: Resource) -> Iterator[str]:
    for entry in group["element"]:
        for target in entry["target"]:
            if "code" in target:
                yield from (target["code"], f"{group['target']}|{target['code']}")


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


MODIFIERS = ("", "exact", "contains", "missing")
TOKENS = frozenset(
    {"_id", "version", "status", "language", "identifier", "code", "content-mode", "source-code", "target-code",
     "kind", "type", "event-code", "context"}
)  # fmt: skip
STRINGS = frozenset({"name", "title", "description", "publisher"})
STATUS = _token("status", "http://hl7.org/fhir/publication-status")
SHARED: dict[str, Reader] = {"_id": _element("id")}
CANONICAL: dict[str, Reader] = SHARED | {
    "url": _url,
    **{name: _element(name) for name in ("version", "name", "title", "publisher", "description")},
    "status": STATUS,
    "language": _token("language", "urn:ietf:bcp:47"),
}
PARAMETERS: dict[str, dict[str, Reader]] = {
    "CodeSystem": CANONICAL
    | {
        "identifier": _identifiers,
        "code": _codes,
        "system": _element("url"),
        "content-mode": _token("content", "http://hl7.org/fhir/codesystem-content-mode"),
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
        "status": STATUS,
        "kind": _token("kind", "http://hl7.org/fhir/namingsystem-type"),
        "value": lambda resource: (entry["value"] for entry in resource["uniqueId"]),
    },
    "Composition": SHARED
    | {
        "title": _element("title"),
        "status": _token("status", "http://hl7.org/fhir/composition-status"),
        "identifier": _identifiers,
        "type": _types,
        "event-code": _context,
        "context": _context,
    },
    "OperationDefinition": SHARED
    | {
        "url": _url,
        "name": _element("name"),
        "status": STATUS,
        "code": _element("code"),
        "kind": _token("kind", "http://hl7.org/fhir/operation-kind"),
    },
}
# `total` is always exact, so `_total` changes nothing; some clients write it `_totalMethod`.
CONTROLS = ("_sort", "_count", "_offset", "_summary", "_elements", "_total", "_totalMethod")
DATES: dict[str, Callable[[Resource], str]] = {
    "_lastUpdated": lambda resource: resource["meta"]["lastUpdated"],
    "date": lambda resource: resource["date"],
}


def is_known(kind: str, name: str) -> bool:
    """Whether a search understands a parameter of this name, its modifier included."""
    bare, _, modifier = name.partition(":")
    return name in CONTROLS or name in DATES or (bare in PARAMETERS[kind] and modifier in MODIFIERS)


def matching(kind: str, resources: Sequence[Resource], pairs: list[tuple[str, str]]) -> Sequence[Resource]:
    """The resources that fit all parameters. Raises FhirError 400 for a parameter that is not known."""
    for name, text in pairs:
        bare = name.partition(":")[0]
        if name in CONTROLS:
            continue
        if bare not in PARAMETERS[kind] and name not in DATES:
            raise refusal(400, "not-supported", f"{kind} has no search parameter “{name}”", path=name)
        if not text:
            raise refusal(400, "invalid", f"“{name}” has no value", path=name)
        _refuse_too_many(resources)
        fits = _dated(name, text) if name in DATES else _fitting(kind, name, text)
        resources = [entry for entry in resources if fits(entry)]
    return _sorted(kind, resources, dict(pairs).get("_sort"))


def _refuse_too_many(resources: Sequence[Resource]) -> None:
    """Raises FhirError 422 for more resources than can be read one after the other for one search."""
    if len(resources) > MOST_WALKED:
        text = (
            f"This search would have to read more than {MOST_WALKED} resources. Search by _id, url, identifier or "
            "event-code, or page through all of them with _count and _offset"
        )
        raise refusal(422, "too-costly", text)


def _sorted(kind: str, resources: Sequence[Resource], order: str | None) -> Sequence[Resource]:
    """The resources in the order of `_sort`: search parameters, `-` before one for the reverse (search.html#sort).

    Of those with several values the first counts; those without one come last. Raises FhirError 400.
    """
    if order is None:
        return resources
    _refuse_too_many(resources)
    for rule in reversed(order.split(",")):
        name, is_reverse = rule.removeprefix("-"), rule.startswith("-")
        read = PARAMETERS[kind].get(name)
        if read is None and name not in DATES:
            known = ", ".join([*PARAMETERS[kind], *DATES])
            raise refusal(400, "not-supported", f"“_sort” cannot sort by “{name}”; use one of {known}", path="_sort")

        def value(entry: Resource, read: Reader | None = read, name: str = name) -> str | None:
            found = next(read(entry), None) if read else DATES[name](entry)
            return None if found is None else folded(str(found))

        having = [entry for entry in resources if value(entry) is not None]
        lacking = [entry for entry in resources if value(entry) is None]
        resources = [*sorted(having, key=lambda entry: value(entry) or "", reverse=is_reverse), *lacking]
    return resources


def _fitting(kind: str, name: str, text: str) -> Callable[[Resource], bool]:
    """The test that a parameter makes of each resource. Raises FhirError 400 for what it does not understand."""
    bare, _, modifier = name.partition(":")
    read, wanted = PARAMETERS[kind][bare], [part for part in text.split(",") if part]
    if not modifier and bare in TOKENS:
        return lambda resource: any(_is_token(set(map(str, read(resource))), part) for part in wanted)
    if modifier == "missing":
        if text not in ("true", "false"):
            raise refusal(400, "invalid", f"“{name}” must be true or false", path=name)
        return lambda resource: (next(read(resource), None) is None) == (text == "true")
    if modifier not in MODIFIERS:
        raise refusal(400, "not-supported", f"The modifier “:{modifier}” is not supported", path=name)
    if modifier == "exact" or (not modifier and bare not in STRINGS):
        return lambda resource: any(str(value) in wanted for value in read(resource))
    parts = [folded(part) for part in wanted]
    if modifier == "contains":
        return lambda resource: any(part in folded(str(value)) for value in read(resource) for part in parts)
    return lambda resource: any(folded(str(value)).startswith(part) for value in read(resource) for part in parts)


def _is_token(values: set[str], wanted: str) -> bool:
    """Whether a token is among the values: `code`, `system|code`, `system|` for any code, `|code` without a system."""
    system, bar, code = wanted.partition("|")
    if bar and not code:
        return any(value.startswith(wanted) for value in values)
    if bar and not system:
        return wanted in values or (code in values and not any(value.endswith(wanted) for value in values))
    return wanted in values


COMPARISONS: dict[str, Callable[[str, str], bool]] = {
    "eq": lambda own, given: own.startswith(given),
    "ne": lambda own, given: not own.startswith(given),
    "gt": lambda own, given: own[: len(given)] > given,
    "ge": lambda own, given: own[: len(given)] >= given,
    "lt": lambda own, given: own[: len(given)] < given,
    "le": lambda own, given: own[: len(given)] <= given,
}
DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01])(T[0-2]\d:[0-5]\d(:[0-5]\d)?Z?)?)?)?")
COMPARISONS |= {"sa": COMPARISONS["gt"], "eb": COMPARISONS["lt"]}


def _dated(name: str, text: str) -> Callable[[Resource], bool]:
    """The test of a date, of as many parts as are given. Raises FhirError 400 for what is no date."""
    prefix, given = (text[:2], text[2:]) if text[:2].isalpha() else ("eq", text)
    if prefix not in COMPARISONS or not DATE.fullmatch(given):
        raise refusal(400, "invalid", f"“{name}” must be a date such as ge2026-03-01", path=name)
    return lambda resource: COMPARISONS[prefix](DATES[name](resource), given)


def _number(pairs: list[tuple[str, str]], name: str, default: int, most: int) -> int:
    text = dict(pairs).get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise refusal(400, "invalid", f"“{name}” must be a whole number", path=name)
    return min(int(text), most)


def searchset(
    found: Sequence[Resource], pairs: list[tuple[str, str]], issues: list[Issue], *, base: str, kind: str
) -> Resource:
    """A page of what was found, with links to the pages around it, and what must be said of the search."""
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
    if issues:
        entries.append({"resource": operation_outcome(issues), "search": {"mode": "outcome"}})
    return bundle | ({"entry": entries} if entries else {})


def _query(pairs: list[tuple[str, str]]) -> str:
    return f"?{urlencode(pairs)}" if pairs else ""


def unknown_resource(kind: str, resource_id: str) -> FhirError:
    return refusal(404, "not-found", f"There is no {kind} “{resource_id[:120]}”")
