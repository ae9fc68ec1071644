"""Keeps large files of some releases, each made once, when it is first asked for.

In: where a file is kept, and how it is made. Out: the file, open for reading. It appears whole or not at all: it is
written under another name and renamed. One is made at a time in a folder; the lock goes with the process that holds it,
and what a killed one leaves behind is removed by the next.
"""

import contextlib
import fcntl
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

MOST_KEPT = 4
LONGEST_WAIT = 2.0  # seconds for the file that somebody else is making


class BeingMade(Exception):
    """Another process is making a file."""


class NoRoom(Exception):
    """The file cannot be written."""


def opened(path: Path, make: Callable[[IO[bytes]], None], most: int = MOST_KEPT) -> IO[bytes]:
    """The file, made if need be; at most so many of its ending are kept. Raises `BeingMade` or `NoRoom`."""
    try:
        file = path.open("rb")
    except FileNotFoundError:
        return _made(path, make, most)
    with contextlib.suppress(OSError):
        os.utime(path)  # what was used last is removed last
    return file


def _made(path: Path, make: Callable[[IO[bytes]], None], most: int) -> IO[bytes]:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _alone(path.parent):
            if not path.exists():
                _make(path, make)
                _make_room(path, most)
            return path.open("rb")
    except OSError as error:
        raise NoRoom(str(error))


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Be the one who makes a file. Raises `BeingMade` if another process takes too long over one."""
    until = time.monotonic() + LONGEST_WAIT
    with (folder / "lock").open("w") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > until:
                    raise BeingMade
                time.sleep(0.05)
        yield


def _make(path: Path, make: Callable[[IO[bytes]], None]) -> None:
    for left_behind in path.parent.glob("*.part"):
        left_behind.unlink()
    draft = path.with_suffix(".part")
    try:
        with draft.open("w+b") as file:
            make(file)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def _make_room(newest: Path, most: int) -> None:
    """Remove what was used longest ago. Who is reading it reads on to its end all the same."""
    found = [path for path in newest.parent.glob(f"*{newest.suffix}") if path != newest]
    for path in sorted(found, key=lambda path: path.stat().st_mtime, reverse=True)[most - 1 :]:
        path.unlink(missing_ok=True)
