"""CDS Hooks over HTTP: discovery, services, feedback.

In: a request. Out: JSON, or an OperationOutcome. Tokens are not looked at, bodies are neither logged nor kept.
"""

import json
import logging
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from content_app.canonical import compact_json
from content_app.delivery.cds_hooks.asking import check_feedback, read_codes
from content_app.delivery.cds_hooks.body import LONGEST, Refused, read_json
from content_app.delivery.cds_hooks.cards import to_cards
from content_app.delivery.cds_hooks.lookup import matches_of
from content_app.delivery.cds_hooks.services import SERVICES, Service, discovery
from content_app.delivery.http.problems import Problem, base_url, note_fault
from content_app.delivery.query import parameters
from content_app.delivery.query.base_view import MOMENT_PARAMETERS
from content_app.delivery.store.place import Place
from content_app.outages import is_outage

logger = logging.getLogger(__name__)
MEDIA_TYPES = ("application/json", "application/fhir+json")
ISSUE_TYPES = {400: "invalid", 404: "not-found", 503: "transient"}


@method_decorator(csrf_exempt, name="dispatch")
class HookView(View):
    """What all addresses share: every refusal is an OperationOutcome."""

    methods = ("POST", "OPTIONS")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            parameters.refuse_unknown(request.GET, MOMENT_PARAMETERS)
            return super().dispatch(request, *args, **kwargs)
        except Refused as refused:
            return refusal(refused)
        except Problem as problem:
            status = problem.problem_type.status
            return refusal(Refused(status, ISSUE_TYPES.get(status, "processing"), str(problem.detail)))
        except Exception as fault:
            if not is_outage(fault):
                raise
            return refusal(Refused(503, "transient", note_fault(fault)))

    def options(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponse(status=204, headers={"Allow": ", ".join(self.methods)})

    def http_method_not_allowed(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = refusal(Refused(405, "not-supported", f"Use {', '.join(self.methods)} for this address."))
        response["Allow"] = ", ".join(self.methods)
        return response


class DiscoveryView(HookView):
    """The services that there are."""

    http_method_names = ["get", "head", "options"]
    methods = ("GET", "HEAD", "OPTIONS")

    def get(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse(
            compact_json(discovery()),
            content_type="application/json",
            headers={"Cache-Control": "public, max-age=300"},
        )


class ServiceView(HookView):
    """A call of a service: the cards for the codes in it."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, service_id: str) -> HttpResponse:
        codes = read_codes(body_of(request), found(service_id))
        moment = parameters.moment(request.GET)
        where = Place(base_url(request), moment.release, moment.is_pinned, timezone.now().date())
        cards = to_cards(matches_of(moment, codes), where)
        response = HttpResponse(compact_json({"cards": cards}), content_type="application/json")
        response["Content-Release"] = str(moment.release)
        response["Cache-Control"] = "no-store"
        return response


class FeedbackView(HookView):
    """What a user did with a card. It is checked and forgotten."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, service_id: str) -> HttpResponse:
        found(service_id)
        check_feedback(body_of(request))
        return HttpResponse(status=200, headers={"Cache-Control": "no-store"})


def found(service_id: str) -> Service:
    """The service of this identifier. Raises `Refused` (404)."""
    if service_id not in SERVICES:
        raise Refused(404, "not-found", f"There is no such service. Use one of {', '.join(SERVICES)}.")
    return SERVICES[service_id]


def body_of(request: HttpRequest) -> dict[str, Any]:
    """The JSON object that was sent. Raises `Refused`: 415 for another type, 413 if it is too long, 400 otherwise."""
    if request.content_type not in MEDIA_TYPES:
        raise Refused(415, "not-supported", "Send the body as application/json.")
    try:
        return read_json(request.body)
    except RequestDataTooBig:
        raise Refused(413, "too-long", f"The body has more than {LONGEST} bytes.")


def refusal(refused: Refused) -> HttpResponse:
    """The OperationOutcome of a refusal."""
    body = json.dumps(refused.to_outcome(), ensure_ascii=False)
    response = HttpResponse(body, status=refused.status, content_type="application/fhir+json")
    response["Cache-Control"] = "no-store"
    return response
