"""Answers of Django that are kept whole, up to a number of bytes.

In: questions, and what Django answered. Out: the same answers. All that is kept belongs to one edition; of too many,
those go that were not asked for again.
"""

import re
import threading
from typing import NamedTuple

from django.http import HttpResponse

from content_app.delivery.gate.rate_limit_headers import LIMIT_FIELD
from content_app.delivery.read_plane.edition import Edition
from content_app.delivery.read_plane.question import LONGEST, Question
from content_app.vocabulary.addresses import API, FEEDS
from content_app.vocabulary.terms import COLLECTIONS

Headers = list[tuple[str, str]]
# What is read from the current release, or never changes while the process lives. Exports, keys and checks are not.
COLLECTION = "|".join(COLLECTIONS.values())
ADDRESSES = re.compile(
    rf"{API}/(?:(?:{COLLECTION}|items|statements|relations|codings|search|suggest|vocabulary|changes|contexts)/.*"
    rf"|releases/(?:[0-9]+/(?:compare/.*)?)?)?|{FEEDS}/.*|/openapi\.json|/library/.*|/llms\.txt|/sitemap(?:-[0-9a-f]+)?\.xml",
    re.DOTALL,
)
STATUSES = frozenset((200, 304, 308, 404, 410))
VARIES_BY = frozenset(("accept", "accept-encoding", "origin"))  # all of it is in a `Question`
MOST_BYTES = 24_000_000  # in each process
MOST_BYTES_OF_ONE = 1_000_000
OVERHEAD = 5_000  # what an answer takes beside its bytes, roughly: its headers and its question


class Answer(NamedTuple):
    """An answer as Django gave it. `limit_at` is the place of the header that counts requests; -1 if there is none."""

    status: str
    headers: Headers
    body: bytes
    limit_at: int

    @property
    def size(self) -> int:
        return len(self.body) + OVERHEAD


def answer_of(status: str, headers: Headers, body: bytes) -> Answer:
    """An answer, with the place of its count."""
    place = next((at for at, (name, _) in enumerate(headers) if name == LIMIT_FIELD), -1)
    return Answer(status, headers, body, place)


def may_be_kept(question: Question, response: HttpResponse) -> bool:
    """Whether everybody who asks this question may be given this answer, until something is published."""
    freshness = response.get("Cache-Control", "")
    return (
        response.status_code in STATUSES
        and not response.streaming
        and len(response.content) <= MOST_BYTES_OF_ONE
        and freshness.startswith("public")
        and not response.cookies
        and VARIES_BY.issuperset(map(str.strip, response.get("Vary", "accept").lower().split(",")))
        and response.get("Access-Control-Allow-Origin", "*") == "*"
        # What was current at a time may be the future's until it has passed; then it never changes.
        and ("as_of" not in question.query or "immutable" in freshness)
        and ADDRESSES.fullmatch(question.path) is not None
        and sum(len(part) for part in question if isinstance(part, str)) <= LONGEST
    )


class Kept:
    """Answers by question, in two halves: those asked for lately, and those before them.

    When the first half is full it becomes the second, and what had not been asked for again is dropped. So the last
    answers stay that fit, and to hand one out nothing has to be moved.
    """

    def __init__(self, most_bytes: int = MOST_BYTES):
        self.most_bytes = most_bytes
        self.changing = threading.Lock()
        self._begin(None)

    def _begin(self, edition: Edition | None) -> None:
        self.edition = edition
        self.lately: dict[Question, Answer] = {}
        self.before: dict[Question, Answer] = {}
        self.size = 0  # of the first half

    def get(self, edition: Edition, question: Question) -> Answer | None:
        """What Django answered in this edition."""
        if edition is not self.edition:
            return None
        answer = self.lately.get(question)
        if answer is None:
            answer = self.before.get(question)
            if answer is not None:
                self.keep(edition, question, answer)
        return answer

    def keep(self, edition: Edition, question: Question, answer: Answer) -> None:
        """Keep an answer to a question that was asked in this edition."""
        with self.changing:
            if edition is not self.edition:
                self._begin(edition)
            if question in self.lately:
                return
            size = answer.size
            if self.size + size > self.most_bytes // 2:
                self.before, self.lately, self.size = self.lately, {}, 0
            self.lately[question] = answer
            self.size += size
