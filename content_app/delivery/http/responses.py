"""Answers with the headers that caches live by: entity tags, dates, freshness, variation.

In: bytes and what is known of them. Out: a response; 304 if the client has it already (RFC 9110, section 13).
Live answers are fresh for five minutes and usable stale while the server is away (RFC 5861); an answer that names
its release never changes.
"""

import datetime
import gzip
from collections.abc import Iterable
from hashlib import sha256

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import http_date

from content_app.delivery.http import negotiation, safety
from content_app.delivery.http.languages import LANGUAGE
from content_app.delivery.http.links import add_links, warn
from content_app.delivery.http.problems import problem_response
from content_app.delivery.store.reading import Moment

LIVE = "public, max-age=300, stale-while-revalidate=600, stale-if-error=86400"
KEPT_IN_304 = ("Cache-Control", "ETag", "Vary", "Content-Release", "Content-Language", "Last-Modified", "Link")
PINNED = "public, max-age=31536000, immutable"
QUICKLY = 5  # of gzip's nine levels: pages come out a fifth as long, and the last levels would cost more than they save


def answer(
    request: HttpRequest,
    body: bytes,
    *,
    moment: Moment,
    etag: str | None = None,
    last_modified: datetime.datetime | None = None,
    body_gzip: bytes | None = None,
    can_compress: bool = False,
    content_type: str = "application/json",
    latest: str = "",
    warned: Iterable[str] | None = None,
    when_pinned: str = PINNED,
) -> HttpResponse:
    """The answer 200 with these bytes, or 304. `etag` names the bytes; without one it is made from them.

    `body_gzip` are the compressed bytes, if stored; with `can_compress` they are made for a client that takes them.
    `latest` is where a pinned answer would be read as it is now; `warned` are the addresses of documents with an active
    safety notice that it shows, unless its JSON says that itself.
    """
    modified = last_modified or moment.published_at
    if can_compress and negotiation.takes_gzip(request.headers.get("Accept-Encoding")):
        body_gzip = gzip.compress(body, QUICKLY, mtime=0)
    response = _encoded(request, body, body_gzip, etag, content_type)
    if can_compress:
        response["Vary"] = "Accept, Accept-Encoding"
    _describe(response, moment, modified, when_pinned)
    if latest and moment.is_pinned:
        add_links(response, [f'<{latest}>; rel="latest-version"'])
    warn(response, safety.addresses_in(body) if warned is None else warned, is_pinned=moment.is_pinned)
    return _conditional(request, response, int(modified.timestamp()))


def streamed(
    request: HttpRequest, pieces: Iterable[str], *, moment: Moment, etag: str, content_type: str
) -> HttpResponseBase:
    """The answer 200 with text that is made while it is sent, or 304 and nothing is made. `etag` names the text."""
    response = StreamingHttpResponse((piece.encode() for piece in pieces), content_type=content_type)
    response["ETag"] = f'"{etag}"'
    response["Vary"] = "Accept"
    _describe(response, moment, moment.published_at, PINNED)
    return _conditional(request, response, int(moment.published_at.timestamp()))


def unchanging(
    request: HttpRequest, body: bytes, content_type: str, *, body_gzip: bytes | None = None, freshness: str = PINNED
) -> HttpResponseBase:
    """The answer 200 with what no release changes, or 304. For ever, if its address names its version."""
    response = _encoded(request, body, body_gzip, None, content_type)
    response["Cache-Control"] = freshness
    return _conditional(request, response, None)


def _encoded(
    request: HttpRequest, body: bytes, body_gzip: bytes | None, etag: str | None, content_type: str
) -> HttpResponse:
    """The bytes, compressed if they can be and the client takes that, with the entity tag of what is sent."""
    etag = etag or sha256(body).hexdigest()[:32]
    use_gzip = body_gzip is not None and negotiation.takes_gzip(request.headers.get("Accept-Encoding"))
    response = HttpResponse(body_gzip if use_gzip else body, content_type=content_type)
    response["ETag"] = f'"{etag}-gzip"' if use_gzip else f'"{etag}"'
    response["Vary"] = "Accept" if body_gzip is None else "Accept, Accept-Encoding"
    if use_gzip:
        response["Content-Encoding"] = "gzip"
    return response


def _describe(response: HttpResponseBase, moment: Moment, modified: datetime.datetime, when_pinned: str) -> None:
    """What every answer from a release says of itself."""
    response["Last-Modified"] = http_date(modified.timestamp())
    response["Cache-Control"] = when_pinned if moment.is_pinned else LIVE
    response["Content-Release"] = str(moment.release)
    response["Content-Language"] = LANGUAGE


def _conditional(request: HttpRequest, response: HttpResponseBase, modified: int | None) -> HttpResponse:
    final = get_conditional_response(request, etag=response["ETag"], last_modified=modified, response=response)
    if final.status_code == 412:
        return problem_response(request, "precondition-failed", "The document is not the version in your request.")
    if final.status_code == 304:
        # RFC 9110, section 15.4.5: what a 200 would have said of the stored answer.
        for header in KEPT_IN_304:
            if header in response:
                final[header] = response[header]
    elif not final.streaming:
        final["Content-Length"] = str(len(final.content))
    return final
