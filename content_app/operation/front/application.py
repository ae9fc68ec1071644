"""The front: takes each request to where it is answered, within a time.

In: granian's requests (RSGI). Out: answers. Whoever waits too long gets a 503 and when to ask again.
"""

import asyncio
import contextvars
from concurrent.futures import Executor, ThreadPoolExecutor
from time import perf_counter_ns
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest

from content_app.delivery.gate.protocol_errors import refuse
from content_app.delivery.read_plane.application import Django, ReadPlane
from content_app.delivery.read_plane.question import Environ
from content_app.delivery.store import replicas
from content_app.editorial.exchange.archives import LARGEST_UPLOAD
from content_app.operation.front.receiving import TooSlow, environ_of, receive
from content_app.operation.front.sending import Answer, send
from content_app.operation.metrics.counts import Counts
from content_app.operation.probes import METRICS

WITH_BODY = frozenset({"POST", "PUT", "PATCH", "DELETE"})
EDITORS, STREAMS = 4, 32  # threads for the desk, and for answers that are made piece by piece
LONGEST = 60.0  # seconds for an answer to begin
MOST_WAITING = 500  # requests that wait for a thread; further ones are better off elsewhere, or later
LOOK = 0.5  # seconds after which a request that waits is looked at again
PROBE = 2.0  # seconds for `/readyz` to find out
SLOW_BODY = "The request body did not arrive in time."
NO_TIME = "This request takes too long to answer. Request less, or try again later."
AWAY = "The database is unavailable. Earlier responses are still served. Try again later."
CROWDED = "The server is busy. Try again in a few seconds."
SECONDS = "5"  # after which to try again


class Front:
    """An RSGI application before a read plane, or before Django alone."""

    def __init__(self, application: ReadPlane | Django):
        self.application = application
        self.plane = application if isinstance(application, ReadPlane) else None
        self.django = self.plane.django if self.plane else application
        self.waiting = 0
        self.alive: Answer | None = None
        self.counts: Counts | None = None
        # On an event loop, Django keeps connections by context, and each request has its own: this one is for all.
        self.context = contextvars.copy_context()

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """In the process that answers, before its first request."""
        self.readers = ThreadPoolExecutor(settings.THREADS, "reader")
        self.editors = ThreadPoolExecutor(EDITORS, "editor")
        self.probes = ThreadPoolExecutor(1, "probe")
        self.streams = ThreadPoolExecutor(STREAMS, "stream")
        replicas.choice.current()  # from now on they are watched, and the first request waits for none of them
        if settings.METRICS_TOKEN:
            self.scrapes = ThreadPoolExecutor(1, "scrape")
            self.counts = Counts(lambda: self.waiting)
            self.counts.copy_from_now_on(loop)

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        environ = environ_of(scope)
        if scope.method in WITH_BODY or "HTTP_TRANSFER_ENCODING" in environ or "CONTENT_LENGTH" in environ:
            at_desk = scope.path.startswith(settings.DESK_ADDRESSES)
            try:
                await receive(environ, protocol, LARGEST_UPLOAD if at_desk else settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
            except TooSlow:
                protocol.response_str(408, [("Content-Type", "text/plain"), ("Connection", "close")], SLOW_BODY)
                if self.counts:
                    self.counts.made(environ["PATH_INFO"], 408, 0)
                return
        elif self.plane:
            begun = perf_counter_ns()
            kept = self.context.run(self.plane.kept_answer, environ)
            if kept:
                protocol.response_bytes(*kept)
                if self.counts:
                    self.counts.answered(environ["PATH_INFO"], kept[0], perf_counter_ns() - begun)
                return
        begun = perf_counter_ns()
        answer = await self._answer(environ, scope.path)
        if self.counts:
            self.counts.made(environ["PATH_INFO"], answer.status, perf_counter_ns() - begun)
        await send(answer, protocol, self.streams)

    async def _answer(self, environ: Environ, path: str) -> Answer:
        if path == "/livez":
            return self._livez(environ)
        if path == "/readyz":
            return await self._within(PROBE, self.probes, environ)
        if self.counts and path == METRICS:
            return await asyncio.get_running_loop().run_in_executor(self.scrapes, self._ask, environ, self.django)
        if path.startswith(settings.DESK_ADDRESSES):
            return await self._within(LONGEST, self.editors, environ)
        if self.waiting >= MOST_WAITING:
            return self._refusal(environ, CROWDED)
        if self._is_cut_off():
            return self._away(environ)
        self.waiting += 1
        try:
            return await self._within(LONGEST, self.readers, environ)
        finally:
            self.waiting -= 1

    def _livez(self, environ: Environ) -> Answer:
        """That the process runs: Django says it once, without a thread or the database, and it holds from then on."""
        answer = self.alive or self.context.run(self._ask, environ)
        if answer.status == 200:
            self.alive = answer
        return answer

    async def _within(self, seconds: float, threads: Executor, environ: Environ) -> Answer:
        """The answer of a thread, if there is one in time, and the database does not keep it from being made."""
        asked = asyncio.get_running_loop().run_in_executor(threads, self._ask, environ)
        while seconds > 0:
            done, _ = await asyncio.wait([asked], timeout=min(seconds, LOOK))
            if done:
                return asked.result()
            seconds -= LOOK
            if self._is_cut_off():
                break
        asked.cancel()  # if no thread has begun with it, none will
        return self._away(environ) if self._is_cut_off() else self._refusal(environ, NO_TIME)

    def _away(self, environ: Environ) -> Answer:
        """The answer while the database is silent: what was kept, also for the request by which that was noticed."""
        kept = self.context.run(self.plane.kept_answer, environ) if self.plane else None
        return Answer(*kept) if kept else self._refusal(environ, AWAY)

    def _is_cut_off(self) -> bool:
        """Whether the database has not said what is current for so long that nothing new can be read from it."""
        return self.plane is not None and self.plane.editions.is_silent()

    def _ask(self, environ: Environ, application: ReadPlane | Django | None = None) -> Answer:
        answer = Answer()
        return answer.take((application or self.application)(environ, answer.start))

    def _refusal(self, environ: Environ, sentence: str) -> Answer:
        """503, as the protocol of the address says it."""
        response = refuse(WSGIRequest(environ), "unavailable", sentence)
        response["Retry-After"] = SECONDS
        status = f"{response.status_code} {response.reason_phrase}"
        answer = Answer()
        answer.start(status, list(response.items()))
        return answer.take([response.content])
