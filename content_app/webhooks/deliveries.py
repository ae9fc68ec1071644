"""From events to deliveries to endpoints: what is due, who has taken it, what came of it.

In: the time, always given. Out: rows that are claimed, finished, or put off. Each function is one transaction; none
holds one while something is sent. Times are those of this machine: clocks of several workers have to agree to within
seconds.
"""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from content_app.audit import log
from content_app.models.webhooks import (
    DELIVERED,
    FAILED,
    PENDING,
    WebhookAttempt,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookEvent,
)
from content_app.webhooks import schedule
from content_app.webhooks.sending import Outcome

LEASE = timedelta(minutes=2)  # several times what an attempt can last, the look-up of its name included
MANY = 100  # events, or rows to remove, of one transaction
GONE = "The receiver answered 410: it wants no more."
EXHAUSTED = "A delivery failed {} times in about three days. The last time: {}"


def fan_out(now: datetime) -> int:
    """Write the deliveries of all events that have none yet: how many events that were."""
    waiting, done = WebhookEvent.objects.filter(is_fanned_out=False), 0
    while waiting.exists() and (step := _fan_out_some(waiting, now)):
        done += step
    return done


@transaction.atomic
def _fan_out_some(waiting: QuerySet[WebhookEvent], now: datetime) -> int:
    events = list(waiting.select_for_update(skip_locked=True).defer("body").order_by("id")[:MANY])
    endpoints = list(WebhookEndpoint.objects.filter(is_active=True, client__is_active=True))
    WebhookDelivery.objects.bulk_create(
        WebhookDelivery(event=event, endpoint=endpoint, next_attempt_at=now)
        for event in events
        for endpoint in endpoints
        if event.type in endpoint.events
    )
    WebhookEvent.objects.filter(pk__in=[event.pk for event in events]).update(is_fanned_out=True)
    return len(events)


def due(now: datetime) -> QuerySet[WebhookDelivery]:
    """Deliveries that can be sent now: their endpoint is on, not paused, and nothing else is on its way to it."""
    on_its_way = WebhookDelivery.objects.filter(lease__isnull=False, next_attempt_at__gt=now)
    return WebhookDelivery.objects.exclude(endpoint__in=on_its_way.values("endpoint")).filter(
        Q(endpoint__paused_until=None) | Q(endpoint__paused_until__lte=now),
        state=PENDING,
        next_attempt_at__lte=now,
        endpoint__is_active=True,
        endpoint__client__is_active=True,
    )


@transaction.atomic
def claim(now: datetime) -> WebhookDelivery | None:
    """Take the delivery that has been due longest, for as long as a lease; None if nothing is due.

    On PostgreSQL the row and its endpoint are locked, and locked ones passed over; on SQLite one transaction writes at
    a time. Either way no two workers take the same.
    """
    taken = (
        due(now)
        .select_for_update(skip_locked=True, of=("self", "endpoint"), no_key=True)
        .select_related("event", "endpoint")
        .order_by("next_attempt_at", "id")
        .first()
    )
    if taken:
        taken.lease, taken.next_attempt_at = uuid.uuid4(), now + LEASE
        taken.save(update_fields=["lease", "next_attempt_at"])
    return taken


@transaction.atomic
def finish(delivery: WebhookDelivery, outcome: Outcome, started_at: datetime, now: datetime) -> WebhookEndpoint | None:
    """Keep what came of an attempt, and say when the next is due. The endpoint, if this has switched it off.

    Whoever took the delivery meanwhile, because the lease had ended, decides what becomes of it; a success counts all
    the same.
    """
    WebhookAttempt.objects.create(
        delivery_id=delivery.pk,
        attempted_at=started_at,
        duration_ms=outcome.duration_ms,
        status=outcome.status,
        error=outcome.error,
        excerpt=outcome.excerpt,
    )
    made = {"attempts_made": delivery.attempts_made + 1, "lease": None}
    endpoint = WebhookEndpoint.objects.filter(pk=delivery.endpoint_id)
    if outcome.is_success:
        endpoint.update(last_success_at=now, paused_until=None)
        _settle(WebhookDelivery.objects.filter(pk=delivery.pk), DELIVERED, now, **made)
        return None
    endpoint.update(last_failure_at=now)
    return _put_off(delivery, outcome, now, made)


def _put_off(delivery: WebhookDelivery, outcome: Outcome, now: datetime, made: dict) -> WebhookEndpoint | None:
    mine = WebhookDelivery.objects.filter(pk=delivery.pk, lease=delivery.lease)
    delay = schedule.next_delay(made["attempts_made"], outcome.asked_delay)
    if outcome.status == 410 or delay is None:
        _settle(mine, FAILED, now, **made)
        reason = GONE if outcome.status == 410 else EXHAUSTED.format(made["attempts_made"], outcome.error)
        return delivery.endpoint if switch_off(delivery.endpoint, reason, now) else None
    mine.update(next_attempt_at=now + delay, **made)
    pause = schedule.pause(outcome.status, delay, outcome.asked_delay)
    if pause:
        WebhookEndpoint.objects.filter(pk=delivery.endpoint_id).update(paused_until=now + pause)
    return None


@transaction.atomic
def switch_off(endpoint: WebhookEndpoint, reason: str, now: datetime) -> bool:
    """Send it nothing more; what waits for it has failed, and can be replayed. False if it was off already."""
    found = WebhookEndpoint.objects.filter(pk=endpoint.pk, is_active=True)
    changed = found.update(is_active=False, disabled_reason=reason[:300], paused_until=None)
    _settle(WebhookDelivery.objects.filter(endpoint=endpoint, state=PENDING), FAILED, now, lease=None)
    if changed:
        log.record("webhook_switched_off", what=endpoint, note=reason)
    return bool(changed)


def _settle(deliveries, state: str, now: datetime, **fields) -> None:
    deliveries.update(state=state, next_attempt_at=None, finished_at=now, **fields)


def prune(now: datetime) -> int:
    """Remove events that are older than the log is kept, with their deliveries and attempts: how many that were.

    What is not delivered by then never will be: the last attempt is long over.
    """
    oldest = now - timedelta(days=settings.WEBHOOKS_LOG_DAYS)
    keys = list(WebhookEvent.objects.filter(created_at__lt=oldest).order_by("id").values_list("pk", flat=True)[:MANY])
    if keys:
        WebhookEvent.objects.filter(pk__in=keys).delete()
    return len(keys)
