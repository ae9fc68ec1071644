"""The WSGI application that the server calls: it answers what it can, and asks Django for the rest.

In: a request. Out: the answer that Django would give.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpResponse

from content_app.delivery.gate.limits import standing_of
from content_app.delivery.gate.quotas import counts_alone
from content_app.delivery.gate.rate_limit_headers import LIMIT_FIELD, limit
from content_app.delivery.read_plane import documents
from content_app.delivery.read_plane.edition import Edition, Editions
from content_app.delivery.read_plane.first_reads import FirstReads
from content_app.delivery.read_plane.kept import MOST_BYTES, Answer, Kept, answer_of, may_be_kept
from content_app.delivery.read_plane.question import Environ, Question, Reader
from content_app.delivery.store import replicas

IS_A_FILE = connection.vendor == "sqlite"  # reads wait neither for a network nor for whoever writes
StartResponse = Callable[..., Any]
Django = Callable[[Environ, StartResponse], HttpResponse]


class ReadPlane:
    """Stands before Django. In: Django's WSGI application, and how much may be kept."""

    def __init__(self, django: Django, *, most_bytes: int = MOST_BYTES):
        self.django = django
        self.reader = Reader()
        self.editions = Editions()
        self.kept = Kept(most_bytes)
        self.first_reads = FirstReads()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        question = self.reader.read(environ)
        edition = self.editions.current() if question else None
        if question is None or edition is None:
            return self.django(environ, start_response)
        answer = self.kept.get(edition, question)
        if answer is None:
            answer = self.first_reads.answer(edition, question)
            if answer is None:
                return self._ask(environ, start_response, question, edition)
            self.kept.keep(edition, question, answer)
        headers = self._headers(environ, answer)
        if headers is None:
            return self.django(environ, start_response)
        start_response(answer.status, headers)
        return [answer.body]

    def _headers(self, environ: Environ, answer: Answer) -> list[tuple[str, str]] | None:
        """The headers of a kept answer, this request counted. None for a client above its limit.

        An answer that may be out of date, as the database is away, says so in `Age` (RFC 9111, section 5.1) and
        `Cache-Status` (RFC 9211): `Warning`, which said it once, is obsolete.
        """
        headers = answer.headers
        if answer.limit_at >= 0:
            standing = standing_of(environ, None)
            if standing is None or standing.is_exceeded:
                return None
            headers = headers.copy()
            headers[answer.limit_at] = (LIMIT_FIELD, limit(standing))
        if stale_for := self.editions.stale_for():
            headers = [*headers, ("Age", str(stale_for)), ("Cache-Status", f"AMPS; hit; ttl=-{stale_for}")]
        return headers

    def kept_answer(self, environ: Environ) -> tuple[int, list[tuple[str, str]], bytes] | None:
        """What can be answered without waiting for anybody: status, headers and body. None if nothing can be.

        Where processes count together (`CACHE_URL`), counting is waiting. So is a look at what is current, when it is
        time for one, and a read from a database that is not a file of this machine.
        """
        question = self.reader.read(environ)
        edition = self.editions.known() if question else None
        if question is None or edition is None:
            return None
        answer = self.kept.get(edition, question)
        if answer is None and IS_A_FILE and documents.sort_of(question):  # a search takes too long for this
            answer = self.first_reads.answer(edition, question)
            if answer is not None:
                self.kept.keep(edition, question, answer)
        if answer is None:
            return None
        if answer.limit_at >= 0 and not counts_alone():
            return None
        headers = self._headers(environ, answer)
        return (int(answer.status[:3]), headers, answer.body) if headers is not None else None

    def _ask(
        self, environ: Environ, start_response: StartResponse, question: Question, edition: Edition
    ) -> HttpResponse:
        """What Django answers, kept if it may be. If something was published meanwhile, it may be out of date."""
        told: list[Any] = []

        def note(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            told[:] = status, headers
            return start_response(status, headers)

        with replicas.reading_from(edition.database):
            response = self.django(environ, note)
        if told and may_be_kept(question, response) and self.editions.current() is edition:
            answer = answer_of(told[0], list(told[1]), response.content)
            self.kept.keep(edition, question, answer)
            self.first_reads.learn(edition, question, answer)
        return response


def before(django: Django) -> Django | ReadPlane:
    """What the server is to call: the read plane, or Django itself where it is switched off."""
    return ReadPlane(django) if settings.READ_PLANE else django
