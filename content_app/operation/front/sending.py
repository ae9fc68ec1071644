"""Answers, from WSGI to granian's RSGI.

In: what a WSGI application returned. Out: the answer, sent: whole where it is whole, else piece by piece.
"""

import asyncio
from collections.abc import Iterable
from concurrent.futures import Executor
from dataclasses import dataclass, field
from typing import Any

from django.db import connections

PATIENCE = 30.0  # seconds for a client to take a piece of an answer
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
    """Send an answer. Pieces are made by one of the threads, which waits for the client and, in the end, gives up."""
    if answer.pieces is None:
        protocol.response_bytes(answer.status, answer.headers, answer.body)
        return
    loop = asyncio.get_running_loop()
    stream = protocol.response_stream(answer.status, answer.headers)

    def pump() -> None:
        try:
            for piece in answer.pieces or ():
                taken = asyncio.run_coroutine_threadsafe(asyncio.wait_for(stream.send_bytes(piece), PATIENCE), loop)
                taken.result()
        finally:
            _close(answer.pieces or ())
            connections.close_all()  # the next stream may come to another thread

    await loop.run_in_executor(threads, pump)
