"""A sign of life of the worker: a small file that it writes every few seconds while it runs.

In: `VAR_DIR/run/worker.json`. Out: when the worker of this machine was last seen, and what it has been doing since
when. A file and not a row, so that a worker at rest does not write to the database; work that is late shows in
`backlog`, wherever the worker runs.
"""

import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

PAUSE = 5  # seconds between two signs of life
SILENT = timedelta(seconds=60)  # a machine that is that busy is in trouble too
STUCK = timedelta(minutes=10)  # longer than any one job may take


@dataclass(frozen=True)
class Heartbeat:
    """The last sign of life. `job` is what the worker has been doing since `since`; empty while it rests."""

    seen_at: datetime
    job: str
    since: datetime

    def is_alive(self, now: datetime) -> bool:
        """Whether the worker runs and gets on."""
        # A clock that was put back makes a sign of life one of the future, which says nothing.
        return abs(now - self.seen_at) < SILENT and not (self.job and now - self.since > STUCK)


class Pulse:
    """What the worker is doing, for the thread that writes it down."""

    def __init__(self) -> None:
        self.over = threading.Event()
        self.at("")

    def at(self, job: str) -> None:
        """Say which job begins; an empty text means rest."""
        self.state = (job, timezone.now())

    def write_until_over(self) -> None:
        while True:
            write(*self.state)
            if self.over.wait(PAUSE):
                return


def place() -> Path:
    """Where the file is."""
    return Path(settings.VAR_DIR) / "run" / "worker.json"


def write(job: str, since: datetime) -> None:
    """Write the file. A disk that is full stops no work."""
    path = place()
    draft = path.with_suffix(f".{os.getpid()}")
    told = {"seen_at": timezone.now().isoformat(), "job": job, "since": since.isoformat()}
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        draft.write_text(json.dumps(told))
        draft.replace(path)


@contextmanager
def beating() -> Iterator[Pulse]:
    """Signs of life for as long as the block lasts. A worker that ends in order takes its file away."""
    pulse = Pulse()
    thread = threading.Thread(target=pulse.write_until_over, name="heartbeat", daemon=True)
    thread.start()
    try:
        yield pulse
    finally:
        pulse.over.set()
        thread.join()
        with suppress(OSError):
            place().unlink()


def last() -> Heartbeat | None:
    """The last sign of life; None if no worker has run on this machine since one ended in order."""
    try:
        told = json.loads(place().read_text())
        return Heartbeat(datetime.fromisoformat(told["seen_at"]), told["job"], datetime.fromisoformat(told["since"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
