"""Filters of a value set: which concepts of a code system have a property, stand below a code, or match a pattern.

In: concepts and a filter (https://hl7.org/fhir/R4/valueset.html, ValueSet.compose.include.filter; operators from
https://hl7.org/fhir/R4/valueset-filter-operator.html, and `child-of` and `descendent-leaf` from R5). Out: a test of a
concept. Patterns run on RE2, whose time is linear in the text: a value set that a client brings cannot hang the
server.
"""

from collections.abc import Callable, Iterator
from typing import Any

import re2  # type: ignore[import-untyped]  # it ships no types

from content_app.delivery.fhir.terminology.concepts import CodeSystemIndex, Concept, value_of
from content_app.delivery.fhir.terminology.outcome import Resource, refusal

Test = Callable[[Concept], bool]
LONGEST_PATTERN = 1000
HIERARCHY = ("concept", "code")
R5_OPERATOR = "http://hl7.org/fhir/5.0/StructureDefinition/extension-ValueSet.compose.include.filter.op"
BUILT_IN = ("code", "concept", "display", "definition", "parent", "child", "inactive", "status", "notSelectable")


def concept_test(concepts: CodeSystemIndex, entry: Resource, path: str) -> Test:
    """The test that a filter makes of each concept. Raises FhirError 400 if the filter is not one."""
    property_code, operator, value = entry.get("property", ""), _operator(entry), entry.get("value")
    if value in (None, ""):
        raise refusal(
            400,
            "invalid",
            f"The system {concepts.url} filter with property = {property_code}, op = {operator} has no value",
            kind="vs-invalid",
            path=path,
            message_id="UNABLE_TO_HANDLE_SYSTEM_FILTER_WITH_NO_VALUE",
        )
    if property_code in HIERARCHY and operator in HIERARCHICAL:
        return _hierarchical(concepts, operator, str(value), path)
    if operator not in BY_VALUE or not _is_known(concepts, property_code):
        raise refusal(
            400,
            "not-supported",
            f'The filter "{property_code} {operator} {value}" from the value set is not understood for {concepts.url}',
            kind="vs-invalid",
            path=path,
        )
    return BY_VALUE[operator](concepts, property_code, str(value), path)


def _operator(entry: Resource) -> str:
    """The operator of a filter. One that only R5 has comes to an R4 server in an extension of the missing `op`."""
    extensions = entry.get("_op", {}).get("extension", [])
    in_r5 = next((value_of(each) for each in extensions if each.get("url") == R5_OPERATOR), None)
    return str(entry.get("op") or in_r5 or "")


def _is_known(concepts: CodeSystemIndex, code: str) -> bool:
    declared = any(entry.get("code") == code for entry in concepts.resource.get("property", []))
    return declared or code in BUILT_IN or any(concept.values(code) for concept in concepts.by_code.values())


def _below(concepts: CodeSystemIndex, code: str) -> set[str]:
    return set(concepts.descendants(code)) if code in concepts.by_code else set()


def _hierarchical(concepts: CodeSystemIndex, operator: str, value: str, path: str) -> Test:
    found = concepts.find(value)
    codes = HIERARCHICAL[operator](concepts, found.code) if found else set()
    if operator == "is-not-a":
        return lambda concept: concept.code not in codes
    return lambda concept: concept.code in codes


HIERARCHICAL: dict[str, Callable[[CodeSystemIndex, str], set[str]]] = {
    "is-a": lambda concepts, code: {code} | _below(concepts, code),
    "is-not-a": lambda concepts, code: {code} | _below(concepts, code),
    "descendent-of": _below,
    "descendent-leaf": lambda concepts, code: {
        below for below in _below(concepts, code) if not concepts.by_code[below].children
    },
    "child-of": lambda concepts, code: set(concepts.by_code[code].children),
    "generalizes": lambda concepts, code: {code} | set(concepts.ancestors(code)),
}


def values(concepts: CodeSystemIndex, concept: Concept, code: str) -> Iterator[str]:
    """What a concept has for a property, built-in ones included, as filters write it."""
    stated = concept.values(code)
    built_in: dict[str, Callable[[], list[Any]]] = {
        "code": lambda: [concept.code],
        "concept": lambda: [concept.code],
        "display": lambda: [concept.display],
        "definition": lambda: [concept.definition],
        "parent": lambda: list(concept.parents),
        "child": lambda: list(concept.children),
        "inactive": lambda: [concepts.is_inactive(concept)],
    }
    for value in stated or built_in.get(code, list)():
        if isinstance(value, dict):
            yield str(value.get("code"))
        elif value is not None:
            yield str(value).lower() if isinstance(value, bool) else str(value)


def _equals(concepts: CodeSystemIndex, code: str, wanted: str, path: str) -> Test:
    return lambda concept: wanted in values(concepts, concept, code)


def _within(concepts: CodeSystemIndex, code: str, wanted: str, path: str) -> Test:
    listed = {part.strip() for part in wanted.split(",")}
    return lambda concept: not listed.isdisjoint(values(concepts, concept, code))


def _without(concepts: CodeSystemIndex, code: str, wanted: str, path: str) -> Test:
    within = _within(concepts, code, wanted, path)
    return lambda concept: not within(concept)


def _exists(concepts: CodeSystemIndex, code: str, wanted: str, path: str) -> Test:
    if wanted not in ("true", "false"):
        raise refusal(
            400, "invalid", f"The filter on {code} with op = exists is true or false; got “{wanted[:60]}”",
            kind="vs-invalid", path=path,
        )  # fmt: skip
    expected = wanted == "true"
    return lambda concept: expected == any(True for _ in values(concepts, concept, code))


def _regex(concepts: CodeSystemIndex, code: str, wanted: str, path: str) -> Test:
    try:
        if len(wanted) > LONGEST_PATTERN:
            raise re2.error("too long")
        pattern = re2.compile(wanted)
    except re2.error:
        raise refusal(
            400, "invalid", f"The pattern of the filter on {code} cannot be used: {wanted[:80]}", kind="vs-invalid",
            path=path,
        )  # fmt: skip
    return lambda concept: any(pattern.fullmatch(value) for value in values(concepts, concept, code))


BY_VALUE: dict[str, Callable[[CodeSystemIndex, str, str, str], Test]] = {
    "=": _equals,
    "in": _within,
    "not-in": _without,
    "exists": _exists,
    "regex": _regex,
}
