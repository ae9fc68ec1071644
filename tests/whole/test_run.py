"""What somebody sees who types `make run`: the real server, as a process of its own, on a folder of its own.

In: the first content of `fixtures/`. Every test starts from a library that was filled once, by a first run that came
after one that was killed half-way.
"""

import contextlib
import hashlib
import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from tests.live import wait_until
from tests.postgres import free_port

DEPLOYMENT = ("ALLOWED_HOSTS", "CACHE_URL", "DATABASE_URL", "DEBUG", "HOST", "HTTPS", "PUBLIC_URL", "SECRET_KEY")
SERVING = "Press Ctrl-C to stop the server."
PATIENCE = 240  # seconds; only a run that hangs takes as long, even on a busy machine


class Run:
    """One `manage.py serve`. Its output goes to a file, so that it never waits for a reader."""

    def __init__(self, folder: Path, **environment: str) -> None:
        folder.mkdir(exist_ok=True)
        self.port = int(environment.get("PORT") or free_port())
        self.log = folder.with_suffix(f".{self.port}.log")
        kept = {name: value for name, value in os.environ.items() if name not in DEPLOYMENT}
        chosen = {
            "VAR_DIR": str(folder),
            "PORT": str(self.port),
            "PYTHONUNBUFFERED": "1",
            "SHUTDOWN_DELAY": "0",
        } | environment
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "serve"],
                cwd=settings.BASE_DIR,
                env=kept | {"PYTHONUNBUFFERED": "1"} | chosen,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def output(self) -> str:
        return self.log.read_text()

    def wait_for(self, text: str) -> None:
        wait_until(lambda: text in self.output or self.process.poll() is not None)
        assert text in self.output, self.output

    def status(self, path: str, host: str = "127.0.0.1") -> int:
        """The status of the answer to GET; `host` is what the client calls the server."""
        client = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        with contextlib.closing(client):
            client.request("GET", path, headers={"Host": f"{host}:{self.port}"})
            return client.getresponse().status

    def end(self) -> int:
        """The exit code of a run that ends by itself."""
        return self.process.wait(PATIENCE)

    def stop(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.end()

    def kill(self) -> None:
        """Ends every process of this run, whatever state it is in."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def has_gone(self) -> bool:
        """Whether no process of this run is left, and nothing listens on its port."""
        if is_alive(self.process.pid):
            return False
        with socket.socket() as client:
            return client.connect_ex(("127.0.0.1", self.port)) != 0


def is_alive(group: int) -> bool:
    """Whether a process of this group runs. One that has ended, and that its parent has not asked for yet, does not."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, _, its_group = stat.read_text().rpartition(")")[2].split()[:3]
            if int(its_group) == group and state != "Z":
                return True
    return False


@contextlib.contextmanager
def running(folder: Path, until: str = SERVING, **environment: str) -> Iterator[Run]:
    """A run that has said `until`; killed at the end, unless it has ended."""
    run = Run(folder, **environment)
    try:
        run.wait_for(until)
        yield run
    finally:
        run.kill()


def contents_of(folder: Path) -> dict[str, str]:
    """The SHA-256 of each file of a library, by its name.

    Not of what SQLite makes anew: a process that ends while it opens or closes the database leaves an index (`-shm`)
    or an empty log (`-wal`), and the next one to close it takes them away. A log with content is part of a library.
    Nor of what servers count and remember meanwhile.
    """
    own = (path for path in folder.iterdir() if path.is_file() and path.stem not in ("limits", "cache"))
    files = (path for path in own if not path.name.endswith("-shm"))
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files if path.stat().st_size}


@pytest.fixture(scope="module")
def first_runs(tmp_path_factory) -> tuple[Path, str, str]:
    """A filled library's folder, and what two runs printed: one killed in the middle of the fill, and the next."""
    folder = tmp_path_factory.mktemp("run") / "var"
    with running(folder, until="Publishing") as killed:
        killed.kill()
    with running(folder) as completed:
        assert completed.stop() == 0
    # It may have ended before the worker had done its first round, which the next run would then do.
    there = {"VAR_DIR": str(folder), "DATABASE_URL": f"sqlite:///{folder / 'amps.sqlite3'}"}
    subprocess.run(
        [sys.executable, "manage.py", "work", "--once"], cwd=settings.BASE_DIR, env=os.environ | there, check=True
    )
    return folder, killed.output, completed.output


@pytest.fixture
def folder(first_runs, tmp_path) -> Path:
    """A copy of the filled library's folder."""
    return shutil.copytree(first_runs[0], tmp_path / "var")


def test_a_first_run_that_was_killed_leaves_nothing_behind_and_the_next_one_starts_over(first_runs):
    _, killed, completed = first_runs

    assert "is published" not in killed
    assert "Release 1 is published." in completed
    accounts = re.findall(r"Account created: (\w+) +password (\S{16})$", completed, re.MULTILINE)
    assert [name for name, _ in accounts] == ["author", "reviewer", "publisher"]
    assert len({password for _, password in accounts}) == 3


def test_every_printed_address_answers_and_so_do_the_probes(folder):
    with running(folder) as run:
        addresses = re.findall(rf"http://127\.0\.0\.1:{run.port}(/\S*)$", run.output, re.MULTILINE)

        assert addresses == ["/", "/docs/", "/api/v1/", "/admin/"]
        assert [run.status(path) for path in addresses] == [200, 200, 200, 302]
        assert run.status("/admin/login/") == 302
        assert run.status("/account/login/") == 200
        assert run.status("/livez") == 200
        assert run.status("/readyz") == 200


def test_a_second_run_changes_no_byte_of_the_library_and_makes_no_accounts(folder):
    before = contents_of(folder)
    with running(folder) as run:
        run.status("/api/v1/conditions/")
        assert run.stop() == 0

    assert contents_of(folder) == before
    assert "amps.sqlite3" in before
    assert "Account" not in run.output
    assert "Publishing" not in run.output
    assert "Collecting" not in run.output


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
def test_a_signal_stops_every_process_within_seconds_and_frees_the_port(folder, number):
    with running(folder) as run:
        run.status("/livez")
        begin = time.monotonic()
        if number == signal.SIGINT:
            os.killpg(run.process.pid, number)  # a terminal sends it to every process in the foreground

        assert run.stop(number) == 0
        assert time.monotonic() - begin < 40
        wait_until(run.has_gone)
    assert "Traceback" not in run.output
    assert run.output.endswith("Stopped.\n")


def test_a_server_that_is_told_to_stop_is_not_ready_but_answers_for_a_while(folder):
    with running(folder, SHUTDOWN_DELAY=str(PATIENCE)) as run:
        assert run.status("/readyz") == 200
        run.process.send_signal(signal.SIGTERM)

        wait_until(lambda: run.status("/readyz") == 503)
        assert run.status("/livez") == 200
        assert run.status("/api/v1/conditions/") == 200
        assert run.stop() == 0, "told twice, it waits no longer"
        wait_until(run.has_gone)


def test_an_empty_library_in_production_stays_empty_and_no_password_is_in_the_log(tmp_path):
    production = {"HTTPS": "1", "TRUSTED_PROXIES": "1", "PUBLIC_URL": "https://localhost"}
    with running(tmp_path / "var", **production) as run:
        assert "run: manage.py publish_first_content" in run.output
        assert run.status("/readyz") == 503
        assert run.status("/livez") == 200
        assert run.stop() == 0
    assert "password" not in run.output


def worker_of(run: Run) -> int | None:
    """The process of `manage.py work` that a run has started."""
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            if f"--while-runs={run.process.pid}" in path.read_text().split("\0"):
                return int(path.parent.name)
    return None


@pytest.mark.skipif(sys.platform != "linux", reason="looks for the process in /proc")
def test_a_worker_that_is_killed_is_started_again(folder):
    with running(folder) as run:
        wait_until(lambda: (folder / "run" / "worker.json").exists())
        first = worker_of(run)
        os.kill(first, signal.SIGKILL)

        wait_until(lambda: worker_of(run) not in (None, first))
        assert run.stop() == 0
    assert "The worker ended with -9. It will be restarted in 1 seconds." in run.output


def test_a_signal_in_the_middle_of_the_first_fill_leaves_it_undone_without_a_traceback(folder):
    (folder / "amps.sqlite3").unlink()
    with running(folder, until="Publishing") as run:
        assert run.stop(signal.SIGINT) == 0

    assert run.output.endswith("Stopped.\n")
    assert "Traceback" not in run.output
    assert "is published" not in run.output


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its parent has died")
def test_a_server_that_is_killed_takes_its_workers_along(folder):
    with running(folder) as run:
        run.status("/livez")
        run.process.kill()
        run.process.wait()

        wait_until(run.has_gone)


def test_a_taken_port_is_said_in_a_sentence_with_what_to_do(folder):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        run = Run(folder, PORT=str(port))

        assert run.end() == 1
    assert f"Port {port} is already in use" in run.output
    assert f"PORT={port + 1} make run" in run.output
    assert "Traceback" not in run.output


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"PORT": "70000"}, "PORT=70000 is not a valid port. Choose one from 1 to 65535."),
        ({"HOST": "192.0.2.7"}, "HOST=192.0.2.7 is not an address of this machine."),
        ({"DATABASE_URL": "postgresql://amps@127.0.0.1:1/amps"}, "The database in DATABASE_URL cannot be used"),
    ],
    ids=["port", "host", "database"],
)
def test_a_setting_that_cannot_work_is_said_in_a_sentence(folder, environment, sentence):
    run = Run(folder, **environment)

    assert run.end() == 1
    assert sentence in run.output
    assert "Traceback" not in run.output


def test_a_server_on_every_network_answers_to_the_names_of_this_machine_only(folder):
    with running(folder, HOST="0.0.0.0") as run:  # noqa: S104 — on purpose
        assert f"http://127.0.0.1:{run.port}/api/v1/" in run.output
        assert run.status("/api/v1/", host="localhost") == 200
        assert run.status("/api/v1/", host=socket.gethostname()) == 200
        assert run.status("/api/v1/", host="elsewhere.example") == 400


@pytest.mark.both_databases
@pytest.mark.skipif(connection.vendor != "postgresql", reason="make test runs this again on PostgreSQL")
def test_a_library_on_postgresql_is_filled_served_and_found_again(tmp_path):
    server = os.environ["DATABASE_URL"]
    name = f"served_{free_port()}"
    with contextlib.closing(psycopg.connect(server, autocommit=True)) as admin:
        admin.execute(f"CREATE DATABASE {name}")
    there = {"DATABASE_URL": server.rpartition("/")[0] + f"/{name}"}

    with running(tmp_path / "var", **there) as first:
        assert "Release 1 is published." in first.output
        assert first.status("/readyz") == 200
        assert first.stop() == 0
    with running(tmp_path / "var", **there) as second:
        assert second.status("/api/v1/conditions/") == 200
        assert "Publishing" not in second.output


@pytest.mark.skipif(shutil.which("make") is None, reason="needs make")
@pytest.mark.parametrize(
    ("version", "new_enough", "sentence"),
    [
        ("3.9.2", 1, "Python 3.11 or newer is needed, and none was found"),
        ("3.11.2", 0, "cannot make virtual environments: install its venv module"),
    ],
    ids=["too old", "without venv"],
)
def test_make_says_what_python_lacks(tmp_path, version, new_enough, sentence):
    shutil.copy(settings.BASE_DIR / "Makefile", tmp_path)
    python = tmp_path / "python"
    python.write_text(
        f'#!/bin/sh\ncase "$2" in *print*) echo {version};; *exit*) exit {new_enough};; *ensurepip*) exit 1;; esac\n'
    )
    python.chmod(0o755)

    make = subprocess.run(
        ["make", "run"], cwd=tmp_path, env=os.environ | {"PYTHON": str(python)}, capture_output=True, text=True
    )

    assert make.returncode != 0
    assert sentence in make.stderr
    assert version in make.stderr
    assert "apt install" in make.stderr
    assert not (tmp_path / ".venv").exists()
