"""Refuses resources and codings whose parts have the wrong shape, before anything reads them.

In: JSON that came with a request. Out: nothing, or FhirError 400 with the place. Elements are known by their path, as
FHIR defines them (https://hl7.org/fhir/R4/codesystem.html, valueset.html, conceptmap.html, parameters.html): it checks
those that the operations of this server read, and how deep and how large everything is. It is not a validator.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from content_app.delivery.fhir.terminology.outcome import FhirError, refusal

DEEPEST = 60
MOST_PARTS = 200_000


@dataclass(frozen=True)
class Element:
    """What an element holds: `kind` is a key of `PRIMITIVES` or of `TYPES`."""

    kind: str
    is_list: bool = False
    is_required: bool = False


def _type(**elements: str) -> dict[str, Element]:
    """Elements by name. `*` behind a kind is a list of it, `!` says that the element must be there."""
    return {name: Element(kind.rstrip("*!"), "*" in kind, kind.endswith("!")) for name, kind in elements.items()}


PRIMITIVES: dict[str, Callable[[Any], bool]] = {
    "text": lambda value: isinstance(value, str),
    "truth": lambda value: isinstance(value, bool) or value in ("true", "false"),
    "count": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "status": lambda value: value in ("draft", "active", "retired", "unknown"),
    "content": lambda value: value in ("not-present", "example", "fragment", "complete", "supplement"),
}
RESOURCE = "resource"  # one of the types that begin with a capital letter, by its resourceType
HEAD = {
    "resourceType": "text", "id": "text", "url": "text", "version": "text", "name": "text", "title": "text",
    "status": "status", "language": "text", "extension": "extension*", "contained": "resource*",
    "experimental": "truth",
}  # fmt: skip
TYPES: dict[str, dict[str, Element]] = {
    "extension": _type(url="text", extension="extension*", valueCode="text", valueString="text"),
    "Coding": _type(system="text", version="text", code="text", display="text", extension="extension*"),
    "CodeableConcept": _type(coding="Coding*", text="text"),
    "Parameters": _type(parameter="parameter*"),
    "parameter": _type(name="text", part="parameter*", resource=RESOURCE),
    "CodeSystem": _type(
        **HEAD, content="content", supplements="text", hierarchyMeaning="text", caseSensitive="truth", valueSet="text",
        property="declaredProperty*", concept="concept*",
    ),
    "declaredProperty": _type(code="text!", uri="text", type="text"),
    "concept": _type(
        code="text!", display="text", definition="text", designation="designation*", property="property*",
        concept="concept*", extension="extension*",
    ),
    "designation": _type(language="text", use="Coding", value="text!", extension="extension*"),
    "property": _type(code="text!", valueCoding="Coding", valueCode="text", valueString="text"),
    "ValueSet": _type(**HEAD, compose="compose", expansion="expansion"),
    "compose": _type(include="include*", exclude="include*", inactive="truth", extension="extension*"),
    "include": _type(
        system="text", version="text", concept="listed*", filter="filter*", valueSet="text*", extension="extension*"
    ),
    "listed": _type(code="text!", display="text", designation="designation*", extension="extension*"),
    "filter": _type(property="text", op="text", _op="primitive", value="text"),
    "primitive": _type(extension="extension*"),
    "expansion": _type(contains="contains*", total="count"),
    "contains": _type(
        system="text", version="text", code="text", display="text", designation="designation*", contains="contains*",
        abstract="truth", inactive="truth", extension="extension*",
    ),
    "ConceptMap": _type(
        **HEAD, sourceCanonical="text", targetCanonical="text", sourceUri="text", targetUri="text", group="group*"
    ),
    "group": _type(
        source="text", target="text", sourceVersion="text", targetVersion="text", element="element*",
        unmapped="unmapped",
    ),
    "element": _type(code="text", display="text", target="target*"),
    "target": _type(code="text", display="text", equivalence="text", relationship="text", comment="text"),
    "unmapped": _type(mode="text", code="text", display="text", url="text", otherMap="text"),
}  # fmt: skip


def require(data: Any, place: str) -> None:
    """Raises FhirError 400 or 413 if something in the data has the wrong shape. `place` is the type of the data."""
    waiting: list[tuple[str, Any, str, int]] = [(place, data, place, 0)]
    seen = 0
    while waiting:
        path, value, kind, depth = waiting.pop()
        seen += 1
        if depth > DEEPEST or seen > MOST_PARTS:
            raise refusal(
                413 if seen > MOST_PARTS else 400, "too-long", f"{place} is too large or too deep", path=place
            )
        if isinstance(value, dict):
            waiting.extend((*part, depth + 1) for part in _parts(path, value, kind))
        elif isinstance(value, list):
            waiting.extend((f"{path}[{number}]", part, kind, depth + 1) for number, part in enumerate(value))


def _parts(path: str, value: dict[str, Any], kind: str) -> Iterator[tuple[str, Any, str]]:
    """The elements of an object: where each is, what it is, and of which kind. Raises FhirError 400 for a wrong one."""
    known = TYPES.get(value.get("resourceType", "") if kind == RESOURCE else kind, {})
    for name, element in known.items():
        if element.is_required and not value.get(name):
            raise refusal(400, "required", f"{path}.{name} is missing", path=f"{path}.{name}")
    for name, part in value.items():
        where = f"{path}.{name}"
        found = known.get(name) or _of_choice(name)
        if found:
            _require(where, part, found)
        yield where, part, found.kind if found else ""


def _of_choice(name: str) -> Element | None:
    """The element `value[x]`, where it is of a type that is read here."""
    kind = name.removeprefix("value")
    return Element(kind) if kind in ("Coding", "CodeableConcept") and kind != name else None


def _require(where: str, part: Any, element: Element) -> None:
    if not element.is_list:
        is_right = _fits(part, element.kind)
    else:
        is_right = isinstance(part, list) and all(_fits(entry, element.kind) for entry in part)
    if not is_right:
        raise wrong(where)


def _fits(part: Any, kind: str) -> bool:
    if kind in PRIMITIVES:
        return PRIMITIVES[kind](part)
    return isinstance(part, dict) and (kind != RESOURCE or isinstance(part.get("resourceType"), str))


def wrong(where: str) -> FhirError:
    return refusal(400, "structure", f"{where} does not have the right structure", path=where)
