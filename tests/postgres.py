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
from pathlib import Path

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


@contextlib.contextmanager
def server(folder: Path) -> Iterator[str]:
    """A server with an empty database; yields the address for DATABASE_URL. In: the folder of its programs.

    Sorts text by the rules of a language, as installations do, so that an order left to the database shows.
    """
    account = server_account()
    port = free_port()
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"
    with tempfile.TemporaryDirectory(prefix="postgres-", ignore_cleanup_errors=True) as place:
        if account:
            os.chown(place, account["user"], account["group"])
        data = Path(place) / "data"
        language = ("--encoding=UTF8", "--locale=C", "--locale-provider=icu", "--icu-locale=en-GB")
        run(folder / "initdb", "-D", data, "-U", "amps", "-A", "trust", "-N", *language, account=account)
        log = Path(place) / "log"
        run(folder / "pg_ctl", "start", "-w", "-D", data, "-l", log, "-o", options, account=account)
        try:
            yield f"postgresql://amps@127.0.0.1:{port}/postgres"
        finally:
            run(folder / "pg_ctl", "stop", "-w", "-m", "immediate", "-D", data, account=account)


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
