"""Libraries that are made once and copied from then on: an empty one, and one with the first content published.

In: `fixtures/` and the code that fills a library. Out: an SQLite file, or a template database on PostgreSQL, and the
static files of a server. A library is made again when something it is made from changes. `python -m tests.prepared`
makes one in a process of its own, so that no test's settings colour it.
"""

import contextlib
import datetime
import fcntl
import hashlib
import io
import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import django
import psycopg
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from content_app.manuscripts import code_releases
from tests import postgres

ROOT = Path(__file__).parent.parent
KEPT = ROOT / ".prepared_library"
FIXTURES = ROOT / "fixtures"
PUBLISHED_AT = datetime.datetime(2026, 11, 2, 9, 0, tzinfo=datetime.UTC)
EMPTY, FILLED = "empty", "filled"
# The contracts in pyproject.toml hold that what fills a library imports nothing from these.
READS_ONLY = ("admin", "delivery", "operation", "preview", "worker")


def key() -> str:
    """A hash of everything a prepared library is made from."""
    code = [
        path
        for path in (ROOT / "content_app").rglob("*.py")
        if path.relative_to(ROOT / "content_app").parts[0] not in READS_ONLY
    ]
    content = [path for path in FIXTURES.rglob("*") if path.is_file()]
    others = [ROOT / "amps_api" / "settings.py", ROOT / "uv.lock", Path(__file__)]
    found = hashlib.sha256()
    for path in sorted({*code, *content, *others}):
        found.update(f"{path.relative_to(ROOT)}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return found.hexdigest()[:16]


def copy_on_sqlite(name: str, copy: Path) -> Path:
    """Copy the file of a prepared library, which itself is never opened."""
    with one_at_a_time():
        if not kept(name).exists():
            make(name, VAR_DIR=KEPT, DATABASE_URL=f"sqlite:///{KEPT / 'draft.sqlite3'}")
        return Path(shutil.copy(kept(name), copy))


def kept(name: str) -> Path:
    return KEPT / f"{name}-{key()}.sqlite3"


@cache
def on_postgresql(name: str, server: str) -> str:
    """The name of the template database of a prepared library. In: the address of the server's own database."""
    template = f"{name}_{key()}"
    with one_at_a_time(), contextlib.closing(psycopg.connect(server, autocommit=True)) as admin:
        if not admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [template]).fetchone():
            admin.execute("CREATE DATABASE draft")
            fill_on_postgresql(name, f"{server.rpartition('/')[0]}/draft")
            admin.execute(f"ALTER DATABASE draft RENAME TO {template}")
    return template


def fill_on_postgresql(name: str, draft: str) -> None:
    """Fill a new database from the dump that an earlier server left, or make the library and leave its dump."""
    programs = postgres.programs()
    dump = KEPT / f"{name}-{key()}.postgresql-{programs.parent.name}"
    if dump.exists():
        subprocess.run([programs / "pg_restore", "--no-owner", f"--dbname={draft}", dump], check=True)
    else:
        make(name, VAR_DIR=KEPT, DATABASE_URL=draft)
        subprocess.run([programs / "pg_dump", "-Fc", f"--file={dump}.draft", draft], check=True)
        Path(f"{dump}.draft").rename(dump)


def copy_on_postgresql(name: str, database: str, server: str) -> str:
    """Make a database, anew if it is there, as a copy of a prepared library. Out: its address."""
    template = on_postgresql(name, server)
    with contextlib.closing(psycopg.connect(server, autocommit=True)) as admin:
        admin.execute(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")
        admin.execute(f"CREATE DATABASE {database} TEMPLATE {template}")
    return f"{server.rpartition('/')[0]}/{database}"


def accounts() -> str:
    """What was printed when the first content was published: the accounts of its people, with their passwords."""
    return said_on(connection.vendor).read_text()


def said_on(vendor: str) -> Path:
    return KEPT / f"{FILLED}-{key()}.{vendor}.txt"


def environment_of_a_server(folder: Path) -> dict[str, str]:
    """Variables for a server with the first content: its folder, static files in it, and a database of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    static_files_for(folder)
    shutil.copy(code_releases.prepared(), folder)
    if connection.vendor == "sqlite":
        address = f"sqlite:///{copy_on_sqlite(FILLED, folder / 'amps.sqlite3')}"
    else:
        address = copy_on_postgresql(FILLED, f"served_{uuid.uuid4().hex}", os.environ["DATABASE_URL"])
    return {"VAR_DIR": str(folder), "DATABASE_URL": address}


def static_files_for(folder: Path) -> None:
    """Put the static files, as a first run collects them, where a server with this VAR_DIR finds them."""
    from content_app.management.commands.serve import static_files_fingerprint

    kept = KEPT / f"static-{static_files_fingerprint()[:16]}"
    if not kept.exists():
        with one_at_a_time():
            if not kept.exists():
                make("static", VAR_DIR=KEPT / "draft")
                (KEPT / "draft").rename(kept)
    (folder / "static").symlink_to(kept / "static")
    shutil.copy(kept / "static-files", folder)


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Of processes that want the same library, one makes it and the others wait."""
    KEPT.mkdir(exist_ok=True)
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def make(what: str, **environment: str | Path) -> None:
    """Run this module in a process of its own. Raises CalledProcessError if it fails; what it said is printed."""
    chosen = {name: str(value) for name, value in environment.items()}
    subprocess.run(
        [sys.executable, "-m", "tests.prepared", what], cwd=ROOT, check=True,
        env={**os.environ, **chosen, "DJANGO_SETTINGS_MODULE": "amps_api.settings"},
    )  # fmt: skip


# What follows runs in that process.


def main(what: str) -> None:
    made_from = key()
    django.setup()
    if what == "static":
        from content_app.management.commands.serve import Command

        return Command(stdout=io.StringIO()).collect_static_files()
    if connection.vendor == "sqlite":
        begin(Path(connection.settings_dict["NAME"]))
        connection.settings_dict["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF"
    call_command("migrate", verbosity=0)
    if what == FILLED:
        said = publish_first_content()
        said_on(connection.vendor).write_text(said)
    connection.close()  # writes the log into the file
    if key() != made_from:
        sys.exit("Something that the library is made from was changed meanwhile: run the tests again.")
    if connection.vendor == "sqlite":
        Path(connection.settings_dict["NAME"]).rename(kept(what))


def begin(draft: Path) -> None:
    """Begin with the empty library if there is one. Away with what other code made, and with a draft broken off."""
    lasting = ("lock", "secret-key", code_releases.file_name())
    for path in KEPT.iterdir():
        if path.is_file() and key() not in path.name and path.name not in lasting:
            path.unlink()
    if kept(EMPTY).exists():
        shutil.copy(kept(EMPTY), draft)


def publish_first_content() -> str:
    """Publish as `make run` does, at a fixed time. What it printed."""
    timezone.now = lambda: PUBLISHED_AT
    said = io.StringIO()
    call_command("publish_first_content", FIXTURES, stdout=said)
    return said.getvalue()


if __name__ == "__main__":
    main(sys.argv[1])
