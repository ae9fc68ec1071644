"""The parts of an item: names, statements, relations, codings and what is not covered.

In: rows that only `interchange` and admin forms write. Out: parts that hang on one real foreign key to `Item`,
so that every kind of item is treated alike.
"""

import uuid

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest, Least

from content_app.models.guards import Guard
from content_app.models.items import Item
from content_app.vocabulary import terms
from content_app.vocabulary.code_systems import CODE_SYSTEMS
from content_app.vocabulary.predicates import PREDICATES
from content_app.vocabulary.terms import choices

PREDICATE_CHOICES = [(predicate.code, predicate.label) for predicate in PREDICATES.values()]
CODE_SYSTEM_CHOICES = [(system.key, system.name) for system in CODE_SYSTEMS.values()]
CYCLE = """new.predicate = 'is_kind_of' AND EXISTS (
    WITH RECURSIVE ancestor(id) AS (
        SELECT new.object_id
        UNION
        SELECT r.object_id FROM content_app_relation r JOIN ancestor ON r.subject_id = ancestor.id
        WHERE r.predicate = 'is_kind_of'
    ) SELECT 1 FROM ancestor WHERE id = new.subject_id)"""
KINDS_DIFFER = """new.subject_kind <> (SELECT kind FROM content_app_item WHERE id = new.subject_id)
    OR new.object_kind <> (SELECT kind FROM content_app_item WHERE id = new.object_id)"""


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
    language = models.CharField(max_length=10, default="en", help_text="A language code, such as en or es.")
    note = models.TextField(blank=True, help_text="How the meaning of this name differs from the item, if it does.")

    class Meta(Part.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["item", "language"],
                condition=Q(type="preferred"),
                name="name_is_preferred_once_per_language",
                violation_error_message="This language already has a preferred name.",
            ),
            models.CheckConstraint(
                condition=~Q(type="preferred", language="en"),
                name="name_preferred_in_english_is_the_items",
                violation_error_message=(
                    "Do not add the preferred English name here: it is the item's name at the top of the page."
                ),
            ),
            models.UniqueConstraint(
                fields=["item", "language", "type", "text"],
                name="name_is_given_once",
                violation_error_message="This name has already been added.",
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

    GUARDS = {
        f"{name}_{event}": Guard(event, refuses, message, one_at_a_time=one_at_a_time)
        for event in ("insert", "update")
        for name, refuses, message, one_at_a_time in (
            ("relation_is_kind_of_has_no_cycle", CYCLE, "relation is_kind_of has no cycle", True),
            ("relation_knows_the_kinds", KINDS_DIFFER, "relation knows the kinds of its items", False),
        )
    }

    subject = models.ForeignKey(Item, models.CASCADE, related_name="relations")
    predicate = models.CharField(max_length=30, choices=PREDICATE_CHOICES)
    object = models.ForeignKey(Item, models.PROTECT, related_name="incoming_relations")
    subject_kind = models.CharField(max_length=20, editable=False)
    object_kind = models.CharField(max_length=20, editable=False)
    modality = models.CharField(max_length=20, choices=choices(terms.MODALITIES), default="asserted")
    certainty = models.CharField(max_length=20, choices=choices(terms.CERTAINTIES), blank=True)
    frequency = models.CharField(max_length=20, choices=choices(terms.FREQUENCIES), blank=True)
    ambiguous = models.BooleanField(default=False, help_text="The source may not mean this. Explain why in the note.")
    attributed = models.BooleanField(
        default=False,
        help_text="This is the view of the cited source, and other sources disagree. Explain in the note.",
    )
    display_with = models.ForeignKey(
        Item, models.PROTECT, null=True, blank=True, related_name="+",
        help_text="An item that must always be shown with this relationship.",
    )  # fmt: skip
    note = models.TextField(blank=True)

    class Meta(Part.Meta):
        verbose_name = "relationship"
        constraints = [
            models.UniqueConstraint(
                fields=["subject", "predicate", "object"],
                name="relation_is_stated_once",
                violation_error_message="This relationship has already been added.",
            ),
            models.CheckConstraint(
                condition=~Q(subject=F("object")),
                name="relation_joins_two_items",
                violation_error_message="An item cannot have a relationship with itself.",
            ),
            models.CheckConstraint(
                condition=_joins_what_its_predicate_allows(),
                name="relation_fits_its_predicate",
                violation_error_message="This relationship cannot link these kinds of items.",
            ),
            models.CheckConstraint(
                condition=~Q(predicate="is_kind_of") | Q(subject_kind=F("object_kind")),
                name="relation_is_kind_of_stays_in_its_kind",
                violation_error_message="“Is a kind of” can only link two items of the same kind.",
            ),
            models.UniqueConstraint(
                "predicate",
                Least("subject", "object"),
                Greatest("subject", "object"),
                condition=Q(predicate__in=[p.code for p in PREDICATES.values() if p.is_symmetric]),
                name="relation_both_ways_is_stored_once",
                violation_error_message=(
                    "The other item already has this relationship, which applies in both directions."
                ),
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
    system = models.CharField("code system", max_length=30, choices=CODE_SYSTEM_CHOICES)
    code = models.CharField(max_length=60, blank=True)
    display = models.CharField("title", max_length=300, blank=True, help_text="The title of the code in its system.")
    match = models.CharField(max_length=10, choices=choices(terms.MATCHES))
    version = models.CharField(max_length=300, help_text="The release of the code system.")
    uri = models.CharField("permanent address", max_length=300, blank=True)
    billable = models.BooleanField(null=True, blank=True, help_text="For ICD-10-CM only.")
    verification = models.CharField(max_length=20, choices=choices(terms.VERIFICATIONS))
    verified_by = models.JSONField("checked against", default=list, blank=True, help_text="One per line.")
    checked_on = models.DateField("date checked")
    note = models.TextField(blank=True)

    class Meta(Part.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["item", "system", "code"],
                name="coding_is_unique_per_system_and_code",
                violation_error_message="This code has already been added.",
            ),
            models.CheckConstraint(
                condition=Q(match="none", code="") | (~Q(match="none") & ~Q(code="")),
                name="coding_has_a_code_unless_none_exists",
                violation_error_message="Enter a code, or choose “No code exists” and leave the code empty.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_system_display()} {self.code or '(no code)'}"


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
