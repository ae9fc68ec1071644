"""What editors write: one identity table and one table for each kind of item.

In: rows that only `interchange` and admin forms write. Out: the working copy of each item, private to editors.
Readers never see these tables; they read `publication.Document`.
"""

import uuid

from django.db import models
from django.db.models import Q

from content_app.models.guards import Guard
from content_app.models.immutable import WriteOnceModel
from content_app.vocabulary import terms
from content_app.vocabulary.terms import choices

AN_OLD_ADDRESS = """EXISTS (SELECT 1 FROM content_app_formerslug f
    WHERE f.kind = new.kind AND f.slug = new.slug AND f.item_id <> new.id)"""
SOMEONES_ADDRESS = """EXISTS (SELECT 1 FROM content_app_item i
    WHERE i.kind = new.kind AND i.slug = new.slug AND i.id <> new.item_id)"""


class Item(models.Model):
    """Identity and shared fields of a condition, concept, symptom type or example.

    `id` is for joins inside, `slug` for addresses (unique per kind), `uuid` for other systems, for ever.
    `status` speaks of the working copy; readers have `published_revision`, whatever the status says.
    """

    KIND = ""
    GUARDS = {
        "item_keeps_its_identity": Guard(
            "update", "new.uuid <> old.uuid OR new.kind <> old.kind", "item keeps its uuid and kind"
        ),
        # After the row is there: an insert that waited for the same address sees what the other has left behind.
        **{
            f"item_has_no_old_address_of_another_{event}": Guard(
                event, AN_OLD_ADDRESS, "slug is an old address of another item", timing="AFTER"
            )
            for event in ("insert", "update")
        },
    }

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=20, choices=choices(terms.KINDS), editable=False)
    slug = models.SlugField(
        max_length=120,
        help_text="The last part of the item's web address. If you change it later, the old address still works.",
    )
    name = models.CharField(max_length=200, help_text="The preferred name in English.")
    summary_clinical = models.TextField("summary for clinicians", blank=True)
    summary_plain = models.TextField(
        "summary in plain words", blank=True, help_text="Aim for a reading age of 11 to 14."
    )
    safety_notice = models.TextField(
        "safety alert",
        blank=True,
        help_text="New information that affects safety. Readers see it first. Applications are notified when you add, "
        "change or remove it, and must check for updates each time they show the item. For a warning that always "
        "applies, use the standing caution instead.",
    )
    caution = models.TextField(
        "standing caution",
        blank=True,
        help_text="A warning that always applies and must be shown with the item: for example, that its signs also "
        "occur in other illnesses. It is as prominent as a safety alert, but applications are not notified.",
    )
    review_cycle_months = models.PositiveSmallIntegerField("months between reviews", default=12)

    status = models.CharField(max_length=20, choices=choices(terms.STATUSES), default="draft", editable=False)
    lock_version = models.PositiveIntegerField(default=0, editable=False)
    is_put_away = models.BooleanField("put away", default=False, editable=False)
    is_practice = models.BooleanField("for practice", default=False, editable=False)
    change_note = models.TextField(blank=True, editable=False)
    significance = models.CharField(max_length=20, choices=choices(terms.SIGNIFICANCES), blank=True, editable=False)
    reviewed_on = models.DateField("last reviewed", null=True, editable=False)
    review_due_on = models.DateField("next review due", null=True, editable=False)
    published_revision = models.ForeignKey("Revision", models.PROTECT, null=True, editable=False, related_name="+")
    withdrawal_reason = models.CharField(
        max_length=20, choices=choices(terms.WITHDRAWAL_REASONS), blank=True, editable=False
    )
    replaced_by = models.ForeignKey("self", models.PROTECT, null=True, editable=False, related_name="replaces")
    created_at = models.DateTimeField("created", auto_now_add=True)
    updated_at = models.DateTimeField("last changed", auto_now=True)

    class Meta:
        ordering = ["kind", "slug"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "slug"], name="item_slug_is_unique_per_kind"),
            models.CheckConstraint(condition=Q(kind__in=list(terms.KINDS)), name="item_kind_is_known"),
            models.CheckConstraint(condition=Q(status__in=list(terms.STATUSES)), name="item_status_is_known"),
            models.CheckConstraint(
                condition=Q(status="withdrawn") ^ Q(withdrawal_reason=""),
                name="item_is_withdrawn_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(withdrawal_reason="replaced", replaced_by__isnull=False)
                | (~Q(withdrawal_reason="replaced") & Q(replaced_by__isnull=True)),
                name="item_is_replaced_by_an_item",
            ),
            models.CheckConstraint(
                condition=~Q(status="published") | Q(published_revision__isnull=False),
                name="item_is_published_with_a_revision",
            ),
            models.CheckConstraint(
                condition=Q(is_practice=False) | Q(published_revision__isnull=True),
                name="item_for_practice_is_never_published",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_on__isnull=True, review_due_on__isnull=True)
                | Q(reviewed_on__isnull=False, review_due_on__gt=models.F("reviewed_on")),
                name="item_review_is_due_after_it_was_done",
            ),
            models.CheckConstraint(
                condition=Q(review_cycle_months__gte=1, review_cycle_months__lte=60),
                name="item_is_reviewed_every_1_to_60_months",
                violation_error_message="Enter a number from 1 to 60.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args, **kwargs):
        self.kind = self.KIND or self.kind
        super().save(*args, **kwargs)

    @property
    def reference(self) -> str:
        """How documents name this item: `kind/slug`."""
        return f"{self.kind}/{self.slug}"


class Condition(Item):
    KIND = "condition"

    abbreviation = models.CharField(max_length=30, blank=True)
    cause_status = models.CharField("cause", max_length=20, choices=choices(terms.CAUSE_STATUSES), default="not_stated")


class Concept(Item):
    KIND = "concept"

    topic = models.CharField(max_length=30, choices=choices(terms.TOPICS))
    subtopic = models.CharField(max_length=30, choices=choices(terms.SUBTOPICS), blank=True)


class SymptomType(Item):
    KIND = "symptom_type"

    category = models.CharField(max_length=30, choices=choices(terms.CATEGORIES))
    observation = models.CharField("reported or observed", max_length=30, choices=choices(terms.OBSERVATIONS))


class Example(Item):
    """A vignette, an analogy or a contrast. An analogy says what stands for what, and where it ends."""

    KIND = "example"

    form = models.CharField(max_length=20, choices=choices(terms.FORMS))
    trigger = models.TextField(blank=True, help_text="What sets the response off.")
    context = models.TextField(blank=True, help_text="The situation in which it happens.")
    expected_response = models.TextField(blank=True, help_text="What would normally happen.")
    expected_response_implied = models.BooleanField(
        null=True, blank=True, help_text="Choose Yes if the source does not state the normal response directly."
    )
    amplified_response = models.TextField(blank=True, help_text="What happens in amplified pain instead.")
    analogy_source = models.TextField("image", blank=True, help_text="The everyday image that the analogy uses.")
    analogy_target = models.TextField("meaning", blank=True, help_text="What the image represents.")
    limits = models.TextField(blank=True, help_text="Where the analogy stops being true.")


KIND_MODELS: dict[str, type[Item]] = {model.KIND: model for model in (Condition, Concept, SymptomType, Example)}


class FormerSlug(WriteOnceModel):
    """A slug under which readers know, or once knew, an item. It answers 308, and no other item ever gets it.

    Written when an editor changes the slug of an item that has been published, and kept for ever.
    """

    GUARDS = {
        "former_slug_is_no_address_of_another": Guard(
            "insert", SOMEONES_ADDRESS, "former slug is the address of another item"
        ),
    }

    item = models.ForeignKey(Item, models.PROTECT, related_name="former_slugs")
    kind = models.CharField(max_length=20, choices=choices(terms.KINDS))
    slug = models.SlugField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "slug"], name="former_slug_is_unique_per_kind")]

    def __str__(self) -> str:
        return f"{self.kind}/{self.slug}"
