"""Calls an operation: finds what it is about in the library or in the request, and hands both to the operation.

In: the operation, the `OperationInput`, the library as of a release, the instance it was called on. Out: the
resource that answers. Raises FhirError.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from content_app.delivery.fhir.library.composition import document_bundle
from content_app.delivery.fhir.library.resources import Library
from content_app.delivery.fhir.server.search import unknown_resource
from content_app.delivery.fhir.terminology.budget import spend
from content_app.delivery.fhir.terminology.expand import expand, required_supplements
from content_app.delivery.fhir.terminology.lookup import lookup, subsumes
from content_app.delivery.fhir.terminology.operation_definitions import (
    CODE_SYSTEM_VALIDATE,
    VALUE_SET_VALIDATE,
)
from content_app.delivery.fhir.terminology.operation_input import OperationInput
from content_app.delivery.fhir.terminology.operation_types import MANY, Operation
from content_app.delivery.fhir.terminology.outcome import FhirError, Resource, operation_outcome, refusal
from content_app.delivery.fhir.terminology.parameters import from_body, once
from content_app.delivery.fhir.terminology.resources import Brought, Terminology
from content_app.delivery.fhir.terminology.translate import asked_codings, translate
from content_app.delivery.fhir.terminology.validate import validate_in_code_system, validate_in_value_set
from content_app.delivery.fhir.terminology.versions import satisfies, split_canonical

MOST_QUESTIONS = 500


@dataclass(frozen=True)
class Call:
    """One call. `instance` is the resource it was called on, `base` the address of the server, `now` the time."""

    library: Library
    inputs: OperationInput
    instance: Resource | None
    base: str
    now: str
    shelves: dict[tuple[int, ...], Brought] = field(default_factory=dict)

    def brought(self, *also: Resource) -> Brought:
        """The resources that came along: indexed once, also for all questions of a batch."""
        resources = [*self.inputs.resources, *also]
        key = tuple(id(resource) for resource in resources)
        if key not in self.shelves:
            self.shelves[key] = Brought(resources)
        return self.shelves[key]

    def terminology(self, value_set: Resource | None = None, *, also: tuple[Resource, ...] = ()) -> Terminology:
        supplements = [*self.inputs.all("useSupplement"), *(required_supplements(value_set) if value_set else [])]
        return Terminology(self.library, self.brought(*also), supplements)

    def canonical(self, version: str) -> tuple[str | None, str | None]:
        """Address and version that `url` and the version parameter name. Raises FhirError 400 for two versions."""
        url, in_url = split_canonical(self.inputs.one("url", ""))
        asked = self.inputs.one(version)
        if in_url and asked and in_url != asked:
            raise refusal(400, "invalid", f"“url” and “{version}” name different versions", path=version)
        return url or None, asked or in_url

    def subject(self, name: str, kind: str, version: str) -> Resource | None:
        """The resource that the call is about, if it came with the call or is the one it was called on."""
        given: Resource | None = self.inputs.one(name)
        url, asked = self.canonical(version)
        if self.instance and (given or url):
            raise refusal(
                400, "invalid", f"The address already names this {kind}: leave out “{name}” and “url”", path=name
            )
        if given and url and url != given.get("url"):
            raise refusal(400, "invalid", f"“url” and “{name}” name different resources", path="url")
        if given and asked and not satisfies(given.get("version", ""), asked):
            raise refusal(400, "invalid", f"The version of “{name}” is not {asked[:60]}", path=version)
        if self.instance and self.inputs.has(version):
            found = Terminology(self.library).find(kind, self.instance["url"], self.inputs.one(version))
            if found is None:
                text = f"This resource has no version “{self.inputs.one(version)[:60]}”"
                raise refusal(404, "not-found", text, kind="not-found", path=version)
            return found
        return self.instance or given


def _lookup(call: Call) -> Resource:
    return lookup(call.terminology(), call.inputs)


def _subsumes(call: Call) -> Resource:
    inputs = call.inputs
    if call.instance:
        inputs = _on_instance(inputs, call.instance)
    return subsumes(call.terminology(), inputs)


def _on_instance(inputs: OperationInput, instance: Resource) -> OperationInput:
    if inputs.one("system") not in (None, instance["url"]):
        raise refusal(400, "invalid", "“system” is not the code system in the address", path="system")
    return inputs if inputs.has("system") else inputs.with_value("system", instance["url"])


def _validate_in_code_system(call: Call) -> Resource:
    subject = call.subject("codeSystem", "CodeSystem", "version")
    if subject:
        return validate_in_code_system(
            call.terminology(also=(subject,)), call.inputs, subject.get("url"), subject.get("version")
        )
    url, version = call.canonical("version")
    url = url or call.inputs.one("system")
    if url is None and call.inputs.has("code"):
        raise refusal(400, "required", "Give the code system in “url”", path="url")
    return validate_in_code_system(call.terminology(), call.inputs, url, version)


def _value_set(call: Call) -> Resource:
    subject = call.subject("valueSet", "ValueSet", "valueSetVersion")
    if subject:
        return subject
    url, version = call.canonical("valueSetVersion")
    if not url:
        raise refusal(400, "required", "Give the value set in “url”, or as “valueSet” in the body", path="url")
    wanted = version or call.inputs.system_versions().value_sets.get(url)
    return Terminology(call.library, call.brought()).value_set(url, wanted)


def _expand(call: Call) -> Resource:
    value_set = _value_set(call)
    return expand(value_set, call.terminology(value_set), call.inputs, call.now)


def _validate_in_value_set(call: Call) -> Resource:
    value_set = _value_set(call)
    return validate_in_value_set(value_set, call.terminology(value_set), call.inputs)


def _each(called: Operation, validate: Callable[[Call], Resource]) -> Callable[[Call], Resource]:
    """The operation that answers many questions of another: an error stays with its question."""

    def answer(call: Call, question: Resource) -> Resource:
        try:
            spend()
            return validate(replace(call, inputs=_with_what_is_shared(called, call.inputs, question)))
        except FhirError as error:
            return operation_outcome(error.issues)

    def answers(call: Call) -> Resource:
        questions = call.inputs.all("validation")
        if not 0 < len(questions) <= MOST_QUESTIONS:
            text = f"Send 1 to {MOST_QUESTIONS} calls, each as “validation”. You sent {len(questions)}"
            raise refusal(400 if not questions else 413, "required" if not questions else "too-costly", text)
        found = [{"name": "validation", "resource": answer(call, question)} for question in questions]
        return {"resourceType": "Parameters", "parameter": found}

    return answers


def _with_what_is_shared(called: Operation, inputs: OperationInput, question: Resource) -> OperationInput:
    """The parameters of one question: its own, and those of the whole call that it does not give itself."""
    names = {entry.get("name") for entry in question.get("parameter", []) if isinstance(entry, dict)}
    if not names & {"code", "coding", "codeableConcept"}:
        text = (
            "Unable to find code to validate (looked for coding | codeableConcept | code+system | code+inferSystem "
            "in parameters"
        )
        raise refusal(400, "invalid", text)
    own = once(called, from_body(called, question))
    shared = [pair for pair in inputs.pairs if pair[0] != "validation"]
    shared = [pair for pair in shared if pair[0] not in names or called.parameter(pair[0]).most == MANY]
    return OperationInput([*own, *shared], inputs.accept_language)


def _translate(call: Call) -> Resource:
    subject = call.subject("conceptMap", "ConceptMap", "conceptMapVersion")
    about = asked_codings(call.inputs)
    maps = call.terminology().concept_maps(about)
    if subject:
        return translate([subject], call.inputs, maps)
    url, version = call.canonical("conceptMapVersion")
    if not url:
        return translate(maps, call.inputs, maps)
    found = [entry for entry in maps if entry.get("url") == url and version in (None, entry.get("version"))]
    there = call.library.at(version) if version and not found else None
    found = found or [entry for entry in (there.concept_maps(about) if there else []) if entry["url"] == url]
    if not found:
        text = f"A definition for the concept map '{call.inputs.one('url')}' could not be found"
        raise refusal(404, "not-found", text, kind="not-found", path="url")
    return translate(found, call.inputs, maps)


def _document(call: Call) -> Resource:
    if call.inputs.flag("persist"):
        raise refusal(400, "not-supported", "This server stores nothing: leave “persist” out", path="persist")
    if call.instance is None:
        raise refusal(400, "required", "Call this operation on a Composition: Composition/{id}/$document")
    document = call.library.document(call.instance["id"])
    if document is None:
        raise unknown_resource("Composition", call.instance["id"])
    return document_bundle(call.library.edition, document, call.base)


CALLS: dict[tuple[str, str], Callable[[Call], Resource]] = {
    ("CodeSystem", "lookup"): _lookup,
    ("CodeSystem", "validate-code"): _validate_in_code_system,
    ("CodeSystem", "batch-validate-code"): _each(CODE_SYSTEM_VALIDATE, _validate_in_code_system),
    ("CodeSystem", "subsumes"): _subsumes,
    ("ValueSet", "expand"): _expand,
    ("ValueSet", "validate-code"): _validate_in_value_set,
    ("ValueSet", "batch-validate-code"): _each(VALUE_SET_VALIDATE, _validate_in_value_set),
    ("ConceptMap", "translate"): _translate,
    ("Composition", "document"): _document,
}
