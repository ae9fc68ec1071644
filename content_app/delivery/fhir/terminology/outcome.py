"""What can go wrong with a terminology operation, as FHIR says it: issues, OperationOutcome, and the error to raise.

In: severities, codes and sentences. Out: OperationOutcome resources (https://hl7.org/fhir/R4/operationoutcome.html).
The coding of an issue comes from the tx-issue-type code system of the FHIR terminology ecosystem.
"""

from dataclasses import dataclass, field
from typing import Any

Resource = dict[str, Any]

TX_ISSUE_TYPE = "http://hl7.org/fhir/tools/CodeSystem/tx-issue-type"
MESSAGE_ID = "http://hl7.org/fhir/StructureDefinition/operationoutcome-message-id"


@dataclass(frozen=True)
class Issue:
    """One issue. `kind` is its tx-issue-type, `path` the FHIRPath of what it is about, `message_id` its stable name.

    `is_told`: whether its text is part of the one-line message that stands beside the issues.
    """

    severity: str
    code: str
    text: str
    kind: str = ""
    path: str = ""
    message_id: str = ""
    is_told: bool = True

    def to_json(self) -> Resource:
        issue: Resource = {}
        if self.message_id:
            issue["extension"] = [{"url": MESSAGE_ID, "valueString": self.message_id}]
        issue |= {"severity": self.severity, "code": self.code, "details": {"text": self.text}}
        if self.kind:
            issue["details"] = {"coding": [{"system": TX_ISSUE_TYPE, "code": self.kind}], "text": self.text}
        if self.path:  # `location` says the same in XPath; R4 deprecates it
            issue["expression"] = [self.path]
        return issue


@dataclass
class FhirError(Exception):
    """Raised when an operation or a read cannot be answered: the HTTP status, and why."""

    status: int
    issues: list[Issue] = field(default_factory=list)

    def __str__(self) -> str:
        return "; ".join(issue.text for issue in self.issues)


def refusal(status: int, code: str, text: str, *, kind: str = "", path: str = "", message_id: str = "") -> FhirError:
    """The error that holds this one issue."""
    return FhirError(status, [Issue("error", code, text, kind, path, message_id)])


def operation_outcome(issues: list[Issue]) -> Resource:
    """An OperationOutcome of these issues."""
    return {"resourceType": "OperationOutcome", "issue": [issue.to_json() for issue in issues]}


def unsupported(name: str, hint: str) -> FhirError:
    """The error that a parameter is not one that this server takes. Ignoring it would change what the answer means."""
    return refusal(400, "not-supported", f"The parameter “{name}” is not supported{hint}", path=name)
