"""Who uses this VAR_DIR: servers and workers hold a lock together, and a restore wants it alone.

In: `VAR_DIR/run/in-use.lock`. The lock goes with the process that holds it, so none is left by one that was killed.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandError


class InUse(CommandError):
    """Somebody else uses this VAR_DIR: a restore, or those whom it has to wait for."""

    def __init__(self) -> None:
        super().__init__("A backup is being restored. Wait until this has finished.")


@contextmanager
def in_use() -> Iterator[None]:
    """Use VAR_DIR together with others, as servers and workers do. Raises `InUse` while a restore runs."""
    with _held(fcntl.LOCK_SH):
        yield


@contextmanager
def alone() -> Iterator[None]:
    """Use VAR_DIR alone. Raises `InUse` while a server or a worker runs."""
    with _held(fcntl.LOCK_EX):
        yield


@contextmanager
def _held(kind: int) -> Iterator[None]:
    place = Path(settings.VAR_DIR) / "run" / "in-use.lock"
    place.parent.mkdir(parents=True, exist_ok=True)
    file = os.open(place, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(file, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InUse
        yield
    finally:
        os.close(file)
