"""A daily email to everybody at the desk for whom something waits: the list “Next for you” of the home.

In: people with an email address, what waits for them, and EMAIL_URL: without a mail server nothing is sent, and the
home says so. Out: at most one email a person and day, after `HOUR`. What could not be sent is in the next one.
"""

import logging
from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import AbstractUser, User
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from content_app.models import Digest

HOUR = 6  # UTC
MOST_AT_ONCE = 20  # people, between two looks at the other jobs
OFF = "You do not get this list by email, because no mail server is set up (EMAIL_URL)."
NO_ADDRESS = "You do not get this list by email, because your account has no email address. Ask a user administrator."
ON = "If anything is waiting for you, you get this list by email at {} after {:02}:00 UTC each day."
logger = logging.getLogger(__name__)


def told_to(person: AbstractUser) -> str:
    """Whether this person gets their list by email, in a sentence."""
    if not settings.SENDS_MAIL:
        return OFF
    return ON.format(person.email, HOUR) if person.email else NO_ADDRESS


def send_due(now: datetime | None = None) -> int:
    """Send today's email to those who have not had it. Out: how many were sent."""
    now = now or timezone.now()
    if not settings.SENDS_MAIL or now.hour < HOUR:
        return 0
    return sum(_send(person, now) for person in _due(now)[:MOST_AT_ONCE])


def _due(now: datetime) -> QuerySet[User]:
    had_it = Digest.objects.filter(sent_on=now.date()).values("person")
    return User.objects.filter(is_active=True, is_staff=True).exclude(email="").exclude(pk__in=had_it).order_by("pk")


def _send(person: User, now: datetime) -> bool:
    """Send one. It counts as sent before it is, so that no fault of a mail server makes a second one of it."""
    from content_app.admin import home  # its numbers come from modules that register pages

    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=person.pk)
        if Digest.objects.filter(person=person, sent_on=now.date()).exists():
            return False
        Digest.objects.update_or_create(person=person, defaults={"sent_on": now.date()})
    tasks = home.tasks(person, set(person.groups.values_list("name", flat=True)))
    if not tasks:
        return False
    lines = [f"- {task.name}: {task.why}{_by(task.due_on)}\n  {settings.PUBLIC_URL}{task.href}" for task in tasks]
    text = "\n".join([f"Hello {person.get_short_name() or person.get_username()},\n", "Waiting for you:\n", *lines])
    try:
        send_mail(f"Editorial desk: tasks waiting for you ({len(tasks)})", f"{text}\n", None, [person.email])
    except Exception:
        logger.exception("The daily email to %s could not be sent.", person)
        return False
    return True


def _by(day) -> str:
    return f", by {day.day} {day:%b %Y}" if day else ""
