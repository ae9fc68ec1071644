"""One attempt: a signed POST over a checked connection, bounded in time and in what is read of the answer.

In: where to, which bytes, which headers. Out: an `Outcome`, whatever happens; nothing is raised for what a receiver or
the network does. No redirects, no cookies, no proxies, no connection kept for the next one.
"""

import contextlib
import functools
import socket
import ssl
import threading
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

import httpcore2

from content_app.webhooks.connecting import CheckedBackend, Refused, check_url
from content_app.webhooks.schedule import retry_after

PATIENCE = 20.0  # seconds for a whole attempt; the specification recommends 15 to 30
LONGEST_EXCERPT = 1_000  # bytes of the answer that are read and kept
USER_AGENT = "AMPS-API-Webhooks/1.0"


@dataclass(frozen=True)
class Outcome:
    """What came of an attempt. Without an answer `status` is None and `error` is a sentence that says why."""

    status: int | None
    error: str = ""
    excerpt: str = ""
    asked_delay: timedelta | None = None
    duration_ms: int = 0

    @property
    def is_success(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


@functools.cache
def trusted() -> ssl.SSLContext:
    """TLS as the system trusts it (SSL_CERT_FILE adds to that), certificates checked against names."""
    context = ssl.create_default_context()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


class Deadline(CheckedBackend):
    """Connections that are cut when the time is over, in whatever state, a handshake that drips included."""

    def __init__(self, backend: CheckedBackend, patience: float):
        super().__init__(backend.resolve, backend.inner)
        self.end = time.monotonic() + patience
        self.timer: threading.Timer | None = None
        self.handle: socket.socket | None = None

    def connect_tcp(self, host, port, timeout=None, local_address=None, socket_options=None):
        stream = super().connect_tcp(host, port, timeout, local_address, socket_options)
        self.handle = stream.get_extra_info("socket").dup()
        self.timer = threading.Timer(max(self.end - time.monotonic(), 0), self.cut)
        self.timer.daemon = True
        self.timer.start()
        return stream

    def cut(self) -> None:
        with contextlib.suppress(OSError):
            self.handle.shutdown(socket.SHUT_RDWR)

    @property
    def is_over(self) -> bool:
        return time.monotonic() >= self.end

    def close(self) -> None:
        if self.timer:
            self.timer.cancel()
            self.timer.join()
            self.handle.close()


def send(
    url: str,
    body: bytes,
    headers: dict[str, str],
    *,
    now: datetime,
    backend: CheckedBackend | None = None,
    patience: float = PATIENCE,
) -> Outcome:
    """POST the bytes, once. `now` is what a date in Retry-After is counted from."""
    started = time.monotonic()
    deadline = Deadline(backend or CheckedBackend(), patience)
    try:
        outcome = _exchange(url, body, headers, now, deadline, patience)
    except Refused as refusal:
        outcome = Outcome(None, str(refusal))
    except (httpcore2.TimeoutException, httpcore2.NetworkError, httpcore2.ProtocolError, OSError, ValueError) as error:
        outcome = Outcome(None, _sentence(error, deadline, patience))
    finally:
        deadline.close()
    return Outcome(
        outcome.status,
        outcome.error[:300],
        outcome.excerpt,
        outcome.asked_delay,
        round((time.monotonic() - started) * 1000),
    )


def _exchange(url, body, headers, now: datetime, deadline: Deadline, patience: float) -> Outcome:
    check_url(url)
    timeout = dict.fromkeys(("connect", "read", "write", "pool"), patience)
    sent = {"Content-Type": "application/json", "User-Agent": USER_AGENT, "Accept": "*/*", **headers}
    with (
        httpcore2.ConnectionPool(ssl_context=trusted(), network_backend=deadline, max_keepalive_connections=0) as pool,
        pool.stream("POST", url, headers=list(sent.items()), content=body, extensions={"timeout": timeout}) as response,
    ):
        headers = {name.lower(): value for name, value in response.headers}
        asked = headers.get(b"retry-after", b"").decode("latin-1")
        delay = retry_after(asked, now) if asked else None
        return Outcome(response.status, _error_of(response.status), _excerpt(response), delay)


def _error_of(status: int) -> str:
    if 200 <= status < 300:
        return ""
    if 300 <= status < 400:
        return f"The endpoint returned {status}. Redirects are not followed: enter the new address here."
    return f"The endpoint returned {status}."


def _excerpt(response: httpcore2.Response) -> str:
    """The beginning of the answer as text. What cannot be read any more is left out: the status has come already."""
    read = b""
    with contextlib.suppress(httpcore2.NetworkError, httpcore2.TimeoutException, httpcore2.ProtocolError):
        for part in response.iter_stream():
            read += part
            if len(read) >= LONGEST_EXCERPT:
                break
    return read[:LONGEST_EXCERPT].decode(errors="replace").replace("\0", "\N{REPLACEMENT CHARACTER}")


def _sentence(error: Exception, deadline: Deadline, patience: float) -> str:
    if deadline.is_over or isinstance(error, httpcore2.TimeoutException):
        return f"The endpoint did not respond within {patience:g} seconds."
    told = " ".join(str(error).split()) or type(error).__name__
    if "CERTIFICATE_VERIFY_FAILED" in told or "certificate" in told:
        return f"The certificate of the endpoint was not accepted: {told}"
    if isinstance(error, httpcore2.ProtocolError):
        return f"The endpoint did not respond in HTTP: {told}"
    return f"Could not connect: {told}"
