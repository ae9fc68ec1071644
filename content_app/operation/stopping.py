"""Whether this server has been told to stop: one byte of memory that the main process shares with those it forks.

In: the main process, on SIGTERM. Out: every process that answers requests knows, so `/readyz` says 503 while a load
balancer takes this server out, and requests on their way are still answered.
"""

import mmap

_shared = mmap.mmap(-1, 1)


def begin() -> None:
    """From now on this server is on its way out."""
    _shared[0] = 1


def has_begun() -> bool:
    """Whether it is."""
    return _shared[0] == 1
