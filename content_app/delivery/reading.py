"""Reads from the waist: which release, which documents. Every query of the read side stands here.

In: a release number, and what is asked for. Out: stored bytes and the few columns that headers need.
Never instantiates a model; never reads an editorial table.
"""

import datetime
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils import timezone

from content_app.models.publication import Document, IndexTerm, Library, Release

DETAIL_COLUMNS = ("body", "body_gzip", "sha256", "version", "tombstone_reason", "first_release__published_at")


@dataclass(frozen=True)
class Moment:
    """The release that a read is answered from. A pinned one was named, so its answers never change."""

    release: int
    published_at: datetime.datetime
    counts: dict[str, int]
    is_pinned: bool

    @property
    def is_current_then(self) -> Q:
        """The condition on documents: current in this release."""
        return Q(first_release__lte=self.release) & (Q(superseded_in__isnull=True) | Q(superseded_in__gt=self.release))


@dataclass(frozen=True)
class Stored:
    """One document as stored."""

    body: bytes
    body_gzip: bytes
    sha256: str
    version: int
    tombstone_reason: str
    published_at: datetime.datetime


def current_moment() -> Moment | None:
    """The current release; None before the first."""
    columns = ("current_release_id", "current_release__published_at", "current_release__counts")
    row = Library.objects.filter(current_release__isnull=False).values_list(*columns).first()
    return Moment(*row, is_pinned=False) if row else None


def moment_of_release(number: int) -> Moment | None:
    """The release of this number; None if there is none."""
    return _moment(Release.objects.filter(number=number), is_pinned=True)


def moment_as_of(instant: datetime.datetime) -> Moment | None:
    """The release that was current at an instant; None before the first. Pinned if the instant has passed."""
    is_past = instant < timezone.now()
    return _moment(Release.objects.filter(published_at__lte=instant).order_by("-number"), is_pinned=is_past)


def _moment(releases: QuerySet, *, is_pinned: bool) -> Moment | None:
    row = releases.values_list("number", "published_at", "counts").first()
    return Moment(*row, is_pinned=is_pinned) if row else None


def documents(moment: Moment) -> QuerySet:
    """All documents current in a release, tombstones included."""
    return Document.objects.filter(moment.is_current_then)


def living(moment: Moment) -> QuerySet:
    """All documents current in a release that are not withdrawn."""
    return documents(moment).filter(tombstone_reason="")


def by_slug(moment: Moment, kind: str, slug: str) -> Stored | None:
    return _stored(documents(moment).filter(kind=kind, slug=slug))


def by_id(moment: Moment, item_uuid) -> Stored | None:
    return _stored(documents(moment).filter(item_uuid=item_uuid).exclude(kind="source"))


def _stored(found: QuerySet) -> Stored | None:
    row = found.values_list(*DETAIL_COLUMNS).first()
    return Stored(bytes(row[0]), bytes(row[1]), *row[2:]) if row else None


def with_term(found: QuerySet, name: str, *values: str) -> QuerySet:
    """Those documents that have a term of one of these values."""
    matching = IndexTerm.objects.filter(name=name, value__in=values).values("document")
    return found.filter(pk__in=matching)


def address_of_alias(moment: Moment, kind: str, alias: str) -> list[str]:
    """Slugs of the items that an abbreviation or a former slug stands for."""
    found = with_term(living(moment).filter(kind=kind), "alias", alias.casefold())
    return sorted(found.values_list("slug", flat=True))


def slugs_like(moment: Moment, kind: str) -> list[str]:
    """The slugs of a kind that a misspelt one may have meant: at most a thousand."""
    return list(living(moment).filter(kind=kind).values_list("slug", flat=True)[:1000])


def bodies(found: QuerySet, most: int) -> list[tuple[str, str, bytes]]:
    """(sort name, identifier, body) of the first documents, by name."""
    rows = found.order_by("sort_name", "item_uuid").values_list("sort_name", "item_uuid", "body")[:most]
    return [(name, str(item_uuid), bytes(body)) for name, item_uuid, body in rows]


def body_with_term(moment: Moment, name: str, value: str) -> bytes | None:
    """The body of the document that has a term that only one can have."""
    row = with_term(living(moment), name, value).values_list("body").first()
    return bytes(row[0]) if row else None
