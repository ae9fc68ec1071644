"""A name for each request, in every line of the log that it causes.

In: `X-Request-ID` of a proxy that is trusted, else a name of our own. Out: the log context; and the header of an answer
that tells of a fault of ours, so that whoever reports it can name it. Other answers are the same for everybody and
kept by caches, so they carry none.
"""

import re
import secrets
from collections.abc import Callable

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse

HEADER = "X-Request-ID"
USABLE = re.compile(r"[A-Za-z0-9._-]{8,64}")


class RequestIdMiddleware:
    """The outermost middleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get(HEADER, "") if settings.TRUSTED_PROXIES else ""
        name = given if USABLE.fullmatch(given) else secrets.token_hex(8)
        with structlog.contextvars.bound_contextvars(request_id=name):
            response = self.get_response(request)
        if response.status_code >= 500:
            response[HEADER] = name
        return response
