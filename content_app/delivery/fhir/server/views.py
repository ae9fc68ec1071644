"""FHIR over HTTP: headers, methods and media types around `Service`.

In: Django requests below `fhir/`. Out: FHIR as JSON or XML, also every error, or a page for people
(https://hl7.org/fhir/R4/http.html). Nothing here knows what a resource means.
"""

import json
import re
from typing import Any, ClassVar

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.dateparse import parse_datetime
from django.utils.http import http_date
from rest_framework.exceptions import APIException
from rest_framework.request import Request as RestRequest
from rest_framework.views import APIView

from content_app import strict_json
from content_app.canonical import rfc3339
from content_app.delivery.fhir.server.html import to_page
from content_app.delivery.fhir.server.negotiation import (
    FHIR_JSON,
    FHIR_XML,
    HTML,
    JSON_NAMES,
    XML_NAMES,
    media_type,
)
from content_app.delivery.fhir.server.releases import StoredReleases
from content_app.delivery.fhir.server.service import MethodNotAllowed, Reply, Request, Service
from content_app.delivery.fhir.terminology.budget import budget
from content_app.delivery.fhir.terminology.outcome import (
    FhirError,
    Issue,
    Resource,
    operation_outcome,
    refusal,
)
from content_app.delivery.fhir.xml.reader import from_xml
from content_app.delivery.fhir.xml.writer import to_xml
from content_app.delivery.http.client_address import address_of
from content_app.delivery.http.links import warn
from content_app.delivery.http.problems import base_url, from_below
from content_app.delivery.http.received import as_seen
from content_app.delivery.http.responses import KEPT_IN_304, LIVE, PINNED
from content_app.outages import is_outage
from content_app.vocabulary.addresses import FHIR

FORM = "application/x-www-form-urlencoded"
REQUEST_ID = re.compile(r"[!-~]{1,200}")
METHODS = ("GET", "HEAD", "POST", "OPTIONS")


class FhirView(APIView):
    """Every address below `fhir/`."""

    schema = None
    http_method_names: ClassVar[list[str]] = ["get", "head", "post", "options"]
    parser_classes: ClassVar[list[type]] = []

    def perform_content_negotiation(self, request: RestRequest, force: bool = False) -> tuple[Any, str]:
        """Answers are made here, not by a renderer; `media_type` decides on them."""
        return super().perform_content_negotiation(request, force=True)

    @property
    def default_response_headers(self) -> dict[str, str]:
        """None: what is allowed depends on the address, and stands in the errors that are about it."""
        return {}

    def finalize_response(
        self, request: RestRequest, response: HttpResponse, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """The response, with the name that the client gave its request (http.html#customheaders)."""
        final: HttpResponse = super().finalize_response(request, response, *args, **kwargs)
        given = request.headers.get("X-Request-Id", "")
        if REQUEST_ID.fullmatch(given):
            final["X-Request-Id"] = given
        return final

    def get_exception_handler(self) -> Any:
        return exception_handler

    def get(self, request: RestRequest, path: str = "") -> HttpResponse:
        return respond(request._request, path, None)

    def post(self, request: RestRequest, path: str = "") -> HttpResponse:
        return respond(request._request, path, parsed_body(request._request))

    def options(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponse(status=204, headers={"Allow": ", ".join(METHODS)})


def parsed_body(request: HttpRequest) -> Any:
    """The resource that was sent, as JSON; None for no body or a form. Raises FhirError 400 or 415."""
    content_type = sent_type(request)
    if content_type == FORM or not request.body:
        return None
    if content_type in XML_NAMES:
        return from_xml(request.body)
    if content_type not in JSON_NAMES:
        raise refusal(415, "not-supported", f"Send {FHIR_JSON} or {FHIR_XML}")
    try:
        return strict_json.parse(request.body)
    except strict_json.NotJSON as error:
        raise refusal(400, "structure", str(error).removesuffix("."))


def sent_type(request: HttpRequest) -> str:
    return (request.content_type or "").lower()


def wanted_type(request: HttpRequest, *, is_paged: bool = True) -> str:
    """The media type to answer in. Raises FhirError 406."""
    asked = request.GET.get("_format"), request.headers.get("Accept")
    return media_type(*asked, sent=sent_type(request), is_paged=is_paged)


def pairs_of(request: HttpRequest) -> list[tuple[str, str]]:
    """The parameters of the address, and of a form that was posted."""
    given = [request.GET, as_seen(request.POST)] if request.content_type == FORM else [request.GET]
    return [(name, text) for query in given for name, texts in query.lists() for text in texts]


def respond(request: HttpRequest, path: str, body: Any) -> HttpResponse:
    """The answer to a request. Raises FhirError."""
    wanted = wanted_type(request)
    base = base_url(request) + FHIR
    now = rfc3339(timezone.now(), "seconds")
    accept_language = request.headers.get("Accept-Language", "")
    is_lenient = "lenient" in preferences(request).get("handling", "")
    asked = Request(request.method or "GET", path, pairs_of(request), body, accept_language, is_lenient)
    with budget():
        reply = Service(StoredReleases(), base, now, address_of(request.META)).answer(asked)
    made = page(request, reply) if wanted == HTML else None
    if wanted == HTML and made is None:  # what has no page is answered in the next thing that is accepted
        wanted = wanted_type(request, is_paged=False)
    if made is not None:
        response = HttpResponse(made, content_type="text/html; charset=utf-8")
    else:
        response = HttpResponse(
            to_bytes(request, reply.resource, wanted), content_type=content_type(wanted), status=reply.status
        )
    return conditional(request, response, reply)


def content_type(wanted: str) -> str:
    return f"{wanted}; fhirVersion=4.0" if wanted in (FHIR_JSON, FHIR_XML) else wanted


def to_bytes(request: HttpRequest, resource: Resource, wanted: str) -> bytes:
    """The resource as JSON or XML; with `_pretty=true` for people."""
    is_pretty = request.GET.get("_pretty") == "true"
    if wanted in XML_NAMES:
        return to_xml(resource, is_pretty=is_pretty).encode("utf-8")
    layout: dict[str, Any] = {"indent": 2} if is_pretty else {"separators": (",", ":")}
    return json.dumps(resource, ensure_ascii=False, **layout).encode("utf-8", "replace")


def preferences(request: HttpRequest) -> dict[str, str]:
    """What the `Prefer` header asks for, by name (RFC 7240). `return` changes nothing: nothing is written here."""
    parts = (part.partition(";")[0].partition("=") for part in request.headers.get("Prefer", "").split(","))
    return {name.strip().lower(): value.strip().strip('"').lower() for name, _, value in parts}


def page(request: HttpRequest, reply: Reply) -> str | None:
    """The readable form of a resource that has one."""
    addresses = {}
    for form in ("JSON", "XML"):
        query = request.GET.copy()
        query["_format"] = form.lower()
        addresses[form] = f"{request.path}?{query.urlencode()}"
    return to_page(reply.resource, addresses)


def conditional(request: HttpRequest, response: HttpResponse, reply: Reply) -> HttpResponse:
    """The response with its headers, or 304 if the client has it (http.html#cread)."""
    response["Content-Release"] = str(reply.release)
    response["Vary"] = "Accept, Accept-Language"
    if language := reply.resource.get("language"):
        response["Content-Language"] = language
    response["Cache-Control"] = "no-store" if request.method == "POST" else PINNED if reply.is_pinned else LIVE
    if request.method != "POST":
        warn(response, reply.warned, is_pinned=reply.is_pinned)
    if request.method == "POST" or reply.version is None:
        return response
    modified = parse_datetime(reply.modified or "")
    tag = f'W/"{reply.version}"'
    response["ETag"] = tag
    if modified:
        response["Last-Modified"] = http_date(modified.timestamp())
    last_modified = int(modified.timestamp()) if modified else None
    final = get_conditional_response(request, etag=tag, last_modified=last_modified, response=response) or response
    if final is not response and final.status_code == 304:
        for header in KEPT_IN_304:
            if header in response:
                final[header] = response[header]
    return final


def exception_handler(exception: Exception, context: dict[str, Any]) -> HttpResponse:
    """Every error as an OperationOutcome (http.html#Status-Codes)."""
    request: HttpRequest = context["request"]._request
    if isinstance(exception, FhirError):
        return outcome_response(request, exception)
    if isinstance(exception, RequestDataTooBig):
        return outcome_response(request, refusal(413, "too-long", "The body is too large"))
    if isinstance(exception, APIException):
        if exception.status_code == 405:
            text = f"{request.method} is not allowed here. Use {', '.join(METHODS)}"
            return outcome_response(request, MethodNotAllowed(405, [Issue("error", "not-supported", text)], METHODS))
        return outcome_response(request, refusal(exception.status_code, "processing", str(exception.detail)))
    if isinstance(exception, Http404):
        return outcome_response(request, refusal(404, "not-found", "There is nothing at this address"))
    if isinstance(exception, SuspiciousOperation | BadRequest):
        return outcome_response(request, refusal(400, "invalid", "The request is malformed"))
    status, code = (503, "transient") if is_outage(exception) else (500, "exception")
    told = from_below(request, exception)  # logs it, and words it as everywhere else
    return outcome_response(request, refusal(status, code, json.loads(told.content)["detail"]))


def outcome_response(request: HttpRequest, error: FhirError) -> HttpResponse:
    """An error in the form that was asked for; in JSON if there is no such form."""
    try:
        wanted = wanted_type(request, is_paged=False)
    except FhirError:
        wanted = FHIR_JSON
    body = to_bytes(request, operation_outcome(error.issues), wanted)
    response = HttpResponse(body, content_type=content_type(wanted), status=error.status)
    response["Cache-Control"] = "public, max-age=60" if error.status in (404, 410) else "no-store"
    response["Vary"] = "Accept, Accept-Language"
    if isinstance(error, MethodNotAllowed):
        response["Allow"] = ", ".join(error.allowed)
    if error.status == 503:
        response["Retry-After"] = "10"
    return response
