"""A preview for whoever holds its link: one item, as it was when the link was made, and nothing else.

In: a token in the address. Out: a page or a representation, each marked as a draft, kept by no cache and found by no
search engine; for a token that does not work, the same answer whatever the reason. Needs no sign-in and changes
nothing but the link's own count.
"""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.views.decorators.csrf import csrf_exempt

from content_app.delivery.http.problems import base_url, problem_response
from content_app.editorial import previews
from content_app.models import PreviewLink
from content_app.preview.representations import MARK, RELY, REPRESENTATIONS, Subject, as_page

HEADERS = {
    "Cache-Control": "private, no-store",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Referrer-Policy": "no-referrer",
}
NOTHING = "This preview link does not work. It may have expired, been revoked, or been copied incompletely."


def private(view: Callable[..., HttpResponse | None]) -> Callable[..., HttpResponse]:
    """Decorates a view of a preview: read only, kept nowhere, not even in a log; None means that there is nothing."""

    @csrf_exempt  # changes nothing
    @wraps(view)
    def read(request: HttpRequest, token: str, **where) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            response = problem_response(request, "method-not-allowed", "Use GET or HEAD for this address.")
            response["Allow"] = "GET, HEAD"
        else:
            link = previews.opened(token)
            response = link and view(request, link, token, **where)
            response = response or problem_response(request, "not-found", NOTHING)
        for name, value in HEADERS.items():
            response[name] = value
        response._has_been_logged = True  # as Django would log the address of what is not found, and it may be a key
        return response

    return read


@private
def page(request: HttpRequest, link: PreviewLink, token: str) -> HttpResponse:
    """The page that readers would get, with links to the other representations."""
    subject = _subject(request, link)
    forms = [
        (entry.label, reverse("shared_preview_representation", args=[token, name]))
        for name, entry in REPRESENTATIONS.items()
        if entry.make is not as_page and entry.make(subject) is not None
    ]
    return HttpResponse(as_page(subject, _notice(link), forms))


@private
def representation(request: HttpRequest, link: PreviewLink, token: str, name: str) -> HttpResponse | None:
    """One representation, as readers would get it, with the mark."""
    chosen = REPRESENTATIONS.get(name)
    body = chosen.make(_subject(request, link)) if chosen else None
    if body is None:
        return None
    return HttpResponse(body, content_type=chosen.media_type, headers={"Content-Preview": MARK})


def _notice(link: PreviewLink) -> str:
    made, ends = date_format(link.made_at, "j F Y"), date_format(link.expires_at, "j F Y, H:i")
    return f"This is the text as it was on {made}. {RELY} The link works until {ends} UTC."


def _subject(request: HttpRequest, link: PreviewLink) -> Subject:
    return Subject(bytes(link.body), base_url(request), is_marked=True)
