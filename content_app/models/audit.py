"""Who did what, from where: every act of people, commands and the worker. Written once, by `audit.record` alone."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from content_app.models.immutable import WriteOnceModel

CHANNELS = [("web", "web browser"), ("command", "command line"), ("worker", "background worker")]


class AuditEntry(WriteOnceModel):
    """One act. Names are kept as they were then; what no account answers to is not kept at all."""

    happened_at = models.DateTimeField(db_index=True)
    act = models.CharField("action", max_length=40)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    actor_name = models.CharField(max_length=150, blank=True)
    what_kind = models.CharField("subject type", max_length=40, blank=True)
    what_id = models.CharField(
        "subject identifier", max_length=64, blank=True, help_text="The UUID if it has one, otherwise the database key."
    )
    what_label = models.CharField("subject", max_length=200, blank=True)
    channel = models.CharField(max_length=10, choices=CHANNELS)
    address = models.GenericIPAddressField(null=True)
    agent = models.CharField("browser", max_length=120, blank=True)
    note = models.TextField(blank=True)
    data = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    class Meta:
        ordering = ["-id"]  # the order in which they were written, whatever the clock said
        verbose_name_plural = "audit entries"
        indexes = [
            models.Index(fields=["actor", "-id"], name="audit_by_actor"),
            models.Index(fields=["act", "-id"], name="audit_by_act"),
            models.Index(fields=["what_kind", "what_id", "-id"], name="audit_by_what"),
        ]

    def __str__(self) -> str:
        return f"{self.happened_at:%Y-%m-%d %H:%M} {self.actor_name} {self.act}"
