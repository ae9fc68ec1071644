"""Proves that what is stored is what was published: recomputes every hash, from the bytes up.

In: the releases and documents. Out: one sentence for each fault. Reads only, one document in memory at a time.
"""

import gzip
import json
from collections import defaultdict
from collections.abc import Iterator

from content_app.canonical import sha256_of
from content_app.models import Document, Library, Release
from content_app.publishing import manifest, manifest_entry


def extent() -> tuple[int, int]:
    """How many releases and documents there are."""
    return Release.objects.count(), Document.objects.count()


def faults() -> Iterator[str]:
    """Everything that does not agree with its hash, its neighbour or its place, in sentences."""
    entries = defaultdict(list)
    for document in Document.objects.order_by("pk").iterator(chunk_size=200):
        yield from _faults_of_document(document)
        entries[document.first_release_id].append(
            manifest_entry(
                str(document.item_uuid),
                document.kind,
                document.slug,
                document.version,
                document.sha256,
                bool(document.tombstone_reason),
            )
        )
    previous = None
    expected = 1
    for release in Release.objects.order_by("number"):
        if release.number != expected:
            yield f"Release {expected} is missing."
        if sha256_of(manifest(release.number, previous, entries[release.number])) != release.manifest_sha256:
            yield f"Release {release.number}: its manifest hash does not fit its documents."
        previous, expected = release.manifest_sha256, release.number + 1
    current = Library.objects.get().current_release_id
    if (current or 0) != expected - 1:
        yield f"The library points at release {current}, but the last one is {expected - 1}."


def _faults_of_document(document: Document) -> Iterator[str]:
    who = f"{document.kind}/{document.slug} version {document.version}"
    body = bytes(document.body)
    try:
        content = json.loads(body)
    except ValueError:
        yield f"{who}: its body is not JSON."
        return
    meta = content.pop("meta", {})
    if sha256_of(content) != document.sha256 or meta.get("sha256") != document.sha256:
        yield f"{who}: its content does not fit its hash."
    if (meta.get("version"), meta.get("release")) != (document.version, document.first_release_id):
        yield f"{who}: it says another version or release."
    try:
        compressed = gzip.decompress(bytes(document.body_gzip))
    except (OSError, EOFError):
        compressed = b""
    if compressed != body:
        yield f"{who}: its compressed body is not its body."
    if json.loads(bytes(document.list_form) or b"{}").get("meta") != meta:
        yield f"{who}: what lists show of it is not the same version."
