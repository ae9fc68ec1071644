"""A shared cache that may be away: then each process keeps its own for a while.

In: CACHE_URL=redis://… Out: a Django cache that never raises because Redis cannot be reached. What counts sign-ins
goes on counting, per process, so that a cache that is away neither opens the door nor locks it.
"""

import logging
import time

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

PAUSE = 10  # seconds until a cache that was away is asked again
PATIENCE = 0.5  # seconds that an answer may take
METHODS = ("add", "get", "set", "touch", "delete", "get_many", "set_many", "delete_many", "has_key", "incr", "clear")
logger = logging.getLogger(__name__)


class SteadyRedisCache(RedisCache):
    """Redis, and in its place memory of this process while Redis cannot be reached."""

    def __init__(self, server, params):
        patience = {"socket_connect_timeout": PATIENCE, "socket_timeout": PATIENCE}
        options = patience | params.get("OPTIONS", {})
        super().__init__(server, params | {"OPTIONS": options})
        self.own = LocMemCache("while-redis-is-away", {key: params[key] for key in params if key != "OPTIONS"})
        self.away_until = 0.0

    def steadily(self, method: str, *args, **kwargs):
        """The answer of Redis, or of this process if Redis is away."""
        if time.monotonic() >= self.away_until:
            try:
                return getattr(super(), method)(*args, **kwargs)
            except RedisError as error:
                self.away_until = time.monotonic() + PAUSE
                logger.error("The cache cannot be reached, so each process keeps its own: %s", error)
        return getattr(self.own, method)(*args, **kwargs)


def _steady(method: str):
    def call(self, *args, **kwargs):
        return self.steadily(method, *args, **kwargs)

    return call


for _method in METHODS:
    setattr(SteadyRedisCache, _method, _steady(_method))
