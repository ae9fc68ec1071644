"""What is to be validated, what was found out about it, and the checks that hold for a code wherever it stands.

In: the parameters of `$validate-code`, concepts. Out: `Verdict`. `value_set_check` and `code_system_check` build on
it.
"""

from dataclasses import dataclass, field

from content_app.delivery.fhir.terminology import validation_issues as found
from content_app.delivery.fhir.terminology.compose import SystemVersions
from content_app.delivery.fhir.terminology.concepts import CodeSystemIndex, Concept
from content_app.delivery.fhir.terminology.display_check import Name, check_display, names_of
from content_app.delivery.fhir.terminology.displays import named
from content_app.delivery.fhir.terminology.expand import wanted_languages
from content_app.delivery.fhir.terminology.languages import Languages
from content_app.delivery.fhir.terminology.lookup import alone, asked_coding
from content_app.delivery.fhir.terminology.operation_input import OperationInput
from content_app.delivery.fhir.terminology.outcome import Issue, Resource, refusal
from content_app.delivery.fhir.terminology.resources import Terminology
from content_app.delivery.fhir.terminology.status_check import Standing
from content_app.delivery.fhir.terminology.validation_issues import CodePlace


@dataclass
class Verdict:
    """What was found out about one coding."""

    coding: Resource
    place: CodePlace
    issues: list[Issue] = field(default_factory=list)
    is_member: bool = False
    version: str | None = None
    display: str | None = None
    facts: list[Resource] = field(default_factory=list)
    standings: list[Standing] = field(default_factory=list)

    @property
    def is_right(self) -> bool:
        return self.is_member and not any(issue.severity == "error" for issue in self.issues)

    def add(self, issue: Issue | None) -> None:
        if issue:
            self.issues.append(issue)


@dataclass(frozen=True)
class Asked:
    """The codings to validate. `concept` is the CodeableConcept that they come in, if they do."""

    codings: list[tuple[Resource, CodePlace]]
    concept: Resource | None = None


PARTS = {"version": "systemVersion", "display": "display"}


def asked(inputs: OperationInput, parts: dict[str, str]) -> Asked:
    """What is to be validated. `parts` are the parameters that say more of a code, by the part of a Coding they are.

    Raises FhirError 400 for several ways at once, or none, and where a parameter and the Coding say different things.
    """
    beside = {key: inputs.one(name) for key, name in parts.items() if inputs.has(name)}
    ways = [name for name in ("code", "coding", "codeableConcept") if inputs.has(name)]
    if len(ways) != 1:
        code = "invalid" if ways else "required"
        text = "Give what to validate as one of: “code” with “system”, “coding”, or “codeableConcept”"
        raise refusal(400, code, text, path=ways[1] if len(ways) > 1 else "code")
    if ways == ["codeableConcept"]:
        concept: Resource = inputs.one("codeableConcept")
        codings = concept.get("coding", [])
        if not codings:
            raise refusal(400, "required", "The codeableConcept has no coding", path="codeableConcept")
        alone("codeableConcept", parts.values(), inputs)
        return Asked([(coding, CodePlace(f"CodeableConcept.coding[{n}]")) for n, coding in enumerate(codings)], concept)
    if ways == ["coding"]:
        coding = asked_coding(inputs)
        for key, value in beside.items():
            if coding.get(key, value) != value:
                text = f"“{parts[key]}” and the coding give a different {key}"
                raise refusal(400, "invalid", text, path=parts[key])
        return Asked([(beside | coding, CodePlace("Coding"))])
    system = {"system": inputs.one("system")} if inputs.has("system") else {}
    return Asked([(system | beside | {"code": inputs.one("code")}, CodePlace())])


class CodeCheck:
    """What is checked of a code wherever it stands."""

    def __init__(self, terminology: Terminology, inputs: OperationInput):
        self.terminology = terminology
        self.inputs = inputs
        self.versions: SystemVersions = inputs.system_versions()
        self.is_only_membership = inputs.flag("valueset-membership-only")

    def concept(
        self, verdict: Verdict, concepts: CodeSystemIndex, listed: Resource | None, source: Resource
    ) -> Concept | None:
        """The concept of the code, with everything that there is to say about it. None if there is none."""
        code, system = verdict.coding["code"], concepts.url
        verdict.version = concepts.version
        concept = concepts.find(code)
        if concept is None:
            issue = found.unknown_in_fragment if concepts.content == "fragment" else found.unknown_code
            if not self.is_only_membership:
                verdict.add(issue(code, system, concepts.version, verdict.place))
            return None
        languages = wanted_languages(source, self.inputs)
        verdict.display = named(concepts, concept, listed, languages).display or concept.display
        if concept.code != code:
            verdict.add(found.other_case(code, concept.code, concepts.canonical, verdict.place))
            verdict.facts.append({"name": "normalized-code", "valueCode": concept.code})
        self._use(verdict, concepts, concept)
        self._display(verdict, names_of(concepts, concept, listed), languages)
        return concept

    def _display(self, verdict: Verdict, names: list[Name], languages: Languages) -> None:
        """Whether the display is one of the names."""
        display = verdict.coding.get("display")
        if not display or self.is_only_membership:
            return
        issue = check_display(
            names,
            display,
            languages,
            code=f"{verdict.coding['system']}#{verdict.coding['code']}",
            path=verdict.place.path("display"),
            is_lenient=self.inputs.flag("lenient-display-validation"),
        )
        verdict.add(issue)

    def _use(self, verdict: Verdict, concepts: CodeSystemIndex, concept: Concept) -> None:
        """Whether the concept should still be used."""
        status = concepts.status(concept)
        if concepts.is_inactive(concept):
            statuses = [status] if status and status != "inactive" else []
            verdict.add(found.inactive(verdict.coding["code"], [*statuses, "inactive"], verdict.place))
            verdict.facts.append({"name": "inactive", "valueBoolean": True})
            verdict.facts += [{"name": "status", "valueCode": name} for name in statuses]
        elif status == "deprecated":
            verdict.add(found.deprecated(verdict.coding["code"], status, verdict.place))
            verdict.facts.append({"name": "status", "valueCode": status})

    def unknown_system(self, verdict: Verdict, fact: str) -> None:
        system, version = verdict.coding["system"], verdict.coding.get("version")
        verdict.add(found.unknown_system(system, version, verdict.place))
        verdict.facts.append({"name": fact, "valueCanonical": system})

    def unknown_version(self, verdict: Verdict, version: str, known: list[str]) -> None:
        system = verdict.coding["system"]
        verdict.add(found.unknown_version(system, version, known, verdict.place))
        verdict.facts.append({"name": "x-caused-by-unknown-system", "valueCanonical": f"{system}|{version}"})
