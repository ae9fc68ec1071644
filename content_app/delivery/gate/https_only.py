"""Programs that speak plain HTTP where HTTPS is on are refused, not redirected.

In: requests to the addresses that programs read. Out: a problem. A redirect would work, so nobody would notice that
every first request, with its API key and what was searched for, goes over the network in the clear. Pages for people
are redirected by Django, and HSTS spares browsers the next time.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from content_app.delivery.gate.protocol_errors import refuse
from content_app.vocabulary.addresses import CDS_SERVICES, FEEDS, FHIR, INFOBUTTON, MCP, PACKAGES, SANDBOX

FOR_PROGRAMS = (
    "/api/", FHIR, INFOBUTTON, CDS_SERVICES, f"{FEEDS}/", SANDBOX, MCP, PACKAGES, "/openapi.json",
)  # fmt: skip


class HttpsOnlyMiddleware:
    """Stands before everything that reads the library or the key of a client."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.HTTPS and not request.is_secure() and request.path_info.startswith(FOR_PROGRAMS):
            return refuse(request, "https-required", "This server accepts HTTPS only. Begin the address with https://.")
        return self.get_response(request)
