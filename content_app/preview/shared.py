"""A preview for whoever holds its link: one item, as it was when the link was made, and nothing else.

In: a token in the address. Out: a page or a representation, each marked as a draft, kept by no cache and found by no
search engine; for a token that does not work, the same answer whatever the reason. Needs no sign-in and changes
nothing but the link's own count, and what whoever holds the link of a fact check says (see `fact_check`). Counted like
every request to the read side.
"""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.formats import date_format
from django.views.decorators.csrf import csrf_exempt

from content_app.delivery.gate.limits import standing_of
from content_app.delivery.gate.protocol_errors import refuse_for_now
from content_app.delivery.gate.quotas import Standing
from content_app.delivery.http.problems import base_url, problem_response
from content_app.editorial import previews
from content_app.models import PreviewLink
from content_app.preview import fact_check
from content_app.preview.representations import MARK, RELY, REPRESENTATIONS, Subject, as_page

HEADERS = {
    "Cache-Control": "private, no-store",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Referrer-Policy": "no-referrer",
}
NOTHING = "This preview link does not work. It may have expired, been revoked, or been copied incompletely."


Found = HttpResponse | None


def private(*methods: str) -> Callable[[Callable[..., Found]], Callable[..., HttpResponse]]:
    """Decorates a view of a preview for these methods: kept nowhere, not even in a log.

    The view gets the link that works now, or None, and answers None if there is nothing.
    """

    def decorate(view: Callable[..., Found]) -> Callable[..., HttpResponse]:
        @csrf_exempt  # whoever knows the address may do all that can be done there
        @wraps(view)
        def answer(request: HttpRequest, token: str, **where) -> HttpResponse:
            response = _answered(request, token, view, methods, where)
            for name, value in HEADERS.items():
                response[name] = value
            response._has_been_logged = True  # Django would log the address of what is not found, and it may be a key
            return response

        return answer

    return decorate


def _answered(request: HttpRequest, token: str, view: Callable[..., Found], methods: tuple, where: dict):
    if request.method not in methods:
        allowed = " or ".join(methods)
        response = problem_response(request, "method-not-allowed", f"Use {allowed} for this address.")
        response["Allow"] = ", ".join(methods)
        return response
    standing = standing_of(request.META, None)
    is_sent = request.method == "POST"
    if standing and standing.is_exceeded and not is_sent:
        return refuse_for_now(request, standing)
    link = previews.opened(token)
    if is_sent:
        where["standing"] = standing
    return (link or is_sent) and view(request, link, token, **where) or problem_response(request, "not-found", NOTHING)


@private("GET", "HEAD")
def page(request: HttpRequest, link: PreviewLink, token: str) -> HttpResponse:
    """The page that readers would get, with links to the other representations; or that of a fact check."""
    if link.is_fact_check:
        return fact_check.page(request, link, _answer_at(token))
    subject = _subject(request, link)
    forms = [
        (entry.label, reverse("shared_preview_representation", args=[token, name]))
        for name, entry in REPRESENTATIONS.items()
        if entry.make is not as_page and entry.make(subject) is not None
    ]
    return HttpResponse(as_page(subject, _notice(link), forms))


@private("POST")
def answer(request: HttpRequest, link: PreviewLink | None, token: str, standing: Standing | None) -> Found:
    """What whoever holds the link of a fact check says. Nothing that they typed is lost, whatever is in the way."""
    if link is None:
        return fact_check.too_late(request) if previews.is_ours(token) else None
    if not link.is_fact_check:
        return None
    if standing and standing.is_exceeded:
        return fact_check.not_now(request, link, _answer_at(token), standing.reset)
    kept = fact_check.answer(request, link, _answer_at(token))
    if isinstance(kept, HttpResponse):
        return kept
    return HttpResponseRedirect(reverse("shared_preview", args=[token], query={"sent": kept}), status=303)


def _answer_at(token: str) -> str:
    return reverse("fact_check_answer", args=[token])


@private("GET", "HEAD")
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
