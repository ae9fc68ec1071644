"""How many requests there were, how long they took and what came of them, in all processes of this server.

In: answers, told by the front of each process. Out: sums over all processes. A process counts in a list of its own, on
its event loop alone, and copies it once a second into its slot of a memory that was made before the processes were
forked. A process that follows one that has died goes on with its slot, so no count ever falls.
"""

import mmap
import multiprocessing
import os
from array import array
from asyncio import AbstractEventLoop
from bisect import bisect_left
from collections.abc import Callable, Iterator

from content_app.operation.metrics.routes import ROUTES, route_of

BOUNDS = (0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 60.0)
SECOND = 1_000_000_000  # nanoseconds, in which durations are counted
ENDS = [int(bound * SECOND) for bound in BOUNDS]
MOST_PATHS = 10_000  # whose routes are remembered
CLASSES = 6  # of statuses: 1xx to 5xx, by their first digit
HEAD = PROCESS, WAITING, KEPT, ASKED, LIMITED, REFUSED = range(6)
FIRST_BOUND, SUM = CLASSES, CLASSES + len(BOUNDS) + 1  # within a route
WIDTH = SUM + 1
SIZE = len(HEAD) + WIDTH * len(ROUTES)
SLOTS = 64  # processes of a server at most (`PROCESSES`)
EVERY = 1.0  # seconds between two copies
EMPTY = bytes(8 * SIZE)

_shared = mmap.mmap(-1, SLOTS * len(EMPTY))
_choosing = multiprocessing.get_context("fork").Lock()


class Counts:
    """The counts of this process. Only its event loop calls them."""

    def __init__(self, waiting: Callable[[], int]) -> None:
        self.waiting = waiting
        self.places: dict[str, int] = {}
        self.slot, self.cells = _free_slot()

    def copy_from_now_on(self, loop: AbstractEventLoop) -> None:
        """Show the others what was counted, once a second."""
        self.cells[WAITING] = self.waiting()
        _write(self.slot, self.cells)
        loop.call_later(EVERY, self.copy_from_now_on, loop)

    def made(self, path: str, status: int, lasted: int) -> None:
        """A request was answered, so many nanoseconds after all of it had arrived."""
        self.cells[LIMITED] += status == 429
        self.cells[REFUSED] += status == 503
        self.answered(path, status, lasted, ASKED)

    def answered(self, path: str, status: int, lasted: int, how: int = KEPT) -> None:
        """The same with what the read plane had kept. This is part of each hot read, so it does as little as it can."""
        cells, at = self.cells, self.places.get(path) or self._place(path)
        cells[how] += 1
        cells[at + status // 100] += 1
        cells[at + FIRST_BOUND + bisect_left(ENDS, lasted)] += 1
        cells[at + SUM] += lasted

    def _place(self, path: str) -> int:
        """Where the cells of the route of a path begin."""
        if len(self.places) >= MOST_PATHS:
            self.places.clear()
        self.places[path] = at = len(HEAD) + WIDTH * route_of(path)
        return at


def _free_slot() -> tuple[int, list[int]]:
    """A slot whose process is gone, with what it counted."""
    with _choosing:
        for slot in range(SLOTS):
            cells = _read(slot)
            if not _runs(cells[PROCESS]):
                cells[PROCESS], cells[WAITING] = os.getpid(), 0
                _write(slot, cells)
                return slot, cells
    raise RuntimeError(f"There are more than {SLOTS} processes.")


def _runs(process: int) -> bool:
    if not process:
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _read(slot: int) -> list[int]:
    return array("q", _shared[slot * len(EMPTY) : (slot + 1) * len(EMPTY)]).tolist()


def _write(slot: int, cells: list[int]) -> None:
    _shared[slot * len(EMPTY) : (slot + 1) * len(EMPTY)] = array("q", cells).tobytes()


def of_all() -> tuple[list[int], int]:
    """The counts of all processes together, and how many of them run. What waits is counted for those that run."""
    slots = [cells for cells in map(_read, range(SLOTS)) if cells[PROCESS]]
    running = [cells for cells in slots if _runs(cells[PROCESS])]
    sums = [sum(cells[at] for cells in slots) for at in range(SIZE)]
    sums[WAITING] = sum(cells[WAITING] for cells in running)
    return sums, len(running)


def by_route(sums: list[int]) -> Iterator[tuple[str, list[int], list[int], float]]:
    """Of each route that was asked: its name, answers by class of status, by duration, and seconds in all."""
    for place, name in enumerate(ROUTES):
        at = len(HEAD) + WIDTH * place
        statuses, durations = sums[at : at + CLASSES], sums[at + FIRST_BOUND : at + SUM]
        if any(statuses):
            yield name, statuses, durations, sums[at + SUM] / SECOND
