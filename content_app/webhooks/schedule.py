"""When a delivery is tried again: the schedule of Standard Webhooks 1.0.0, with jitter.

In: how many attempts have failed, and what the receiver asked for. Out: how long to wait. Pure but for chance.
"""

import random
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

# What is waited before each attempt: the first is immediate, the last about three days after it.
DELAYS = tuple(
    timedelta(seconds=seconds) for seconds in (0, 5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
)
JITTER = 0.1  # of a delay, added at most, so that what failed together is not tried again together
LONGEST = timedelta(hours=24)
LONGEST_PAUSE = timedelta(minutes=5)
BUSY = {429, 502, 503, 504}  # the receiver, or what stands before it, has too much to do


def next_delay(failed: int, asked: timedelta | None = None) -> timedelta | None:
    """How long to wait after so many failed attempts; None if there have been enough.

    `asked` is the receiver's Retry-After: waited for at least, but never longer than a day.
    """
    if failed >= len(DELAYS):
        return None
    jitter = random.uniform(0, JITTER)  # noqa: S311 - no secret
    return max(DELAYS[failed] * (1 + jitter), min(asked or timedelta(), LONGEST))


def pause(status: int | None, delay: timedelta, asked: timedelta | None) -> timedelta | None:
    """How long the endpoint's other deliveries wait too: if it asks for that, is busy, or does not answer at all."""
    if asked:
        return min(asked, LONGEST)
    if status in BUSY or status is None:
        return min(delay, LONGEST_PAUSE)
    return None


def retry_after(value: str, now: datetime) -> timedelta | None:
    """What a Retry-After header asks for (RFC 9110, section 10.2.3: seconds or a date); None if it is neither."""
    if value.isascii() and value.isdecimal() and len(value) < 10:
        return timedelta(seconds=int(value))
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(moment - now, timedelta())
