"""Endpoints for tests, made by the functions that production uses.

In: what matters to a test. Out: stored endpoints, their secrets, and what was written for them.
"""

import json
from datetime import UTC, datetime, timedelta

from content_app.models import ApiClient, WebhookEndpoint, WebhookEvent
from content_app.webhooks import endpoints
from content_app.webhooks.events import EVENT_TYPES

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
EVERY = list(EVENT_TYPES)


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
