"""What the library's FHIR resources are called: canonical addresses, versions, codes.

In: identifiers of documents and releases. Out: names that never change and that no server owns. A canonical address
must be the same wherever the library is served and must not claim a domain of somebody else, so it is a `urn:uuid:`;
those of value sets and concept maps are UUIDs (version 5) made from their id. The same UUID as an OID is 2.25.<the
number> (ITU-T X.667), for systems that only know OIDs. Resources about this server (metadata, operations) carry its
own address.
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from content_app.delivery.fhir.terminology.outcome import Resource
from content_app.vocabulary.terms import COLLECTIONS

CODE_SYSTEM_UUID = uuid.UUID("5b8a9ba2-0d0b-4f0e-9c1d-7a6f0e1c93d4")
CODE_SYSTEM = CODE_SYSTEM_UUID.urn
CODE_SYSTEM_OID = f"urn:oid:2.25.{CODE_SYSTEM_UUID.int}"
CODE_SYSTEM_ID = "amps"
PUBLISHER = "AMPS API"
LONGEST_ID = 64


def canonical(kind: str, resource_id: str) -> str:
    """The canonical address of a resource of the library: the same on every server."""
    if (kind, resource_id) == ("CodeSystem", CODE_SYSTEM_ID):
        return CODE_SYSTEM
    return uuid.uuid5(CODE_SYSTEM_UUID, f"{kind}/{resource_id}").urn


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
