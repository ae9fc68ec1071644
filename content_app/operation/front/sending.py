"""Answers, from WSGI to granian's RSGI.

In: what a WSGI application returned. Out: the answer, sent: whole where it is whole, else from a file. Granian reads a
file as fast as the client takes it. Pieces it would take all at once and hold in memory, however slow the client is: so
they are written to a file first.
"""

import asyncio
import tempfile
import time
from collections.abc import Iterable
from concurrent.futures import Executor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connections

KEPT = 60.0  # seconds for which the file of an answer has a name: by then it is open, and needs none
FORGOTTEN = 3600.0  # seconds after which a file has been left behind by a process that ended
Headers = list[tuple[str, str]]


@dataclass
class Answer:
    """What a WSGI application says: a status, headers, and either a body or pieces of one that are still to be made."""

    status: int = 500
    headers: Headers = field(default_factory=list)
    body: bytes = b""
    pieces: Iterable[bytes] | None = None

    def start(self, status: str, headers: Headers, exc_info: Any = None) -> None:
        """`start_response` of PEP 3333."""
        self.status, self.headers = int(status[:3]), list(headers)

    def take(self, returned: Iterable[bytes]) -> "Answer":
        """Keep what the application returned. What is whole is read here, in its thread."""
        if getattr(returned, "streaming", False):
            self.pieces = returned
            return self
        try:
            self.body = b"".join(returned)
        finally:
            _close(returned)
        return self


def _close(returned: Iterable[bytes]) -> None:
    close = getattr(returned, "close", None)
    if close is not None:
        close()


async def send(answer: Answer, protocol: Any, threads: Executor) -> None:
    """Send an answer. The file of what comes in pieces is written by one of the threads."""
    if answer.pieces is None:
        protocol.response_bytes(answer.status, answer.headers, answer.body)
        return
    loop = asyncio.get_running_loop()
    part = getattr(answer.pieces, "file_slice", None)
    if part is not None:
        first, last = part.start, part.start + part.length
        protocol.response_file_range(answer.status, answer.headers, part.file.name, first, last)
        await loop.run_in_executor(threads, _end, answer.pieces)
        return
    path = await loop.run_in_executor(threads, _written, answer.pieces)
    loop.call_later(KEPT, path.unlink, True)
    protocol.response_file(answer.status, answer.headers, str(path))


def _written(pieces: Iterable[bytes]) -> Path:
    """A new file with these pieces."""
    folder = Path(settings.VAR_DIR) / "streams"
    folder.mkdir(parents=True, exist_ok=True)
    for left_behind in folder.iterdir():
        if time.time() - left_behind.stat().st_mtime > FORGOTTEN:
            left_behind.unlink(missing_ok=True)
    try:
        with tempfile.NamedTemporaryFile(dir=folder, delete=False) as file:
            file.writelines(pieces)
    finally:
        _end(pieces)
    return Path(file.name)


def _end(pieces: Iterable[bytes]) -> None:
    _close(pieces)
    connections.close_all()  # the next answer may come to another thread
