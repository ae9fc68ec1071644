"""Everything that can go wrong, as `application/problem+json` (RFC 9457) with a stable type.

In: an exception, from a view or from below it. Out: a problem document with a sentence on what to do next.
One place turns exceptions into answers; nothing a client sends ends in a stack trace.
"""

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from django.conf import settings
from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.csrf import csrf_exempt
from rest_framework import exceptions

from content_app.delivery.http import negotiation
from content_app.delivery.http.elsewhere import Elsewhere, PermanentRedirect
from content_app.outages import is_outage

logger = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"
PROBLEM_FORMS = (MEDIA_TYPE, "application/json", "text/html")


@dataclass(frozen=True)
class ProblemType:
    """One sort of problem. `advice` is what its page at `/problems/{slug}/` tells developers to do.

    That path is its `type`, unless it has a registered one (`uri`). A path is the same on every server (RFC 9457,
    section 3.1.1); `slug` is also its `code`.
    """

    slug: str
    status: int
    title: str
    advice: str
    uri: str = ""


PROBLEM_TYPES = {
    problem.slug: problem
    for problem in (
        ProblemType(
            "invalid-parameter",
            400,
            "Invalid query parameter",
            "`errors` lists each parameter and says which values are valid. The request is refused because ignoring "
            "a misspelt filter would return everything.",
        ),
        ProblemType(
            "bad-request",
            400,
            "Bad request",
            "The request is malformed. `detail` says what is wrong with it.",
        ),
        ProblemType(
            "key-not-usable",
            401,
            "Invalid API key",
            "The key is unknown, expired or revoked; `detail` says which. You do not need a key to read. Leave out the "
            "header that contains it and the same request works, within the limits for anonymous use.",
        ),
        ProblemType(
            "quota-exceeded",
            429,
            "Too many requests",
            "Wait for the time in `Retry-After`. `RateLimit` in every response says how many requests you have left, "
            "and `violated-policies` says which limit you exceeded. To send fewer requests, use `If-None-Match`, read "
            "many items at once with `/api/v1/items/?ids=`, or keep a copy and update it from `/api/v1/changes/`. You "
            "can also ask for an API key.",
            "https://iana.org/assignments/http-problem-types#quota-exceeded",
        ),
        ProblemType(
            "sunset",
            410,
            "Removed from the API",
            "The removal was announced in the `Deprecation` and `Sunset` headers of every response. `Link` gives the "
            "page that says what to use instead. All deprecations are listed at `/deprecations/`.",
        ),
        ProblemType(
            "https-required",
            403,
            "HTTPS required",
            "The request was sent over plain HTTP, which others on the network can read. Use an address that begins "
            "with `https://`. If the request contained an API key, replace the key.",
        ),
        ProblemType(
            "not-found",
            404,
            "Not found",
            "Check the spelling of the last part of the address, or start from the list one level up. `detail` gives "
            "similar addresses if there are any.",
        ),
        ProblemType(
            "method-not-allowed",
            405,
            "Method not allowed",
            "Use GET or HEAD to read documents. The `Allow` header lists the methods that this address accepts.",
        ),
        ProblemType(
            "not-acceptable",
            406,
            "No acceptable media type",
            "`available` lists the media types that this address offers. Leave out the `Accept` header to get JSON.",
        ),
        ProblemType(
            "withdrawn",
            410,
            "Item withdrawn",
            "Stop showing this item. `reason` is withdrawn, replaced or gone, `replaced_by` gives the replacement, and "
            "`note` is an explanation from the publisher. You can still read earlier versions with `?release=`.",
        ),
        ProblemType(
            "length-required",
            411,
            "Length required",
            "This server cannot read a body of unknown length. Send it with a `Content-Length`.",
        ),
        ProblemType(
            "precondition-failed",
            412,
            "Precondition failed",
            "The document has changed since the version in `If-Match` or `If-Unmodified-Since`. Read it again without "
            "these headers.",
        ),
        ProblemType(
            "address-too-long",
            414,
            "Address too long",
            f"Addresses can have up to {settings.LONGEST_ADDRESS} characters, including the query.",
        ),
        ProblemType(
            "invalid-body",
            400,
            "Invalid request body",
            "`errors` lists what is wrong. Each entry has a `pointer` (RFC 6901) to the place in the body.",
        ),
        ProblemType(
            "body-too-large",
            413,
            "Request body too large",
            "Send less at once. `detail` gives the limit.",
        ),
        ProblemType(
            "range-not-satisfiable",
            416,
            "Range not satisfiable",
            "The range begins after the end of the file. `Content-Range` gives the length of the file. Either you "
            "already have the whole file, or the part that you have belongs to a different one.",
        ),
        ProblemType(
            "unsupported-media-type",
            415,
            "Unsupported media type",
            "Use GET without a body to read documents. If an address takes a body, the documentation gives its type.",
        ),
        ProblemType(
            "internal-error",
            500,
            "Internal server error",
            "Something went wrong on the server. Try again later. The published content has not changed.",
        ),
        ProblemType(
            "unavailable",
            503,
            "Temporarily unavailable",
            "Wait for the time in `Retry-After` and try again. You can keep using your cached copies.",
        ),
        ProblemType(
            "nothing-published",
            404,
            "No such release",
            "The release that you asked for does not exist, or nothing had been published at that time. "
            "`/api/v1/releases/` lists all releases.",
        ),
    )
}


class Problem(exceptions.APIException):
    """Raised by views. `errors` are {parameter, detail} entries, `extensions` further members of the answer."""

    def __init__(self, problem: str, detail: str, /, *, errors: list[dict] | None = None, **extensions):
        self.problem_type = PROBLEM_TYPES[problem]
        self.status_code = self.problem_type.status
        self.errors = errors
        self.extensions = extensions
        super().__init__(detail)

    @property
    def members(self) -> dict:
        """What the answer says beside its sentence; nothing of errors where there are none."""
        return ({"errors": self.errors} if self.errors else {}) | self.extensions


def invalid(parameter: str, detail: str) -> Problem:
    """The problem that one query parameter is not usable."""
    return Problem("invalid-parameter", detail, errors=[{"parameter": parameter, "detail": detail}])


def base_url(request: HttpRequest) -> str:
    """What absolute addresses begin with: PUBLIC_URL, else what the client calls this server.

    A name that is not allowed was refused before. A port cannot be checked like that, so only the one that this server
    listens on is repeated: another would lead readers of a cached answer to whatever listens there.
    """
    if settings.PUBLIC_URL:
        return settings.PUBLIC_URL
    host = request.get_host()
    name, colon, port = host.rpartition(":")
    is_ours = not colon or host.endswith("]") or port == request.META.get("SERVER_PORT")
    return f"{request.scheme}://{host if is_ours else name}"


def problem_response(
    request: HttpRequest, slug: str, detail: str, /, *, near: dict[str, str] | None = None, **members
) -> HttpResponse:
    """The answer for a problem: RFC 9457 members first, then extensions. What is `near` (addresses by name) is named
    at the end of the detail; a page links it instead.
    """
    problem = PROBLEM_TYPES[slug]
    if wants_page(request):
        told = {"problem": problem, "detail": detail, "near": near}
        return _finished(render(request, "content_app/problem.html", told), problem)
    body = {
        "type": problem.uri or f"/problems/{slug}/",
        "code": slug,
        "title": problem.title,
        "status": problem.status,
        "detail": f"{detail} Did you mean {', '.join(near)}?" if near else detail,
        "instance": printable(request.get_full_path()),
        **members,
    }
    return _finished(HttpResponse(json.dumps(body, ensure_ascii=False), content_type=MEDIA_TYPE), problem)


def wants_page(request: HttpRequest) -> bool:
    """Whether a person's browser asks, rather than a program: whoever wants a page rather than JSON."""
    return negotiation.chosen(request.headers.get("Accept"), PROBLEM_FORMS) == "text/html"


def _finished(response: HttpResponse, problem: ProblemType) -> HttpResponse:
    response.status_code = problem.status
    response["Cache-Control"] = "public, max-age=60" if problem.status in (404, 410) else "no-store"
    response["Vary"] = "Accept"
    if problem.status == 503:
        response["Retry-After"] = "10"
    return response


def printable(text: str) -> str:
    """The text without what cannot stand in UTF-8 JSON."""
    return text.encode("utf-8", "replace").decode()


def page_for_reading(max_age: int) -> Callable[[Callable], Callable]:
    """Decorates a view that is no API view: GET and HEAD only, and kept by caches if it is found."""

    freshness = {"public": True, "max_age": max_age} if max_age else {"no_store": True}

    def decorate(view: Callable) -> Callable:
        @csrf_exempt  # what changes nothing needs no token; other methods are answered 405 below
        @wraps(view)
        def read(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            if request.method not in ("GET", "HEAD"):
                response = problem_response(request, "method-not-allowed", "Use GET or HEAD for this address.")
                response["Allow"] = "GET, HEAD"
                return response
            response = view(request, *args, **kwargs)
            if response.status_code == 200:
                patch_cache_control(response, **freshness)
            return response

        return read

    return decorate


def exception_handler(exception: Exception, context: dict) -> HttpResponse:
    """What DRF calls for every exception in a view."""
    request = context["request"]._request
    if isinstance(exception, Problem):
        slug, detail = exception.problem_type.slug, str(exception.detail)
        return problem_response(request, slug, detail, **exception.members)
    if isinstance(exception, Elsewhere):
        return PermanentRedirect(exception.to)
    if isinstance(exception, exceptions.MethodNotAllowed):
        view = context["view"]
        allowed = view.allowed_methods
        detail = f"{request.method} is not allowed here. Use {', '.join(allowed)}."
        response = problem_response(request, "method-not-allowed", detail)
        response["Allow"] = ", ".join(allowed)
        return response
    if isinstance(exception, exceptions.NotAcceptable):
        available = [renderer.media_type for renderer in exception.available_renderers]
        detail = f"This address offers {', '.join(available)}."
        return problem_response(request, "not-acceptable", detail, available=available)
    if isinstance(exception, exceptions.UnsupportedMediaType):
        return problem_response(request, "unsupported-media-type", "This address does not take a request body.")
    if isinstance(exception, exceptions.ParseError):
        return problem_response(request, "bad-request", str(exception.detail))
    if isinstance(exception, Http404):
        return problem_response(request, "not-found", "There is nothing at this address.")
    return from_below(request, exception)


def from_below(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The answer for what no view expected: a database that is away, a malformed request, a fault of ours."""
    if isinstance(exception, SuspiciousOperation | BadRequest):
        return problem_response(request, "bad-request", "The request is malformed.")
    if is_outage(exception):
        return problem_response(request, "unavailable", note_fault(exception))
    logger.exception("A fault at %s", request.path)
    return problem_response(request, "internal-error", "Something went wrong on the server. Try again later.")


def note_fault(fault: Exception) -> str:
    """Log that the database or the disk is away, and the sentence for whoever asks."""
    if isinstance(fault, OSError):
        logger.error("The disk cannot be used: %s", fault)
        return "The server cannot write to its disk at the moment. Try again later."
    logger.error("The database cannot be used: %s", fault)
    return "The library cannot be read at the moment. Try again shortly."


class ProblemMiddleware:
    """Refuses addresses that are too long, and turns what goes wrong around the views into problems."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if len(request.get_full_path()) > settings.LONGEST_ADDRESS:
            detail = f"The address has more than {settings.LONGEST_ADDRESS} characters."
            return problem_response(request, "address-too-long", detail)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        # These Django turns into answers itself, by the handlers in `amps_api.urls`.
        if isinstance(exception, Http404 | PermissionDenied | SuspiciousOperation | BadRequest | MultiPartParserError):
            return None
        return from_below(request, exception)
