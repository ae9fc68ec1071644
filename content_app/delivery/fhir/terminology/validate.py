"""`$validate-code` on value sets and code systems: is the code one of them, and is what is said of it right?

In: a `Terminology`, the parameters, and for a value set the ValueSet. Out: Parameters with `result`, `message` and
`issues` (https://hl7.org/fhir/R4/valueset-operation-validate-code.html). A code that is wrong is an answer, not an
error.
"""

from dataclasses import replace

from content_app.delivery.fhir.terminology import validation_issues as found
from content_app.delivery.fhir.terminology.code_check import PARTS, Asked, Verdict, asked
from content_app.delivery.fhir.terminology.code_system_check import CodeSystemCheck
from content_app.delivery.fhir.terminology.lookup import agreed
from content_app.delivery.fhir.terminology.operation_input import OperationInput
from content_app.delivery.fhir.terminology.outcome import FhirError, Issue, Resource, operation_outcome
from content_app.delivery.fhir.terminology.resources import Terminology
from content_app.delivery.fhir.terminology.value_set_check import ValueSetCheck


def validate_in_value_set(value_set: Resource, terminology: Terminology, inputs: OperationInput) -> Resource:
    """Whether one of the codings is a member of the value set, and right in itself."""
    question = asked(inputs, {"system": "system", **PARTS})
    check = ValueSetCheck(value_set, terminology, inputs, is_one_of_many=question.concept is not None)
    try:
        verdicts = [check.verdict(coding, place) for coding, place in question.codings]
    except FhirError as error:
        if error.status == 404:  # a value set that this one imports is not known
            return _answer(question, [], error.issues, is_right=False)
        raise
    issues = [issue for verdict in verdicts for issue in verdict.issues]
    is_member = any(verdict.is_member for verdict in verdicts)
    is_unsure = any(issue.kind == "not-found" for issue in issues) and not any(v.standings for v in verdicts)
    if question.concept is not None and not is_member and not (is_unsure and check.is_incomplete):
        issues.append(found.none_in_value_set(check.name))
    if any(verdict.is_right for verdict in verdicts):
        issues = [_beside_a_right_one(issue) for issue in issues]
    is_right = is_member and not any(issue.severity == "error" for issue in issues)
    return _answer(question, verdicts, issues, is_right=is_right)


def _beside_a_right_one(issue: Issue) -> Issue:
    """The issue of a coding beside one that is right: one coding of a CodeableConcept in the value set is enough.

    That another is of a code system that is not known here says nothing against it. A code that is known to be wrong
    stays an error.
    """
    is_unknown = issue.message_id in ("UNKNOWN_CODESYSTEM", "UNKNOWN_CODESYSTEM_VERSION_NONE")
    return replace(issue, severity="warning") if is_unknown and issue.severity == "error" else issue


def validate_in_code_system(
    terminology: Terminology, inputs: OperationInput, url: str | None, version: str | None
) -> Resource:
    """Whether each coding is a code of the code system. `url` and `version` are what the operation was called on."""
    question = asked(inputs, PARTS)
    if inputs.has("version"):
        agreed("version", [coding for coding, _ in question.codings], inputs)
    check = CodeSystemCheck(terminology, inputs, url, version)
    verdicts = [check.verdict(coding, place) for coding, place in question.codings]
    issues = [issue for verdict in verdicts for issue in verdict.issues]
    return _answer(question, verdicts, issues, is_right=any(verdict.is_right for verdict in verdicts))


def _answer(question: Asked, verdicts: list[Verdict], issues: list[Issue], *, is_right: bool) -> Resource:
    """The Parameters that say what was found."""
    parameters: list[Resource] = [{"name": "result", "valueBoolean": is_right}]
    if told := sorted({issue.text for issue in issues if issue.is_told}):
        parameters.append({"name": "message", "valueString": "; ".join(told)})
    if issues:
        parameters.append({"name": "issues", "resource": operation_outcome(list(dict.fromkeys(issues)))})
    shown = next((verdict for verdict in verdicts if verdict.is_right), None)
    shown = shown or next((verdict for verdict in verdicts if verdict.is_member), None)
    if question.concept is None:
        shown = shown or next(iter(verdicts), None)
    if shown:
        parameters += _identity(shown)
    parameters += list({str(fact): fact for verdict in verdicts for fact in verdict.facts}.values())
    if question.concept is not None:
        parameters.append({"name": "codeableConcept", "valueCodeableConcept": question.concept})
    return {"resourceType": "Parameters", "parameter": parameters}


def _identity(verdict: Verdict) -> list[Resource]:
    parts = (
        ("code", "valueCode", verdict.coding.get("code")),
        ("system", "valueUri", verdict.coding.get("system")),
        ("version", "valueString", verdict.version),
        ("display", "valueString", verdict.display),
    )
    return [{"name": name, key: value} for name, key, value in parts if value]
