"""Infobutton over HTTP: GET with a query, POST with a form; Atom, JSON, JavaScript or a page.

In: a request. Out: the knowledge response, or a problem. Requests say things about patients, so answers are for
the one who asked (`private`), and nothing of a query is logged or kept.
"""

import datetime
import json
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from content_app.canonical import rfc3339
from content_app.delivery.http import safety
from content_app.delivery.http.links import warn
from content_app.delivery.http.problems import PROBLEM_TYPES, Problem, base_url, problem_response, wants_page
from content_app.delivery.http.received import as_seen
from content_app.delivery.http.responses import answer
from content_app.delivery.infobutton.asking import Misasked, NotOffered, Question, read_question
from content_app.delivery.infobutton.atom import to_xml
from content_app.delivery.infobutton.feed import AnswerPlace, Hit, to_feed
from content_app.delivery.infobutton.lookup import find
from content_app.delivery.infobutton.page import to_error_page, to_page
from content_app.delivery.infobutton.terms import HTML, MEDIA_TYPES, SCRIPT, XML
from content_app.delivery.query import parameters

FORM = "application/x-www-form-urlencoded"
LONGEST_FORM = 16_000
FRESH = "private, max-age=300"


@method_decorator(csrf_exempt, name="dispatch")
class InfobuttonView(View):
    """The knowledge response to a request. Reads only: POST is another way to send the parameters."""

    http_method_names = ["get", "head", "post", "options"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().dispatch(request, *args, **kwargs)
        except Misasked as wrong:
            errors = [{"parameter": name, "detail": sentence} for name, sentence in wrong.errors]
            return refusal(request, "invalid-parameter", str(wrong), errors=errors)
        except NotOffered:
            available = list(MEDIA_TYPES)
            return refusal(
                request, "not-acceptable", f"This address offers {', '.join(available)}.", available=available
            )
        except Problem as problem:
            return refusal(request, problem.problem_type.slug, str(problem.detail), **problem.members)

    def get(self, request: HttpRequest) -> HttpResponse:
        return knowledge(request, request.GET)

    def post(self, request: HttpRequest) -> HttpResponse:
        if request.content_type != FORM:
            detail = f"Send the parameters as {FORM}, or use GET. XML requests are not supported."
            return refusal(request, "unsupported-media-type", detail)
        if len(request.body) > LONGEST_FORM:
            return refusal(request, "bad-request", f"The form has more than {LONGEST_FORM} bytes.")
        given = request.GET.copy()
        given.update(as_seen(QueryDict(request.body, encoding="utf-8")))
        return knowledge(request, given)

    def options(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponse(status=204, headers={"Allow": "GET, HEAD, POST, OPTIONS"})

    def http_method_not_allowed(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = refusal(request, "method-not-allowed", "Use GET, HEAD, POST or OPTIONS for this address.")
        response["Allow"] = "GET, HEAD, POST, OPTIONS"
        return response


def knowledge(request: HttpRequest, given: QueryDict) -> HttpResponse:
    """The answer to the parameters. Raises `Misasked`, `NotOffered`, or `Problem` for a release that is not there."""
    question = read_question(given.lists(), request.headers.get("Accept", ""))
    moment = parameters.moment(QueryDict(urlencode(question.moment)))
    hits, outcome = find(moment, question.concepts, question.audience)
    now = timezone.now()
    where = AnswerPlace(
        base=base_url(request),
        path=request.path,
        release=moment.release,
        is_pinned=moment.is_pinned,
        published_at=rfc3339(moment.published_at),
        today=now.date(),
    )
    body = written(request, question, hits, outcome, where)
    # Whether a review is overdue can change with every day, though the release is the same.
    day = datetime.datetime.combine(now.date(), datetime.time.min, datetime.UTC)
    response = answer(
        request,
        body,
        moment=moment,
        last_modified=max(day, moment.published_at),
        content_type=f"{question.media_type}; charset=utf-8",
        warned=(),
    )
    response["Cache-Control"] = "no-store" if request.method == "POST" else FRESH
    if request.method != "POST":
        warn(response, safety.addresses_of(hit.document for hit in hits), is_pinned=moment.is_pinned)
    return response


def written(request: HttpRequest, question: Question, hits: list[Hit], outcome: str, where: AnswerPlace) -> bytes:
    """The bytes of the answer in the form that was asked for."""
    form = MEDIA_TYPES[question.media_type]
    if form == HTML:
        return to_page(request, question, hits, outcome, where)
    feed = to_feed(question, hits, outcome, where)
    if form == XML:
        return to_xml(feed)
    if form == SCRIPT:
        # The comment keeps the start of the answer out of the caller's hands; ASCII, for U+2028 ends lines in scripts.
        return f"/**/{question.callback}({json.dumps(feed)});".encode()
    return json.dumps(feed, ensure_ascii=False, separators=(",", ":")).encode()


def refusal(request: HttpRequest, slug: str, detail: str, **members: Any) -> HttpResponse:
    """A problem, as a page if a browser asks. Not to be stored: the address may say something about a patient."""
    if wants_page(request) or request.GET.get("knowledgeResponseType") == HTML:
        problem = PROBLEM_TYPES[slug]
        body = to_error_page(request, problem.title, detail)
        response = HttpResponse(body, status=problem.status, content_type="text/html; charset=utf-8")
        response["Vary"] = "Accept"
    else:
        response = problem_response(request, slug, detail, **members)
    response["Cache-Control"] = "no-store"
    return response
