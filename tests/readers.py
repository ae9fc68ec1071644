"""Readers who ask without a pause, and what they were told: errors, mixtures of releases, releases in their order.

In: the address of a library that `tests.publisher` fills. Out: `Seen`.
"""

import http.client
import itertools
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from tests.publisher import WORDS

LIST = "/api/v1/conditions/?page_size=100"
SAID = re.compile(rb"%s([\w-]+)\." % WORDS.encode())
numbers = itertools.count()


@dataclass
class Seen:
    """What readers were told."""

    answers: int = 0
    faults: list[str] = field(default_factory=list)
    mixed: list[str] = field(default_factory=list)
    words: set[str] = field(default_factory=set)


def ask(address: str, path: str = LIST, **headers: str) -> tuple[int, bytes, http.client.HTTPMessage]:
    """Status, body and headers, over a connection of its own."""
    parts = urlsplit(address)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    client = kind(parts.hostname, parts.port, timeout=30)
    try:
        client.request("GET", path, headers=headers)
        answer = client.getresponse()
        return answer.status, answer.read(), answer.headers
    finally:
        client.close()


def words_of(body: bytes) -> set[str]:
    """The words of the releases that an answer is from: of a whole one, a single word."""
    return {word.decode() for word in SAID.findall(body)}


def never_asked() -> dict[str, str]:
    """Headers of a request that no cache has an answer for."""
    return {"Accept": f"application/json;q=1, text/x-{next(numbers)};q=0.1"}


@contextmanager
def reading(address: str, threads: int = 2) -> Iterator[Seen]:
    """Readers who ask for the list again and again: every other time so that a database has to be asked."""
    seen, is_over = Seen(), threading.Event()

    def read() -> None:
        for number in itertools.count():
            if is_over.is_set():
                return
            try:
                status, body, _ = ask(address, **never_asked() if number % 2 else {})
            except OSError as error:
                seen.faults.append(repr(error))
                continue
            words = words_of(body)
            seen.answers += 1
            seen.words |= words
            if status != 200:
                seen.faults.append(f"{status} {body[:200]!r}")
            elif len(words) != 1:
                seen.mixed.append(f"{sorted(words)}")

    readers = [threading.Thread(target=read, daemon=True) for _ in range(threads)]
    for reader in readers:
        reader.start()
    try:
        yield seen
    finally:
        is_over.set()
        for reader in readers:
            reader.join(60)
