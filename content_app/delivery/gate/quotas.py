"""How much a client may ask for, and how much it has asked: one counter a client and minute.

In: a policy, and who asks. Out: where they stand. A cache that processes share (`CACHE_URL`) counts for all of them;
without one, or while it is away (see `fallback_cache`), each process counts for itself.
"""

import hashlib
import threading
import time
from functools import lru_cache
from typing import NamedTuple

from django.conf import settings
from django.core.cache import BaseCache, caches

MOST_CLIENTS = 50_000  # that one process counts; beyond, those go that have asked for nothing longest


class Policy(NamedTuple):
    """So many requests (`quota`) in so many seconds (`window`). `name` is told to clients."""

    name: str
    quota: int
    window: int = 60


class Standing(NamedTuple):
    """Where a client stands under a policy: requests counted, this one included, and seconds until it starts anew."""

    policy: Policy
    used: int
    reset: int

    @property
    def remaining(self) -> int:
        return max(0, self.policy.quota - self.used)

    @property
    def is_exceeded(self) -> bool:
        return self.used > self.policy.quota


class Counts:
    """The counters of this process: of each client, its minute and the requests in it. Twenty times as fast as a cache
    in memory, which every answer would wait for."""

    def __init__(self) -> None:
        self.clients: dict[bytes, tuple[int, int]] = {}  # the one that asked last is the last
        self.counting = threading.Lock()

    def add_one(self, client: bytes, minute: int) -> int:
        """Count one request, and how many there are now in this minute."""
        with self.counting:
            counted, used = self.clients.pop(client, (minute, 0))
            used = used + 1 if counted == minute else 1
            self.clients[client] = minute, used
            if len(self.clients) > MOST_CLIENTS:
                del self.clients[next(iter(self.clients))]
        return used


OWN = Counts()


def count(policy: Policy, who: str) -> Standing:
    """Count one request of `who`. Counters are kept by keyed hashes of addresses; each client's minute begins at its
    own time, so that not all of them come back at once."""
    digest = _keyed_hash(f"{policy.name} {who}", settings.SECRET_KEY)
    minute, passed = divmod(int(time.time()) + digest[0], policy.window)
    if counts_alone():
        used = OWN.add_one(digest, minute)
    else:
        key = f"limit:{policy.name}:{digest.hex()}:{minute}"
        used = _add_one(caches["default"], key, 2 * policy.window)
    return Standing(policy, used, policy.window - passed)


def counts_alone() -> bool:
    """Whether each process counts for itself, and so without waiting for another machine."""
    return settings.CACHES["default"]["BACKEND"].endswith(".LocMemCache")


@lru_cache(maxsize=4096)
def _keyed_hash(text: str, secret: str) -> bytes:
    return hashlib.blake2s(text.encode(), digest_size=12, key=secret.encode()[:32]).digest()


def _add_one(cache: BaseCache, key: str, lifetime: int) -> int:
    """Adds one atomically. Whoever finds no counter makes it, and of two who do that at once one counts on."""
    try:
        return cache.incr(key)
    except ValueError:
        return 1 if cache.add(key, 1, lifetime) else cache.incr(key)
