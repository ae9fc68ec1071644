"""The first page of a search, and suggestions, for a text in plain words.

In: a question that has `q` and nothing else. Out: the bytes and headers that are its own. A text with other than
letters of ASCII, digits, hyphens and spaces is left to Django, which tells what it makes of it.
"""

import re
from hashlib import sha256
from typing import NamedTuple

from django.http import QueryDict

from content_app.delivery.http import safety
from content_app.delivery.http.problems import Problem
from content_app.delivery.query.paging import USUAL_PAGE, Page
from content_app.delivery.read_plane.edition import Edition
from content_app.delivery.read_plane.own import Own
from content_app.delivery.read_plane.question import Question
from content_app.delivery.search import question as search_question
from content_app.delivery.search import results, suggesting
from content_app.vocabulary.addresses import API

SEARCH, SUGGEST = f"{API}/search/", f"{API}/suggest/"
PLAIN = re.compile(r"q=([A-Za-z0-9-]+(?:(?:\+|%20)[A-Za-z0-9-]+){0,9})")


class Asked(NamedTuple):
    """A request, as far as its page depends on it."""

    path: str
    query_params: QueryDict


def sort_of(question: Question) -> str | None:
    """The address, for a question in plain words."""
    is_ours = question.path in (SEARCH, SUGGEST) and len(question.query) <= 200 and not question.content_type
    return question.path if is_ours and PLAIN.fullmatch(question.query) else None


def made(edition: Edition, question: Question) -> Own | None:
    """What the search finds, or what completes the text."""
    if sort_of(question) is None:
        return None
    query = QueryDict(question.query)
    try:
        body = _found(query, edition) if question.path == SEARCH else _suggested(query["q"], edition)
    except Problem:
        return None
    if safety.IN_BYTES in body:
        return None
    return Own(body, {"ETag": f'"{sha256(body).hexdigest()[:32]}"', "Content-Length": str(len(body))})


def _found(query: QueryDict, edition: Edition) -> bytes:
    page = Page(Asked(SEARCH, query), ("start",), USUAL_PAGE, (), edition)
    return results.page_of(search_question.read(query), page, 0)


def _suggested(text: str, edition: Edition) -> bytes:
    prefix = suggesting.prefix_of(text)
    return suggesting.answer(text, prefix, edition.release, suggesting.USUAL)
