"""What the library's FHIR resources are called: their versions. Addresses: `terminology.canonical_urls`; codes:
`store.own_codes`.

In: releases. Out: names that never change. Resources about this server (metadata, operations) carry its own address.
"""

from content_app.delivery.fhir.terminology.outcome import Resource

PUBLISHER = "AMPS API"
LONGEST_ID = 64


def version_of(release: int) -> str:
    """A release as a semantic version: each release is a new one of everything."""
    return f"{release}.0.0"


def release_of(version: str) -> int | None:
    """The release that a version means; None if it is not written as one."""
    major, _, rest = version.partition(".")
    return int(major) if rest == "0.0" and major.isdecimal() and major.isascii() and len(major) < 10 else None


def meta(release: int, published_at: str) -> Resource:
    """`meta` of a resource as of a release: the version is the number of the release."""
    return {"versionId": str(release), "lastUpdated": published_at}
