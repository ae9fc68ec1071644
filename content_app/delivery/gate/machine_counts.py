"""Counters that all processes of one machine share: a small file in VAR_DIR that each of them maps into its memory.

In: who asks, as a hash, and the window of time. Out: how much they have asked in it, from all processes together. The
file is a hash table of fixed size: when a bucket is full, the client who was counted longest ago is forgotten. Where no
file can be made, each process counts for itself.
"""

import fcntl
import mmap
import os
import struct
import threading
from pathlib import Path

SLOT = struct.Struct("<8sII")  # a hash, a window, a count
BUCKET = 8 * SLOT.size  # bytes
BUCKETS = 8192  # so 65,536 clients in one megabyte
SIZE = BUCKETS * BUCKET
MOST = 2**32 - 1


class MachineCounts:
    """Counters by client. A microsecond or two each, as every answer waits for one."""

    def __init__(self, path: Path | None):
        self.counting = threading.Lock()
        self.file = _opened(path)
        self.memory = mmap.mmap(self.file, SIZE)  # -1: memory of this process alone

    def add(self, client: bytes, window: int, cost: int = 1) -> int:
        """Count so much for a client (a hash of at least 12 bytes), and how much it is now in this window."""
        start = int.from_bytes(client[:4]) % BUCKETS * BUCKET
        tag = client[4:12]
        with self.counting:
            self._lock(fcntl.LOCK_EX)
            try:
                bucket = self.memory[start : start + BUCKET]
                at = bucket.find(tag)
                if at < 0 or at % SLOT.size:
                    at = _oldest(bucket)
                held, counted, used = SLOT.unpack_from(bucket, at)
                used = min(used + cost, MOST) if held == tag and counted == window else cost
                SLOT.pack_into(self.memory, start + at, tag, window, used)
            finally:
                self._lock(fcntl.LOCK_UN)
        return used

    def _lock(self, how: int) -> None:
        """Keep other processes out. A lock of POSIX ends with its process, however that ends."""
        if self.file >= 0:
            fcntl.lockf(self.file, how)

    def clear(self) -> None:
        """Forget everybody."""
        with self.counting:
            self.memory[:] = bytes(SIZE)


def _opened(path: Path | None) -> int:
    """The file, open and large enough: a hole in it would end a process that writes there. -1 if there can be none."""
    if path is None:
        return -1
    try:
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        os.posix_fallocate(file, 0, SIZE)
    except OSError:
        return -1
    return file


def _oldest(bucket: bytes) -> int:
    """Where the client is that was counted longest ago, or for whom least was counted then."""
    slots = [(window, used) for _, window, used in SLOT.iter_unpack(bucket)]
    return slots.index(min(slots)) * SLOT.size
