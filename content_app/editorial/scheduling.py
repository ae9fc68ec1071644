"""Publishing and withdrawing at a time: set, moved and taken back by publishers, done by the worker.

In: items, a moment, the person in whose name it is done. Out: `Schedule` rows; at their moment a release through
`workflow`, or a sentence that says why not, kept with the schedule and in the trail of its items. Claiming a schedule
and acting on it are one transaction: a worker that dies leaves it waiting, and two workers never do it twice.
"""

import datetime
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from content_app.audit import log
from content_app.editorial import withdrawal, workflow
from content_app.editorial.roles import PUBLISHER
from content_app.editorial.time_zones import current_name, is_known, zone_of
from content_app.editorial.transitions import TransitionNotAllowed, has_role
from content_app.editorial.workflow import NotPublishable
from content_app.models import Item, Release, Schedule, ScheduledItem, WithdrawalRequest
from content_app.outages import is_outage
from content_app.publication import publishing

FARTHEST = datetime.timedelta(days=5 * 366)
FAULT = "Something went wrong on the server and nothing was changed. Tell an administrator, then schedule it again."
FIRST, SECOND = "first", "second"
logger = logging.getLogger(__name__)


@dataclass
class HappensTwice(Exception):
    """A local time that a clock shows twice, as it is put back that night. Both instants, with their offsets."""

    first: datetime.datetime
    second: datetime.datetime


class NeverHappens(Exception):
    """A local time that a clock skips, as it is put forward. The message is a sentence."""


def instant(local: datetime.datetime, zone: str, occurrence: str = "") -> datetime.datetime:
    """The instant, in UTC, at which clocks in the zone show this local time.

    `occurrence` says which, first or second, where the clock shows it twice (PEP 495). Raises `HappensTwice` without
    it, and `NeverHappens` for a time that is skipped.
    """
    first, second = (local.replace(tzinfo=zone_of(zone), fold=fold).astimezone(datetime.UTC) for fold in (0, 1))
    if first.astimezone(zone_of(zone)).replace(tzinfo=None) != local.replace(fold=0):
        raise NeverHappens(
            f"The clocks go forward in {zone} that day, so {local:%H:%M} does not exist. Choose another time."
        )
    if first != second and occurrence not in (FIRST, SECOND):
        raise HappensTwice(*(one.astimezone(zone_of(zone)) for one in (first, second)))
    return second if occurrence == SECOND else first


def in_words(due_at: datetime.datetime, zone: str) -> str:
    """A moment in words: in its zone, and in UTC."""
    there, utc = due_at.astimezone(zone_of(zone)), due_at.astimezone(datetime.UTC)
    shown = f"{utc.day} {utc:%B %Y, %H:%M} UTC"
    if zone == "UTC" or not is_known(zone):
        return shown
    return f"{there.day} {there:%B %Y, %H:%M} {current_name(zone)} ({shown})"


@transaction.atomic
def schedule_publication(
    *, items: list[Item], by: AbstractUser, due_at: datetime.datetime, time_zone: str = "UTC"
) -> Schedule:
    """Publish these items together, as one release, at a moment. Refused if they could not be published now.

    Raises `TransitionNotAllowed` or `NotPublishable`.
    """
    _require_future(due_at)
    with _taken_back():
        workflow.publish(items=items, by=by)
    content = {item.pk: workflow.content_sha256(item) for item in items}
    values = {"due_at": due_at, "time_zone": time_zone}
    return _set(Schedule(act=Schedule.PUBLISH, set_by=by, **values), content)


@transaction.atomic
def schedule_withdrawal(*, item: Item, by: AbstractUser, due_at: datetime.datetime, time_zone: str = "UTC") -> Schedule:
    """Do at a moment what was requested, and nothing else. Refused if it could not be done now.

    Raises `TransitionNotAllowed`.
    """
    _require_future(due_at)
    with _taken_back():
        withdrawal.withdraw(item=item, by=by)
    said = _said(WithdrawalRequest.objects.get(item=item))
    values = {"due_at": due_at, "time_zone": time_zone, **said}
    return _set(Schedule(act=Schedule.WITHDRAW, set_by=by, **values), {item.pk: ""})


def _said(asked: WithdrawalRequest | Schedule) -> dict[str, Any]:
    """What readers will see of a withdrawal."""
    return {"reason": asked.reason, "replaced_by": asked.replaced_by, "note": asked.note}


@contextmanager
def _taken_back() -> Iterator[None]:
    """What happens inside is tried, and taken back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _set(schedule: Schedule, content: dict[int, str]) -> Schedule:
    """Store a schedule of these items, given with their content hashes; no item waits twice for the same act."""
    held = list(Item.objects.select_for_update(no_key=True).filter(pk__in=content).order_by("pk"))
    waiting = ScheduledItem.objects.filter(schedule__act=schedule.act, schedule__state=Schedule.WAITING)
    taken = [
        f"“{entry.item}” is already scheduled for {_when(entry.schedule)}. Change that schedule instead."
        for entry in waiting.filter(item__in=held).select_related("item", "schedule")
    ]
    if taken:
        raise TransitionNotAllowed(" ".join(taken))
    schedule.set_at = timezone.now()
    schedule.save()
    ScheduledItem.objects.bulk_create(
        ScheduledItem(schedule=schedule, item=item, content_sha256=content[item.pk]) for item in held
    )
    _tell(schedule, held, schedule.set_by, "schedule", f"{schedule.get_act_display()}: {_when(schedule)}.")
    _record("scheduled", schedule, schedule.set_by)
    return schedule


def _require_future(due_at: datetime.datetime) -> None:
    now = timezone.now()
    if due_at <= now:
        raise TransitionNotAllowed("This date and time are in the past. Choose a later time.")
    if due_at > now + FARTHEST:
        raise TransitionNotAllowed("This date is more than five years ahead. Choose an earlier one.")


def _when(schedule: Schedule) -> str:
    return in_words(schedule.due_at, schedule.time_zone)


def _tell(schedule: Schedule, items, by: AbstractUser, act: str, note: str) -> None:
    for item in items:
        workflow.keep_in_trail(item=item, by=by, act=act, note=note)


def _record(act: str, schedule: Schedule, by: AbstractUser, note: str = "", **data) -> None:
    """One entry of the audit for a schedule, which names its items."""
    items = list(schedule.items.order_by("pk"))
    label = f"{schedule.get_act_display()}: {', '.join(map(str, items))}"
    uuids = [str(item.uuid) for item in items]
    log.record(
        act, by=by, what=("schedule", schedule.pk, label), note=note, due_at=schedule.due_at, items=uuids, **data
    )


@transaction.atomic
def move(*, schedule: Schedule, by: AbstractUser, due_at: datetime.datetime, time_zone: str) -> Schedule:
    """Give a waiting schedule another moment. From now on it is done in the name of whoever moved it."""
    _require_future(due_at)
    schedule = _held(schedule, by, Schedule.WAITING)
    schedule.due_at, schedule.time_zone = due_at, time_zone
    schedule.set_by, schedule.set_at = by, timezone.now()
    schedule.save()
    _tell(
        schedule,
        schedule.items.all(),
        by,
        "schedule",
        f"{schedule.get_act_display()}, rescheduled: {_when(schedule)}.",
    )
    _record("schedule_changed", schedule, by)
    return schedule


@transaction.atomic
def cancel(*, schedule: Schedule, by: AbstractUser) -> Schedule:
    """Take a waiting schedule back: nothing happens at its moment."""
    schedule = _end(_held(schedule, by, Schedule.WAITING), Schedule.CANCELLED, by)
    _tell(schedule, schedule.items.all(), by, "unschedule", f"{schedule.get_act_display()}: {_when(schedule)}.")
    _record("schedule_cancelled", schedule, by)
    return schedule


@transaction.atomic
def put_away(*, schedule: Schedule, by: AbstractUser) -> Schedule:
    """Say that a schedule that failed has been dealt with: the desk no longer asks for it."""
    schedule = _end(_held(schedule, by, Schedule.FAILED), Schedule.PUT_AWAY, by)
    _record("schedule_put_away", schedule, by)
    return schedule


def _held(schedule: Schedule, by: AbstractUser, state: str) -> Schedule:
    """The schedule as it is now, locked until the transaction ends. Refused in another state, or without the role."""
    if not (by.is_active and (by.is_superuser or has_role(by, PUBLISHER))):
        raise TransitionNotAllowed("Only a publisher can change a schedule.")
    held = Schedule.objects.select_for_update(no_key=True).get(pk=schedule.pk)
    if held.state != state:
        raise TransitionNotAllowed(
            f"This schedule can no longer be changed. Its status is “{held.get_state_display()}”."
        )
    return held


def _end(schedule: Schedule, state: str, by: AbstractUser | None, **facts) -> Schedule:
    schedule.state, schedule.ended_at, schedule.ended_by = state, timezone.now(), by
    for name, value in facts.items():
        setattr(schedule, name, value)
    schedule.save()
    return schedule


# What the worker does


def run_due() -> int:
    """Do everything whose moment has come, each once, the earliest first. Returns how many schedules that were."""
    done = 0
    while due().exists() and _do_next():  # looks before it takes the lock that SQLite has one of
        done += 1
    return done


def due() -> QuerySet[Schedule]:
    """Waiting schedules whose moment has come."""
    return Schedule.objects.filter(state=Schedule.WAITING, due_at__lte=timezone.now()).order_by("due_at", "pk")


@transaction.atomic
def _do_next() -> bool:
    """Claim the next schedule and do it; False if there is none that nobody else has claimed."""
    schedule = due().select_for_update(no_key=True, skip_locked=True).first()
    if schedule is None:
        return False
    try:
        with transaction.atomic():
            release = _act(schedule)
    except (TransitionNotAllowed, NotPublishable) as refusal:
        _fail(schedule, str(refusal))
    except Exception as error:
        if is_outage(error):
            raise  # it stays waiting
        logger.exception("The schedule %s failed.", schedule.pk)
        _fail(schedule, FAULT)
    else:
        _end(schedule, Schedule.DONE, None, release=release)
        _record("schedule_done", schedule, schedule.set_by, release=release.pk)
    return True


def _act(schedule: Schedule) -> Release:
    return ACTS[schedule.act](schedule)


def _publish(schedule: Schedule) -> Release:
    publishing.wait_for_turn()  # so that nobody changes an item between the look at its content and the release
    wanted = dict(schedule.entries.values_list("item", "content_sha256"))
    items = list(Item.objects.select_for_update(no_key=True).filter(pk__in=wanted).order_by("pk"))
    changed = [
        f"“{item}” or a source it cites has been edited since it was scheduled."
        for item in items
        if workflow.content_sha256(item) != wanted[item.pk]
    ]
    if changed:
        raise TransitionNotAllowed(" ".join(changed))
    return workflow.publish(items=items, by=schedule.set_by)


def _withdraw(schedule: Schedule) -> Release:
    item = schedule.items.get()
    asked = withdrawal.request_for(item)
    if asked and _said(asked) != _said(schedule):
        raise TransitionNotAllowed("The request has been changed since the withdrawal was scheduled.")
    return withdrawal.withdraw(item=item, by=schedule.set_by)


ACTS: dict[str, Callable[[Schedule], Release]] = {Schedule.PUBLISH: _publish, Schedule.WITHDRAW: _withdraw}


def _fail(schedule: Schedule, why: str) -> None:
    sentence = f"Scheduled by {schedule.set_by} for {_when(schedule)}, but not carried out. {why}"
    _end(schedule, Schedule.FAILED, None, failure=sentence)
    _tell(schedule, schedule.items.all(), schedule.set_by, "schedule_failed", sentence)
    _record("schedule_failed", schedule, schedule.set_by, note=sentence)


def prospect(schedule: Schedule) -> str:
    """Why a waiting schedule would fail if its moment were now, in a sentence; empty if it would not."""
    try:
        with _taken_back():
            _act(schedule)
    except (TransitionNotAllowed, NotPublishable) as refusal:
        return str(refusal)
    return ""
