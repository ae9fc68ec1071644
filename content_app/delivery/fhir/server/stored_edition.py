"""A release of which nothing has been read: what is asked of single items, and of all, is answered by indexed queries.

In: a `Moment`. Out: `StoredEdition`. Who walks through all documents asks for `whole`, which reads them, once.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from content_app.canonical import rfc3339
from content_app.delivery.fhir.library.edition import Edition
from content_app.delivery.store import own_codes, reading
from content_app.delivery.store.own_codes import FirstEdition
from content_app.delivery.store.symmetric_query import with_both_ends
from content_app.models.publication import Document as StoredDocument
from content_app.vocabulary.terms import REVIEW_STATES

Document = dict[str, Any]
ORDER = ("kind", "sort_name", "item_uuid")
BATCH = 100


class StoredEdition(Edition):
    """A release, read as it is asked. `part` is an edition that has only some of its documents."""

    def __init__(self, moment: reading.Moment):
        self.moment = moment
        self.release = moment.release
        self.published_at = rfc3339(moment.published_at, "seconds")
        self.by_id = ById(moment)
        self.codes = Codes(moment.release)

    @cached_property
    def documents(self) -> tuple[Document, ...]:
        return tuple(in_order(reading.documents(self.moment)))

    @cached_property
    def whole(self) -> Edition:
        """All documents of the release, in memory."""
        codes = own_codes.codes(first_editions(self.release))
        return Edition(self.release, self.published_at, self.documents, codes)

    def part(self, documents: Iterable[Document]) -> "StoredEdition":
        """The same release with these documents alone, and their codes at hand."""
        part = StoredEdition(self.moment)
        part.documents = tuple(documents)
        part.codes = own_codes.codes_of([document["id"] for document in part.documents], self.release)
        return part

    def with_both_ends(self, document: Document) -> Document:
        return with_both_ends([document], self.moment)[0]

    @cached_property
    def is_reviewed(self) -> bool:
        others = [state for state in REVIEW_STATES if state != "clinically_reviewed"]
        return not reading.has_term(self.moment, "review_state", *others)

    @cached_property
    def first_review(self) -> tuple[str, str] | None:
        found = [reading.least(self.moment, name) for name in ("reviewed_on", "review_due_on")]
        return (found[0], found[1]) if found[0] and found[1] else None


class ById(Mapping[str, Document]):
    """The documents of the items of a release, each read when it is asked for."""

    def __init__(self, moment: reading.Moment):
        self.moment = moment

    def __getitem__(self, item_id: str) -> Document:
        key = as_uuid(item_id)
        stored = reading.by_id(self.moment, key) if key else None
        if stored is None:
            raise KeyError(item_id)
        found: Document = json.loads(stored.body)
        return found

    def __iter__(self) -> Iterator[str]:
        raise NotImplementedError("Walk through `StoredEdition.whole`.")

    def __len__(self) -> int:
        raise NotImplementedError("Walk through `StoredEdition.whole`.")


class Codes(Mapping[str, str]):
    """The codes of items by identifier, each found when it is asked for."""

    def __init__(self, release: int):
        self.release = release

    def __getitem__(self, item_id: str) -> str:
        return own_codes.codes_of([item_id], self.release)[item_id]

    def __iter__(self) -> Iterator[str]:
        raise NotImplementedError("Walk through `StoredEdition.whole`.")

    def __len__(self) -> int:
        raise NotImplementedError("Walk through `StoredEdition.whole`.")


class InOrder:
    """The items of a release of some kinds, in the order of FHIR resources: a part of them, or one after the other."""

    def __init__(self, moment: reading.Moment, kinds: tuple[str, ...], *, with_withdrawn: bool = False):
        self.moment = moment
        self.kinds = kinds
        found = (reading.documents if with_withdrawn else reading.living)(moment)
        self.found = found.filter(kind__in=kinds).order_by(*ORDER)
        self.with_withdrawn = with_withdrawn

    def __len__(self) -> int:
        withdrawn = reading.documents(self.moment).filter(kind__in=self.kinds).exclude(tombstone_reason="")
        living = sum(self.moment.counts[kind] for kind in self.kinds)
        return living + (withdrawn.count() if self.with_withdrawn else 0)

    def part(self, first: int, last: int) -> list[Document]:
        """Those from one place to before another."""
        rows = self.found.values_list("body", flat=True)[first:last]
        return [json.loads(bytes(body)) for body in rows]

    def __iter__(self) -> Iterator[Document]:
        """One after the other."""
        for first in range(0, len(self), BATCH):
            yield from self.part(first, first + BATCH)


def as_uuid(text: str) -> UUID | None:
    """The identifier that a text is; None if it is not one in its usual form."""
    try:
        found = UUID(text)
    except ValueError:
        return None
    return found if str(found) == text else None


def first_editions(release: int, **where: str) -> list[FirstEdition]:
    """The first version of every item that there was by this release, or of those of a `kind`."""
    found = StoredDocument.objects.filter(version=1, first_release__lte=release, **where).exclude(kind="source")
    columns = found.order_by().values_list("item_uuid", "kind", "slug", "first_release_id")
    return [FirstEdition(str(item_id), kind, slug, number) for item_id, kind, slug, number in columns]


def first_release_of(item_id: str) -> int:
    """The release in which an item was first published."""
    return StoredDocument.objects.values_list("first_release_id", flat=True).get(item_uuid=item_id, version=1)


def in_order(found: QuerySet) -> Iterator[Document]:
    """The items among these documents, in the order of FHIR resources: not by the collation of the database."""
    rows = found.exclude(kind="source").order_by().values_list(*ORDER, "body")
    return (json.loads(bytes(row[3])) for row in sorted(rows, key=lambda row: row[:3]))
