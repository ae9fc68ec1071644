"""One worker of the real server, over any WSGI application, and what it costs: CPU time of that process alone.

In: the dotted name of an application, its environment. Out: a server to send requests to, and its CPU seconds.
Wall time says nothing on a shared machine. Linux only: the kernel's own account of a process is read.
"""

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

AT_ONCE = 16  # requests on their way: as from many clients, so that the server is not woken for each
ROOT = Path(__file__).resolve().parent.parent
# The options of `manage.py serve`, with one worker, so that every request is counted in one process.
RUN = """
import os, sys
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server
kind = Interfaces.RSGI if sys.argv[1].startswith("amps_api.rsgi:") else Interfaces.WSGI
Server(sys.argv[1], address="127.0.0.1", port=int(sys.argv[2]), interface=kind, workers=1,
       blocking_threads=1 if kind is Interfaces.WSGI else None, log_level=LogLevels.warning).serve()
"""


NGINX = """
daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log; user root;
events {{}}
http {{ access_log off; etag off; keepalive_requests 1000000; open_file_cache max=100;
        server {{ listen 127.0.0.1:{port}; {places} }} }}
"""


class Connection:
    """A kept connection, over which requests are sent one after the other."""

    def __init__(self, port: int):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, request: bytes) -> tuple[bytes, bytes]:
        """The head and the body of the answer to a GET request."""
        self.socket.sendall(request)
        return self.answer()

    def answer(self) -> tuple[bytes, bytes]:
        """The head and the body of the answer to the request that was sent last."""
        data = b""
        while b"\r\n\r\n" not in data:
            data += self._more()
        head, _, body = data.partition(b"\r\n\r\n")
        pieces, missing = [body], _length(head) - len(body)
        while missing > 0:
            pieces.append(self._more())
            missing -= len(pieces[-1])
        return head, b"".join(pieces)

    def _more(self) -> bytes:
        got = self.socket.recv(1 << 20)
        if not got:
            raise ConnectionError("The server closed the connection.")
        return got


def _length(head: bytes) -> int:
    if head[9:12] == b"304":
        return 0
    at = head.lower().index(b"\r\ncontent-length:")
    return int(head[at + 17 :].partition(b"\r\n")[0])


class Worker:
    """The process that answers: asked over several connections at once, and its CPU time."""

    def __init__(self, port: int, process: int):
        self.port, self.process = port, process
        self.connect()

    def connect(self) -> None:
        """New connections: the server closes those that it has not heard of for a while."""
        self.connections = [Connection(self.port) for _ in range(AT_ONCE)]

    def ask(self, request: bytes) -> tuple[bytes, bytes]:
        """The head and the body of the answer."""
        return self.connections[0].ask(request)

    def seconds(self) -> float:
        """CPU time so far, user and system, of all its threads."""
        tasks = Path(f"/proc/{self.process}/task").iterdir()
        return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9

    def cost(self, requests: list[bytes]) -> float:
        """CPU seconds for each of these requests."""
        before = self.seconds()
        for start in range(0, len(requests), AT_ONCE):
            asked = list(zip(self.connections, requests[start : start + AT_ONCE], strict=False))
            for connection, request in asked:
                connection.socket.sendall(request)
            for connection, _ in asked:
                connection.answer()
        return (self.seconds() - before) / len(requests)

    def memory(self) -> int:
        """Bytes of memory that are its own share (PSS)."""
        told = Path(f"/proc/{self.process}/smaps_rollup").read_text()
        return int(next(line for line in told.splitlines() if line.startswith("Pss:")).split()[1]) * 1024


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def serving(application: str, environment: dict[str, str]) -> Iterator[Worker]:
    """The application on a port of its own, until the block ends."""
    port = free_port()
    with running([sys.executable, "-c", RUN, application, str(port)], port, environment) as worker:
        yield worker


@contextlib.contextmanager
def nginx(folder: Path, documents: dict[str, tuple[bytes, list[tuple[str, str]]]]) -> Iterator[Worker]:
    """nginx with one worker that hands out these bytes and headers by address, each from a file."""
    port = free_port()
    places = []
    for number, (address, (body, headers)) in enumerate(documents.items()):
        (folder / str(number)).write_bytes(body)
        added = "".join(f"add_header {name} {json.dumps(value)}; " for name, value in headers)
        file = f"rewrite ^ /{number} break; root {folder}; default_type application/json;"
        places.append(f"location = {address} {{ {file} {added}}}")
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=port, places="\n".join(places)))
    with running(["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf")], port, {}) as worker:
        yield worker


@contextlib.contextmanager
def running(command: list[str], port: int, environment: dict[str, str]) -> Iterator[Worker]:
    """A server with one worker process, until the block ends."""
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ | environment)  # noqa: S603 - our own programs
    try:
        yield Worker(port, _worker_of(process, port))
    finally:
        process.terminate()
        process.wait(20)


def _worker_of(process: subprocess.Popen, port: int) -> int:
    """The number of the one worker, once it listens."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError("The server ended.")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
            if children:
                return int(children[-1])
        time.sleep(0.2)
    raise RuntimeError("The server did not start.")
