"""What is current: the release that readers get, and the day.

In: the pointer to the current release, at most once a second; at once after a publication in this process. Out: an
`Edition`. The day is part of it because pages say whether a review is overdue, and because what is deprecated is taken
out on a day.
"""

import logging
import threading
import time
from typing import Any, NamedTuple

from django.db import DEFAULT_DB_ALIAS, Error, connections, transaction
from django.db.models.signals import post_save

from content_app.delivery.store import reading, replicas
from content_app.models.publication import Release

PATIENCE = 1.0  # seconds for which what was current a moment ago is still taken for current
SILENCE = 1.2  # seconds without an answer of the database, after which it counts as away
DAY = 86_400
logger = logging.getLogger(__name__)


class Edition(NamedTuple):
    """The state of the published library, by number and by hash (of two restored libraries, the number may be the
    same), on one day, and the database that has it: a replica may have an older one than the primary."""

    release: int
    manifest: str
    day: int
    database: str = DEFAULT_DB_ALIAS


class Editions:
    """The edition that is current. Two editions that are equal are one object."""

    def __init__(self) -> None:
        self.edition: Edition | None = None
        self.day = 0
        self.look_again_at = 0.0
        self.looking = threading.Lock()
        self.asked_at = 0.0
        self.told_at = 0.0  # when the database last said what is current
        self.is_away = False
        post_save.connect(self._published, sender=Release, weak=True)

    def current(self) -> Edition | None:
        """The current edition; None before the first release.

        While the database is away, the last that is known of, for a day; none if something was published since.
        """
        if self.edition and not replicas.choice.is_still(self.edition.database, self.edition[:2]):
            self.forget()
        if time.monotonic() >= self.look_again_at or int(time.time()) // DAY != self.day:
            self._look()
        return self.edition

    def known(self) -> Edition | None:
        """The current edition, if nobody has to look first: while somebody looks, what was current a moment ago."""
        is_due = time.monotonic() >= self.look_again_at or int(time.time()) // DAY != self.day
        must_look = is_due and (self.look_again_at == 0.0 or not self.looking.locked())
        return None if must_look else self.edition

    def is_silent(self) -> bool:
        """Whether somebody has been looking for so long that nothing new can be read from the database."""
        return self.looking.locked() and time.monotonic() - self.asked_at > SILENCE

    def stale_for(self) -> int:
        """Seconds since the database last said what is current, while it does not say so; else 0."""
        return int(time.monotonic() - self.told_at) if self.is_away or self.is_silent() else 0

    def forget(self) -> None:
        """Look again before the next answer."""
        self.look_again_at = 0.0

    def _published(self, using: str, **_: Any) -> None:
        transaction.on_commit(self.forget, using=using)

    def _look(self) -> None:
        """Ask the database. While one thread asks, the others go on with what was current, unless that is over."""
        day = int(time.time()) // DAY
        is_over = self.look_again_at == 0.0 or day != self.day
        if not self.looking.acquire(blocking=is_over):
            return
        try:
            was_forgotten = self.look_again_at == 0.0
            self.asked_at = time.monotonic()
            self.look_again_at = self.asked_at + PATIENCE  # set before: a publication meanwhile sets it back
            self._note(self._found(day), day)
        except Error as fault:
            connections.close_all()
            if not self.is_away:
                logger.error("The current release cannot be read: %s", fault)
            self.day, self.is_away = day, True
            if was_forgotten or time.monotonic() - self.told_at > DAY:
                self.edition = None
        finally:
            self.looking.release()

    def _note(self, found: Edition | None, day: int) -> None:
        if found != self.edition:
            self.edition = found
        if self.is_away:
            logger.warning("The current release can be read again.")
        self.day, self.told_at, self.is_away = day, time.monotonic(), False

    def _found(self, day: int) -> Edition | None:
        alias = replicas.choice.current()
        if alias != DEFAULT_DB_ALIAS:
            row = replicas.choice.manifest(alias)
        else:
            with reading.outside_of_a_request():
                row = reading.current_manifest()
        return Edition(*row, day, alias) if row else None
