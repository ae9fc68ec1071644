"""The `Link` header of an answer: several parts of it know of links, and none may take away those of another."""

from collections.abc import Iterable

from django.http import HttpResponse

from content_app.delivery.http.safety import RELATION
from content_app.vocabulary.addresses import CATALOG

# Links by which programs and people find the rest, given at the entrances.
DISCOVERY = {
    "service-desc": '</openapi.json>; rel="service-desc"; type="application/vnd.oai.openapi+json"',
    "service-doc": '</docs/>; rel="service-doc"; type="text/html"',
    "api-catalog": f'<{CATALOG}>; rel="api-catalog"; type="application/linkset+json"',
}


def add_links(response: HttpResponse, links: list[str]) -> None:
    """Add link values (RFC 8288, section 3) to those that are there."""
    there = [response["Link"]] if response.has_header("Link") else []
    response["Link"] = ", ".join([*there, *links])


def warn(response: HttpResponse, addresses: Iterable[str], *, is_pinned: bool) -> None:
    """Link to the safety notices of the documents at these addresses, as they are now.

    What shows a notice is asked for anew each time it is used, unless it is pinned: that never changes.
    """
    links = [f'<{address}?fields=notices>; rel="{RELATION}"; title="Safety alert"' for address in addresses]
    if not links:
        return
    add_links(response, links)
    if not is_pinned:
        privacy = "private" if "private" in response.get("Cache-Control", "") else "public"
        response["Cache-Control"] = f"{privacy}, no-cache"
