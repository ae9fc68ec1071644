"""A database into a file and back, each kind by its own means, without stopping readers.

In: the database of DATABASE_URL. SQLite is copied by its online backup interface, never as a file: half of what it
holds may be in its log. PostgreSQL is dumped by pg_dump, of one moment. Back it goes in one transaction: a restore that
is killed leaves the database as it was.
"""

import os
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from django.db import connection, connections
from django.db.backends.postgresql.client import DatabaseClient

from content_app.operation.backup import DAMAGED, REFUSED, UNUSABLE, NotDone

PATIENCE = 30  # seconds that a locked SQLite is waited for


@dataclass(frozen=True)
class Kind:
    """How a kind of database is copied. `file` is the name in the archive."""

    file: str
    dump: Callable[[Path], None]
    load: Callable[[Path], None]
    refuse_if_in_use: Callable[[], None]


def of_this_deployment() -> tuple[str, Kind]:
    """The kind of database that DATABASE_URL names, and how it is copied."""
    return connection.vendor, KINDS[connection.vendor]


def _dump_sqlite(path: Path) -> None:
    path.touch(mode=0o600)
    with closing(sqlite3.connect(_sqlite_file(), timeout=PATIENCE)) as live, closing(sqlite3.connect(path)) as copy:
        live.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it
        _check_sqlite(copy)


def _load_sqlite(path: Path) -> None:
    connections.close_all()
    target = _sqlite_file()
    target.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path)) as copy, closing(sqlite3.connect(target, timeout=PATIENCE)) as live:
        _check_sqlite(copy)
        live.execute("PRAGMA journal_mode=WAL")
        live.execute("PRAGMA synchronous=FULL")
        try:
            copy.backup(live)
        except sqlite3.OperationalError as error:
            raise NotDone(f"The database cannot be written to: {error}. Stop the server first.", returncode=REFUSED)
        live.execute("PRAGMA journal_mode=WAL")


def _check_sqlite(database: sqlite3.Connection) -> None:
    try:
        (said,) = database.execute("PRAGMA integrity_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        said = str(error)
    if said != "ok":
        raise NotDone(f"The database is damaged: {said}", returncode=DAMAGED)


def _sqlite_file() -> Path:
    return Path(connection.settings_dict["NAME"])


def _refuse_sqlite_in_use() -> None:
    """Nothing to ask: a server holds `run/serving.lock`, and SQLite itself makes writers wait."""


def _dump_postgresql(path: Path) -> None:
    path.touch(mode=0o600)
    _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={path}")


def _load_postgresql(path: Path) -> None:
    connections.close_all()
    _run("pg_restore", "--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction", str(path))


def _refuse_postgresql_in_use() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        (others,) = cursor.fetchone()
    if others:
        raise NotDone(
            f"The database has {others} other connections. Stop every server and worker first.", returncode=REFUSED
        )


def _run(program: str, *arguments: str) -> None:
    """A program of PostgreSQL on the database of this deployment. The password goes by the environment."""
    (_, *where), environment = DatabaseClient.settings_to_cmd_args_env(connection.settings_dict, [])
    *where, name = where
    command = [program, *where, f"--dbname={name}", *arguments]
    try:
        done = subprocess.run(  # noqa: S603 - a program of PostgreSQL, and our own settings
            command, env={**_plain_environment(), **(environment or {})}, capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        raise NotDone(
            f"{program} is not installed. Install PostgreSQL's client programs (Debian, Ubuntu: apt install "
            "postgresql-client).",
            returncode=UNUSABLE,
        )
    if done.returncode:
        raise NotDone(f"{program} failed: {' '.join(done.stderr.split())}", returncode=UNUSABLE)


def _plain_environment() -> dict[str, str]:
    """Without variables that would lead to another database."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")}


KINDS = {
    "sqlite": Kind("database.sqlite3", _dump_sqlite, _load_sqlite, _refuse_sqlite_in_use),
    "postgresql": Kind("database.dump", _dump_postgresql, _load_postgresql, _refuse_postgresql_in_use),
}
