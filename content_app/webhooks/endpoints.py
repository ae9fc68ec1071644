"""What administrators do with endpoints: make, rotate, switch on and off, test, replay.

In: an endpoint. Out: changed rows; a new secret is returned once, and never again. Raises `NotPossible` with a
sentence.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from content_app.audit import log
from content_app.models.webhooks import DELIVERED, FAILED, PENDING, WebhookDelivery, WebhookEndpoint
from content_app.publication.outbox import trial_event
from content_app.webhooks import deliveries as outbox
from content_app.webhooks import sealing

ROTATION = timedelta(hours=24)  # how long the previous secret signs too
BY_HAND = "Switched off in the admin."


class NotPossible(Exception):
    """It cannot be done now. The message is a sentence that says why."""


def give_secret(endpoint: WebhookEndpoint) -> str:
    """A first secret for an endpoint that is not stored yet. Returns it in clear, for the one time it is shown."""
    secret = sealing.new_secret()
    endpoint.secret = sealing.seal(secret)
    return secret


@transaction.atomic
def rotate(endpoint: WebhookEndpoint, *, seen: int, now: datetime, both_for: timedelta = ROTATION) -> str:
    """Give it a new secret; the present one signs too for a while. `seen` is the number of the secret to replace."""
    held = WebhookEndpoint.objects.select_for_update().get(pk=endpoint.pk)
    if held.secret_number != seen:
        raise NotPossible("Its secret has been rotated since this page was shown: open the page again.")
    secret = sealing.new_secret()
    held.previous_secret, held.previous_secret_until = held.secret, now + both_for
    held.secret, held.secret_number = sealing.seal(secret), held.secret_number + 1
    held.save(update_fields=["secret", "secret_number", "previous_secret", "previous_secret_until"])
    log.record("webhook_secret_rotated", what=held, number=held.secret_number)
    return secret


@transaction.atomic
def revoke_previous(endpoint: WebhookEndpoint) -> None:
    """Sign with the present secret alone, from the next attempt on."""
    rotated = WebhookEndpoint.objects.filter(pk=endpoint.pk).exclude(previous_secret="")
    if rotated.update(previous_secret="", previous_secret_until=None):
        log.record("webhook_secret_ended", what=endpoint)


def secrets_of(endpoint: WebhookEndpoint, now: datetime) -> list[str]:
    """The secrets that sign now, the present one first. Raises sealing.Unreadable."""
    sealed = [endpoint.secret]
    if endpoint.previous_secret and endpoint.previous_secret_until > now:
        sealed.append(endpoint.previous_secret)
    return [sealing.unseal(one) for one in sealed]


@transaction.atomic
def switch_on(endpoint: WebhookEndpoint) -> None:
    """Send to it again: what happens from now on. What failed meanwhile is sent if it is replayed."""
    found = WebhookEndpoint.objects.filter(pk=endpoint.pk, is_active=False)
    if found.update(is_active=True, disabled_reason="", paused_until=None):
        log.record("webhook_switched_on", what=endpoint)


def switch_off(endpoint: WebhookEndpoint, now: datetime) -> None:
    outbox.switch_off(endpoint, BY_HAND, now)


@transaction.atomic
def send_test(endpoint: WebhookEndpoint, now: datetime) -> WebhookDelivery:
    """Send `endpoint.test` to this endpoint alone, whatever else it is told of."""
    require_on(endpoint)
    event = trial_event(endpoint, now)
    event.is_fanned_out = True
    event.save()
    log.record("webhook_tested", what=endpoint, webhook_id=event.message_id)
    return WebhookDelivery.objects.create(event=event, endpoint=endpoint, next_attempt_at=now)


def replay(deliveries: QuerySet[WebhookDelivery], now: datetime) -> int:
    """Begin again with these, under the same `webhook-id`, unless they are on their way: how many that were."""
    return deliveries.exclude(state=PENDING).update(
        state=PENDING, attempts_made=0, next_attempt_at=now, finished_at=None, lease=None
    )


@transaction.atomic
def replay_failed(endpoint: WebhookEndpoint, since: datetime, now: datetime) -> int:
    """Begin again with everything that failed since then."""
    require_on(endpoint)
    return _replayed(endpoint, endpoint.deliveries.filter(state=FAILED, finished_at__gte=since), now)


@transaction.atomic
def replay_one(endpoint: WebhookEndpoint, delivery: int, now: datetime) -> int:
    """Begin again with one delivery, also if it has arrived before."""
    require_on(endpoint)
    return _replayed(endpoint, endpoint.deliveries.filter(pk=delivery, state__in=(FAILED, DELIVERED)), now)


def _replayed(endpoint: WebhookEndpoint, deliveries: QuerySet[WebhookDelivery], now: datetime) -> int:
    number = replay(deliveries, now)
    if number:
        log.record("webhook_replayed", what=endpoint, deliveries=number)
    return number


def require_on(endpoint: WebhookEndpoint) -> None:
    if not endpoint.is_active:
        raise NotPossible("It is switched off: switch it on first.")
    if not endpoint.client.is_active:
        raise NotPossible(f"Its client, {endpoint.client}, is switched off: switch that on first.")
