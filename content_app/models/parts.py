"""The parts of an item: names, statements, relations, codings and what is not covered.

In: rows that only `interchange` and admin forms write. Out: parts that hang on one real foreign key to `Item`,
so that every kind of item is treated alike.
"""

import uuid

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest, Least

from content_app.models.items import Item
from content_app.vocabulary import terms
from content_app.vocabulary.code_systems import CODE_SYSTEMS
from content_app.vocabulary.predicates import PREDICATES
from content_app.vocabulary.terms import choices

PREDICATE_CHOICES = [(predicate.code, predicate.label) for predicate in PREDICATES.values()]
CODE_SYSTEM_CHOICES = [(system.key, system.name) for system in CODE_SYSTEMS.values()]


class Part(models.Model):
    """Something that belongs to an item and has its place among its like."""

    position = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True
        ordering = ["position", "id"]


class Name(Part):
    """Another name of an item. Its preferred English name is the item's own field."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="names")
    text = models.CharField(max_length=300)
    type = models.CharField(max_length=20, choices=choices(terms.NAME_TYPES), default="synonym")
    language = models.CharField(max_length=10, default="en", help_text="A language tag such as en or es.")
    note = models.TextField(blank=True, help_text="Where the name differs from the item.")

    class Meta(Part.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["item", "language"],
                condition=Q(type="preferred"),
                name="name_is_preferred_once_per_language",
                violation_error_message="There is already a preferred name in this language.",
            ),
            models.CheckConstraint(
                condition=~Q(type="preferred", language="en"),
                name="name_preferred_in_english_is_the_items",
                violation_error_message="The preferred English name is the item's own name field.",
            ),
            models.UniqueConstraint(
                fields=["item", "language", "type", "text"],
                name="name_is_given_once",
                violation_error_message="This name is already there.",
            ),
        ]

    def __str__(self) -> str:
        return self.text


class Statement(Part):
    """One clinical assertion, for two audiences, with its certainty and its sources."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="statements")
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    aspect = models.CharField(max_length=30, choices=choices(terms.ASPECTS))
    clinical = models.TextField("for clinicians")
    plain = models.TextField("in plain words")
    certainty = models.CharField(max_length=20, choices=choices(terms.CERTAINTIES))
    frequency = models.CharField(max_length=20, choices=choices(terms.FREQUENCIES), blank=True)

    def __str__(self) -> str:
        return self.clinical[:80]


def _joins_what_its_predicate_allows() -> Q:
    """One condition over all predicates: the kinds of subject and object are among those it may join."""
    condition = Q()
    for predicate in PREDICATES.values():
        condition |= Q(
            predicate=predicate.code,
            subject_kind__in=sorted(predicate.subject_kinds),
            object_kind__in=sorted(predicate.object_kinds),
        )
    return condition


class Relation(Part):
    """A typed, cited link from one item to another.

    `subject_kind` and `object_kind` repeat the kinds of the two items, so that the database can check them.
    That a tree has no cycle, and that the kinds are those of the items, triggers check.
    """

    subject = models.ForeignKey(Item, models.CASCADE, related_name="relations")
    predicate = models.CharField(max_length=30, choices=PREDICATE_CHOICES)
    object = models.ForeignKey(Item, models.PROTECT, related_name="incoming_relations")
    subject_kind = models.CharField(max_length=20, editable=False)
    object_kind = models.CharField(max_length=20, editable=False)
    modality = models.CharField(max_length=20, choices=choices(terms.MODALITIES), default="asserted")
    certainty = models.CharField(max_length=20, choices=choices(terms.CERTAINTIES), blank=True)
    frequency = models.CharField(max_length=20, choices=choices(terms.FREQUENCIES), blank=True)
    ambiguous = models.BooleanField(
        default=False, help_text="The source leaves open whether this is meant; the note says why."
    )
    attributed = models.BooleanField(default=False, help_text="The view of the cited source; other sources differ.")
    display_with = models.ForeignKey(
        Item, models.PROTECT, null=True, blank=True, related_name="+",
        help_text="What must be shown wherever this relation is shown.",
    )  # fmt: skip
    note = models.TextField(blank=True)

    class Meta(Part.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "predicate", "object"],
                name="relation_is_stated_once",
                violation_error_message="This relation is already there.",
            ),
            models.CheckConstraint(
                condition=~Q(subject=F("object")),
                name="relation_joins_two_items",
                violation_error_message="An item cannot be related to itself.",
            ),
            models.CheckConstraint(
                condition=_joins_what_its_predicate_allows(),
                name="relation_fits_its_predicate",
                violation_error_message="This relation may not join these kinds of items.",
            ),
            models.CheckConstraint(
                condition=~Q(predicate="is_kind_of") | Q(subject_kind=F("object_kind")),
                name="relation_is_kind_of_stays_in_its_kind",
                violation_error_message="An item can be a kind of another of its own kind only.",
            ),
            models.UniqueConstraint(
                "predicate",
                Least("subject", "object"),
                Greatest("subject", "object"),
                condition=Q(predicate__in=[p.code for p in PREDICATES.values() if p.is_symmetric]),
                name="relation_both_ways_is_stored_once",
                violation_error_message="This relation reads both ways, and the other item already says it.",
            ),
        ]

    def __str__(self) -> str:
        return f"{PREDICATES[self.predicate].label} {self.object}" if self.object_id else self.predicate

    def save(self, *args, **kwargs):
        self.subject_kind = self.subject.kind
        self.object_kind = self.object.kind
        super().save(*args, **kwargs)


class Coding(Part):
    """The code of an item in an external code system, with how well it matches. No code found is data too."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="codings")
    system = models.CharField(max_length=30, choices=CODE_SYSTEM_CHOICES)
    code = models.CharField(max_length=60, blank=True)
    display = models.CharField(max_length=300, blank=True)
    match = models.CharField(max_length=10, choices=choices(terms.MATCHES))
    version = models.CharField(max_length=300)
    uri = models.CharField("lasting address", max_length=300, blank=True)
    billable = models.BooleanField(null=True, blank=True)
    verification = models.CharField(max_length=20, choices=choices(terms.VERIFICATIONS))
    verified_by = models.JSONField(default=list, blank=True)
    checked_on = models.DateField()
    note = models.TextField(blank=True)

    class Meta(Part.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["item", "system", "code"],
                name="coding_is_unique_per_system_and_code",
                violation_error_message="This code is already there.",
            ),
            models.CheckConstraint(
                condition=Q(match="none", code="") | (~Q(match="none") & ~Q(code="")),
                name="coding_has_a_code_unless_none_exists",
                violation_error_message="Give a code, or “No code exists” and no code.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.system} {self.code or 'no code'}"


class NotCovered(Part):
    """An aspect on which the item's sources are silent. Readers are told so; an empty section would mislead."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="not_covered")
    aspect = models.CharField(max_length=30, choices=choices(terms.ASPECTS))

    class Meta(Part.Meta):
        verbose_name_plural = "not covered"
        constraints = [
            models.UniqueConstraint(fields=["item", "aspect"], name="not_covered_is_said_once"),
        ]

    def __str__(self) -> str:
        return self.get_aspect_display()
