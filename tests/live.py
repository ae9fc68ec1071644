"""A real server: granian on a free port, over a copy of the library with the first content.

In: nothing. Out: fixtures for pytest, which `conftest` hands on.
"""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests import prepared

ROOT = Path(__file__).parent.parent


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def serving(environment: dict[str, str], *, log: Path | None = None):
    """`manage.py serve` as its own process; gives its address, and ends it at the end.

    Without a VAR_DIR it gets a folder of its own, with the first content. What it says goes to `log`.
    """
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory() as folder, open(log or f"{folder}/said", "w+") as said:
        if "VAR_DIR" not in environment:
            environment = prepared.environment_of_a_server(Path(folder)) | environment
        process = subprocess.Popen(
            [sys.executable, "manage.py", "serve"],
            cwd=ROOT,
            env={**os.environ, "LIMIT_ANONYMOUS": "0", "SHUTDOWN_DELAY": "0", **environment, "PORT": str(port)},
            stdout=said,
            stderr=said,
        )
        try:
            wait_until(lambda: is_ready(address, process))
            yield address
        except BaseException:
            said.seek(0)
            sys.stderr.write(said.read())
            raise
        finally:
            process.terminate()
            process.wait(240)


def wait_until(condition: Callable[[], bool], patience: float = 240) -> None:
    """Come back as soon as it holds. Only what hangs takes as long as the patience, even on a busy machine."""
    end = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < end, "It took too long."
        time.sleep(0.05)


def is_ready(address: str, process: subprocess.Popen) -> bool:
    assert process.poll() is None, f"The server ended with {process.returncode}."
    try:
        with urllib.request.urlopen(f"{address}/readyz", timeout=30):  # noqa: S310 - our own server
            return True
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


@pytest.fixture(scope="session")
def live_library():
    """The address of a running server with the first content. Tests only read from it."""
    with serving({}) as address:
        yield address
