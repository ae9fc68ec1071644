"""Slow clients, 64 of each kind: meanwhile `/livez` and a document are answered at once.

Each kind stopped the server when a thread took a request before it had arrived.
"""

import http.client
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest

from tests import prepared
from tests.live import serving

MANY = 64
AT_ONCE = 1.0  # seconds: generous, as the machine may have other things to do
PROBED = ("/livez", "/api/v1/conditions/fibromyalgia/", "/library/")
LONG_ANSWER = b"GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n"


def posted(address: str, length: int = 1000) -> bytes:
    head = f"POST {address} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {length}"
    return head.encode() + b"\r\n\r\n{"


KINDS = {
    "half a head": b"GET /api/v1/ HTTP/1.1\r\nHost: loc",
    "half a body": posted("/api/v1/check/"),
    "half a body to FHIR": posted("/fhir"),
    "half a body to the desk": posted("/account/login/"),
    "half a chunk": b"POST /api/v1/check/ HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n{",
    "a long answer that nobody takes": LONG_ANSWER * 20,
    "an export that nobody takes": b"GET /api/v1/releases/1/export.ndjson HTTP/1.1\r\nHost: localhost\r\n\r\n",
}


@contextmanager
def stalled(port: int, sent: bytes) -> Iterator[list[socket.socket]]:
    """So many connections over which this was sent, and nothing is read."""
    clients = []
    try:
        for _ in range(MANY):
            client = socket.socket()
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            client.connect(("127.0.0.1", port))
            client.sendall(sent)
            clients.append(client)
        yield clients
    finally:
        for client in clients:
            client.close()


def seconds_for(port: int, address: str) -> float:
    start = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", address)
    assert connection.getresponse().status == 200
    connection.close()
    return time.monotonic() - start


@pytest.fixture(scope="module")
def port(tmp_path_factory):
    environment = prepared.environment_of_a_server(tmp_path_factory.mktemp("server"))
    with serving(environment) as address:
        found = urlsplit(address).port
        for probed in PROBED * 4:  # both processes have read the library
            seconds_for(found, probed)
        yield found


@pytest.mark.one_database
@pytest.mark.parametrize("kind", KINDS)
def test_nobody_waits_for_slow_clients(port, kind):
    with stalled(port, KINDS[kind]):
        took = {(probed, number): seconds_for(port, probed) for number in range(3) for probed in PROBED}
    assert max(took.values()) < AT_ONCE, took


@pytest.mark.one_database
@pytest.mark.thorough
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.startswith("half")])
def test_a_request_that_does_not_arrive_is_given_up(port, kind):
    with stalled(port, KINDS[kind]) as clients:
        clients[0].settimeout(20)
        assert clients[0].recv(1000)[:12] in (b"", b"HTTP/1.1 408")
