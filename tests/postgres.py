"""A throw-away PostgreSQL server for as long as a command runs: `python -m tests.postgres pytest …`.

In: a command. Out: its exit code; it has found the server's address in DATABASE_URL. Nothing stays behind.
"""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

NOT_INSTALLED = (
    "The PostgreSQL tests were left out: there is no PostgreSQL server on this machine "
    "(Debian, Ubuntu: apt install postgresql; macOS: brew install postgresql)."
)


def programs() -> Path | None:
    """The folder with initdb and pg_ctl, of the newest PostgreSQL that is installed; None if there is none."""
    folders = [Path(found).resolve().parent for found in [shutil.which("initdb")] if found]
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name), reverse=True)
    if shutil.which("pg_config"):
        answer = subprocess.run(["pg_config", "--bindir"], capture_output=True, text=True, check=False)
        folders.append(Path(answer.stdout.strip()))
    return next((folder for folder in folders if (folder / "initdb").exists()), None)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def server_account() -> dict:
    """PostgreSQL refuses to run as root: arguments for `subprocess.run` that make it another user then."""
    if os.geteuid() != 0:
        return {}
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    entry = known.get("postgres") or known["nobody"]
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def run(*command: str | Path, account: dict) -> None:
    """Runs a program of the server; what it printed is shown only if it fails."""
    done = subprocess.run(command, cwd="/", stdin=subprocess.DEVNULL, capture_output=True, text=True, **account)
    if done.returncode:
        sys.exit(f"{Path(command[0]).name} failed:\n{done.stdout}{done.stderr}")


@dataclass(frozen=True)
class Server:
    """A server that a test may stop, start again, or promote."""

    programs: Path
    place: Path
    port: int

    @property
    def address(self) -> str:
        return f"postgresql://amps@127.0.0.1:{self.port}/postgres"

    def control(self, action: str, *arguments: str | Path) -> None:
        run(self.programs / "pg_ctl", action, "-w", "-D", self.place / "data", *arguments, account=server_account())

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"
        self.control("start", "-l", self.place / "log", "-o", options)

    def stop(self) -> None:
        self.control("stop", "-m", "immediate")

    def promote(self) -> None:
        """Of a standby: make it a primary."""
        self.control("promote")

    def ask(self, statement: str) -> Any:
        """The first column of the first row, from the server's own database."""
        with contextlib.closing(psycopg.connect(self.address, autocommit=True)) as connection:
            row = connection.execute(statement).fetchone()
            return row[0] if row else None


@contextlib.contextmanager
def running(folder: Path, *initialise: str | Path) -> Iterator[Server]:
    """A server whose data a program makes: `initialise` is the program with its arguments, but for the folder."""
    account = server_account()
    with tempfile.TemporaryDirectory(prefix="postgres-", ignore_cleanup_errors=True) as place:
        if account:
            os.chown(place, account["user"], account["group"])
        run(folder / initialise[0], "-D", Path(place) / "data", *initialise[1:], account=account)
        server = Server(folder, Path(place), free_port())
        server.start()
        try:
            yield server
        finally:
            with contextlib.suppress(SystemExit):  # a test has stopped it
                server.stop()


def primary(folder: Path) -> contextlib.AbstractContextManager[Server]:
    """A server with an empty database. In: the folder of its programs.

    Sorts text by the rules of a language, as installations do, so that an order left to the database shows.
    """
    language = ("--encoding=UTF8", "--locale=C", "--locale-provider=icu", "--icu-locale=en-GB")
    return running(folder, "initdb", "-U", "amps", "-A", "trust", "-N", *language)


def standby(of: Server) -> contextlib.AbstractContextManager[Server]:
    """A server that follows another by streaming."""
    return running(of.programs, "pg_basebackup", "-d", of.address, "-c", "fast", "-N", "-R")


@contextlib.contextmanager
def server(folder: Path) -> Iterator[str]:
    """A server with an empty database; yields the address for DATABASE_URL. In: the folder of its programs."""
    with primary(folder) as started:
        yield started.address


def main(command: list[str]) -> int:
    folder = programs()
    if folder is None:
        sys.stderr.write(f"{NOT_INSTALLED}\n")
        return 1 if os.environ.get("CI") == "true" else 0
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with server(folder) as address:
        sys.stderr.write(f"On PostgreSQL, {address}:\n")
        return subprocess.run(command, env={**os.environ, "DATABASE_URL": address}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
