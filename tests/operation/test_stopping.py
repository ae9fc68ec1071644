"""A server that is told to stop answers what is on its way, whether the client is still sending or still reading."""

import json
import signal
import socket
import time
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from tests import prepared
from tests.whole.test_run import Run, running

DELAY = 1  # second in which `/readyz` says 503
QUESTION = json.dumps({"items": [{"id": "6f2a4a1e-6f0c-4d8c-9a57-0c6cf1f1d3a1", "version": 1}]}).encode()
HEAD = (
    "POST /api/v1/check/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    f"Content-Length: {len(QUESTION)}"
)


@contextmanager
def connected(run: Run):
    with socket.create_connection(("127.0.0.1", run.port), 30) as client:
        yield client


@dataclass
class Stopped:
    """What clients got from a server that was told to stop meanwhile."""

    answer: bytes
    download: bytes
    exit_code: int


@pytest.fixture(scope="module")
def stopped(tmp_path_factory):
    """A server with half a request and half a download on their way, told to stop; then the clients go on."""
    folder = tmp_path_factory.mktemp("stopped") / "var"
    environment = prepared.environment_of_a_server(folder) | {"SHUTDOWN_DELAY": str(DELAY)}
    with running(folder, **environment) as run, connected(run) as sender, connected(run) as reader:
        sender.sendall(f"{HEAD}\r\n\r\n".encode() + QUESTION[:10])
        reader.sendall(b"GET /api/v1/releases/1/export.ndjson HTTP/1.1\r\nHost: localhost\r\n\r\n")
        download = reader.recv(2000)
        run.process.send_signal(signal.SIGTERM)
        time.sleep(DELAY + 0.5)
        sender.sendall(QUESTION[10:])
        answer = sender.recv(100)
        while piece := reader.recv(1 << 16):
            download += piece
        yield Stopped(answer, download, run.end())


def test_a_request_that_is_still_being_sent_is_answered(stopped):
    assert stopped.answer.startswith(b"HTTP/1.1 200 OK")


def test_a_download_that_is_still_being_read_is_whole(stopped):
    head, _, body = stopped.download.partition(b"\r\n\r\n")
    assert len(body) == int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])


def test_the_server_then_ends_in_order(stopped):
    assert stopped.exit_code == 0
