"""Keeps `manage.py work` running beside a server: started again, with a growing pause, whenever it ends by itself.

In: the command. Out: a worker for as long as the block lasts, and one line in the log for each time that it died.
"""

import logging
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0  # seconds
STEADY = 60.0  # seconds: whoever ran as long begins with the first pause again
PATIENCE = 60.0  # seconds that the worker gets to finish what it is doing
logger = logging.getLogger(__name__)


class Supervisor:
    """A thread that starts a process, waits for it, and starts it again."""

    def __init__(self, command: list) -> None:
        self.command = command
        self.stopping = threading.Event()
        self.process: subprocess.Popen | None = None
        self.thread = threading.Thread(target=self.watch, name="worker supervisor", daemon=True)
        self.start()

    def start(self) -> None:
        # A process group of its own: Ctrl-C reaches this process, which then lets the worker finish what it is doing.
        self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, process_group=0)  # noqa: S603 — ours
        self.started_at = time.monotonic()

    def watch(self) -> None:
        pause = FIRST_PAUSE
        while True:
            code = self.process.wait()
            if self.stopping.is_set():
                return
            pause = FIRST_PAUSE if time.monotonic() - self.started_at > STEADY else pause
            logger.error("The worker ended with %s. It will be restarted in %g seconds.", code, pause)
            if self.stopping.wait(pause):
                return
            pause = min(pause * 2, LONGEST_PAUSE)
            self.start()

    def end(self) -> None:
        """Let the worker finish, and start it no more."""
        self.stopping.set()
        self.process.terminate()
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            logger.error("The worker did not stop within %g seconds and was killed.", PATIENCE)
            self.process.kill()
        self.thread.join(PATIENCE)


@contextmanager
def kept_running(command: list) -> Iterator[Supervisor]:
    """The process, started again whenever it ends, for as long as this block lasts."""
    supervisor = Supervisor(command)
    supervisor.thread.start()
    try:
        yield supervisor
    finally:
        supervisor.end()
