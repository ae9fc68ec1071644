"""Connections to SQLite are kept open between requests, and notice when a restore has replaced the file.

In: Django's signals. Out: connections to the file that lies at the path now. A kept connection would otherwise go on
reading the file that is no longer there.
"""

import contextlib
import os
from typing import Any

from django.core.signals import request_started
from django.db import connections
from django.db.backends.signals import connection_created
from django.db.utils import ConnectionHandler

Identity = tuple[int, int] | None


def connect() -> None:
    """Watch every connection that is made, and every request that starts."""
    connection_created.connect(remember, dispatch_uid="sqlite_file")
    request_started.connect(close_replaced, dispatch_uid="sqlite_file")


def remember(*, connection: Any, **_: Any) -> None:
    """Keep which file the connection has opened, and keep the file to its owner: it has password hashes in it."""
    if connection.vendor == "sqlite":
        name = connection.settings_dict["NAME"]
        connection.opened_file = file_at(name)
        with contextlib.suppress(OSError):  # in memory, or the file of another user
            if os.stat(name).st_mode & 0o077:
                os.chmod(name, 0o600)


def close_replaced(handler: ConnectionHandler = connections, **_: Any) -> None:
    """Close each connection of this thread whose file is another one now. The next query opens the new file."""
    for connection in handler.all(initialized_only=True):
        is_kept = connection.vendor == "sqlite" and connection.connection and not connection.in_atomic_block
        if is_kept and connection.opened_file != file_at(connection.settings_dict["NAME"]):
            connection.close()


def file_at(path: Any) -> Identity:
    """Which file lies at a path: its device and inode; None if there is none, as for databases in memory."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino
