"""The narrow waist: releases and the documents that are current in them. All that readers ever read.

In: rows that only `workflow` writes, in the publishing transaction. Out: immutable public documents.
No field here points to an editorial table but `published_by`, which is never served.
"""

from django.conf import settings
from django.db import connections, models
from django.db.models import F, Q

from content_app.models.fields import CodePointField
from content_app.models.guards import Guard
from content_app.models.immutable import WriteOnceModel
from content_app.vocabulary import terms
from content_app.vocabulary.terms import choices

DOCUMENT_COLUMNS = (
    "id", "item_uuid", "kind", "slug", "name", "sort_name", "version", "body", "body_gzip", "list_form", "sha256",
    "first_release_id", "tombstone_reason", "significance", "change_note",
)  # fmt: skip
SOMETHING_ELSE_CHANGES = " OR ".join(f"new.{column} <> old.{column}" for column in DOCUMENT_COLUMNS)
THE_SAME_DOCUMENT = """EXISTS (SELECT 1 FROM content_app_document WHERE id = new.id OR (item_uuid = new.item_uuid
    AND (version = new.version OR superseded_in_id IS NULL))
    OR (kind = new.kind AND slug = new.slug AND superseded_in_id IS NULL))"""


class Release(WriteOnceModel):
    """A numbered, immutable state of the whole published library: 1, 2, 3 … without gaps.

    `manifest_sha256` is over the canonical JSON of {documents, previous, release}, where `documents` lists what is
    new in this release and `previous` is the hash of the release before: a chain over everything ever published.
    `counts` holds how many documents of each kind are current in it.
    """

    GUARDS = {
        "release_numbers_have_no_gap": Guard(
            "insert",
            "new.number <> (SELECT coalesce(max(number), 0) + 1 FROM content_app_release)",
            "release numbers have no gap",
        ),
    }

    number = models.PositiveIntegerField(primary_key=True)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    note = models.TextField(blank=True)
    significance = models.CharField(max_length=20, choices=choices(terms.SIGNIFICANCES))
    counts = models.JSONField()
    manifest_sha256 = models.CharField("manifest SHA-256", max_length=64)

    class Meta:
        ordering = ["-number"]
        constraints = [models.CheckConstraint(condition=Q(number__gte=1), name="release_number_starts_at_one")]

    def __str__(self) -> str:
        return f"Release {self.number}"


class Library(models.Model):
    """The one pointer that publishing moves. Locking its row puts publications in a line."""

    GUARDS = {
        "library_never_points_back": Guard(
            "update",
            "coalesce(new.current_release_id, 0) < coalesce(old.current_release_id, 0)",
            "library never points back",
        ),
        "library_is_kept": Guard("delete", "true", "library is kept"),
    }

    current_release = models.ForeignKey(Release, models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name_plural = "library"
        constraints = [models.CheckConstraint(condition=Q(id=1), name="library_is_one")]

    def __str__(self) -> str:
        return "Library"


def create_library(sender, using: str, **kwargs) -> None:
    """Make sure, after every `migrate`, that the one row is there."""
    if Library._meta.db_table in connections[using].introspection.table_names():
        Library.objects.using(using).get_or_create(id=1)


class Document(WriteOnceModel):
    """One item, or one source, as published.

    Current in release r ⇔ first_release ≤ r and (superseded_in is null or superseded_in > r).
    `body` is the answer itself: canonical JSON bytes; `sha256` is over its canonical JSON without `meta`.
    `list_form` is the item as lists show it and `body_gzip` the compressed body, so that reading computes nothing.
    The one change a stored document ever sees is `superseded_in`, from null to a number, once.
    """

    KINDS = choices(terms.KINDS) + [("source", "Source")]
    GUARDS = {
        "document_is_written_once_update": Guard(
            "update",
            f"old.superseded_in_id IS NOT NULL OR new.superseded_in_id IS NULL OR {SOMETHING_ELSE_CHANGES}",
            "document is written once",
        ),
        "document_is_written_once_replace": Guard(
            "insert", THE_SAME_DOCUMENT, "document is written once", only_on=("sqlite",)
        ),
    }

    item_uuid = models.UUIDField()
    kind = models.CharField(max_length=20, choices=KINDS)
    slug = models.CharField(max_length=120)
    name = models.CharField(max_length=500)
    sort_name = CodePointField(max_length=500)
    version = models.PositiveIntegerField()
    body = models.BinaryField()
    body_gzip = models.BinaryField()
    list_form = models.BinaryField()
    sha256 = models.CharField("SHA-256", max_length=64)
    first_release = models.ForeignKey(Release, models.PROTECT, related_name="documents")
    superseded_in = models.ForeignKey(Release, models.PROTECT, null=True, related_name="superseded_documents")
    tombstone_reason = models.CharField(max_length=20, choices=choices(terms.WITHDRAWAL_REASONS), blank=True)
    significance = models.CharField(max_length=20, choices=choices(terms.SIGNIFICANCES))
    change_note = models.TextField(blank=True)

    class Meta:
        ordering = ["kind", "sort_name", "id"]
        indexes = [
            models.Index(fields=["kind", "sort_name", "item_uuid"], name="document_by_name"),
            models.Index(fields=["kind", "first_release", "item_uuid"], name="document_by_release"),
            models.Index(fields=["kind", "slug"], name="document_by_slug"),
            models.Index(fields=["kind", "item_uuid"], name="document_by_identifier"),
            models.Index(fields=["sort_name", "item_uuid"], name="document_by_name_alone"),
            models.Index(fields=["kind"], condition=~Q(tombstone_reason=""), name="document_withdrawn"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["item_uuid", "version"], name="document_version_is_unique_per_item"),
            models.UniqueConstraint(
                fields=["item_uuid"],
                condition=Q(superseded_in__isnull=True),
                name="document_is_current_once_per_item",
            ),
            models.UniqueConstraint(
                fields=["kind", "slug"],
                condition=Q(superseded_in__isnull=True),
                name="document_address_is_current_once",
            ),
            models.CheckConstraint(
                condition=Q(superseded_in__isnull=True) | Q(superseded_in__gt=F("first_release")),
                name="document_is_superseded_later",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} · version {self.version}"


class IndexTerm(WriteOnceModel):
    """One lookup that a reader may make of a document: by topic, by code, by relation, by an old slug …"""

    document = models.ForeignKey(Document, models.PROTECT, related_name="terms")
    name = models.CharField(max_length=30)
    value = models.CharField(max_length=300)

    class Meta:
        indexes = [models.Index(fields=["name", "value", "document"], name="index_term_lookup")]
        constraints = [models.UniqueConstraint(fields=["document", "name", "value"], name="index_term_is_stored_once")]

    def __str__(self) -> str:
        return f"{self.name}={self.value}"
