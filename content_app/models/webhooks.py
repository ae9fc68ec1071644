"""Webhooks: who is told of what, the outbox of events, their deliveries, and the log of attempts.

In: endpoints from administrators, events from the publishing transaction, deliveries and attempts from the worker.
Out: what is still to be sent. No row here holds anything that is not public, but the endpoints' secrets, encrypted.
"""

import uuid

from django.db import models
from django.db.models import Q

from content_app.models.clients import ApiClient
from content_app.models.guards import Guard

PENDING, DELIVERED, FAILED = "pending", "delivered", "failed"


class WebhookEndpoint(models.Model):
    """An HTTPS address of a client that is told of events.

    `secret` and `previous_secret` are encrypted (see `webhooks.sealing`); the previous one signs too until its time is
    over. Switched off by hand, by the receiver's 410, or after a delivery failed to its last attempt, it says why in
    `disabled_reason`. Nothing is sent before `paused_until`.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    client = models.ForeignKey(ApiClient, models.PROTECT, related_name="webhook_endpoints")
    url = models.CharField(
        "address", max_length=500, help_text="The HTTPS address that receives events, on port 443 or 8443."
    )
    description = models.CharField(max_length=200, blank=True, help_text="What this endpoint is for.")
    events = models.JSONField(default=list, help_text="Only the selected events are sent.")
    is_active = models.BooleanField("active", default=True, editable=False)
    disabled_reason = models.CharField("reason it is off", max_length=300, blank=True, editable=False)
    secret = models.TextField(editable=False)
    secret_number = models.PositiveIntegerField(default=1, editable=False)
    previous_secret = models.TextField(blank=True, editable=False)
    previous_secret_until = models.DateTimeField(null=True, editable=False)
    paused_until = models.DateTimeField(null=True, editable=False)
    last_success_at = models.DateTimeField("last success", null=True, editable=False)
    last_failure_at = models.DateTimeField("last failure", null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["client__name", "url"]
        verbose_name = "webhook endpoint"
        constraints = [
            models.UniqueConstraint(
                fields=["client", "url"],
                name="webhook_endpoint_is_there_once_per_client",
                violation_error_message="This client already has an endpoint at this address.",
            ),
            models.CheckConstraint(
                condition=Q(is_active=False) | Q(disabled_reason=""), name="webhook_endpoint_is_off_for_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(previous_secret="", previous_secret_until__isnull=True)
                | (~Q(previous_secret="") & Q(previous_secret_until__isnull=False)),
                name="webhook_endpoint_previous_secret_ends",
            ),
        ]

    def __str__(self) -> str:
        return self.url


class WebhookEvent(models.Model):
    """Something that happened, as it is told: one row however many endpoints hear of it.

    It is written once, in the transaction in which it happened (a trigger refuses changes), and sent byte for byte.
    `is_fanned_out` says that its deliveries have been written. Removed after `WEBHOOKS_LOG_DAYS`, with its deliveries
    and their attempts.
    """

    GUARDS = {
        "webhookevent_is_written_once_update": Guard(
            "update",
            "new.uuid <> old.uuid OR new.type <> old.type OR new.body <> old.body",
            "webhook event is written once",
        ),
    }

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    type = models.CharField(max_length=40)
    about = models.CharField(max_length=200)
    body = models.BinaryField()
    created_at = models.DateTimeField()
    is_fanned_out = models.BooleanField(default=False)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["id"], condition=Q(is_fanned_out=False), name="webhook_event_outbox"),
            models.Index(fields=["created_at"], name="webhook_event_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.type}: {self.about}" if self.about else self.type

    @property
    def message_id(self) -> str:
        """The `webhook-id`: the same for every attempt, every endpoint and every replay."""
        return f"msg_{self.uuid.hex}"


class WebhookDelivery(models.Model):
    """One event on its way to one endpoint.

    While pending, it is due at `next_attempt_at`. A worker that takes it writes its `lease` and moves that time to when
    the lease ends, so that the delivery of a worker that was killed falls due again by itself.
    """

    STATES = [(PENDING, "Pending"), (DELIVERED, "Delivered"), (FAILED, "Failed")]

    event = models.ForeignKey(WebhookEvent, models.CASCADE, related_name="deliveries")
    endpoint = models.ForeignKey(WebhookEndpoint, models.CASCADE, related_name="deliveries", db_index=False)
    state = models.CharField(max_length=10, choices=STATES, default=PENDING)
    attempts_made = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)
    lease = models.UUIDField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "webhook deliveries"
        indexes = [
            models.Index(fields=["endpoint", "-id"], name="webhook_delivery_log"),
            models.Index(fields=["next_attempt_at", "id"], condition=Q(state=PENDING), name="webhook_delivery_due"),
            models.Index(fields=["endpoint"], condition=Q(state=PENDING), name="webhook_delivery_pending"),
            models.Index(fields=["endpoint"], condition=Q(lease__isnull=False), name="webhook_delivery_on_its_way"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["event", "endpoint"], name="webhook_delivery_is_there_once"),
            models.CheckConstraint(
                condition=Q(state=PENDING, next_attempt_at__isnull=False, finished_at__isnull=True)
                | (~Q(state=PENDING) & Q(next_attempt_at__isnull=True, lease__isnull=True, finished_at__isnull=False)),
                name="webhook_delivery_is_due_or_finished",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} → {self.endpoint}"


class WebhookAttempt(models.Model):
    """One request that was sent, and what came of it. `status` is null if there was no answer; `error` says why."""

    delivery = models.ForeignKey(WebhookDelivery, models.CASCADE, related_name="attempts")
    attempted_at = models.DateTimeField()
    duration_ms = models.PositiveIntegerField()
    status = models.PositiveSmallIntegerField(null=True)
    error = models.CharField(max_length=300, blank=True)
    excerpt = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.attempted_at:%Y-%m-%d %H:%M:%S}: {self.status or self.error}"


class ReviewDate(models.Model):
    """When the review of a published item is due, followed from its documents, and the due date that was told last.

    `document` is the key of the newest document that was read: the greatest of all rows is where reading goes on.
    """

    item_uuid = models.UUIDField(primary_key=True)
    document = models.BigIntegerField(db_index=True)
    due_on = models.DateField(db_index=True)
    told_due_on = models.DateField(null=True)

    def __str__(self) -> str:
        return f"{self.item_uuid}: {self.due_on}"
