"""What is going to be taken out of the API, said in every answer that it concerns (RFC 9745, RFC 8594).

In: the table in `http.deprecations`. Out: `Deprecation`, `Sunset` and `Link` in answers, `deprecated` in OpenAPI, and
from its sunset on 410.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.http import http_date

from content_app.delivery.gate.protocol_errors import refuse
from content_app.delivery.http import deprecations
from content_app.delivery.http.links import add_links


class DeprecationMiddleware:
    """Says in each answer what of it is deprecated, whatever the protocol; refuses what is past its sunset."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        found = request.resolver_match and deprecations.of_address(request.resolver_match.view_name)
        for entry in found or ():
            if entry.concerns(request):
                announce(response, entry)
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        for entry in deprecations.of_address(request.resolver_match.view_name):
            if entry.has_sunset and entry.concerns(request) and not entry.field:
                detail = f"{entry.title} was removed on {entry.sunset_at:%Y-%m-%d}. Use {entry.successor} instead."
                return refuse(request, "sunset", detail, successor=entry.successor)
        return None


def announce(response: HttpResponse, entry: deprecations.Deprecation) -> None:
    """Add the fields of one announcement. Of several, the earliest dates are told, and all links."""
    links = [
        f'<{entry.page}>; rel="deprecation"; type="text/html"',
        f'<{entry.page}>; rel="sunset"; type="text/html"',
        f'<{entry.successor}>; rel="successor-version"',
    ]
    add_links(response, links)
    response.headers.setdefault("Deprecation", f"@{int(entry.deprecated_at.timestamp())}")
    response.headers.setdefault("Sunset", http_date(entry.sunset_at.timestamp()))


def field_deprecations(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """A hook of drf-spectacular: marks deprecated fields in the description."""
    for entry in deprecations.DEPRECATIONS:
        if entry.field:
            schema, _, name = entry.field.partition(".")
            result["components"]["schemas"][schema]["properties"][name]["deprecated"] = True
    return result
