"""Where programs and researchers find what a server has: `/.well-known/api-catalog` and `/.well-known/security.txt`.

In: a request. Out: a linkset of the APIs (RFC 9727, RFC 9264), and whom to tell of a vulnerability (RFC 9116).
"""

import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from content_app.canonical import compact_json
from content_app.delivery.http.links import DISCOVERY, add_links
from content_app.delivery.http.problems import base_url, page_for_reading
from content_app.delivery.http.renderers import named
from content_app.delivery.http.responses import unchanging
from content_app.delivery.query.base_view import ReadView
from content_app.vocabulary.addresses import API, CDS_SERVICES, FHIR, INFOBUTTON, SANDBOX

LINKSET = "application/linkset+json"
PROFILE = "https://www.rfc-editor.org/info/rfc9727"
FRESH = "public, max-age=3600"
OPENAPI = {"href": "/openapi.json", "type": "application/vnd.oai.openapi+json"}
DOCS = {"href": "/docs/", "type": "text/html"}
# What each API is described by: for programs, and for people.
APIS = (
    (f"{API}/", OPENAPI, DOCS),
    (f"{SANDBOX}/", OPENAPI, DOCS),
    (FHIR, {"href": f"{FHIR}/metadata", "type": "application/fhir+json"}, {"href": f"{FHIR}/", "type": "text/html"}),
    (CDS_SERVICES, {"href": CDS_SERVICES, "type": "application/json"}, DOCS),
    (INFOBUTTON, None, DOCS),
)
VALID_FOR = datetime.timedelta(days=180)  # less than a year, as section 2.5.5 of RFC 9116 recommends


class ApiCatalogView(ReadView):
    """The APIs of this server, with their descriptions."""

    schema = None
    renderer_classes: ClassVar[list[type]] = [named(LINKSET, "linkset")]
    known_parameters = ()

    def get(self, request) -> HttpResponse:
        base = base_url(request._request)
        body = compact_json({"linkset": [context(base, *api) for api in APIS]})
        response = unchanging(request, body, f'{LINKSET}; profile="{PROFILE}"', freshness=FRESH)
        add_links(response, [DISCOVERY["api-catalog"]])
        return response


def context(base: str, anchor: str, for_programs: dict[str, str] | None, for_people: dict[str, str]) -> dict[str, Any]:
    """What a linkset says of one API."""
    targets = {"service-desc": for_programs, "service-doc": for_people}
    links = {name: [link | {"href": base + link["href"]}] for name, link in targets.items() if link}
    return {"anchor": base + anchor, **links}


@page_for_reading(3600)
def security(request: HttpRequest) -> HttpResponse:
    """Whom to tell of a vulnerability, if the operator says so."""
    if not settings.SECURITY_CONTACT:
        raise Http404
    expires = datetime.datetime.combine(timezone.now().date() + VALID_FOR, datetime.time.min)
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: en",
        f"Canonical: {base_url(request)}/.well-known/security.txt",
        "",
    ]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
