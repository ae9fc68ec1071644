"""What the worker should have done by now: schedules, webhooks and imports that are due, and since when.

In: the database and the time. Out: a `Standing`, which `/readyz`, the desk and `manage.py doctor` show.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, Count, F, Min, QuerySet, When
from django.utils import timezone

from content_app.editorial import scheduling
from content_app.editorial.exchange import uploads
from content_app.models import WebhookEvent
from content_app.webhooks import deliveries
from content_app.worker import heartbeat

LATE = timedelta(minutes=5)


@dataclass(frozen=True)
class Backlog:
    """Work of one kind that is due: how much, and since when the oldest has been waiting."""

    name: str
    due: int
    oldest: datetime | None

    def late_by(self, now: datetime) -> timedelta:
        return max(now - self.oldest, timedelta()) if self.oldest else timedelta()


@dataclass(frozen=True)
class Standing:
    """How the background work stands at a moment."""

    now: datetime
    heartbeat: heartbeat.Heartbeat | None
    backlogs: tuple[Backlog, ...]

    @property
    def late(self) -> list[Backlog]:
        """What has been waiting for too long."""
        return [backlog for backlog in self.backlogs if backlog.late_by(self.now) > LATE]

    @property
    def status(self) -> str:
        """`running`, `late`, `stopped`, or `unknown`: no worker ever ran here, and nothing is late."""
        if self.heartbeat and not self.heartbeat.is_alive(self.now):
            return "stopped"
        if self.late:
            return "late"
        return "running" if self.heartbeat else "unknown"

    @property
    def sentences(self) -> list[str]:
        """What an operator has to know; nothing if all is well."""
        told = [
            f"{backlog.name.capitalize()} have been waiting for {in_words(backlog.late_by(self.now))}: {backlog.due}."
            for backlog in self.late
        ]
        if self.status == "stopped":
            since = f"{self.heartbeat.seen_at:%-d %B %Y, %H:%M} UTC"
            told.insert(0, f"The background worker has stopped. It was last seen on {since}.")
        return told

    def as_json(self) -> dict[str, Any]:
        """For monitoring."""
        return {
            "status": self.status,
            "seen_at": self.heartbeat.seen_at.isoformat() if self.heartbeat else None,
            "due": {backlog.name: backlog.due for backlog in self.backlogs},
            "late_seconds": {backlog.name: int(backlog.late_by(self.now).total_seconds()) for backlog in self.backlogs},
        }


def standing(now: datetime | None = None) -> Standing:
    """How the background work stands. In: the database. A few quick statements."""
    now = now or timezone.now()
    sent, events = _backlog("webhooks", deliveries.due(now), F("next_attempt_at")), _events()
    webhooks = Backlog(sent.name, sent.due + events.due, min(filter(None, (sent.oldest, events.oldest)), default=None))
    since = Case(When(held_until__isnull=False, then=F("held_until")), When(state="checking", then=F("uploaded_at")))
    backlogs = (
        _backlog("schedules", scheduling.due(), F("due_at")),
        webhooks,
        _backlog("imports", uploads.due(now), since),
    )
    return Standing(now, heartbeat.last(), backlogs)


def _events() -> Backlog:
    return _backlog("events", WebhookEvent.objects.filter(is_fanned_out=False), F("created_at"))


def _backlog(name: str, waiting: QuerySet, since: Any) -> Backlog:
    found = waiting.order_by().aggregate(number=Count("pk"), oldest=Min(since))
    return Backlog(name, found["number"], found["oldest"])


def in_words(delay: timedelta) -> str:
    """A delay in the largest unit that fits: 7 minutes."""
    seconds = int(delay.total_seconds())
    for unit, size in (("day", 86_400), ("hour", 3600), ("minute", 60)):
        if seconds >= size:
            return f"{seconds // size} {unit}{'s' if seconds >= 2 * size else ''}"
    return f"{seconds} seconds"
