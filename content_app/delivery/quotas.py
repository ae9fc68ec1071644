"""How much a client may ask for, and how much it has asked: one counter a client and minute, in the cache.

In: a policy, and who asks. Out: where they stand. The shared cache counts for all processes; without one, or while it
is away, each process counts for itself. A cache that is away is left alone for some seconds before it is tried again,
so that no request waits for it but the one that tries.
"""

import hashlib
import logging
import time
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import BaseCache, caches
from django.core.cache.backends.locmem import LocMemCache

PAUSE = 5  # seconds before a cache that is away is tried again
MOST_COUNTERS = 50_000  # in one process; beyond, those that were idle longest go
logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Policy:
    """So many requests (`quota`) in so many seconds (`window`). `name` is told to clients."""

    name: str
    quota: int
    window: int = 60


@dataclass(frozen=True)
class Standing:
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


def count(policy: Policy, who: str) -> Standing:
    """Count one request of `who`. Addresses are kept as keyed hashes only; each client's minute begins at its own time,
    so that not all of them come back at once."""
    secret = settings.SECRET_KEY.encode()[:32]
    digest = hashlib.blake2s(f"{policy.name} {who}".encode(), digest_size=12, key=secret).digest()
    number, passed = divmod(int(time.time()) + digest[0], policy.window)
    used = counters.add_one(f"limit:{policy.name}:{digest.hex()}:{number}", 2 * policy.window)
    return Standing(policy, used, policy.window - passed)


class Counters:
    """Counts in the cache of the settings; in this process for as long as that one is away."""

    def __init__(self) -> None:
        self.own = LocMemCache("counters", {"OPTIONS": {"MAX_ENTRIES": MOST_COUNTERS}})
        self.is_away = False
        self.try_again_at = 0.0

    def add_one(self, key: str, lifetime: int) -> int:
        """The counter after adding one. Never raises because of the cache."""
        if not self.is_away or time.monotonic() >= self.try_again_at:
            try:
                counted = _add_one(caches["default"], key, lifetime)
            except Exception as fault:  # whatever kind of cache it is, reading goes on without it
                self._leave_alone(fault)
            else:
                self._is_there()
                return counted
        return _add_one(self.own, key, lifetime)

    def _leave_alone(self, fault: Exception) -> None:
        self.try_again_at = time.monotonic() + PAUSE
        if not self.is_away:
            self.is_away = True
            logger.warning("The cache is away; this process counts requests by itself until it is back: %s", fault)

    def _is_there(self) -> None:
        if self.is_away:
            self.is_away = False
            logger.warning("The cache is back.")


def _add_one(cache: BaseCache, key: str, lifetime: int) -> int:
    """Adds one atomically. Whoever finds no counter makes it, and of two who do that at once one counts on."""
    try:
        return cache.incr(key)
    except ValueError:
        return 1 if cache.add(key, 1, lifetime) else cache.incr(key)


counters = Counters()
