"""`ConceptMap/$translate`: codes of another system for a code, in the direction of a map or against it.

In: the concept maps to use, and the parameters. Out: Parameters with `result` and one `match` a code
(https://hl7.org/fhir/R4/conceptmap-operation-translate.html).

A question in R5's names (`sourceCode`, `targetCode`, …) is answered in R5's names: `originMap` for the map, and for a
question from the target side the coding that is mapped from as `source`, beside the target as `concept`.

`equivalence` says how the code in the match stands to the code that was asked for. Against the direction of a map it
is therefore turned round: a code that the map calls wider than the concept has the concept as a narrower match.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from content_app.delivery.fhir.terminology.lookup import agreed, alone, asked_coding
from content_app.delivery.fhir.terminology.operation_input import OperationInput
from content_app.delivery.fhir.terminology.outcome import Resource, refusal
from content_app.delivery.fhir.terminology.versions import split_canonical
from content_app.vocabulary.code_systems import spellings_of, system_named

TURNED = {"wider": "narrower", "narrower": "wider", "subsumes": "specializes", "specializes": "subsumes"}

RELATIONSHIPS = {
    "equivalent": "equivalent",
    "source-is-narrower-than-target": "wider",
    "source-is-broader-than-target": "narrower",
    "not-related-to": "disjoint",
}
FROM_SOURCE = {
    "sourceCode": "code",
    "sourceSystem": "system",
    "sourceCoding": "coding",
    "sourceCodeableConcept": "codeableConcept",
    "targetSystem": "targetsystem",
    "sourceScope": "source",
    "targetScope": "target",
}
FROM_TARGET = {
    "targetCode": "code",
    "targetSystem": "system",
    "targetCoding": "coding",
    "targetCodeableConcept": "codeableConcept",
    "sourceSystem": "targetsystem",
    "sourceScope": "target",
    "targetScope": "source",
}
ASKS_FROM_TARGET = ("targetCode", "targetCoding", "targetCodeableConcept")


@dataclass(frozen=True)
class Pair:
    """One line of a map: two codings, and how the second stands to the first."""

    source: Resource
    target: Resource
    equivalence: str
    comment: str | None
    map_url: str | None

    def turned(self) -> "Pair":
        """The same, read from the other side."""
        equivalence = TURNED.get(self.equivalence, self.equivalence)
        return Pair(self.target, self.source, equivalence, self.comment, self.map_url)


def translate(maps: list[Resource], inputs: OperationInput, known: list[Resource]) -> Resource:
    """The codes that a code stands for. `known` are all maps that one of the `maps` may refer to.

    Raises FhirError: 400 for a question that is not one, 404 if a map refers to one that is not known.
    """
    in_r4 = _in_r4_names(inputs)
    pairs = _found(maps, in_r4, known)
    if in_r4 is inputs:
        return _answer(pairs, _r4_match)
    is_from_target = any(inputs.has(name) for name in ASKS_FROM_TARGET)
    return _answer(pairs, _r5_match_from_target if is_from_target else _r5_match)


def asked_codings(inputs: OperationInput) -> list[Resource]:
    """The codings that are to be translated. Raises FhirError 400 for a question that is not one."""
    return _asked(_in_r4_names(inputs))


def _in_r4_names(inputs: OperationInput) -> OperationInput:
    """The same question in the names of R4; the very same object if it is asked in them already."""
    is_from_target = any(inputs.has(name) for name in ASKS_FROM_TARGET)
    names = FROM_TARGET if is_from_target else FROM_SOURCE
    if not any(name in names for name, _ in inputs.pairs):
        return inputs
    pairs = [(names.get(name, name), value) for name, value in inputs.pairs]
    told = [name for name, _ in pairs if name in FROM_SOURCE.values()]
    for name, _ in inputs.pairs:
        if told.count(names.get(name, name)) > 1 or (is_from_target and name in ("sourceCode", "sourceCoding")):
            raise refusal(400, "invalid", f"“{name}” repeats or contradicts another parameter", path=name)
    if is_from_target and not inputs.has("reverse"):
        pairs.append(("reverse", True))
    return OperationInput(pairs, inputs.accept_language)


def _found(maps: list[Resource], inputs: OperationInput, known: list[Resource]) -> list[Pair]:
    """The lines of the maps that answer the question, each read from the side that it is asked from."""
    codings = _asked(inputs)
    target = inputs.one("targetsystem")
    is_reverse = inputs.flag("reverse")
    fitting = [entry for entry in maps if _fits(entry, inputs, is_reverse=is_reverse)]
    pairs = [pair.turned() if is_reverse else pair for entry in fitting for pair in _pairs(entry)]
    if not is_reverse:  # without a map in this direction, the others are read against theirs
        sources = {pair.source["system"] for pair in pairs}
        if not any(same_system(coding.get("system"), source) for coding in codings for source in sources):
            pairs += [pair.turned() for pair in pairs]
        pairs += [pair for entry in fitting for coding in codings for pair in _unmapped(entry, coding, known)]
    return [
        pair
        for coding in codings
        for pair in pairs
        if _is_same(coding, pair.source) and (target is None or same_system(target, pair.target.get("system")))
    ]


def _asked(inputs: OperationInput) -> list[Resource]:
    if not inputs.has("codeableConcept"):
        coding = asked_coding(inputs)
        coding = coding | {name: value for name in ("system", "version") if (value := agreed(name, [coding], inputs))}
        if not coding.get("system"):
            raise refusal(400, "required", "Give the code system of the code in “system”", path="system")
        return [coding]
    if inputs.has("code") or inputs.has("coding"):
        raise refusal(400, "invalid", "Give only one of “code”, “coding” and “codeableConcept”", path="codeableConcept")
    alone("codeableConcept", ("system", "version"), inputs)
    codings: list[Resource] = inputs.one("codeableConcept").get("coding", [])
    return codings


def _fits(entry: Resource, inputs: OperationInput, *, is_reverse: bool) -> bool:
    """Whether the map joins the value sets that are named as `source` and `target`."""
    ends = ("target", "source") if is_reverse else ("source", "target")
    for name, end in zip(("source", "target"), ends, strict=True):
        wanted = inputs.one(name)
        if wanted is None:
            continue
        url, version = split_canonical(wanted)
        own, own_version = split_canonical(entry.get(f"{end}Canonical") or entry.get(f"{end}Uri") or "")
        if url != own or version not in (None, own_version):
            return False
    return True


def _address(entry: Resource) -> str | None:
    version = entry.get("version")
    return f"{entry['url']}|{version}" if entry.get("url") and version else entry.get("url")


def _pairs(entry: Resource) -> Iterator[Pair]:
    url = _address(entry)
    for group in entry.get("group", []):
        for element in group.get("element", []):
            source = _coding(group, "source", element)
            for target in element.get("target", []):
                there = _coding(group, "target", target)
                yield Pair(source, there, _equivalence(target), target.get("comment"), url)


def _unmapped(
    entry: Resource, coding: Resource, known: list[Resource], seen: tuple[str | None, ...] = ()
) -> Iterator[Pair]:  # fmt: skip
    """What a map says of the codes that it does not have (conceptmap.html, group.unmapped).

    How the code stands to the given one is said by maps in R5's form only; R4's leave it at `relatedto`.
    """
    for group in entry.get("group", []):
        source = _coding(group, "source", coding)
        other = group.get("unmapped")
        is_mapped = any(element.get("code") == coding.get("code") for element in group.get("element", []))
        if not other or is_mapped or not _is_same(coding, source):
            continue
        if other.get("mode") == "other-map":
            yield from _in_other_map(other, coding, known, (*seen, entry.get("url")))
            continue
        target = coding if other.get("mode") in ("provided", "use-source-code") else other
        yield Pair(source, _coding(group, "target", target), _equivalence(other), None, _address(entry))


def _in_other_map(
    unmapped: Resource, coding: Resource, known: list[Resource], seen: tuple[str | None, ...]
) -> Iterator[Pair]:  # fmt: skip
    """What the map that another one refers to says. Raises FhirError 404; a map is asked once."""
    wanted = unmapped.get("url") or unmapped.get("otherMap") or ""
    url, version = split_canonical(wanted)
    other = next(
        (entry for entry in known if entry.get("url") == url and version in (None, entry.get("version"))), None
    )
    if other is None:
        text = f"A definition for the concept map '{wanted}' could not be found"
        raise refusal(404, "not-found", text, kind="not-found", path="ConceptMap.group.unmapped")
    if url not in seen:
        yield from (pair for pair in _pairs(other) if _is_same(coding, pair.source))
        yield from _unmapped(other, coding, known, seen)


def _equivalence(target: Resource) -> str:
    """How the target stands to the source; a map that comes in R5's form says how the source stands to the target."""
    relationship = RELATIONSHIPS.get(target.get("relationship", ""), "relatedto")
    found: str = target.get("equivalence", relationship)
    return found


def _coding(group: Resource, end: str, entry: Resource) -> Resource:
    parts = {
        "system": group.get(end),
        "version": group.get(f"{end}Version"),
        "code": entry.get("code"),
        "display": entry.get("display"),
    }
    return {key: value for key, value in parts.items() if value}


def _is_same(coding: Resource, other: Resource) -> bool:
    """The same code of the same system, and of the same version where one is asked for."""
    if not same_system(coding.get("system"), other.get("system")) or coding.get("code") is None:
        return False
    return _is_same_code(coding, other) and coding.get("version") in (None, other.get("version"))


def same_system(system: str | None, other: str | None) -> bool:
    """Whether two addresses name one code system: they are equal, or one is another name of it, such as its OID."""
    if system == other or not system or not other:
        return system == other
    one = system_named(system)
    return one is not None and one is system_named(other)


def _is_same_code(coding: Resource, other: Resource) -> bool:
    """Whether the codes are equal, or one is another spelling: m79.7 and M797 are M79.7."""
    code, system = str(coding.get("code")), system_named(other.get("system", ""))
    if code == other.get("code") or system is None:
        return code == other.get("code")
    return str(other.get("code")).upper() in (spelling.upper() for spelling in spellings_of(system.key, code))


def _answer(found: list[Pair], match: Callable[[Pair], list[tuple[str, str, Any]]]) -> Resource:
    """`match` gives the parts of one match as (name, kind of value, value); those without a value are left out."""
    is_found = any(pair.equivalence not in ("unmatched", "disjoint") for pair in found)
    parameters: list[Resource] = [{"name": "result", "valueBoolean": is_found}]
    if not is_found:
        said = next((pair.comment for pair in found if pair.comment), None)
        parameters.append({"name": "message", "valueString": said or "No mapping is known for this code."})
    for pair in found:
        parts = [{"name": name, kind: value} for name, kind, value in match(pair) if value]
        parameters.append({"name": "match", "part": parts})
    return {"resourceType": "Parameters", "parameter": parameters}


def _r4_match(pair: Pair) -> list[tuple[str, str, Any]]:
    return [
        ("equivalence", "valueCode", pair.equivalence),
        ("concept", "valueCoding", pair.target if "code" in pair.target else None),
        ("source", "valueUri", pair.map_url),
    ]


def _r5_match(pair: Pair) -> list[tuple[str, str, Any]]:
    return [*_r4_match(pair)[:2], ("originMap", "valueCanonical", pair.map_url)]


def _r5_match_from_target(pair: Pair) -> list[tuple[str, str, Any]]:
    return [*_r5_match(pair.turned()), ("source", "valueCoding", pair.target)]
