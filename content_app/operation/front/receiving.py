"""Requests, from granian's RSGI (https://github.com/emmett-framework/granian/blob/master/docs/spec/RSGI.md) to WSGI.

In: a scope and a protocol. Out: a WSGI environment (PEP 3333), with the whole body. Raises `TooSlow`.
"""

import asyncio
import io
import sys
import time
from functools import lru_cache
from typing import Any

from content_app.delivery.read_plane.question import Environ

# A body has this long to begin, and then has to arrive at least this fast.
PATIENCE = 10.0  # seconds
SLOWEST = 10_000  # bytes a second
OWN_NAMES = {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}


class TooSlow(Exception):
    """The body did not arrive in time."""


@lru_cache(maxsize=512)
def _key_of(name: str) -> str | None:
    """The key of a header in the environment. None for a name with an underscore, which would pass for another."""
    return None if "_" in name else OWN_NAMES.get(name) or f"HTTP_{name.upper().replace('-', '_')}"


def environ_of(scope: Any) -> Environ:
    """The environment of a request without its body. Of a header that came several times, all values are kept."""
    server, _, port = scope.server.rpartition(":")
    environ: Environ = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path if scope.path.isascii() else scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "SERVER_NAME": server,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in scope.headers.items():
        key = _key_of(name)
        if key is not None:
            joint = "; " if key == "HTTP_COOKIE" else ","
            environ[key] = f"{environ[key]}{joint}{value}" if key in environ else value
    if scope.authority and "HTTP_HOST" not in environ:
        environ["HTTP_HOST"] = scope.authority
    return environ


async def receive(environ: Environ, protocol: Any, most: int) -> None:
    """Put the body into the environment, whole, with its length. Raises `TooSlow`.

    Of a body with more than `most` bytes one more is kept, by which whoever reads it knows; of one that says so before
    it comes, nothing.
    """
    announced = environ.get("CONTENT_LENGTH", "")
    if announced.isdigit() and int(announced) > most:
        return
    body = await _body(protocol, most)
    environ["wsgi.input"] = io.BytesIO(body)
    environ["wsgi.input_terminated"] = True
    if "HTTP_TRANSFER_ENCODING" in environ or announced.isdigit():
        environ["CONTENT_LENGTH"] = str(len(body))
        environ.pop("HTTP_TRANSFER_ENCODING", None)


async def _body(protocol: Any, most: int) -> bytes:
    pieces, size, begun = [], 0, time.monotonic()
    coming = aiter(protocol)
    while size <= most:
        left = begun + PATIENCE + size / SLOWEST - time.monotonic()
        try:
            piece = await asyncio.wait_for(anext(coming), max(left, 0))
        except StopAsyncIteration:
            break
        except TimeoutError:
            raise TooSlow
        pieces.append(piece)
        size += len(piece)
    return b"".join(pieces)[: most + 1]
