"""Limits as HTTP fields: the `RateLimit` draft (draft-ietf-httpapi-ratelimit-headers-11), and nothing else of it.

In: where a client stands. Out: fields of an answer, and members of a problem. When the draft becomes an RFC, or
changes, this file does. What a cache hands out again says nothing of the one who reads it: clients are to ignore these
fields in an answer that has an `Age` (section 7.3), so they stand in answers that caches keep, too.
"""

from typing import Any

from django.http import HttpResponse

from content_app.delivery.gate.quotas import Standing

POLICY_FIELD, LIMIT_FIELD = "RateLimit-Policy", "RateLimit"


def tell(response: HttpResponse, standing: Standing) -> HttpResponse:
    """The response with its limits, unless it has told some already."""
    name, policy = standing.policy.name, standing.policy
    response.headers.setdefault(POLICY_FIELD, f'"{name}";q={policy.quota};w={policy.window}')
    response.headers.setdefault(LIMIT_FIELD, limit(standing))
    return response


def limit(standing: Standing) -> str:
    """How much is left, and for how long (section 4)."""
    return f'"{standing.policy.name}";r={standing.remaining};t={standing.reset}'


def members(standing: Standing) -> dict[str, Any]:
    """What the problem says beside its sentence (section 5.1)."""
    return {"violated-policies": [standing.policy.name]}
