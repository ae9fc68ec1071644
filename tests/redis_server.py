"""A throw-away server that speaks Redis's protocol: valkey-server or redis-server, whichever is installed.

In: nothing. Out: its address, and its process, which a test may stop or kill. Nothing is written to disk.
"""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.live import free_port


@dataclass(frozen=True)
class Cache:
    url: str
    process: subprocess.Popen


@contextmanager
def running(folder, port: int | None = None) -> Iterator[Cache]:
    """The server, until the end of the block."""
    path = shutil.which("valkey-server") or shutil.which("redis-server")
    assert path, "These tests need a cache server: apt-get install valkey-server (or redis-server)"
    port = port or free_port()
    process = subprocess.Popen(
        [path, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(port)
        yield Cache(f"redis://127.0.0.1:{port}/0", process)
    finally:
        process.kill()
        process.wait(10)


def wait_for(port: int) -> None:
    end = time.monotonic() + 120
    while time.monotonic() < end:
        with socket.socket() as client:
            client.settimeout(1)
            if client.connect_ex(("127.0.0.1", port)) == 0:
                client.sendall(b"PING\r\n")
                if client.recv(16).startswith(b"+PONG"):
                    return
        time.sleep(0.02)
    raise AssertionError("The cache server did not answer.")
