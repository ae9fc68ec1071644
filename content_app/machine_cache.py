"""A cache that all processes of one machine share without a server: a small SQLite file in VAR_DIR.

In: what counts sign-ins and remembers one-time codes. Out: a Django cache whose `add` and `incr` are atomic, so that no
code opens two sessions and ten attempts are ten, whichever process answers. Values are JSON.
Where the file cannot be used (a full or read-only disk), each process remembers for itself.
"""

import json
import logging
import os
import sqlite3
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.core.cache.backends.locmem import LocMemCache

PATIENCE = 2  # seconds to wait for another process
TIDIED_EVERY = 60  # seconds
TABLE = "CREATE TABLE IF NOT EXISTS kept (name TEXT PRIMARY KEY, value TEXT, until REAL) WITHOUT ROWID"
FOR_EVER = 1e12  # a time that does not come
logger = logging.getLogger(__name__)


class MachineCache(BaseCache):
    """Django's cache interface over the file. `LOCATION` is its path."""

    def __init__(self, location: str, params: dict[str, Any]):
        super().__init__(params)
        self.location = Path(location)
        self.own = LocMemCache(f"instead-of-{location}", params)
        self.threads = threading.local()
        self.tidied_at = 0.0

    def _file(self) -> sqlite3.Connection:
        """This thread's connection. After a fork, the child opens its own."""
        if getattr(self.threads, "process", None) != os.getpid():
            file = sqlite3.connect(self.location, timeout=PATIENCE, isolation_level=None)
            file.execute("PRAGMA journal_mode=WAL")
            file.execute("PRAGMA synchronous=OFF")
            file.execute(TABLE)
            self.location.chmod(0o600)
            self.threads.file, self.threads.process = file, os.getpid()
        return self.threads.file

    def _written(self, act: Callable[[sqlite3.Connection, float], Any]) -> Any:
        """What `act` returns, which nobody else's act comes between. Raises sqlite3.Error."""
        file, now = self._file(), time.time()
        file.execute("BEGIN IMMEDIATE")
        try:
            if now > self.tidied_at + TIDIED_EVERY:
                self.tidied_at = now
                file.execute("DELETE FROM kept WHERE until <= ?", (now,))
            done = act(file, now)
        except BaseException:
            file.execute("ROLLBACK")
            raise
        file.execute("COMMIT")
        return done

    def _until(self, timeout: Any) -> float:
        seconds = self.default_timeout if timeout is DEFAULT_TIMEOUT else timeout
        return FOR_EVER if seconds is None else time.time() + seconds

    def _steadily(self, act: Callable[[], Any], otherwise: Callable[[], Any]) -> Any:
        try:
            return act()
        except (sqlite3.Error, OSError) as error:
            logger.error("The file %s cannot be used, so each process remembers for itself: %s", self.location, error)
            self.threads.process = None
            return otherwise()

    def get(self, key, default=None, version=None):
        name = self.make_and_validate_key(key, version)

        def act() -> Any:
            sql = "SELECT value FROM kept WHERE name = ? AND until > ?"
            row = self._file().execute(sql, (name, time.time())).fetchone()
            return json.loads(row[0]) if row else default

        return self._steadily(act, lambda: self.own.get(key, default, version))

    def set(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        row = self.make_and_validate_key(key, version), json.dumps(value), self._until(timeout)

        def act(file: sqlite3.Connection, now: float) -> None:
            file.execute("REPLACE INTO kept VALUES (?, ?, ?)", row)

        self._steadily(lambda: self._written(act), lambda: self.own.set(key, value, timeout, version))

    def add(self, key, value, timeout=DEFAULT_TIMEOUT, version=None):
        row = self.make_and_validate_key(key, version), json.dumps(value), self._until(timeout)

        def act(file: sqlite3.Connection, now: float) -> bool:
            file.execute("DELETE FROM kept WHERE name = ? AND until <= ?", (row[0], now))
            return file.execute("INSERT OR IGNORE INTO kept VALUES (?, ?, ?)", row).rowcount == 1

        return self._steadily(lambda: self._written(act), lambda: self.own.add(key, value, timeout, version))

    def touch(self, key, timeout=DEFAULT_TIMEOUT, version=None):
        name, until = self.make_and_validate_key(key, version), self._until(timeout)

        def act(file: sqlite3.Connection, now: float) -> bool:
            sql = "UPDATE kept SET until = ? WHERE name = ? AND until > ?"
            return file.execute(sql, (until, name, now)).rowcount == 1

        return self._steadily(lambda: self._written(act), lambda: self.own.touch(key, timeout, version))

    def incr(self, key, delta=1, version=None):
        name = self.make_and_validate_key(key, version)

        def act(file: sqlite3.Connection, now: float) -> int | None:
            sql = "UPDATE kept SET value = value + ? WHERE name = ? AND until > ? RETURNING value"
            row = file.execute(sql, (delta, name, now)).fetchone()
            return int(row[0]) if row else None

        found = self._steadily(lambda: self._written(act), lambda: self.own.incr(key, delta, version))
        if found is None:
            raise ValueError(f"Key {key!r} not found")
        return found

    def delete(self, key, version=None):
        name = self.make_and_validate_key(key, version)

        def act(file: sqlite3.Connection, now: float) -> bool:
            return file.execute("DELETE FROM kept WHERE name = ?", (name,)).rowcount == 1

        return self._steadily(lambda: self._written(act), lambda: self.own.delete(key, version))

    def clear(self):
        self._steadily(
            lambda: self._written(lambda file, now: file.execute("DELETE FROM kept") and None), self.own.clear
        )
