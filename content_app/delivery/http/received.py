"""What clients send, in one form for every address: bodies whole and unpacked, texts of queries as people see them.

In: a stream of bytes and what the headers say of it; a query. Out: bytes; a query. Raises `NotReceived`.
A body without a length is read to its end (RFC 9112, section 6.3): it is never taken for no body.
"""

import zlib
from typing import IO

from django.http import QueryDict

from content_app.canonical import seen

GZIP = ("gzip", "x-gzip")  # two names of one coding (RFC 9110, section 8.4.1.3)
UNDERSTOOD = "gzip"


class NotReceived(Exception):
    """The body cannot be taken: the slug of the problem, and a sentence on what would be right."""

    def __init__(self, slug: str, sentence: str):
        self.slug = slug
        super().__init__(sentence)


def body_of(stream: IO[bytes], codings: str, most: int) -> bytes:
    """The body, unpacked: at most so many bytes, packed and unpacked. `codings` is its Content-Encoding."""
    names = [name.strip().lower() for name in codings.split(",")]
    packed = [name for name in names if name not in ("", "identity")]
    if len(packed) > 1 or any(name not in GZIP for name in packed):
        raise NotReceived("unsupported-media-type", "Send the body as it is, or with Content-Encoding: gzip.")
    body = stream.read(most + 1)
    if len(body) > most:
        raise too_large(most)
    return _unpacked(body, most) if packed else body


def _unpacked(body: bytes, most: int) -> bytes:
    """The bytes of every member of a gzip file (RFC 1952, section 2.2), and never more than so many."""
    plain = b""
    while body:
        reader = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
        try:
            plain += reader.decompress(body, most + 1 - len(plain))
        except zlib.error:
            raise NotReceived("bad-request", "The body is not gzip, although Content-Encoding says so.")
        if len(plain) > most:
            raise too_large(most)
        if not reader.eof:
            raise NotReceived("bad-request", "The gzip body is incomplete.")
        body = reader.unused_data
    return plain


def too_large(most: int) -> NotReceived:
    return NotReceived("body-too-large", f"The body has more than {most} bytes.")


def as_seen(query: QueryDict) -> QueryDict:
    """The query with its values in normal form C and without invisible characters, as texts are stored."""
    if all(seen(value) == value for values in dict(query).values() for value in values):
        return query
    tidied = query.copy()
    for name, values in query.lists():
        tidied.setlist(name, [seen(value) for value in values])
    return tidied
