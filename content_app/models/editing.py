"""The editorial trail: revisions, sign-offs and events. Written once, by `workflow` alone."""

from django.conf import settings
from django.db import models

from content_app.models.guards import Guard
from content_app.models.immutable import WriteOnceModel
from content_app.models.items import Item
from content_app.vocabulary import terms
from content_app.vocabulary.terms import choices

# Four eyes, held by the database too.
BY_THE_EDITOR = """EXISTS (SELECT 1 FROM content_app_revision r
    WHERE r.id = new.revision_id AND r.created_by_id = new.signed_by_id)"""
BY_THE_LAST_EDITOR = """new.verb = 'approve' AND new.created_by_id = (SELECT r.created_by_id
    FROM content_app_sourcerevision r WHERE r.source_uuid = new.source_uuid
    AND r.verb NOT IN ('submit', 'request_changes', 'approve', 'publish') ORDER BY r.number DESC LIMIT 1)"""


class Revision(WriteOnceModel):
    """The whole editorial document of an item at one moment. `sha256` is over its canonical JSON."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    document = models.JSONField()
    sha256 = models.CharField("SHA-256", max_length=64)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["item", "-number"]
        constraints = [models.UniqueConstraint(fields=["item", "number"], name="revision_number_is_unique_per_item")]

    def __str__(self) -> str:
        return f"{self.item} · revision {self.number}"


class SignOff(WriteOnceModel):
    """A reviewer's approval of one content: it holds for `content_sha256` and for nothing else."""

    # In what capacity the first content is signed off. Said to readers as it is: no clinician has reviewed it yet.
    NOT_YET_CLINICAL = "Editorial check of the first content; clinical review pending"
    GUARDS = {"item_is_signed_off_by_another": Guard("insert", BY_THE_EDITOR, "the last editor cannot sign off")}

    item = models.ForeignKey(Item, models.PROTECT, related_name="sign_offs")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="sign_offs")
    content_sha256 = models.CharField("content SHA-256", max_length=64)
    signed_at = models.DateTimeField()
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reviewer_role = models.CharField(max_length=120, help_text="The role in which they reviewed it. Readers see it.")
    is_clinical = models.BooleanField(
        "clinical review", default=False, help_text="Whether a clinician stands by the clinical content."
    )

    class Meta:
        verbose_name = "sign-off"
        ordering = ["-id"]  # the order in which they were written, whatever the clock said

    def __str__(self) -> str:
        return f"{self.item} · signed off on {self.signed_at.day} {self.signed_at:%b %Y}"


class Event(WriteOnceModel):
    """One act on an item: who did what, when, and between which statuses."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="events")
    verb = models.CharField("action", max_length=30)
    from_status = models.CharField(max_length=20, choices=choices(terms.STATUSES), blank=True)
    to_status = models.CharField(max_length=20, choices=choices(terms.STATUSES))
    happened_at = models.DateTimeField()
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    as_superuser = models.BooleanField(default=False, help_text="Whether this needed superuser permissions.")
    note = models.TextField(blank=True)
    revision = models.ForeignKey(Revision, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-id"]  # the order in which they were written, whatever the clock said

    def __str__(self) -> str:
        return f"{self.item} · {self.verb}"


class SourceRevision(WriteOnceModel):
    """The whole editorial document of a source after one act on it, deleting included.

    It names its source by uuid, and so outlives it. `created_by` is null for what a source said before its trail began.
    The acts of a review are acts as well: an `approve` is the sign-off of the form that it holds.
    """

    # Acts that leave the form of a source as it is. Whoever did the last other one is its last editor.
    REVIEWING = ("submit", "request_changes", "approve", "publish")
    GUARDS = {
        "source_is_signed_off_by_another": Guard("insert", BY_THE_LAST_EDITOR, "the last editor cannot sign off"),
    }

    source_uuid = models.UUIDField()
    slug = models.SlugField(max_length=120, db_index=False)
    number = models.PositiveIntegerField()
    verb = models.CharField("action", max_length=30)
    document = models.JSONField()
    sha256 = models.CharField("SHA-256", max_length=64)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["-id"]  # the order in which they were written, whatever the clock said
        constraints = [
            models.UniqueConstraint(
                fields=["source_uuid", "number"], name="source_revision_number_is_unique_per_source"
            )
        ]

    def __str__(self) -> str:
        return f"{self.slug} · revision {self.number}"
