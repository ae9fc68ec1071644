"""308: what was asked for has another address, for good, and the method stays (RFC 9110, section 15.4.9)."""

from django.http import HttpRequest, HttpResponsePermanentRedirect
from django.shortcuts import resolve_url
from rest_framework.exceptions import APIException


class PermanentRedirect(HttpResponsePermanentRedirect):
    """The answer that leads to an address, which caches may keep for five minutes."""

    status_code = 308

    def __init__(self, to: str):
        super().__init__(resolve_url(to))
        self["Cache-Control"] = "public, max-age=300"


class Elsewhere(APIException):
    """Raised where a document has another address; `problems.exception_handler` leads there."""

    def __init__(self, to: str):
        self.to = to
        super().__init__(to)


def with_query(request: HttpRequest, path: str) -> str:
    """An address with the parameters of the request."""
    query = request.META.get("QUERY_STRING", "")
    return f"{path}?{query}" if query else path
