"""The works that content rests on, and their use at one place.

In: rows that only `interchange` and admin forms write. Out: sources and citations, private until an item that
cites them is published.
"""

import uuid

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q

from content_app.models.guards import Guard
from content_app.vocabulary import terms
from content_app.vocabulary.terms import choices

A_PUBLISHED_SOURCE = """EXISTS (SELECT 1 FROM content_app_document d
    WHERE d.kind = 'source' AND d.item_uuid = old.uuid)"""


class Source(models.Model):
    """A work: an article, a guideline, a terminology, a text.

    `slug` is what citations name, in everything ever published: it never changes.
    """

    GUARDS = {
        "source_keeps_its_identity": Guard(
            "update", "new.uuid <> old.uuid OR new.slug <> old.slug", "source keeps its uuid and slug"
        ),
        "source_is_kept_once_published": Guard("delete", A_PUBLISHED_SOURCE, "source has been published"),
    }

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    slug = models.SlugField(max_length=120, unique=True)
    type = models.CharField(max_length=20, choices=choices(terms.SOURCE_TYPES))
    evidence_level = models.CharField(max_length=30, choices=choices(terms.EVIDENCE_LEVELS))
    title = models.CharField(max_length=500)
    authors = models.JSONField(default=list, blank=True, help_text="One author per line.")
    organisation = models.CharField(max_length=300, blank=True)
    container = models.CharField(
        "published in", max_length=300, blank=True, help_text="The journal or book, with volume and pages."
    )
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    url = models.CharField("web address", max_length=500, blank=True, validators=[URLValidator(["http", "https"])])
    doi = models.CharField("DOI", max_length=200, blank=True)
    pmid = models.CharField("PubMed ID", max_length=10, blank=True)
    isbn = models.CharField("ISBN", max_length=17, blank=True)
    licence = models.CharField(max_length=300, blank=True)
    retracted = models.BooleanField(default=False)
    note = models.TextField(
        blank=True, help_text="What readers need to know about this source, such as who was studied."
    )

    class Meta:
        ordering = ["slug"]
        constraints = [
            models.CheckConstraint(condition=Q(type__in=list(terms.SOURCE_TYPES)), name="source_type_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.year})" if self.year else self.title

    def clean(self):
        super().clean()
        stored = Source.objects.filter(pk=self.pk).first()
        if stored and stored.slug != self.slug:
            raise ValidationError({"slug": f"The slug of a source cannot change. It must stay “{stored.slug}”."})


class Citation(models.Model):
    """A source at one place of an item: its summary, or one of its statements, relations or names."""

    item = models.ForeignKey("Item", models.CASCADE, related_name="citations")
    statement = models.ForeignKey("Statement", models.CASCADE, null=True, blank=True, related_name="citations")
    relation = models.ForeignKey("Relation", models.CASCADE, null=True, blank=True, related_name="citations")
    name = models.ForeignKey("Name", models.CASCADE, null=True, blank=True, related_name="citations")
    source = models.ForeignKey(Source, models.PROTECT, related_name="citations")
    locator = models.CharField(
        max_length=300, blank=True, help_text="The place in the source, such as a paragraph, page or table."
    )
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(statement__isnull=True, relation__isnull=True)
                | Q(statement__isnull=True, name__isnull=True)
                | Q(relation__isnull=True, name__isnull=True),
                name="citation_has_one_place",
            )
        ]

    def __str__(self) -> str:
        return f"{self.source.slug}, {self.locator}" if self.locator else self.source.slug

    def save(self, *args, **kwargs):
        part = self.statement or self.name
        self.item_id = part.item_id if part else self.relation.subject_id if self.relation else self.item_id
        super().save(*args, **kwargs)
