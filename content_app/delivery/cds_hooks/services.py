"""What the discovery endpoint says: one service per hook.

In: nothing. Out: `SERVICES`, by identifier, and the discovery document. No Django, no database.
Source: CDS Hooks 2.0, Discovery.
"""

from dataclasses import dataclass
from typing import Any

PREFETCH = "conditions"


@dataclass(frozen=True)
class Service:
    """A service. `prefetch` are FHIR queries by key; a service without any takes all it needs from the context."""

    id: str
    hook: str
    title: str
    description: str
    prefetch: tuple[tuple[str, str], ...] = ()


SERVICES = {
    service.id: service
    for service in (
        Service(
            id="amps-patient-view",
            hook="patient-view",
            title="What to read on codes of the problem list",
            description="Links to reviewed content on amplified musculoskeletal pain and the conditions it is "
            "confused with, when codes of the problem list lead there; and says when those codes name conditions "
            "that are not the same. It never suggests a diagnosis.",
            prefetch=((PREFETCH, "Condition?patient={{context.patientId}}&category=problem-list-item"),),
        ),
        Service(
            id="amps-problem-list-item-create",
            hook="problem-list-item-create",
            title="What to read on a problem that was added",
            description="Links to reviewed content on the code of a new problem, and says what it is easily confused "
            "with. It never suggests a diagnosis.",
        ),
    )
}
USAGE = (
    "Open to all: no registration, and a bearer token is neither needed nor read. Of a Condition it reads code, "
    "clinicalStatus and verificationStatus. It stores nothing and calls no FHIR server."
)


def discovery() -> dict[str, Any]:
    """The discovery document. No member is null or empty."""
    return {"services": [_described(service) for service in SERVICES.values()]}


def _described(service: Service) -> dict[str, Any]:
    described: dict[str, Any] = {
        "hook": service.hook,
        "title": service.title,
        "description": service.description,
        "id": service.id,
        "usageRequirements": USAGE,
    }
    return described | ({"prefetch": dict(service.prefetch)} if service.prefetch else {})
