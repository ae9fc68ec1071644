"""Ranges of bytes (RFC 9110, section 14): the part of a file that a client still lacks.

In: the headers `Range` and `If-Range`. Out: first and last byte. Pure. One range at a time; a request for several is
answered with the whole, as the standard allows.
"""

import re
from collections.abc import Iterator
from typing import IO

RANGE = re.compile(r"bytes=[ \t]*([0-9]{0,19})-([0-9]{0,19})[ \t]*", re.ASCII | re.IGNORECASE)
CHUNK = 1 << 16


class NotSatisfiable(Exception):
    """The range begins behind the end."""


def asked_for(header: str, size: int) -> tuple[int, int] | None:
    """First and last byte; None to send everything. Raises `NotSatisfiable`."""
    match = RANGE.fullmatch(header)
    if not match or match.groups() == ("", ""):
        return None
    first, last = match.groups()
    if not first:
        if int(last) == 0:
            raise NotSatisfiable
        return max(0, size - int(last)), size - 1
    if last and int(last) < int(first):
        return None
    if int(first) >= size:
        raise NotSatisfiable
    return int(first), min(int(last) if last else size - 1, size - 1)


def still_fits(if_range: str | None, etag: str, last_modified: str) -> bool:
    """Whether the client's part is of this very file (section 13.1.5). A weak tag never is."""
    return if_range is None or if_range.strip() in (etag, last_modified)


class Slice:
    """The bytes of an open file from a place on, in chunks. Closes the file."""

    def __init__(self, file: IO[bytes], start: int, length: int):
        self.file, self.start, self.length = file, start, length

    def __iter__(self) -> Iterator[bytes]:
        with self.file:
            self.file.seek(self.start)
            left = self.length
            while left > 0 and (chunk := self.file.read(min(CHUNK, left))):
                left -= len(chunk)
                yield chunk

    def close(self) -> None:
        self.file.close()
