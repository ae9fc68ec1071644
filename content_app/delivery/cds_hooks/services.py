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
            title="Background reading for the problem list",
            description="Links to content on amplified musculoskeletal pain and the conditions it is confused with, if "
            "codes on the problem list match it. Points out codes for conditions that are easily confused but not the "
            "same. Never suggests a diagnosis.",
            prefetch=((PREFETCH, "Condition?patient={{context.patientId}}&category=problem-list-item"),),
        ),
        Service(
            id="amps-problem-list-item-create",
            hook="problem-list-item-create",
            title="Background reading for a new problem",
            description="Links to content that matches the code of a new problem, and points out conditions it is "
            "easily confused with. Never suggests a diagnosis.",
        ),
    )
}
USAGE = (
    "Open to everyone. No registration is needed, and bearer tokens are ignored. The service reads only the code, "
    "clinicalStatus and verificationStatus of each Condition. It stores nothing and does not call a FHIR server."
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
