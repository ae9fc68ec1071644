"""How much a client may ask for, and how much it has asked: one counter a client and minute, in the cache.

In: a policy, and who asks. Out: where they stand. A shared cache counts for all processes; without one, or while it is
away (see `steady_cache`), each process counts for itself.
"""

import hashlib
import time
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import BaseCache, caches


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
    used = _add_one(caches["default"], f"limit:{policy.name}:{digest.hex()}:{number}", 2 * policy.window)
    return Standing(policy, used, policy.window - passed)


def _add_one(cache: BaseCache, key: str, lifetime: int) -> int:
    """Adds one atomically. Whoever finds no counter makes it, and of two who do that at once one counts on."""
    try:
        return cache.incr(key)
    except ValueError:
        return 1 if cache.add(key, 1, lifetime) else cache.incr(key)
