"""Work on the tables of a database that only one process may do at a time, on whichever machine: migrations.

In: a database. Out: a lock that is held for as long as a block lasts, and that goes with the process.
"""

import fcntl
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connections

LOCK = 0x616D7073  # “amps”: a number among advisory locks of PostgreSQL that others are unlikely to use


@contextmanager
def migrating(alias: str) -> Iterator[None]:
    """Wait until nobody else migrates this database, and keep others waiting."""
    if connections[alias].vendor == "postgresql":
        with _advisory_lock(alias):
            yield
        return
    place = Path(settings.VAR_DIR) / "run" / "migrating.lock"
    place.parent.mkdir(parents=True, exist_ok=True)
    with place.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def _advisory_lock(alias: str) -> Iterator[None]:
    """PostgreSQL's advisory lock, for a transaction: a pooler gives each session away when a transaction ends.

    Held on a connection of its own, as migrations begin and end transactions on theirs.
    """
    connection = connections[alias].copy()
    connection.settings_dict["OPTIONS"].pop("pool", None)
    with closing(connection):
        connection.set_autocommit(False)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        yield
