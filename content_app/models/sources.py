"""The works that content rests on, and their use at one place.

In: rows that only `interchange` and admin forms write. Out: sources and citations, private until an item that
cites them is published. What readers get of a source is its signed-off form, never the row itself.
"""

import uuid

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q

from content_app.models.guards import Guard
from content_app.vocabulary import terms
from content_app.vocabulary.terms import choices

NO_SIGN_OFF_OF_ITS_OWN = """new.signed_revision_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM content_app_sourcerevision r
    WHERE r.id = new.signed_revision_id AND r.source_uuid = new.uuid AND r.verb = 'approve')"""
# A source is never withdrawn: what rests on it may still be read, so it is marked as retracted.
SOURCE_STATUSES = {key: term for key, term in terms.STATUSES.items() if key != "withdrawn"}
A_PUBLISHED_SOURCE = """EXISTS (SELECT 1 FROM content_app_document d
    WHERE d.kind = 'source' AND d.item_uuid = old.uuid)"""


class Source(models.Model):
    """A work: an article, a guideline, a terminology, a text.

    `slug` is what citations name, in everything ever published: it never changes. `status` speaks of the row, the
    working copy; readers get `signed_revision`, the form that a second person signed off last.
    """

    kind = "source"

    GUARDS = {
        "source_keeps_its_identity": Guard(
            "update", "new.uuid <> old.uuid OR new.slug <> old.slug", "source keeps its uuid and slug"
        ),
        "source_has_a_sign_off_of_its_own": Guard("update", NO_SIGN_OFF_OF_ITS_OWN, "no sign-off of this source"),
        "source_is_kept_once_published": Guard("delete", A_PUBLISHED_SOURCE, "source has been published"),
    }

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    slug = models.SlugField(max_length=120, unique=True)
    type = models.CharField(max_length=20, choices=choices(terms.SOURCE_TYPES))
    evidence_level = models.CharField(max_length=30, choices=choices(terms.EVIDENCE_LEVELS))
    title = models.CharField(max_length=500)
    authors = models.JSONField(default=list, blank=True, help_text="One author per line.")
    organisation = models.CharField(max_length=300, blank=True)
    container = models.CharField("published in", max_length=300, blank=True, help_text="The journal, book or website.")
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    url = models.CharField("web address", max_length=500, blank=True, validators=[URLValidator(["http", "https"])])
    doi = models.CharField("DOI", max_length=200, blank=True)
    pmid = models.CharField("PubMed ID", max_length=10, blank=True)
    isbn = models.CharField("ISBN", max_length=17, blank=True)
    volume = models.CharField(max_length=40, blank=True)
    issue = models.CharField(max_length=40, blank=True)
    pages = models.CharField(max_length=40, blank=True, help_text="The pages, or the article number.")
    accessed_on = models.DateField("date read", null=True, blank=True, help_text="For web pages.")
    licence = models.CharField(max_length=300, blank=True)
    retracted = models.BooleanField(default=False)
    note = models.TextField(
        blank=True, help_text="What readers need to know about this source, such as who was studied."
    )

    status = models.CharField(max_length=20, choices=choices(SOURCE_STATUSES), default="draft", editable=False)
    change_note = models.TextField(blank=True, editable=False)
    significance = models.CharField(max_length=20, choices=choices(terms.SIGNIFICANCES), blank=True, editable=False)
    signed_revision = models.ForeignKey("SourceRevision", models.PROTECT, null=True, editable=False, related_name="+")
    published_revision = models.ForeignKey(
        "SourceRevision", models.PROTECT, null=True, editable=False, related_name="+"
    )

    class Meta:
        ordering = ["slug"]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=list(SOURCE_STATUSES)), name="source_status_is_known"),
            models.CheckConstraint(
                condition=~Q(status__in=["approved", "published"]) | Q(signed_revision__isnull=False),
                name="source_is_approved_with_a_sign_off",
            ),
            models.CheckConstraint(
                condition=~Q(status="published") | Q(published_revision__isnull=False),
                name="source_is_published_with_a_revision",
            ),
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
    passage = models.TextField(
        blank=True, help_text="The words of the source that support this. For reviewers only: it is never published."
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
