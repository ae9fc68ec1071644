"""The worker's part: hands out events, sends what is due in a few threads, tells of overdue reviews, removes old log.

In: the database. Out: signed requests. `deliver` returns at once and leaves the sending to its threads, so that a slow
receiver holds up neither the other jobs nor, as each endpoint has one request at a time, the other endpoints.
"""

import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

from content_app.models.webhooks import WebhookDelivery
from content_app.outages import is_outage
from content_app.webhooks import deliveries, endpoints, sealing, signing
from content_app.webhooks.connecting import CheckedBackend
from content_app.webhooks.notifying import tell_switched_off
from content_app.webhooks.overdue import announce_overdue
from content_app.webhooks.sending import Outcome, send

THREADS = 8
logger = logging.getLogger(__name__)


def attempt(delivery: WebhookDelivery, now: datetime, backend: CheckedBackend | None = None) -> Outcome:
    """Send a delivery that was claimed, outside of any transaction. `now` is the time that is signed."""
    event, endpoint = delivery.event, delivery.endpoint
    try:
        secrets = endpoints.secrets_of(endpoint, now)
    except sealing.Unreadable as unreadable:
        return Outcome(None, str(unreadable))
    body = bytes(event.body)
    headers = signing.headers(event.message_id, int(now.timestamp()), body, secrets)
    return send(endpoint.url, body, headers, now=now, backend=backend)


def deliver_next(now: datetime, backend: CheckedBackend | None = None) -> bool:
    """Claim what has been due longest, send it, keep what came of it. False if nothing is due."""
    delivery = deliveries.claim(now)
    if delivery is None:
        return False
    outcome = attempt(delivery, now, backend)
    switched_off = deliveries.finish(delivery, outcome, now, now + timedelta(milliseconds=outcome.duration_ms))
    if switched_off:
        tell_switched_off(switched_off)
    return True


class Senders:
    """Threads that send what is due, each until nothing is."""

    def __init__(self, threads: int = THREADS):
        self.threads = threads
        self.free = threading.Semaphore(threads)
        self.done = 0
        self.stopping = threading.Event()
        self.pool: ThreadPoolExecutor | None = None

    def wake(self, number: int) -> None:
        """Set as many threads to work as there is something to do, and as are free."""
        self.pool = self.pool or ThreadPoolExecutor(self.threads, thread_name_prefix="webhooks")
        for _ in range(number):
            if not self.free.acquire(blocking=False):
                return
            self.pool.submit(self.work)

    def work(self) -> None:
        try:
            while not self.stopping.is_set() and deliver_next(timezone.now()):
                self.done += 1
        except Exception as error:
            if is_outage(error):
                return  # which the worker says; the lease ends and it is tried again
            logger.exception(
                "A webhook could not be sent because of an error. It will be tried again when its lease ends."
            )
        finally:
            connection.close()
            self.free.release()

    def end(self, *, at_once: bool) -> None:
        """Wait for what is on its way, then be as new; `at_once` begins nothing more."""
        if at_once:
            self.stopping.set()
        if self.pool:
            self.pool.shutdown(wait=True)
        self.pool, self.done = None, 0
        self.stopping.clear()


senders = Senders()


def deliver() -> int:
    """Write deliveries of new events, and wake the threads: how many deliveries they have attempted since last time."""
    now = timezone.now()
    deliveries.fan_out(now)
    waiting = deliveries.due(now).values("endpoint").distinct()[:THREADS].count()
    if waiting:
        senders.wake(waiting)
    done, senders.done = senders.done, 0
    return done


def end(*, at_once: bool) -> None:
    """The worker ends: at once, or after everything that is due."""
    senders.end(at_once=at_once)


def look_after() -> int:
    """Tell of reviews that have become overdue, and remove what the log no longer keeps."""
    now = timezone.now()
    return announce_overdue(now) + deliveries.prune(now)
