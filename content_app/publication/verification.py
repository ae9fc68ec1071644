"""Proves that what is stored is what was published: recomputes every hash, from the bytes up.

In: the releases and documents. Out: one sentence for each fault. Reads only, one document in memory at a time.
"""

import gzip
import json
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from content_app.canonical import compact_json, sha256_of
from content_app.manuscripts import compiler
from content_app.models import Document, Library, Release
from content_app.publication.publishing import manifest, manifest_entry


def extent() -> tuple[int, int]:
    """How many releases and documents there are."""
    return Release.objects.count(), Document.objects.count()


def faults() -> Iterator[str]:
    """Everything that does not agree with its hash, its neighbour or its place, in sentences."""
    entries: dict[int, list[dict[str, Any]]] = defaultdict(list)
    living: dict[int, Counter[str]] = defaultdict(Counter)
    for document in Document.objects.order_by("pk").prefetch_related("terms").iterator(chunk_size=200):
        yield from _faults_of_document(document)
        entries[document.first_release_id].append(_entry(document))
        if not document.tombstone_reason:
            living[document.first_release_id][document.kind] += 1
            living[document.superseded_in_id or 0][document.kind] -= 1
    yield from _faults_of_succession()
    yield from _faults_of_releases(entries, living)


def _entry(document: Document) -> dict[str, Any]:
    withdrawn = bool(document.tombstone_reason)
    return manifest_entry(
        str(document.item_uuid), document.kind, document.slug, document.version, document.sha256, withdrawn
    )


def _faults_of_releases(entries: dict, living: dict[int, Counter[str]]) -> Iterator[str]:
    previous, expected = None, 1
    counts: Counter[str] = Counter()
    for release in Release.objects.order_by("number"):
        if release.number != expected:
            yield f"Release {expected} is missing."
        if sha256_of(manifest(release.number, previous, entries[release.number])) != release.manifest_sha256:
            yield f"Release {release.number}: its manifest hash does not fit its documents."
        counts.update(living[release.number])
        if {kind: count for kind, count in release.counts.items() if count} != {k: c for k, c in counts.items() if c}:
            yield f"Release {release.number}: its counts are not those of its documents."
        previous, expected = release.manifest_sha256, release.number + 1
    current = Library.objects.get().current_release_id
    if (current or 0) != expected - 1:
        yield f"The library points at release {current}, but the last one is {expected - 1}."


def _faults_of_succession() -> Iterator[str]:
    """Versions of one item follow each other: each is superseded by the next, in the release that made it."""
    columns = ("item_uuid", "kind", "slug", "version", "first_release_id", "superseded_in_id")
    before: tuple = (None,) * len(columns)
    for row in [*Document.objects.order_by("item_uuid", "version").values_list(*columns), (None,) * len(columns)]:
        is_next = row[0] is not None and row[0] == before[0]
        who = f"{before[1]}/{before[2]} version {before[3]}"
        if before[0] is not None and before[5] != (row[4] if is_next else None):
            yield f"{who}: it says that it is superseded in release {before[5]}, which is not so."
        if row[0] is not None and row[3] != (before[3] + 1 if is_next else 1):
            yield f"{row[1]}/{row[2]} version {row[3]}: the version before it is missing."
        before = row


def _faults_of_document(document: Document) -> Iterator[str]:
    who = f"{document.kind}/{document.slug} version {document.version}"
    body = _bytes(document.body)
    try:
        content = json.loads(body)
        meta = content.pop("meta")
        fits = (
            sha256_of(content) == document.sha256 == meta["sha256"] and compact_json(content | {"meta": meta}) == body
        )
    except (ValueError, AttributeError, KeyError, TypeError):
        yield f"{who}: its body is not a published document."
        return
    if not fits:
        yield f"{who}: its content does not fit its hash."
        return
    if (meta.get("version"), meta.get("release")) != (document.version, document.first_release_id):
        yield f"{who}: it says another version or release."
    if _decompressed(document.body_gzip) != body:
        yield f"{who}: its compressed body is not its body."
    if _bytes(document.list_form) != compiler.list_form(content, meta):
        yield f"{who}: what lists show of it is not what it says."
    yield from _faults_of_columns(who, document, content)


def _faults_of_columns(who: str, document: Document, content: dict[str, Any]) -> Iterator[str]:
    name = content.get("name")
    said = (content.get("id"), content.get("kind"), content.get("slug"), name, compiler.sort_name(name))
    kept = (str(document.item_uuid), document.kind, document.slug, document.name, document.sort_name)
    if said != kept or (content.get("reason") or "") != document.tombstone_reason:
        yield f"{who}: it is filed under another name, address or reason than it says."
    terms = {(term.name, term.value) for term in document.terms.all()}
    # Former slugs are known to the index alone; everything else follows from the content.
    expected = compiler.terms_of(content, [])
    if not expected <= terms or any(name != "alias" for name, _ in terms - expected):
        yield f"{who}: it is not found by what it says; its index terms have changed."


def _bytes(stored: Any) -> bytes:
    return stored.encode() if isinstance(stored, str) else bytes(stored)


def _decompressed(stored: Any) -> bytes | None:
    try:
        return gzip.decompress(_bytes(stored))
    except (OSError, EOFError, zlib.error):
        return None
