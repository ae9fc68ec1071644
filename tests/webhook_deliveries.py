"""Endpoints for tests, made by the functions that production uses.

In: what matters to a test. Out: stored endpoints, their secrets, and what was written for them.
"""

import json
from datetime import UTC, datetime, timedelta

from content_app.models import ApiClient, WebhookDelivery, WebhookEndpoint, WebhookEvent
from content_app.publication.outbox import EVENT_TYPES, event
from content_app.webhooks import deliveries, endpoints
from content_app.webhooks.sending import Outcome

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
EVERY = list(EVENT_TYPES)
GOOD, BAD = Outcome(204), Outcome(500, "The receiver answered 500.")


def client(name: str = "Pain diary") -> ApiClient:
    return ApiClient.objects.get_or_create(name=name, defaults={"contact_email": "team@diary.example"})[0]


def endpoint(url: str = "https://diary.example/hooks", events=EVERY, *, of: str = "Pain diary") -> WebhookEndpoint:
    """An endpoint that is on. Its secret is at hand as `shown`."""
    made = WebhookEndpoint(client=client(of), url=url, events=list(events))
    made.shown = endpoints.give_secret(made)
    made.save()
    return made


def told(*types: str) -> list[dict]:
    """The bodies of the events that were written, of these types if any are named, in order."""
    events = WebhookEvent.objects.filter(type__in=types) if types else WebhookEvent.objects.all()
    return [json.loads(bytes(event.body)) for event in events.order_by("id")]


def later(**duration: float) -> datetime:
    return NOON + timedelta(**duration)


def happened(type_: str = "item.published", number: int = 1) -> None:
    for place in range(number):
        event(type_, f"number {place}", {"number": place}, NOON).save()


def queued(number: int = 1, now=NOON) -> None:
    happened(number=number)
    deliveries.fan_out(now)


def tried(outcome: Outcome, now) -> WebhookDelivery:
    """Take what is due, as a worker does, and keep this outcome of it."""
    taken = deliveries.claim(now)
    assert taken is not None, f"nothing is due at {now}"
    deliveries.finish(taken, outcome, now, now)
    return WebhookDelivery.objects.get(pk=taken.pk)


REFUSED = {
    "webhook_delivery_is_due_or_finished": lambda: a_delivery(next_attempt_at=None),
    "webhook_delivery_is_due_or_finished (finished, but due)": lambda: a_delivery(state="delivered"),
    "webhook_delivery_is_there_once": lambda: [a_delivery(), WebhookDelivery.objects.create(**again())],
    "webhook_endpoint_is_off_for_a_reason": lambda: WebhookEndpoint.objects.filter(pk=endpoint().pk).update(
        disabled_reason="Why?"
    ),
    "webhook_endpoint_previous_secret_ends": lambda: WebhookEndpoint.objects.filter(pk=endpoint().pk).update(
        previous_secret="x"
    ),
    "webhook_endpoint_is_there_once_per_client": lambda: [endpoint(), endpoint()],
}


def a_delivery(**changes) -> None:
    endpoint()
    queued()
    WebhookDelivery.objects.update(**changes or {"next_attempt_at": NOON})


def again() -> dict:
    first = WebhookDelivery.objects.get()
    return {"event": first.event, "endpoint": first.endpoint, "next_attempt_at": NOON}
