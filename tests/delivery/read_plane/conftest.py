"""Both ways to an answer: through the read plane, and from Django alone."""

import io
from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest
from django.core.handlers.wsgi import WSGIHandler

from content_app.delivery.gate import quotas
from content_app.delivery.read_plane.application import ReadPlane


class Answered(NamedTuple):
    """An answer as a client gets it, and whether Django was asked for it."""

    status: str
    headers: list[tuple[str, str]]
    body: bytes
    was_django_asked: bool

    def header(self, name: str) -> str:
        return dict(self.headers)[name]


def environ_of(address: str, method: str = "GET", **headers: str) -> dict[str, Any]:
    """What granian makes of a request."""
    path, _, query = address.partition("?")
    named = {f"HTTP_{name.upper()}": value for name, value in headers.items()}
    named |= {name.removeprefix("HTTP_"): named.pop(name) for name in ("HTTP_CONTENT_TYPE",) if name in named}
    return {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": path.encode().decode("latin-1"),
        "QUERY_STRING": query,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "localhost:8000",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(),
        **named,
    }


class Both:
    """The plane, and the Django behind it. `asked` counts what reached Django through the plane."""

    def __init__(self, **options: Any):
        self.handler = WSGIHandler()
        self.asked = 0
        self.plane = ReadPlane(self.django, **options)

    def django(self, environ, start_response):
        self.asked += 1
        return self.handler(environ, start_response)

    def ask(self, address: str, method: str = "GET", **headers: str) -> Answered:
        """The answer through the plane."""
        before = self.asked
        status, told, body = answered_by(self.plane, environ_of(address, method, **headers))
        return Answered(status, told, body, self.asked > before)

    def reference(self, address: str, method: str = "GET", **headers: str) -> Answered:
        """The answer of Django alone."""
        return Answered(*answered_by(self.handler, environ_of(address, method, **headers)), True)

    def compare(self, address: str, method: str = "GET", **headers: str) -> Answered:
        """Ask Django alone, then the plane three times, each as the first request of a minute: all must be the same."""
        quotas.own().clear()
        right = self.reference(address, method, **headers)
        for _ in range(3):
            quotas.own().clear()
            got = self.ask(address, method, **headers)
            assert got[:3] == right[:3], (address, method, headers)
        return got


def answered_by(application, environ) -> tuple[str, list[tuple[str, str]], bytes]:
    told: list[Any] = []
    pieces = application(environ, lambda status, headers, exc_info=None: told.extend((status, headers)))
    try:
        return told[0], list(told[1]), b"".join(pieces)
    finally:
        if hasattr(pieces, "close"):
            pieces.close()


@pytest.fixture
def both(monkeypatch, settings) -> Both:
    """A new plane, at a moment that does not pass for those who count requests."""
    settings.LIMIT_ANONYMOUS = 600
    monkeypatch.setattr(quotas, "time", SimpleNamespace(time=lambda: 1_800_000_000.0))
    quotas.own().clear()
    return Both()
