"""A preview for whoever holds its link: one item, as it was when the link was made, and nothing else.

In: a token in the address. Out: a page or a representation, each marked as a draft, kept by no cache and found by no
search engine; for a token that does not work, the same answer whatever the reason. Needs no sign-in and changes
nothing but the link's own count.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from content_app import previewing
from content_app.delivery.problems import base_url, problem_response
from content_app.models import PreviewLink
from content_app.preview.representations import MARK, REPRESENTATIONS, Subject, composition

HEADERS = {
    "Cache-Control": "private, no-store",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Referrer-Policy": "no-referrer",
}
NOTHING = "This preview link does not work: it may have expired, been revoked or been copied in part."


@csrf_exempt  # changes nothing
@require_safe
def page(request: HttpRequest, token: str) -> HttpResponse:
    """The item as prose, with links to its representations."""
    link = previewing.opened(token)
    return _private(_page(request, link, token) if link else problem_response(request, "not-found", NOTHING))


@csrf_exempt
@require_safe
def representation(request: HttpRequest, token: str, name: str) -> HttpResponse:
    """One representation, as readers would get it, with the mark."""
    chosen, link = REPRESENTATIONS.get(name), previewing.opened(token)
    body = chosen.make(_subject(request, link)) if chosen and link else None
    if body is None:
        return _private(problem_response(request, "not-found", NOTHING))
    response = HttpResponse(body, content_type=chosen.media_type)
    response["Content-Preview"] = MARK
    return _private(response)


def _subject(request: HttpRequest, link: PreviewLink) -> Subject:
    return Subject(bytes(link.body), base_url(request), is_marked=True)


def _page(request: HttpRequest, link: PreviewLink, token: str) -> HttpResponse:
    subject = _subject(request, link)
    context = {
        "mark": MARK,
        "link": link,
        "document": subject.document,
        "sections": composition(subject)["section"],
        "representations": [
            (entry.label, reverse("shared_preview_representation", args=[token, name]))
            for name, entry in REPRESENTATIONS.items()
            if entry.make(subject) is not None
        ],
    }
    return render(request, "content_app/preview.html", context)


def _private(response: HttpResponse) -> HttpResponse:
    for name, value in HEADERS.items():
        response[name] = value
    return response
