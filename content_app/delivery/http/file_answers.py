"""Answers with a file, whole or from a place on, so that a download can be resumed (RFC 9110, section 14).

In: a slice of an open file, its entity tag, the release that it is of. Out: a response.
"""

import contextlib
from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import http_date

from content_app.delivery.http import byte_ranges, kept_files
from content_app.delivery.http.problems import Problem, problem_response
from content_app.delivery.http.responses import PINNED
from content_app.delivery.store.reading import Moment


@contextlib.contextmanager
def preparing() -> Iterator[None]:
    """Raises `Problem` (503) for a kept file that cannot be had yet."""
    try:
        yield
    except kept_files.BeingMade:
        raise Problem("unavailable", "The file is being prepared. Try again shortly.")
    except kept_files.NoRoom:
        raise Problem("unavailable", "The file cannot be prepared at the moment. Try again later.")


def sliced(request: HttpRequest, whole: byte_ranges.Slice, etag: str, moment: Moment) -> HttpResponse:
    """200 with all of it, 206 with a part, 304, 412 or 416. Closes the file if it is not sent."""
    modified = int(moment.published_at.timestamp())
    headers = {
        "ETag": etag,
        "Last-Modified": http_date(modified),
        "Cache-Control": PINNED,
        "Content-Release": str(moment.release),
        "Accept-Ranges": "bytes",
        "Vary": "Accept",
    }
    early = get_conditional_response(request, etag=etag, last_modified=modified, response=None)
    if early is None:
        try:
            return partial(request, whole, headers)
        except byte_ranges.NotSatisfiable:
            detail = f"The file has {whole.length} bytes."
            early = problem_response(request, "range-not-satisfiable", detail)
            headers = {"Content-Range": f"bytes */{whole.length}", "Accept-Ranges": "bytes"}
    elif early.status_code == 412:
        early, headers = (
            problem_response(request, "precondition-failed", "The file is not the version in your request."),
            {},
        )
    whole.close()
    for name, value in headers.items():
        early[name] = value
    return early


def partial(request: HttpRequest, whole: byte_ranges.Slice, headers: dict[str, str]) -> HttpResponse:
    """What the request's `Range` asks for. Raises `NotSatisfiable`."""
    part = None
    if_range = request.headers.get("If-Range")
    if request.method == "GET" and byte_ranges.still_fits(if_range, headers["ETag"], headers["Last-Modified"]):
        part = byte_ranges.asked_for(request.headers.get("Range", ""), whole.length)
    first, last = part or (0, whole.length - 1)
    content = byte_ranges.Slice(whole.file, whole.start + first, last - first + 1)
    response = StreamingHttpResponse(content, status=206 if part else 200, headers=headers)
    response["Content-Length"] = str(content.length)
    response.file_slice = content  # a server may send it from the file by itself
    if part:
        response["Content-Range"] = f"bytes {first}-{last}/{whole.length}"
    return response
