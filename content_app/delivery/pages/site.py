"""Pages for people: the entrance, what each problem means, and the documentation."""

import gzip
from functools import cache
from operator import attrgetter
from typing import ClassVar

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.views import SpectacularSwaggerSplitView
from rest_framework.views import APIView

from content_app.canonical import compact_json
from content_app.delivery.http import deprecations as announced
from content_app.delivery.http.links import DISCOVERY, add_links
from content_app.delivery.http.problems import PROBLEM_TYPES, base_url, page_for_reading, problem_response
from content_app.delivery.http.renderers import JSONRenderer, named
from content_app.delivery.http.responses import unchanging
from content_app.delivery.store import reading
from content_app.manuscripts.schema import EDITORIAL_SCHEMA
from content_app.vocabulary import terms

FRESH = 300  # seconds for which the description is kept without asking
EDITORIAL_SCHEMA_BYTES = compact_json(EDITORIAL_SCHEMA)


@page_for_reading(60)
def home(request: HttpRequest) -> HttpResponse:
    """What this is, the current release, and the ways in."""
    moment = reading.current_moment()
    conditions, collections = [], []
    if moment:
        found = reading.living(moment).filter(kind="condition").order_by("sort_name", "item_uuid")
        conditions = list(found.values("name", "slug")[:12])
        collections = [
            {"name": name.replace("-", " "), "slug": name, "count": moment.counts[kind]}
            for kind, name in terms.COLLECTIONS.items()
        ]
    base = base_url(request)
    context = {"moment": moment, "conditions": conditions, "collections": collections, "base": base}
    response = render(request, "content_app/home.html", context)
    add_links(response, [*DISCOVERY.values()])
    return response


@page_for_reading(3600)
def problems(request: HttpRequest) -> HttpResponse:
    """All types of problem."""
    return render(
        request, "content_app/problems.html", {"problems": sorted(PROBLEM_TYPES.values(), key=attrgetter("status"))}
    )


@page_for_reading(3600)
def problem(request: HttpRequest, slug: str) -> HttpResponse:
    """What one type of problem means, and what to do. Its address is the `type` in answers."""
    if slug not in PROBLEM_TYPES:
        raise Http404
    return render(request, "content_app/problem.html", {"problem": PROBLEM_TYPES[slug]})


@page_for_reading(3600)
def deprecations(request: HttpRequest) -> HttpResponse:
    """All that goes away, and when."""
    return render(request, "content_app/deprecations.html", {"deprecations": announced.DEPRECATIONS})


@page_for_reading(3600)
def deprecation(request: HttpRequest, slug: str) -> HttpResponse:
    """What goes away, when, and what to use instead. `Link` in answers leads here."""
    found = next((entry for entry in announced.DEPRECATIONS if entry.slug == slug), None)
    if found is None:
        raise Http404
    return render(request, "content_app/deprecation.html", {"deprecation": found})


@page_for_reading(3600)
def editorial_schema(request: HttpRequest) -> HttpResponse:
    """The JSON Schema of the editorial document."""
    return HttpResponse(EDITORIAL_SCHEMA_BYTES, content_type="application/schema+json")


@cache
def description() -> tuple[bytes, bytes]:
    """The OpenAPI description, as it is and in gzip: the same while a process lives, and seconds of work to make."""
    body = compact_json(SchemaGenerator().get_schema(request=None, public=True))
    return body, gzip.compress(body, mtime=0)


@method_decorator(page_for_reading(FRESH), name="dispatch")
class OpenAPIView(APIView):
    """The OpenAPI description, under the types that code generators and browsers ask for."""

    schema = None
    renderer_classes: ClassVar[list[type]] = [JSONRenderer, named("application/vnd.oai.openapi+json", "openapi")]

    def get(self, request) -> HttpResponse:
        body, body_gzip = description()
        response = unchanging(
            request, body, request.accepted_media_type, body_gzip=body_gzip, freshness=f"public, max-age={FRESH}"
        )
        response["Content-Disposition"] = 'inline; filename="amps-api.json"'
        return response


class DocsView(SpectacularSwaggerSplitView):
    """The documentation that one can try out, served from here alone."""

    url_name = "openapi"
    title = "AMPS API"
    template_name = "content_app/docs.html"


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """There is nothing at an address that no view knows."""
    return problem_response(request, "not-found", "There is nothing at this address. Start at /api/v1/.")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return problem_response(request, "bad-request", "The request is malformed.")


def server_error(request: HttpRequest) -> HttpResponse:
    return problem_response(request, "internal-error", "Something went wrong on the server. Try again later.")


def permission_denied(request: HttpRequest, exception: Exception | None = None, reason: str = "") -> HttpResponse:
    """Also what a form without its token gets (`CSRF_FAILURE_VIEW`)."""
    return render(request, "content_app/forbidden.html", status=403)
