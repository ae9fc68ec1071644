"""From which database a reader is answered: the primary, or a replica that follows it.

In: the databases beside `default` in the settings. Out: one alias for a whole request, so that an answer never mixes
two states of the library. A replica that is behind serves a whole older release, for `MOST_BEHIND` seconds at most
while the primary can be asked; one that is away is passed over. What a replica does not have yet, the primary answers:
it has every release, so a request may change over to it at any time, and never back.

Only tables that publishing writes are read from replicas. Everything else, and every write, belongs to the primary.
"""

import datetime
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, Error, connections
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from content_app.models import publication, search

PATIENCE = 1.0  # seconds for which a choice holds
MOST_BEHIND = datetime.timedelta(seconds=10)
PUBLISHED = frozenset((publication.__name__, search.__name__))  # the modules of the tables that publishing writes
CURRENT = """
    SELECT r.number, r.published_at
    FROM content_app_library l JOIN content_app_release r ON r.number = l.current_release_id
"""
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
        return db == DEFAULT_DB_ALIAS


class Choice:
    """Which database new requests read from: looked at once a second, by one thread."""

    def __init__(self) -> None:
        self.alias = DEFAULT_DB_ALIAS
        self.look_again_at = 0.0
        self.looking = threading.Lock()

    def current(self) -> str:
        """The alias for a new request."""
        aliases = [alias for alias in settings.DATABASES if alias != DEFAULT_DB_ALIAS]
        if aliases and time.monotonic() >= self.look_again_at and self.looking.acquire(blocking=False):
            try:
                self.look_again_at = time.monotonic() + PATIENCE
                self.alias = self._found(aliases)
            finally:
                self.looking.release()
        return self.alias

    def give_up(self, alias: str) -> None:
        """A request could not be answered from this database: others are not to try, until the next look."""
        if self.alias == alias:
            self.alias = DEFAULT_DB_ALIAS

    def _found(self, aliases: list[str]) -> str:
        """The first replica that answers and is not far behind, beginning with another one in each process."""
        latest = current_of(DEFAULT_DB_ALIAS)
        for place in range(len(aliases)):
            alias = aliases[(os.getpid() + place) % len(aliases)]
            found = current_of(alias)
            if found and (latest is None or found[0] >= latest[0] or timezone.now() - latest[1] < MOST_BEHIND):
                return alias
        return DEFAULT_DB_ALIAS


def current_of(alias: str) -> tuple[int, datetime.datetime] | None:
    """The number and the time of a database's current release; None if it is away or has none."""
    connection = connections[alias]
    try:
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()
        with connection.cursor() as cursor:
            cursor.execute(CURRENT)
            return cursor.fetchone()
    except Error:
        connection.close()
        return None
    finally:
        give_back(connection)


def give_back(connection: Any) -> None:
    """A connection of a pool goes back to it after a read outside of a request, at the end of which Django does it."""
    if connection.settings_dict["CONN_MAX_AGE"] == 0 and not connection.in_atomic_block:
        connection.close()


choice = Choice()


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
