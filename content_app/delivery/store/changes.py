"""What has changed since a client last looked: every version of every document, in the order of publication.

In: a place in that order. Out: the changes behind it, and the next place. Every change comes once and none is left
out, whatever is published meanwhile: publications happen one after the other, so within the release that a read is
answered from nothing is ever added, and documents of a release have rising keys.
"""

import json
import sys
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import BinaryField, Case, F, OuterRef, Q, QuerySet, Subquery, Value, When

from content_app.canonical import rfc3339
from content_app.delivery.store.reading import Moment
from content_app.models.publication import Document, Release
from content_app.vocabulary.addresses import href

COLUMNS = (
    "pk", "item_uuid", "kind", "slug", "name", "version", "sha256", "first_release", "first_release__published_at",
    "significance", "change_note", "tombstone_reason", "grave", "was",
)  # fmt: skip
WHOLE_RELEASE = sys.maxsize
MARK_LENGTH = 16


@dataclass(frozen=True)
class ChangePosition:
    """All releases before `release` have been read, and of this one the documents up to the key `document`.

    `mark` is the beginning of the manifest hash of the release: a library that was set back to an earlier state and
    went another way from there is recognised by it.
    """

    release: int
    document: int
    mark: str


BEGINNING = ChangePosition(0, WHOLE_RELEASE, "")


def after_release(number: int, mark: str) -> ChangePosition:
    """The place at which everything up to a release, itself included, has been read."""
    return ChangePosition(number, WHOLE_RELEASE, mark)


def marks(numbers: set[int]) -> dict[int, str]:
    """The marks of those releases that there are."""
    found = Release.objects.filter(number__in=numbers).values_list("number", "manifest_sha256")
    return {number: sha256[:MARK_LENGTH] for number, sha256 in found}


def wanted(kinds: Collection[str], significances: Collection[str]) -> QuerySet:
    """The documents of these kinds, or whose change is of one of these significances; without any, all of them.

    Tombstones are wanted always.
    """
    narrowed = Q()
    if kinds:
        narrowed &= Q(kind__in=kinds)
    if significances:
        narrowed &= Q(significance__in=significances)
    return Document.objects.filter(narrowed | ~Q(tombstone_reason="")) if narrowed else Document.objects.all()


def page(documents: QuerySet, place: ChangePosition, moment: Moment, most: int) -> list[dict[str, Any]]:
    """The first of the wanted documents behind a place, up to the release of the moment.

    The rest of the release in which the place is, then the releases behind it: each is one walk along an index.
    """
    rows: list[dict[str, Any]] = []
    if place.document != WHOLE_RELEASE and place.release <= moment.release:
        rest = documents.filter(first_release=place.release, pk__gt=place.document)
        rows = list(columns(rest).order_by("pk")[:most])
    if len(rows) < most and place.release < moment.release:
        behind = documents.filter(first_release__gt=place.release, first_release__lte=moment.release)
        rows += columns(behind).order_by("first_release_id", "pk")[: most - len(rows)]
    return rows


def columns(documents: QuerySet) -> QuerySet:
    """What `to_change` takes, of each document; the stored list form of tombstones only."""
    before = Document.objects.order_by().filter(item_uuid=OuterRef("item_uuid"), version=OuterRef("version") - 1)
    return documents.annotate(
        grave=Case(
            When(tombstone_reason="", then=Value(None, BinaryField())),
            default=F("list_form"),
            output_field=BinaryField(),
        ),
        # The one before, by its index: whether one exists PostgreSQL would ask of the whole table at once.
        was=Subquery(before.values("tombstone_reason")[:1]),
    ).values(*COLUMNS)


def to_change(row: dict[str, Any]) -> dict[str, Any]:
    """One change as this API shows it. `href` is this very version, for ever."""
    grave = json.loads(bytes(row["grave"])) if row["grave"] else {}
    return {
        "change": sort_of_change(row),
        "id": str(row["item_uuid"]),
        **{column: row[column] for column in ("kind", "slug", "name", "version", "sha256")},
        "release": row["first_release"],
        "published_at": rfc3339(row["first_release__published_at"]),
        "significance": row["significance"],
        "change_note": row["change_note"],
        "reason": grave.get("reason"),
        "replaced_by": grave.get("replaced_by"),
        "href": f"{href(row['kind'], row['slug'])}?release={row['first_release']}",
    }


def sort_of_change(row: dict[str, Any]) -> str:
    """Created: new, or back after it had been withdrawn. Withdrawn: a tombstone. Changed: any other version."""
    if row["tombstone_reason"]:
        return "withdrawn"
    return "created" if row["version"] == 1 or row["was"] else "changed"


def place_behind(
    rows: list[dict[str, Any]], place: ChangePosition, moment: Moment, known: dict[int, str]
) -> ChangePosition:
    """Where to go on: behind the last row, or, without rows left, behind the release of the moment.

    A place beyond the moment, as a client has it that asked another copy of the library, stays as it is.
    """
    if rows:
        last = rows[-1]
        return ChangePosition(last["first_release"], last["pk"], known[last["first_release"]])
    if place.release > moment.release:
        return ChangePosition(place.release, place.document, place.mark or known[place.release])
    return after_release(moment.release, known[moment.release])
