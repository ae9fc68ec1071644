"""From which database a reader is answered: the primary, or a replica that follows it.

In: the databases beside `default` in the settings. Out: one alias for a whole request, so that an answer never mixes
two states of the library. A replica that is behind serves a whole older release, for `MOST_BEHIND` seconds at most
while the primary can be asked; one that is away is passed over. What a replica does not have yet, the primary answers:
it has every release, so a request may change over to it at any time, and never back.

Only tables that publishing writes are read from replicas. Everything else, and every write, belongs to the primary.
"""

import datetime
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import Any, NamedTuple
from weakref import WeakSet

import psycopg
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, Error, connections
from django.db.backends.signals import connection_created
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

PATIENCE = 0.3  # seconds between two looks at a database
SILENCE = 2.0  # seconds without an answer, after which a database counts as away
MOST_BEHIND = datetime.timedelta(seconds=10)
# The modules of the tables that publishing writes.
PUBLISHED = frozenset(("content_app.models.publication", "content_app.models.search"))
CURRENT = """
    SELECT r.number, r.manifest_sha256, r.published_at
    FROM content_app_library l JOIN content_app_release r ON r.number = l.current_release_id
"""
_connected: dict[str, WeakSet] = {}
_chosen: ContextVar[str | None] = ContextVar("database of the reader", default=None)


def database() -> str:
    """The alias that this request reads published tables from."""
    return _chosen.get() or DEFAULT_DB_ALIAS


@contextmanager
def reading_from(alias: str) -> Iterator[None]:
    """Read published tables from this database; from the primary if that turns out to be needed."""
    token = _chosen.set(alias)
    try:
        yield
    finally:
        _chosen.reset(token)


def change_to_primary() -> bool:
    """Read the rest of this request from the primary. Out: whether that is another database than before."""
    is_other = database() != DEFAULT_DB_ALIAS
    if is_other:
        _chosen.set(DEFAULT_DB_ALIAS)
    return is_other


class Router:
    """Django's router: where the tables of a model are read and written."""

    def db_for_read(self, model: type, **hints: Any) -> str | None:
        return database() if model.__module__ in PUBLISHED else None

    def db_for_write(self, model: type, **hints: Any) -> str:
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one: Any, other: Any, **hints: Any) -> bool:
        return True  # all are copies of one database

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return db not in settings.REPLICAS


class Found(NamedTuple):
    """The current release of a database."""

    release: int
    manifest: str
    published_at: datetime.datetime


class Watch:
    """One database, asked again and again what is current, by a thread of its own: nobody else waits for its answer."""

    def __init__(self, alias: str) -> None:
        self.alias = alias
        self.found: Found | None = None
        self.told_at: float | None = None
        self.has_told = threading.Event()
        threading.Thread(target=self._watch, name=f"watch of {alias}", daemon=True).start()

    @property
    def is_silent(self) -> bool:
        """Whether it has stopped to answer, neither well nor badly."""
        return self.told_at is not None and time.monotonic() - self.told_at > SILENCE

    @property
    def current(self) -> Found | None:
        """The current release, if the database can be read."""
        return None if self.is_silent else self.found

    def forget(self) -> None:
        """A request could not be answered: until the next look, it counts as away."""
        self.found = None

    def _watch(self) -> None:
        connection = connections[self.alias].copy()
        connection.settings_dict["OPTIONS"].pop("pool", None)  # a pool waits for a database that is away
        while True:
            try:
                with connection.cursor() as cursor:
                    cursor.execute(CURRENT)
                    row = cursor.fetchone()
                self.found = Found(*row) if row else None
            except Error:
                self.found = None
                connection.close()
            self.told_at = time.monotonic()
            self.has_told.set()
            choice.cut_off_silent()
            time.sleep(PATIENCE)


class Choice:
    """Which database new requests read from."""

    def __init__(self) -> None:
        self.replicas: list[str] = settings.REPLICAS
        self.watches: list[Watch] = []
        self.process = 0  # that watches: threads do not outlive a fork
        self.starting = threading.Lock()

    def current(self) -> str:
        """The first replica that answers and is not far behind, beginning with another one in each process."""
        if not self.replicas:
            return DEFAULT_DB_ALIAS
        if self.process != os.getpid():
            self._start()
        latest = self.primary.current
        for watch in self.watches:
            found = watch.current
            if found and (latest is None or not is_far_behind(found, latest)):
                return watch.alias
        return DEFAULT_DB_ALIAS

    def manifest(self, alias: str) -> tuple[int, str] | None:
        """The number and the hash of the release that was current in a replica when it was last asked."""
        found = next(watch.current for watch in self.watches if watch.alias == alias)
        return (found.release, found.manifest) if found else None

    def is_still(self, alias: str, manifest: tuple[int, str]) -> bool:
        """Whether new requests read from this database, and it is still at this release, as far as anybody knows."""
        if not self.replicas:
            return True
        chosen = self.current()
        return chosen == alias and (chosen == DEFAULT_DB_ALIAS or self.manifest(chosen) == manifest)

    def cut_off_silent(self) -> None:
        """End the requests that wait for a database that has gone silent: they are then answered from another."""
        for watch in self.watches:
            if watch.is_silent:
                cut_off(watch.alias)

    def give_up(self, alias: str) -> None:
        """A request could not be answered from this database: others are not to try, until it answers again."""
        for watch in self.watches:
            if watch.alias == alias:
                watch.forget()

    def _start(self) -> None:
        with self.starting:
            if self.process != os.getpid():
                turn = os.getpid() % len(self.replicas)
                self.primary = Watch(DEFAULT_DB_ALIAS)
                self.watches = [Watch(alias) for alias in self.replicas[turn:] + self.replicas[:turn]]
                for watch in (self.primary, *self.watches):
                    watch.has_told.wait(SILENCE)
                self.process = os.getpid()


def is_far_behind(found: Found, latest: Found) -> bool:
    return found.release < latest.release and timezone.now() - latest.published_at > MOST_BEHIND


def remember(*, connection: Any, **_: Any) -> None:
    """Keep which connections to a replica there are."""
    if connection.alias != DEFAULT_DB_ALIAS and connection.vendor == "postgresql":
        _connected.setdefault(connection.alias, WeakSet()).add(connection.connection)


def cut_off(alias: str) -> None:
    """Shut down every connection of this process to a replica: whoever waits for it gets an error at once."""
    for connection in list(_connected.get(alias, ())):
        with suppress(OSError, psycopg.Error), socket.socket(fileno=os.dup(connection.fileno())) as wire:
            wire.shutdown(socket.SHUT_RDWR)


def give_back(connection: Any) -> None:
    """A connection of a pool goes back to it after a read outside of a request, at the end of which Django does it."""
    if connection.settings_dict["CONN_MAX_AGE"] == 0 and not connection.in_atomic_block:
        connection.close()


choice = Choice()
connection_created.connect(remember, dispatch_uid="replicas")


class OneDatabase:
    """Middleware: a reader's request is answered from one database; from the primary, if the replica went away."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(settings.DESK_ADDRESSES):
            return self.get_response(request)
        with reading_from(_chosen.get() or choice.current()):
            alias = database()
            response = self.get_response(request)
            if response.status_code == 503 and alias != DEFAULT_DB_ALIAS and request.method in ("GET", "HEAD"):
                choice.give_up(alias)
                with reading_from(DEFAULT_DB_ALIAS):
                    response = self.get_response(request)
        return response
