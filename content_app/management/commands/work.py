"""What has to happen at its time and not at somebody's click: `manage.py work`, which `manage.py serve` also starts.

In: JOBS, each a function that does what is due now and says how much that was. Out: done work, until told to stop.
Any number of these may run: a job claims its rows in the database, so that two workers never do one thing twice,
and a worker that was away finds everything that fell due meanwhile.
"""

import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.core.management.base import BaseCommand
from django.db import close_old_connections, connections

from content_app.admin import digests
from content_app.audit.log import acting_as
from content_app.editorial import scheduling, warning_counts
from content_app.editorial.exchange import uploads
from content_app.operation import running, shared_keys
from content_app.outages import is_outage
from content_app.publication import closing
from content_app.webhooks import working as webhooks
from content_app.worker import heartbeat

PAUSE = 2  # seconds between two looks at what is due
REMINDER = 600  # seconds between two lines of the log while the database is away
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Job:
    """A kind of work. `act` does what is due now and returns how many things it did; `name` is what the log says."""

    name: str
    act: Callable[[], int]
    # Of a job that leaves work to threads: waits for what is on its way, and begins nothing more if `at_once`.
    end: Callable[..., None] = lambda *, at_once: None


JOBS: tuple[Job, ...] = (
    Job("webhooks sent", webhooks.deliver, webhooks.end),
    Job("webhook maintenance", webhooks.look_after),
    Job("scheduled releases", scheduling.run_due),
    Job("items checked for warnings", warning_counts.refresh),
    Job("imports", uploads.work_on_next),
    Job("receipts chained", closing.close_in_time),
    Job("daily emails", digests.send_due),
)


class Command(BaseCommand):
    help = "Run background jobs: scheduled releases, webhooks, imports and checks. Runs until it is stopped."

    def add_arguments(self, parser):
        parser.add_argument("--once", action="store_true", help="run the jobs that are due now, then stop")
        parser.add_argument(
            "--while-runs", type=int, metavar="PID", help="stop when the process PID, which started this one, ends"
        )

    def handle(self, *, once: bool = False, while_runs: int | None = None, **options):
        with running.in_use():
            if while_runs is None:  # else the server that started this one has done it
                shared_keys.agree()
            if once:
                run_all()
                return end_all(at_once=False)
            self.work(while_runs)

    def work(self, while_runs: int | None) -> None:
        stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop.set())
        with heartbeat.beating() as pulse:
            while not stop.is_set() and while_runs in (None, os.getppid()):
                run_all(pulse.at)
                stop.wait(PAUSE)
            end_all(at_once=True)
        connections.close_all()  # so that SQLite tidies up behind the last one


class Outage:
    """The database or the disk is away, full or read-only.

    Said once when it begins, every ten minutes while it lasts, and once when it is over.
    """

    def __init__(self) -> None:
        self.told_at: float | None = None
        self.what = ""

    def goes_on(self, error: Exception) -> None:
        if self.told_at is None or time.monotonic() - self.told_at > REMINDER:
            reason = " ".join(str(error).split())
            self.what = "disk" if isinstance(error, OSError) else "database"
            logger.error("The %s is unavailable. Jobs are tried again every %s seconds: %s", self.what, PAUSE, reason)
            self.told_at = time.monotonic()

    def is_over(self) -> None:
        if self.told_at is not None:
            logger.warning("The %s is available again.", self.what)
            self.told_at = None


outage = Outage()


def run_all(begin: Callable[[str], None] = lambda job: None) -> None:
    """Every job once. What goes wrong in one is logged and tried again at the next look; the others go on.

    If the database is away, none of them can. `begin` is told which job begins, and with "" that all are done.
    """
    for job in JOBS:
        close_old_connections()  # a database that was away is asked anew
        begin(job.name)
        try:
            with acting_as("worker"):
                done = job.act()
        except Exception as error:
            if is_outage(error):
                outage.goes_on(error)
                break
            logger.exception("The job “%s” failed. It will be tried again in %s seconds.", job.name, PAUSE)
        else:
            if done:
                logger.info("%s: %s", job.name, done)
    else:  # not after one job that only reads, while others cannot write
        outage.is_over()
    begin("")


def end_all(*, at_once: bool) -> None:
    """Every job ends: at once, or after what is due."""
    for job in JOBS:
        job.end(at_once=at_once)
