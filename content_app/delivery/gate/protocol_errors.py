"""A refusal that no view has made, in the form that the protocol at its address speaks.

In: a request, a type of problem, a sentence. Out: an OperationOutcome below `/fhir` and `/cds-services`, a problem
document or a page elsewhere.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse

from content_app.delivery.cds_hooks import views as cds_hooks
from content_app.delivery.cds_hooks.body import Refused
from content_app.delivery.fhir.server import views as fhir
from content_app.delivery.fhir.terminology.outcome import refusal
from content_app.delivery.gate.api_keys import CHALLENGE
from content_app.delivery.gate.quotas import Standing
from content_app.delivery.gate.rate_limit_headers import members, tell
from content_app.delivery.http.problems import PROBLEM_TYPES, problem_response
from content_app.delivery.infobutton import views as infobutton
from content_app.vocabulary.addresses import CDS_SERVICES, FHIR, INFOBUTTON

# https://hl7.org/fhir/R4/valueset-issue-type.html
ISSUE_TYPES = {
    400: "structure", 401: "login", 403: "forbidden", 410: "not-supported", 411: "required", 413: "too-long",
    415: "not-supported", 429: "throttled", 503: "transient",
}  # fmt: skip


def refuse(request: HttpRequest, slug: str, detail: str, /, **members: Any) -> HttpResponse:
    """The answer for a problem of this type, as the protocol of the address says it."""
    status = PROBLEM_TYPES[slug].status
    if request.path.startswith(FHIR):
        return fhir.outcome_response(request, refusal(status, ISSUE_TYPES[status], detail))
    if request.path.startswith(CDS_SERVICES):
        return cds_hooks.refusal(Refused(status, ISSUE_TYPES[status], detail))
    if request.path.startswith(INFOBUTTON):
        return infobutton.refusal(request, slug, detail, **members)
    return problem_response(request, slug, detail, **members)


def refuse_key(request: HttpRequest, detail: str) -> HttpResponse:
    """401: the key does not work (RFC 9110, section 15.5.2)."""
    response = refuse(request, "key-not-usable", detail)
    response["WWW-Authenticate"] = CHALLENGE
    return response


def refuse_for_now(request: HttpRequest, standing: Standing) -> HttpResponse:
    """429: asked too much (RFC 6585, section 4), and when to ask again."""
    policy = standing.policy
    detail = (
        f"You have exceeded your limit of {policy.quota} per {policy.window} seconds (policy “{policy.name}”). "
        f"Try again in {standing.reset} seconds."
    )
    response = refuse(request, "quota-exceeded", detail, **members(standing))
    response["Retry-After"] = str(standing.reset)
    return tell(response, standing)
