"""`CodeSystem/$lookup` and `CodeSystem/$subsumes`: what a code means, and whether one code includes another.

In: a `Terminology` and the parameters. Out: Parameters (https://hl7.org/fhir/R4/codesystem-operation-lookup.html and
codesystem-operation-subsumes.html). Raises FhirError: 404 for an unknown code or code system.
"""

from collections.abc import Iterable
from typing import Any

from content_app.delivery.fhir.terminology.compose import require_content
from content_app.delivery.fhir.terminology.concepts import CodeSystemIndex, Concept, value_of
from content_app.delivery.fhir.terminology.displays import PREFERRED, named
from content_app.delivery.fhir.terminology.languages import Languages, parse
from content_app.delivery.fhir.terminology.operation_input import OperationInput
from content_app.delivery.fhir.terminology.outcome import FhirError, Resource, refusal
from content_app.delivery.fhir.terminology.resources import Terminology, listed

HIERARCHICAL = ("parent", "child")


def lookup(terminology: Terminology, inputs: OperationInput) -> Resource:
    """All that is known of a code."""
    coding = asked_coding(inputs)
    concepts = known_code_system(terminology, agreed("system", [coding], inputs), agreed("version", [coding], inputs))
    require_content(concepts)
    concept = known_concept(concepts, coding["code"])
    languages = parse(inputs.one("displayLanguage")) if inputs.has("displayLanguage") else parse(
        inputs.accept_language, is_strict=False
    )  # fmt: skip
    wanted = inputs.all("property")
    names = named(concepts, concept, None, languages)
    parameters: list[Resource] = [{"name": "name", "valueString": concepts.resource.get("name") or concepts.url}]
    if concepts.version:
        parameters.append({"name": "version", "valueString": concepts.version})
    parameters += [
        {"name": "display", "valueString": names.display or concept.display or concept.code},
        {"name": "code", "valueCode": concept.code},
        {"name": "system", "valueUri": concepts.url},
        {"name": "abstract", "valueBoolean": concepts.is_abstract(concept)},
    ]
    if concept.definition and _is_wanted("definition", wanted):
        parameters.append({"name": "definition", "valueString": concept.definition})
    parameters += [{"name": "used-supplement", "valueCanonical": canonical} for canonical in concepts.supplements]
    if _is_wanted("designation", wanted):
        parameters += [_designation(concepts, entry) for entry in _all_names(concepts, concept)]
    parameters += _properties(concepts, concept, wanted, languages)
    return {"resourceType": "Parameters", "parameter": parameters}


def asked_coding(inputs: OperationInput, name: str = "coding", code: str = "code") -> Resource:
    """The coding that is asked about: given whole, or as code and system. Raises FhirError 400 for both or neither."""
    if inputs.has(name) and inputs.has(code):
        raise refusal(400, "invalid", f"Give either “{name}”, or “{code}” and “system”, not both", path=name)
    if inputs.has(name):
        coding: Resource = inputs.one(name)
        if not coding.get("code"):
            raise refusal(400, "required", f"The {name} has no code", path=f"{name}.code")
        return coding
    if not inputs.has(code):
        raise refusal(400, "required", f"Give the code in “{code}” and “system”, or as “{name}” in the body", path=code)
    version = {"version": inputs.one("version")} if inputs.has("version") else {}
    return {"code": inputs.one(code), "system": inputs.one("system"), **version}


def agreed(name: str, codings: list[Resource], inputs: OperationInput) -> str | None:
    """The code system, or its version, that the codings and the parameter name. Raises FhirError 400 for several."""
    named = {value for value in (inputs.one(name), *(coding.get(name) for coding in codings)) if value}
    if len(named) > 1:
        text = f"Use the same {name} throughout. You gave {' and '.join(sorted(named))}"
        raise refusal(400, "invalid", text, path=name)
    return named.pop() if named else None


def alone(name: str, parts: Iterable[str], inputs: OperationInput) -> None:
    """Raises FhirError 400 for what cannot stand beside this parameter, as each of its codings says it itself."""
    for part in parts:
        if inputs.has(part):
            raise refusal(400, "invalid", f"Give it in each coding of “{name}”, not in a separate “{part}”", path=part)


def known_code_system(terminology: Terminology, url: str | None, version: str | None) -> CodeSystemIndex:
    """Raises FhirError: 400 without an address, 404 for one that is not known here."""
    if not url:
        raise refusal(400, "required", "Give the code system in “system”", path="system")
    concepts = terminology.code_system(url, version)
    if concepts:
        return concepts
    known = terminology.versions("CodeSystem", url)
    if known:
        raise _not_found(
            f"A definition for CodeSystem '{url}' version '{version}' could not be found. "
            f"Valid versions: {listed(known)}"
        )
    raise _not_found(f"A definition for CodeSystem '{url}' could not be found")


def known_concept(concepts: CodeSystemIndex, code: str) -> Concept:
    concept = concepts.find(code)
    if concept is None:
        raise _not_found(
            f"Unknown code '{code}' in the CodeSystem '{concepts.url}' version '{concepts.version}'", "invalid-code"
        )
    return concept


def _not_found(text: str, kind: str = "not-found") -> FhirError:
    return refusal(404, "not-found", text, kind=kind)


def _is_wanted(code: str, wanted: list[str]) -> bool:
    return not wanted or "*" in wanted or code in wanted


def _all_names(concepts: CodeSystemIndex, concept: Concept) -> list[Resource]:
    language = {"language": concepts.language} if concepts.language else {}
    first = [{**language, "use": PREFERRED, "value": concept.display}] if concept.display else []
    return [*first, *concept.designations]


def _designation(concepts: CodeSystemIndex, entry: Resource) -> Resource:
    parts: list[Resource] = []
    if "language" in entry:
        parts.append({"name": "language", "valueCode": entry["language"]})
    if "use" in entry:
        parts.append({"name": "use", "valueCoding": entry["use"]})
    if id(entry) in concepts.sources:
        parts.append({"name": "source", "valueCanonical": concepts.sources[id(entry)]})
    parts.append({"name": "value", "valueString": entry["value"]})
    return {"name": "designation", "part": parts}


def _properties(concepts: CodeSystemIndex, concept: Concept, wanted: list[str], languages: Languages) -> list[Resource]:
    """The properties asked for; all without asking."""
    found: list[tuple[str, str, Any]] = []
    for code, others in (("parent", concept.parents), ("child", concept.children)):
        found += [(code, "valueCode", other) for other in others]
    found.append(("inactive", "valueBoolean", concepts.is_inactive(concept)))
    for entry in concept.properties:
        if entry["code"] not in ("parent", "child", "inactive"):
            key = next((key for key in entry if key.startswith("value")), None)
            found += [(entry["code"], key, value_of(entry))] if key else []
    return [
        _property(concepts, code, key, value, languages)
        for code, key, value in found
        if _is_wanted(code, wanted)
    ]  # fmt: skip


def _property(concepts: CodeSystemIndex, code: str, key: str, value: Any, languages: Languages) -> Resource:
    parts: list[Resource] = [{"name": "code", "valueCode": code}, {"name": "value", key: value}]
    other = concepts.by_code.get(value) if code in HIERARCHICAL else None
    if other and (display := named(concepts, other, None, languages).display):
        parts.append({"name": "description", "valueString": display})
    return {"name": "property", "part": parts}


def subsumes(terminology: Terminology, inputs: OperationInput) -> Resource:
    """How two codes of one code system stand to each other. Raises FhirError 400 if its hierarchy is not `is-a`."""
    codings = [asked_coding(inputs, f"coding{end}", f"code{end}") for end in "AB"]
    concepts = known_code_system(terminology, agreed("system", codings, inputs), agreed("version", codings, inputs))
    meaning = concepts.resource.get("hierarchyMeaning", "is-a")
    if meaning != "is-a":
        raise refusal(422, "not-supported", f"The hierarchy of {concepts.canonical} means {meaning}, not is-a")
    first, second = (known_concept(concepts, coding["code"]).code for coding in codings)
    outcome = "not-subsumed"
    if first == second:
        outcome = "equivalent"
    elif concepts.subsumes(first, second):
        outcome = "subsumes"
    elif concepts.subsumes(second, first):
        outcome = "subsumed-by"
    return {"resourceType": "Parameters", "parameter": [{"name": "outcome", "valueCode": outcome}]}
