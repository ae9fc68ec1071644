"""Clients that are slow, or that stall, keep nobody else waiting; nor does a database that has gone silent."""

import asyncio
import socket
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from contextlib import ExitStack, contextmanager
from types import SimpleNamespace

import pytest
from django.db import connection

from content_app.operation.front import receiving
from content_app.operation.front.application import Front
from tests import prepared
from tests.first_content import AMPS
from tests.live import serving, wait_until
from tests.relay import Relay, relay_to

SLOW = 64  # clients of each kind
PATIENCE = 5.0  # seconds, while whoever stalls has ten and more
HANGS = 60.0  # seconds; only who hangs takes as long, even on a busy machine
TRIES = 4  # on a busy machine; whoever waits for those that stall would wait each time
OTHERS = ("/livez", "/readyz", AMPS, "/api/v1/search/?q=hand", "/admin/login/")
HEAD = "POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{{"


def connected(address: str) -> socket.socket:
    host, port = address.removeprefix("http://").split(":")
    return socket.create_connection((host, int(port)), HANGS)


@contextmanager
def clients(address: str, said: bytes, number: int = SLOW):
    """So many clients that have sent this, and read nothing."""
    with ExitStack() as stack:
        found = [stack.enter_context(connected(address)) for _ in range(number)]
        for one in found:
            one.sendall(said)
        yield found


def seconds_for(address: str, path: str) -> float:
    begun = time.monotonic()
    with urllib.request.urlopen(address + path, timeout=HANGS) as response:  # noqa: S310 - our own server
        assert response.status == 200
        response.read()
    return time.monotonic() - begun


def assert_others_are_answered(address: str, said: bytes) -> None:
    """While many clients have said this and read nothing."""
    for _ in range(TRIES):
        with clients(address, said):
            took = {path: seconds_for(address, path) for path in OTHERS}
        if max(took.values()) < PATIENCE:
            return
    raise AssertionError(took)


@pytest.mark.parametrize("path", ["/fhir", "/api/v1/check/", "/admin/login/", "/mcp-that-is-not-there"])
def test_a_body_that_does_not_come_keeps_nobody_waiting(live_library, path):
    assert_others_are_answered(live_library, HEAD.format(path=path).encode())


def test_a_head_that_does_not_come_keeps_nobody_waiting(live_library):
    assert_others_are_answered(live_library, b"GET / HTTP/1.1\r\nHost: loc")


@pytest.mark.parametrize("path", ["/api/v1/conditions/", "/export/", "/openapi.json", f"{AMPS}?include=examples"])
def test_an_answer_that_nobody_takes_keeps_nobody_waiting(live_library, path):
    assert_others_are_answered(live_library, f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())


class Protocol:
    """A body that comes in pieces, each after some seconds."""

    def __init__(self, *pieces: tuple[float, bytes]):
        self.pieces = iter(pieces)

    def __aiter__(self):
        return self

    async def __anext__(self) -> bytes:
        try:
            seconds, piece = next(self.pieces)
        except StopIteration:
            raise StopAsyncIteration
        await asyncio.sleep(seconds)
        return piece


def received(protocol: Protocol, most: int = 100, **environ) -> dict:
    asyncio.run(receiving.receive(environ, protocol, most))
    return environ


def test_a_body_that_comes_too_slowly_is_given_up(monkeypatch):
    monkeypatch.setattr(receiving, "PATIENCE", 0.05)
    with pytest.raises(receiving.TooSlow):
        received(Protocol((0, b"{"), (5, b"}")), CONTENT_LENGTH="2")


def test_a_long_body_has_longer_to_come(monkeypatch):
    monkeypatch.setattr(receiving, "PATIENCE", 0.05)
    environ = received(Protocol((0, b"x" * 5_000), (0.2, b"y")), most=10_000, CONTENT_LENGTH="5001")
    assert environ["wsgi.input"].read()[-1:] == b"y"


def test_no_more_of_a_body_is_kept_than_shows_that_it_is_too_long():
    environ = received(Protocol((0, b"x" * 90), (0, b"x" * 90), (60, b"")), HTTP_TRANSFER_ENCODING="chunked")
    assert len(environ["wsgi.input"].read()) == 101


def test_a_body_that_says_that_it_is_too_long_is_not_read():
    assert "wsgi.input" not in received(Protocol((60, b"")), CONTENT_LENGTH="101")


def test_a_body_without_a_length_has_one_when_it_is_read():
    environ = received(Protocol((0, b"ab"), (0, b"c")), HTTP_TRANSFER_ENCODING="chunked")
    assert (environ["CONTENT_LENGTH"], environ["wsgi.input"].read()) == ("3", b"abc")
    assert "HTTP_TRANSFER_ENCODING" not in environ


def scope(**changes) -> SimpleNamespace:
    given = {"server": "127.0.0.1:80", "client": "[::1]:9", "http_version": "1.1", "scheme": "http", "method": "GET"}
    return SimpleNamespace(**given | {"path": "/é", "query_string": "", "authority": None, "headers": {}} | changes)


def test_a_header_with_an_underscore_does_not_pass_for_another():
    class Headers:
        def items(self):
            return [("x-forwarded-for", "192.0.2.1"), ("x_forwarded_for", "192.0.2.9"), ("content_length", "9")]

    environ = receiving.environ_of(scope(headers=Headers()))
    assert environ["HTTP_X_FORWARDED_FOR"] == "192.0.2.1"
    assert "CONTENT_LENGTH" not in environ


def test_the_environment_is_that_of_pep_3333():
    environ = receiving.environ_of(scope(authority="amps.example"))
    assert (environ["PATH_INFO"], environ["REMOTE_ADDR"]) == ("/Ã©", "::1")
    assert (environ["HTTP_HOST"], environ["SERVER_PORT"]) == ("amps.example", "80")


def answer_of(address: str, path: str) -> tuple[int, float]:
    begun = time.monotonic()
    try:
        with urllib.request.urlopen(address + path, timeout=HANGS) as response:  # noqa: S310 - our own server
            return response.status, time.monotonic() - begun
    except urllib.error.HTTPError as refused:
        return refused.status, time.monotonic() - begun


def cache_status(server: str) -> str:
    """What an answer that is kept says of the cache; nothing if it is fresh. It is never refused."""
    with urllib.request.urlopen(server + AMPS, timeout=HANGS) as response:  # noqa: S310 - our own server
        return response.headers.get("Cache-Status", "")


@contextmanager
def silent(relay: Relay, server: str):
    """The database says nothing, and the server has noticed."""
    relay.is_open.clear()
    try:
        wait_until(lambda: "hit; ttl=-" in cache_status(server))
        yield
    finally:
        relay.is_open.set()


@pytest.mark.both_databases
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite is a file, which does not go silent")
def test_while_the_database_is_silent_kept_answers_are_given_and_others_refused_in_time(tmp_path):
    environment = prepared.environment_of_a_server(tmp_path) | {"PROCESSES": "1"}  # another may have kept nothing yet
    there = urllib.parse.urlsplit(environment["DATABASE_URL"])
    with relay_to(there.hostname, there.port) as (relay, port):
        user = there.netloc.rpartition("@")[0]
        address = there._replace(netloc=f"{user}@127.0.0.1:{port}").geturl()
        with serving(environment | {"DATABASE_URL": address}) as server:
            assert answer_of(server, AMPS)[0] == 200
            with silent(relay, server):
                answers = [answer_of(server, AMPS) for _ in range(10)]
                assert {status for status, _ in answers} == {200}
                assert "hit; ttl=-" in cache_status(server)
                assert max(seconds for _, seconds in answers) < HANGS
                new = [answer_of(server, f"/api/v1/search/?q=word{n}") for n in range(10)]
                assert {status for status, _ in new} == {503}
                assert max(seconds for _, seconds in new) < HANGS
                assert seconds_for(server, "/livez") < HANGS
                assert answer_of(server, "/readyz")[0] == 503
            wait_until(lambda: answer_of(server, "/api/v1/search/?q=hand")[0] == 200)


class Sent:
    """What a client was sent."""

    def response_bytes(self, status: int, headers: list, body: bytes) -> None:
        self.status = status


def test_that_the_process_runs_is_said_without_a_thread_and_a_refusal_is_not_remembered():
    busy = threading.Event()
    statuses = iter(["503 Service Unavailable", "200 OK"])

    def application(environ, start_response):
        start_response(next(statuses), [])
        return [b""]

    front = Front(application)
    front.__rsgi_init__(None)
    front.probes.submit(busy.wait)  # as if the database were silent
    said = []
    for _ in range(3):
        sent = Sent()
        asyncio.run(front.__rsgi__(scope(path="/livez"), sent))
        said.append(sent.status)
    busy.set()
    assert said == [503, 200, 200]
