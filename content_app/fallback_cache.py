"""A shared cache that may be away, and that is not trusted: then each process keeps its own for a while.

In: CACHE_URL=redis://… Out: a Django cache that never raises because Redis cannot be reached. What counts requests
and sign-ins goes on counting, per process, so that a cache that is away neither opens a door nor locks it. It is left
alone for some seconds before it is tried again, so that no request waits for it but the one that tries.

Values are JSON. Django's own are pickles, and whoever can write to Redis could have this process run code with one.
What is no JSON counts as absent.
"""

import json
import logging
import time
from typing import Any, ClassVar

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.exceptions import RedisError, ResponseError
from redis.retry import Retry

PAUSE = 5  # seconds until a cache that was away is asked again
PATIENCE = 0.1  # seconds that an answer may take
MOST_ENTRIES = 50_000  # in one process; beyond, those that were idle longest go
ABSENT = object()


class JsonSerializer:
    """Values as JSON; whole numbers as Redis itself counts them."""

    def dumps(self, value: Any) -> int | bytes:
        return value if type(value) is int else json.dumps(value).encode()

    def loads(self, data: bytes) -> Any:
        """The value; `ABSENT` for what nobody here has written."""
        try:
            return json.loads(data)
        except (ValueError, RecursionError):
            return ABSENT


OPTIONS = {
    "serializer": JsonSerializer,
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
                answer = self._asked(method, *args, **kwargs)
            except RedisError as error:
                self._leave_alone(error)
            else:
                self._is_there()
                return answer
        return getattr(self.own, method)(*args, **kwargs)

    def _asked(self, method: str, *args, **kwargs):
        """The answer of Redis. What cannot be read is as if it were not there."""
        try:
            answer = getattr(super(), method)(*args, **kwargs)
        except ResponseError as error:
            if method != "incr" or "integer" not in str(error):
                raise
            super().delete(args[0])
            raise ValueError(f"Key {args[0]!r} not found")  # as Django says it of a key that is not there
        if method == "get_many":
            return {key: value for key, value in answer.items() if value is not ABSENT}
        if answer is ABSENT:
            return kwargs.get("default", args[1] if len(args) > 1 else None)
        return answer

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
