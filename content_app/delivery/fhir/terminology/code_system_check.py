"""Validates codes against a code system.

In: codings, the code system and version that the operation was called on. Out: a `Verdict` for each.
"""

from content_app.delivery.fhir.terminology import validation_issues as found
from content_app.delivery.fhir.terminology.code_check import CodeCheck, Verdict
from content_app.delivery.fhir.terminology.compose import check_issue, require_content
from content_app.delivery.fhir.terminology.operation_input import OperationInput
from content_app.delivery.fhir.terminology.outcome import Issue, Resource
from content_app.delivery.fhir.terminology.resources import Terminology
from content_app.delivery.fhir.terminology.validation_issues import CodePlace


class CodeSystemCheck(CodeCheck):
    """Validates codes against a code system."""

    def __init__(self, terminology: Terminology, inputs: OperationInput, url: str | None, version: str | None):
        super().__init__(terminology, inputs)
        self.url = url
        self.version = version

    def verdict(self, coding: Resource, place: CodePlace) -> Verdict:
        coding = {**coding, "system": coding.get("system") or self.url}
        verdict = Verdict(coding, place)
        if not coding["system"]:
            verdict.coding.pop("system")
            verdict.add(found.no_system(place))
            return verdict
        system = coding["system"]
        if self.url and system != self.url:
            text = f"The coding has the system '{system}', but the code system to validate in is '{self.url}'"
            verdict.add(Issue("error", "invalid", text, "invalid-data", place.path("system")))
            return verdict
        return self._known(verdict, coding.get("version") or self.version)

    def _known(self, verdict: Verdict, asked_version: str | None) -> Verdict:
        system = verdict.coding["system"]
        known = self.terminology.versions("CodeSystem", system)
        if not known and (supplement := self.terminology.brought.supplement_named(system)):
            verdict.add(found.system_is_supplement(supplement, verdict.place))
            return verdict
        if not known:
            if ":" not in system:
                verdict.add(found.local_system(verdict.place))
            self.unknown_system(verdict, "x-caused-by-unknown-system")
            return verdict
        pattern, _ = self.versions.pattern(system, asked_version)
        concepts = self.terminology.code_system(system, pattern)
        if concepts is None:
            self.unknown_version(verdict, pattern or "", known)
            return verdict
        require_content(concepts)
        verdict.add(check_issue(self.versions, concepts, verdict.place.path("version")))
        concept = self.concept(verdict, concepts, None, {})
        verdict.is_member = concept is not None or concepts.content == "fragment"
        if concept and concepts.is_abstract(concept) and self.inputs.one("abstract") is False:
            verdict.add(found.is_abstract(verdict.coding, verdict.place))
        return verdict
