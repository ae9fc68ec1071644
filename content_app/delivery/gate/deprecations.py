"""What is going to be taken out of the API, said in every answer that it concerns (RFC 9745, RFC 8594).

In: `DEPRECATIONS`, one entry for each address, parameter or field. Out: `Deprecation`, `Sunset` and `Link` in answers,
`deprecated` in OpenAPI, a page at `/deprecations/{slug}/`, and from its sunset on 410. To deprecate something, add an
entry here; nothing else has to change.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import get_resolver
from django.utils import timezone
from django.utils.http import http_date

from content_app.delivery.gate.protocol_errors import refuse
from content_app.delivery.http.links import add_links


@dataclass(frozen=True)
class Deprecation:
    """One announcement. It speaks of a whole address, or of one query parameter, or of one field of its answers.

    `address` is the name of a URL pattern, `field` is `Schema.field` as OpenAPI names them, `successor` the address of
    what to use instead. A field is no longer in the answers after its sunset; an address or parameter is refused.
    """

    slug: str
    title: str
    advice: str
    address: str
    deprecated_at: datetime.datetime
    sunset_at: datetime.datetime
    successor: str
    parameter: str = ""
    field: str = ""

    @property
    def page(self) -> str:
        return f"/deprecations/{self.slug}/"

    @property
    def path(self) -> str:
        """Its address as OpenAPI writes it, with the names of what varies in braces."""
        [[(pattern, names)], *_] = get_resolver().reverse_dict.getlist(self.address)[0]
        return "/" + pattern % {name: f"{{{name}}}" for name in names}

    @property
    def has_sunset(self) -> bool:
        return self.sunset_at <= timezone.now()

    def concerns(self, request: HttpRequest) -> bool:
        """Whether a request to its address is about it."""
        return not self.parameter or self.parameter in request.GET


def day(year: int, month: int, number: int) -> datetime.datetime:
    return datetime.datetime(year, month, number, tzinfo=datetime.UTC)


# Nothing real is deprecated yet. These stand in the sandbox, so that it can be seen what it looks like.
DEPRECATIONS = (
    Deprecation(
        "sandbox-address",
        "The address /sandbox/deprecated/",
        "An example: nothing that is real goes away. The same content stands at /sandbox/ordinary/.",
        "sandbox-deprecated",
        deprecated_at=day(2026, 11, 1),
        sunset_at=day(2099, 1, 1),
        successor="/sandbox/ordinary/",
    ),
    Deprecation(
        "sandbox-parameter",
        "The parameter “form” of /sandbox/deprecated-parameter/",
        "An example: leave the parameter out, and the answer is the same.",
        "sandbox-deprecated-parameter",
        deprecated_at=day(2026, 11, 1),
        sunset_at=day(2099, 1, 1),
        successor="/sandbox/deprecated-parameter/",
        parameter="form",
    ),
    Deprecation(
        "sandbox-field",
        "The field “old_name” of /sandbox/deprecated-field/",
        "An example: read “name”, which holds the same text.",
        "sandbox-deprecated-field",
        deprecated_at=day(2026, 11, 1),
        sunset_at=day(2099, 1, 1),
        successor="/sandbox/ordinary/",
        field="SandboxDeprecatedField.old_name",
    ),
    Deprecation(
        "sandbox-sunset",
        "The address /sandbox/sunset/",
        "An example of what is gone. The same content stands at /sandbox/ordinary/.",
        "sandbox-sunset",
        deprecated_at=day(2025, 11, 1),
        sunset_at=day(2026, 11, 1),
        successor="/sandbox/ordinary/",
    ),
)


def of_address(name: str | None) -> list[Deprecation]:
    """What is announced of the address that a URL pattern of this name stands for."""
    return [entry for entry in DEPRECATIONS if entry.address == name]


class DeprecationMiddleware:
    """Says in each answer what of it is deprecated, whatever the protocol; refuses what is past its sunset."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        found = request.resolver_match and of_address(request.resolver_match.view_name)
        for entry in found or ():
            if entry.concerns(request):
                announce(response, entry)
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        for entry in of_address(request.resolver_match.view_name):
            if entry.has_sunset and entry.concerns(request) and not entry.field:
                detail = f"{entry.title} was taken out on {entry.sunset_at:%Y-%m-%d}. Use {entry.successor} instead."
                return refuse(request, "sunset", detail, successor=entry.successor)
        return None


def announce(response: HttpResponse, entry: Deprecation) -> None:
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
    for entry in DEPRECATIONS:
        if entry.field:
            schema, _, name = entry.field.partition(".")
            result["components"]["schemas"][schema]["properties"][name]["deprecated"] = True
    return result
