"""A shared cache that may be away: then each process keeps its own for a while.

In: CACHE_URL=redis://… Out: a Django cache that never raises because Redis cannot be reached. What counts requests
and sign-ins goes on counting, per process, so that a cache that is away neither opens a door nor locks it. It is left
alone for some seconds before it is tried again, so that no request waits for it but the one that tries.
"""

import logging
import time
from typing import ClassVar

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

PAUSE = 5  # seconds until a cache that was away is asked again
PATIENCE = 0.1  # seconds that an answer may take
MOST_ENTRIES = 50_000  # in one process; beyond, those that were idle longest go
OPTIONS = {
    "socket_connect_timeout": PATIENCE,
    "socket_timeout": PATIENCE,
    "retry": Retry(NoBackoff(), 1),  # once: a connection that was kept may have been closed meanwhile
}
METHODS = ("add", "get", "set", "touch", "delete", "get_many", "set_many", "delete_many", "has_key", "incr", "clear")
logger = logging.getLogger(__name__)


class SteadyRedisCache(RedisCache):
    """Redis, and in its place memory of this process while Redis cannot be reached."""

    try_again_at: ClassVar[dict[str, float]] = {}
    """The servers that are away, with when each is asked again: known to all threads, as each has a cache object."""

    def __init__(self, server, params):
        super().__init__(server, params | {"OPTIONS": OPTIONS | params.get("OPTIONS", {})})
        self.server = server
        self.own = LocMemCache("while-redis-is-away", params | {"OPTIONS": {"MAX_ENTRIES": MOST_ENTRIES}})

    def steadily(self, method: str, *args, **kwargs):
        """The answer of Redis, or of this process if Redis is away."""
        now = time.monotonic()
        if now >= self.try_again_at.get(self.server, now):
            if self.server in self.try_again_at:
                self.try_again_at[self.server] = now + PAUSE  # the others do not wait with this one
            try:
                answer = getattr(super(), method)(*args, **kwargs)
            except RedisError as error:
                self._leave_alone(error)
            else:
                self._is_there()
                return answer
        return getattr(self.own, method)(*args, **kwargs)

    def _leave_alone(self, error: RedisError) -> None:
        if self.server not in self.try_again_at:
            logger.error("The cache cannot be reached, so each process keeps its own: %s", error)
        self.try_again_at[self.server] = time.monotonic() + PAUSE

    def _is_there(self) -> None:
        if self.try_again_at.pop(self.server, None) is not None:
            logger.warning("The cache is back.")


def _steady(method: str):
    def call(self, *args, **kwargs):
        return self.steadily(method, *args, **kwargs)

    return call


for _method in METHODS:
    setattr(SteadyRedisCache, _method, _steady(_method))
