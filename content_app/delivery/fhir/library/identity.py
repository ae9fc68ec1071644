"""What the library's FHIR resources are called: versions and codes. Their addresses: `terminology.canonical_urls`.

In: identifiers of documents and releases. Out: names that never change. Resources about this server (metadata,
operations) carry its own address.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from content_app.delivery.fhir.terminology.outcome import Resource
from content_app.vocabulary.terms import COLLECTIONS

PUBLISHER = "AMPS API"
LONGEST_ID = 64


def version_of(release: int) -> str:
    """A release as a semantic version: each release is a new one of everything."""
    return f"{release}.0.0"


def release_of(version: str) -> int | None:
    """The release that a version means; None if it is not written as one."""
    major, _, rest = version.partition(".")
    return int(major) if rest == "0.0" and major.isdecimal() and major.isascii() and len(major) < 10 else None


@dataclass(frozen=True)
class FirstEdition:
    """The first version of an item: what its code is made from."""

    item_id: str
    kind: str
    slug: str
    release: int


def codes(editions: Iterable[FirstEdition]) -> dict[str, str]:
    """The code of each item, by its identifier: the slug under which it was first published, for ever.

    A slug may be renamed, a code may not change its meaning: so a rename changes the address and not the code. If two
    items have had one slug, the one published first has it as its code, and the other one `slug.collection`.
    """
    found: dict[str, str] = {}
    taken: set[str] = set()
    for edition in sorted(editions, key=lambda edition: (edition.release, edition.kind, edition.item_id)):
        choices = (edition.slug, f"{edition.slug}.{COLLECTIONS[edition.kind]}", f"{edition.slug}.{edition.item_id}")
        found[edition.item_id] = next(choice for choice in choices if choice not in taken)
        taken.add(found[edition.item_id])
    return found


def meta(release: int, published_at: str) -> Resource:
    """`meta` of a resource as of a release: the version is the number of the release."""
    return {"versionId": str(release), "lastUpdated": published_at}
