"""Brings every request into one form before a view sees it; what cannot be is refused as its protocol says it.

In: requests. Out: the same, with bodies that have a length and no coding, and queries without invisible characters.
"""

import io
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from content_app.delivery.gate.protocol_errors import refuse
from content_app.delivery.http import received
from content_app.vocabulary.addresses import FHIR

WITH_BODY = ("POST", "PUT", "PATCH")
LARGEST_FHIR = 1_000_000  # bytes: code systems and value sets that come with a question are worked through


class ReceivedMiddleware:
    """Stands before everything that reads bodies or queries."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.META.get("QUERY_STRING", "").isalnum():
            request.GET = received.as_seen(request.GET)  # type: ignore[assignment]
        try:
            if request.method in WITH_BODY:
                receive(request)
        except received.NotReceived as reason:
            response = refuse(request, reason.slug, str(reason))
            if response.status_code == 415:
                response["Accept-Encoding"] = received.UNDERSTOOD  # RFC 9110, section 15.5.16
            return response
        return self.get_response(request)


def receive(request: HttpRequest) -> None:
    """Give the request its body whole and unpacked, if it has no length or a coding. Raises `NotReceived`."""
    meta = request.META
    has_length = bool(meta.get("CONTENT_LENGTH"))
    is_chunked = bool(meta.get("HTTP_TRANSFER_ENCODING"))
    codings = meta.get("HTTP_CONTENT_ENCODING", "")
    ends_by_itself = meta.get("wsgi.input_terminated", False)
    most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    if request.path_info.startswith(FHIR):
        most = LARGEST_FHIR
        if int(meta.get("CONTENT_LENGTH") or 0) > most:
            raise received.too_large(most)
    if is_chunked and not ends_by_itself:
        raise received.NotReceived("length-required", "Send the body with a Content-Length.")
    if not codings and not is_chunked and (has_length or not ends_by_itself):
        return
    stream = meta["wsgi.input"] if ends_by_itself else request
    body = received.body_of(stream, codings, most)
    request._body, request._stream = body, io.BytesIO(body)  # as `HttpRequest.body` leaves them
    meta["CONTENT_LENGTH"] = str(len(body))
    for name in ("HTTP_CONTENT_ENCODING", "HTTP_TRANSFER_ENCODING"):
        meta.pop(name, None)
