"""The JSON of documents that nobody has read yet, from the store.

In: a question about a document at its own address. Out: the answer that Django would give; None where Django has to be
asked. The JSON of two documents differs in its bytes and in four headers. What surrounds them is learnt from an answer
of Django, and only if the four headers and the bytes that are made here for the same document are those of that answer.
Documents with a safety notice, tombstones, and what has moved or is not there are answered by Django alone.
"""

import datetime
import re
from functools import lru_cache

from django.db import Error
from django.utils.http import http_date

from content_app.delivery.http import negotiation, safety
from content_app.delivery.read_plane.edition import Edition
from content_app.delivery.read_plane.kept import Answer
from content_app.delivery.read_plane.question import Question
from content_app.delivery.representations.table import REPRESENTATIONS, links
from content_app.delivery.store import reading, replicas
from content_app.vocabulary.addresses import API
from content_app.vocabulary.terms import COLLECTIONS

KINDS = {collection: kind for kind, collection in COLLECTIONS.items()}
ADDRESS = re.compile(rf"{API}/({'|'.join(KINDS)})/([a-z0-9-]+)/")
AVAILABLE = tuple(representation.media_type for representation in REPRESENTATIONS)
MEDIA_TYPE = AVAILABLE[0]
OWN = ("ETag", "Last-Modified", "Content-Length", "Link")  # what no two documents share
MOST_FRAMES = 64


class FirstReads:
    """Answers with documents, once it has been learnt what stands around them."""

    def __init__(self) -> None:
        self.edition: Edition | None = None
        self.frames: dict[tuple[str | bool, ...], Answer] = {}  # by all of a question but its path

    def answer(self, edition: Edition, question: Question) -> Answer | None:
        """The document, if Django would answer with it as stored."""
        if edition is not self.edition:
            return None
        frame = self.frames.get(question[1:])
        if frame is None:
            return None
        try:
            with reading.outside_of_a_request(), replicas.reading_from(edition.database):
                return _answer(edition, question, frame)
        except Error:
            return None  # Django meets it too, and says so

    def learn(self, edition: Edition, question: Question, answer: Answer) -> None:
        """Learn what stands around the JSON of a document from an answer of Django, if this is one."""
        if not is_read_whole(question) or not answer.status.startswith("200"):
            return
        if edition is not self.edition or len(self.frames) >= MOST_FRAMES:
            self.frames, self.edition = {}, edition
        if _answer(edition, question, answer) == answer:
            self.frames[question[1:]] = answer


def is_read_whole(question: Question) -> bool:
    """Whether a question is about the JSON of a document, all of it, without conditions."""
    return not question.query and not question.is_conditional and _wants_json(question.accept)


@lru_cache(maxsize=256)
def _wants_json(accept: str) -> bool:
    return negotiation.chosen(accept, AVAILABLE) == MEDIA_TYPE


@lru_cache(maxsize=256)
def _http_date(instant: datetime.datetime) -> str:
    return http_date(instant.timestamp())


def _answer(edition: Edition, question: Question, frame: Answer) -> Answer | None:
    address = ADDRESS.fullmatch(question.path)
    if address is None:
        return None
    stored = reading.by_slug(edition, KINDS[address[1]], address[2])
    if stored is None or stored.tombstone_reason or safety.IN_BYTES in stored.body:
        return None
    body = stored.body_gzip if question.takes_gzip else stored.body
    tag = f"{stored.version}-{stored.sha256[:32]}"
    own = (
        f'"{tag}-gzip"' if question.takes_gzip else f'"{tag}"',
        _http_date(stored.published_at),
        str(len(body)),
        _links(stored.kind, stored.slug),
    )
    headers = frame.headers.copy()
    names = [name for name, _ in headers]
    for name, value in zip(OWN, own, strict=True):
        if name in names:
            headers[names.index(name)] = name, value
    return Answer(frame.status, headers, body, frame.limit_at)


@lru_cache(maxsize=1024)
def _links(kind: str, slug: str) -> str:
    return links(kind, slug, MEDIA_TYPE, {})
