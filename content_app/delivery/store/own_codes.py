"""The library's own code of each item: the slug under which it was first published, for ever.

In: identifiers, codes, releases. Out: codes by item, and the coding that says so, in the shape of any other coding.
A slug may be renamed, a code may not change its meaning: a rename changes the address and not the code.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from content_app.delivery.store.reading import Moment
from content_app.models.publication import Document
from content_app.vocabulary.code_systems import OWN
from content_app.vocabulary.terms import COLLECTIONS, KINDS

# Examples are texts, and have no code.
CODED_KINDS = ("condition", "concept", "symptom_type")


@dataclass(frozen=True)
class FirstEdition:
    """The first version of an item: what its code is made from."""

    item_id: str
    kind: str
    slug: str
    release: int


def codes(editions: Iterable[FirstEdition]) -> dict[str, str]:
    """The code of each item, by its identifier.

    If two items have had one slug, the one published first has it as its code, and the other one `slug.collection`.
    """
    found: dict[str, str] = {}
    taken: set[str] = set()
    for edition in sorted(editions, key=lambda edition: (edition.release, edition.kind, edition.item_id)):
        found[edition.item_id] = next(choice for choice in choices(edition) if choice not in taken)
        taken.add(found[edition.item_id])
    return found


def choices(edition: FirstEdition) -> tuple[str, str, str]:
    """What the code of an item may be; the first of these that no other item has is its code."""
    return edition.slug, f"{edition.slug}.{COLLECTIONS[edition.kind]}", f"{edition.slug}.{edition.item_id}"


def items_with(wanted: Iterable[str], release: int) -> dict[str, str]:
    """The codes of those items that have one of the codes that are wanted, by identifier: one query."""
    wanted = {code.casefold() for code in wanted}
    if not wanted:
        return {}
    slugs = {code.partition(".")[0] for code in wanted}
    return {item_id: code for item_id, code in _with_slugs(slugs, release, CODED_KINDS).items() if code in wanted}


def codes_of(item_ids: Iterable[str], release: int) -> dict[str, str]:
    """The codes of these items, by identifier, as far as they have one by this release: two queries."""
    wanted = set(item_ids)
    if not wanted:
        return {}
    firsts = Document.objects.filter(item_uuid__in=wanted, version=1).order_by()
    slugs = set(firsts.values_list("slug", flat=True))
    return {item_id: code for item_id, code in _with_slugs(slugs, release, KINDS).items() if item_id in wanted}


def _with_slugs(slugs: set[str], release: int, kinds: Iterable[str]) -> dict[str, str]:
    """The codes of all items of these kinds that were first published under one of these slugs: one query."""
    rows = Document.objects.filter(kind__in=KINDS, slug__in=slugs).order_by()
    columns = rows.values_list("item_uuid", "kind", "slug", "first_release_id", "version")
    # Chosen here: for a database, few have a slug, and its statistics may not know that.
    editions = [FirstEdition(str(row[0]), *row[1:4]) for row in columns if row[4] == 1 and row[3] <= release]
    coded = {edition.item_id for edition in editions if edition.kind in kinds}
    return {item_id: code for item_id, code in codes(editions).items() if item_id in coded}


def coding(document: dict[str, Any], code: str, moment: Moment) -> dict[str, Any]:
    """The coding of a document with its own code: exact, as the library itself says what it means."""
    return {
        "system": OWN.key,
        "system_uri": OWN.uri,
        "code": code,
        "display": document["name"],
        "match": "exact",
        "version": f"{moment.release}.0.0",
        "uri": None,
        "billable": None,
        "verification": "verified",
        "verified_by": [OWN.name],
        "checked_on": moment.published_at.date().isoformat(),
        "note": None,
    }
