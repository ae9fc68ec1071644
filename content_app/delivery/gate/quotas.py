"""How much a client may ask for, and how much it has asked: one counter a client and minute.

In: a policy, who asks, and what that costs. Out: where they stand. A cache that machines share (`CACHE_URL`) counts for
all of them; without one, all processes of a machine count together (see `machine_counts`). While the cache is away (see
`fallback_cache`), each process counts for itself.
"""

import hashlib
import time
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.core.cache import BaseCache, caches

from content_app.delivery.gate.machine_counts import MachineCounts


class Policy(NamedTuple):
    """So much (`quota`, in simple requests) in so many seconds (`window`). `name` is told to clients."""

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


@cache
def own() -> MachineCounts:
    """The counters of this machine: `limits` in VAR_DIR."""
    return MachineCounts(Path(settings.VAR_DIR) / "limits")


def count(policy: Policy, who: str, cost: int = 1) -> Standing:
    """Count a request of `who`, by what it costs.

    Counters are kept by keyed hashes of addresses; each client's minute begins at its own time, so that not all of them
    come back at once.
    """
    digest = _keyed_hash(f"{policy.name} {who}", settings.SECRET_KEY)
    minute, passed = divmod(int(time.time()) + digest[0], policy.window)
    if counts_alone():
        used = own().add(digest, minute, cost)
    else:
        key = f"limit:{policy.name}:{digest.hex()}:{minute}"
        used = _add(caches["default"], key, cost, 2 * policy.window)
    return Standing(policy, used, policy.window - passed)


def counts_alone() -> bool:
    """Whether this machine counts for itself, and so without waiting for another one."""
    return not settings.CACHES["default"]["BACKEND"].endswith(".SteadyRedisCache")


@lru_cache(maxsize=4096)
def _keyed_hash(text: str, secret: str) -> bytes:
    return hashlib.blake2s(text.encode(), digest_size=12, key=secret.encode()[:32]).digest()


def _add(shared: BaseCache, key: str, cost: int, lifetime: int) -> int:
    """Adds atomically. Whoever finds no counter makes it, and of two who do that at once one counts on."""
    try:
        return shared.incr(key, cost)
    except ValueError:
        return cost if shared.add(key, cost, lifetime) else shared.incr(key, cost)
