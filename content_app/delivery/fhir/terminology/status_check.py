"""Whether what an answer rests on is itself sound: withdrawn, deprecated, draft or experimental.

In: what was read for an answer, and the value set it is about. Out: warnings, for expansions and for validations.
"""

from dataclasses import dataclass

from content_app.delivery.fhir.terminology.compose import ValueSetReader, canonical_of
from content_app.delivery.fhir.terminology.concepts import standards_status
from content_app.delivery.fhir.terminology.outcome import Issue, Resource


@dataclass(frozen=True)
class Standing:
    """One resource that is not sound."""

    status: str
    kind: str
    canonical: str

    def to_issue(self) -> Issue:
        text = f"Reference to {self.status} {self.kind} {self.canonical}"
        message_id = f"MSG_{self.status.upper()}"
        return Issue("information", "business-rule", text, "status-check", "", message_id, is_told=False)


def standings(reader: ValueSetReader, value_set: Resource | None) -> list[Standing]:
    """What is not sound, code systems first. A draft that only drafts rest on is no news."""
    resources = [concepts.resource for concepts in reader.used_code_systems.values()]
    resources += [*reader.used_value_sets.values(), *([value_set] if value_set else [])]
    found = [
        Standing(status, resource["resourceType"], canonical_of(resource))
        for resource in resources
        if (status := _status(resource, value_set or {}))
    ]
    return list(dict.fromkeys(found))


def _status(resource: Resource, source: Resource) -> str | None:
    declared = standards_status(resource.get("extension", []))
    if declared in ("deprecated", "withdrawn"):
        return declared
    if resource.get("status") == "retired":
        return "withdrawn"
    if resource.get("experimental") and not source.get("experimental"):
        return "experimental"
    is_draft = resource.get("status") == "draft" or declared == "draft"
    if is_draft and source.get("status") != "draft":
        return "draft"
    return None
