"""What one request may cost, so that a question of some kilobytes cannot keep the server busy for minutes.

In: steps, counted before they are taken, and the time that passes. Raises FhirError 422 `too-costly` once either is
used up, also in everything that a batch still asks. A step is a concept that came with the request and is compared with
one filter: microseconds. What the library itself has is not counted by steps, as nobody can make it larger by asking.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from content_app.delivery.fhir.terminology.outcome import refusal

MOST_STEPS = 100_000
MOST_SECONDS = 5.0


class Budget:
    """Steps and time for a request."""

    def __init__(self, steps: int, seconds: float):
        self.steps = steps
        self.seconds = seconds
        self.until = time.monotonic() + seconds

    def spend(self, steps: int) -> None:
        """Take steps from the budget. Raises FhirError 422."""
        self.steps -= steps
        if self.steps < 0:
            text = (
                f"This takes more than {MOST_STEPS} steps (concepts that you send × filters × questions). "
                "Send fewer concepts, filters or questions"
            )
            raise refusal(422, "too-costly", text, message_id="VALUESET_TOO_COSTLY")
        if time.monotonic() > self.until:
            text = f"This took longer than {self.seconds:g} seconds and was stopped. Request less at a time"
            raise refusal(422, "too-costly", text, message_id="VALUESET_TOO_COSTLY")


_current: ContextVar[Budget | None] = ContextVar("budget", default=None)


@contextmanager
def budget(steps: int = MOST_STEPS, seconds: float = MOST_SECONDS) -> Iterator[None]:
    """All that is done within the block has this much together."""
    before = _current.set(Budget(steps, seconds))
    try:
        yield
    finally:
        _current.reset(before)


def spend(steps: int = 0) -> None:
    """Count work, and look at the clock. Without a budget nothing is counted."""
    current = _current.get()
    if current is not None:
        current.spend(steps)
