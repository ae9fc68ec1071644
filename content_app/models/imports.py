"""Uploads on their way into the library: what was sent, what it would change, and how far it has got.

In: rows that only `interchange.uploads` writes. Out: what the pages of imports show. Nothing here is content: once an
import is done or given up, the upload is forgotten and the row stays.
"""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from content_app.vocabulary.terms import IMPORT_STATES, choices


class Import(models.Model):
    """One upload. `seen` is the hash of the plan that the page shows; `agreed` the one that somebody said yes to.

    Whoever works on it holds it until `held_until`; after that anybody may go on, as the one before has died.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    file_name = models.CharField("file", max_length=200)
    upload = models.BinaryField(null=True)
    sha256 = models.CharField("SHA-256", max_length=64)
    state = models.CharField(max_length=20, choices=choices(IMPORT_STATES), default="checking")
    uploaded_at = models.DateTimeField(auto_now_add=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    held_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    problems = models.JSONField(default=list)
    left_out = models.JSONField(default=list)
    counts = models.JSONField(default=dict)
    seen = models.CharField(max_length=64, blank=True)
    agreed = models.CharField(max_length=64, blank=True)
    was_overtaken = models.BooleanField(default=False)
    applied_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    applied_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=list(IMPORT_STATES)), name="import_state_is_known"),
            models.CheckConstraint(
                condition=~Q(state__in=["applying", "applied"]) | Q(applied_by__isnull=False),
                name="import_is_applied_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name


class ImportChange(models.Model):
    """What an import would do to one item or source. An unchanged one keeps no documents."""

    run = models.ForeignKey(Import, models.CASCADE, related_name="changes")
    position = models.PositiveIntegerField()
    reference = models.CharField(max_length=150)
    name = models.CharField(max_length=500)
    action = models.CharField(max_length=10)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["run", "position"], name="import_change_has_its_place")]

    def __str__(self) -> str:
        return f"{self.reference}: {self.action}"
