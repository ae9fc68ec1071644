"""A server that is told to stop answers what is on its way, whether the client is still sending or still reading."""

import json
import signal
import socket
import time
from contextlib import contextmanager

import pytest

from tests import prepared
from tests.whole.test_run import Run, running

DELAY = 1  # second in which `/readyz` says 503
QUESTION = json.dumps({"items": [{"id": "6f2a4a1e-6f0c-4d8c-9a57-0c6cf1f1d3a1", "version": 1}]}).encode()
HEAD = (
    "POST /api/v1/check/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    f"Content-Length: {len(QUESTION)}"
)


@pytest.fixture
def server(tmp_path):
    folder = tmp_path / "var"
    with running(folder, **prepared.environment_of_a_server(folder), SHUTDOWN_DELAY=str(DELAY)) as run:
        yield run


@contextmanager
def connected(run: Run):
    with socket.create_connection(("127.0.0.1", run.port), 30) as client:
        yield client


def is_told_to_stop(run: Run) -> None:
    """The signal, and the time in which a load balancer takes the server out."""
    run.process.send_signal(signal.SIGTERM)
    time.sleep(DELAY + 0.5)


def test_a_request_that_is_still_being_sent_is_answered(server):
    with connected(server) as client:
        client.sendall(f"{HEAD}\r\n\r\n".encode() + QUESTION[:10])
        time.sleep(0.5)
        is_told_to_stop(server)
        client.sendall(QUESTION[10:])
        assert client.recv(100).startswith(b"HTTP/1.1 200 OK")
    assert server.end() == 0


def test_a_download_that_is_still_being_read_is_whole(server):
    with connected(server) as client:
        client.sendall(b"GET /api/v1/releases/1/export.ndjson HTTP/1.1\r\nHost: localhost\r\n\r\n")
        read = client.recv(2000)
        length = int(read.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        is_told_to_stop(server)
        while piece := client.recv(1 << 16):
            read += piece
    assert len(read.partition(b"\r\n\r\n")[2]) == length
    assert server.end() == 0
