"""Reads parameters strictly: from an address, from a form, from a Parameters resource.

In: (name, text) pairs and parsed JSON. Out: values of the right type. Raises FhirError 400 for what is not known, not
of its type, or given twice: a parameter that were ignored would change what the answer means.
"""

from collections.abc import Callable
from typing import Any

from content_app.delivery.fhir.terminology.operation_definitions import WITHOUT_EFFECT
from content_app.delivery.fhir.terminology.operation_types import BOOLEANS, MANY, TEXTS, Operation, from_text
from content_app.delivery.fhir.terminology.outcome import refusal, unsupported
from content_app.delivery.fhir.terminology.structure_check import require

Pairs = list[tuple[str, str]]
RESOURCE_KINDS = ("Resource", "ValueSet", "CodeSystem", "ConceptMap", "Parameters")


def of_operation(called: Operation, pairs: Pairs, body: Any) -> list[tuple[str, Any]]:
    """All parameters of a call, each of the type it has to have."""
    given: list[tuple[str, Any]] = [
        (name, from_text(called.parameter(name), text)) for name, text in pairs if name not in WITHOUT_EFFECT
    ]
    if body is not None:
        given += from_body(called, body)
    return once(called, given)


def once(called: Operation, given: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """The same. Raises FhirError 400 if a parameter that may stand once stands twice."""
    for name in dict.fromkeys(name for name, _ in given):
        if called.parameter(name).most != MANY and sum(other == name for other, _ in given) > 1:
            raise refusal(400, "invalid", f"Give “{name}” once", path=name)
    return given


def only(pairs: Pairs, known: tuple[str, ...]) -> dict[str, str]:
    """The parameters, if all are known and given once. Raises FhirError 400."""
    for name, _ in pairs:
        if name not in known:
            raise unsupported(name, f"; use one of {', '.join(known)}.")
    if len(dict(pairs)) != len(pairs):
        raise refusal(400, "invalid", "Give each parameter once")
    return dict(pairs)


def whole_number(asked: dict[str, str], name: str, default: int) -> int:
    text = asked.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise refusal(400, "invalid", f"“{name}” must be a whole number", path=name)
    return int(text)


def from_body(called: Operation, body: Any) -> list[tuple[str, Any]]:
    """The parameters in a Parameters resource. Raises FhirError 400 for one that is not known or of the wrong type.

    The one parameter that is a resource of its own type may be the whole body (operations.html#request).
    """
    kind = body.get("resourceType") if isinstance(body, dict) else None
    alone = next((entry for entry in called.takes if entry.kind == kind and kind != "Parameters"), None)
    if alone:
        require(body, alone.kind)
        return [(alone.name, body)]
    if kind != "Parameters":
        others = [entry.kind for entry in called.takes if entry.kind in RESOURCE_KINDS[1:-1]]
        raise refusal(400, "structure", f"Send a {' or '.join(['Parameters', *others])} resource", path="Parameters")
    require(body, "Parameters")
    found = []
    for entry in body.get("parameter", []):
        name = entry.get("name", "")
        if name in WITHOUT_EFFECT:
            continue
        parameter = called.parameter(name)
        value = entry.get("resource", next((entry[key] for key in entry if key.startswith("value")), None))
        if parameter.kind == "boolean" and isinstance(value, str):  # as some clients write it
            value = BOOLEANS.get(value, value)
        if not FITS.get(parameter.kind, _is_object)(value, parameter.kind):
            least = ", and not negative" if parameter.kind == "integer" else ""
            raise refusal(400, "invalid", f"“{name}” must be of type {parameter.kind}{least}", path=name)
        found.append((name, value))
    return found


def _is_object(value: Any, kind: str) -> bool:
    return isinstance(value, dict)


def _is_resource(value: Any, kind: str) -> bool:
    return isinstance(value, dict) and kind in ("Resource", value.get("resourceType"))


FITS: dict[str, Callable[[Any, str], bool]] = {
    **{kind: lambda value, kind: isinstance(value, str) and bool(value) for kind in TEXTS},
    **dict.fromkeys(RESOURCE_KINDS, _is_resource),
    "boolean": lambda value, kind: value in BOOLEANS.values() and isinstance(value, bool),
    "integer": lambda value, kind: isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**9,
}
