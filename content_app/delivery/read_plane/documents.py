"""The JSON of documents, as they are stored.

In: a question about a document at its own address. Out: the bytes and headers that are its own.
"""

import datetime
import re
from functools import lru_cache

from django.utils.http import http_date

from content_app.delivery.http import negotiation, safety
from content_app.delivery.read_plane.edition import Edition
from content_app.delivery.read_plane.own import Own
from content_app.delivery.read_plane.question import Question
from content_app.delivery.representations.table import REPRESENTATIONS, links
from content_app.delivery.store import reading
from content_app.vocabulary.addresses import API
from content_app.vocabulary.terms import COLLECTIONS

KINDS = {collection: kind for kind, collection in COLLECTIONS.items()}
ADDRESS = re.compile(rf"{API}/({'|'.join(KINDS)})/([a-z0-9-]+)/")
AVAILABLE = tuple(representation.media_type for representation in REPRESENTATIONS)
MEDIA_TYPE = AVAILABLE[0]


def sort_of(question: Question) -> str | None:
    """“document” for the JSON of a document, all of it."""
    is_read_whole = not question.query and _wants_json(question.accept)
    return "document" if is_read_whole and ADDRESS.fullmatch(question.path) else None


def made(edition: Edition, question: Question) -> Own | None:
    """The document at an address."""
    address = ADDRESS.fullmatch(question.path)
    stored = reading.by_slug(edition, KINDS[address[1]], address[2]) if address else None
    if stored is None or stored.tombstone_reason or safety.IN_BYTES in stored.body:
        return None
    body = stored.body_gzip if question.takes_gzip else stored.body
    tag = f"{stored.version}-{stored.sha256[:32]}"
    headers = {
        "ETag": f'"{tag}-gzip"' if question.takes_gzip else f'"{tag}"',
        "Last-Modified": _http_date(stored.published_at),
        "Content-Length": str(len(body)),
        "Link": _links(stored.kind, stored.slug),
    }
    return Own(body, headers)


@lru_cache(maxsize=256)
def _wants_json(accept: str) -> bool:
    return negotiation.chosen(accept, AVAILABLE) == MEDIA_TYPE


@lru_cache(maxsize=256)
def _http_date(instant: datetime.datetime) -> str:
    return http_date(instant.timestamp())


@lru_cache(maxsize=1024)
def _links(kind: str, slug: str) -> str:
    return links(kind, slug, MEDIA_TYPE, {})
