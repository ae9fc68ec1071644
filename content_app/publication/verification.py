"""Verifies releases and documents by recomputing every hash from the stored bytes, and all other records by receipt.

In: the releases and documents, and every other row that is written once. Out: one sentence for each fault. Reads only,
a batch of rows in memory at a time.
"""

import gzip
import json
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from django.db.models import Model

from content_app.canonical import compact_json, sha256_of
from content_app.manuscripts import compiler
from content_app.models import Closing, Document, IndexTerm, Library, Receipt, Release
from content_app.publication import ledger_verification
from content_app.publication.publishing import manifest, manifest_entry

MOST_READINGS = 3


def extent() -> tuple[int, int]:
    """How many releases and documents there are."""
    return Release.objects.count(), Document.objects.count()


def extent_of_ledger() -> tuple[int, int, str]:
    """How many receipts there are, how many of them are not chained yet, and the hash of the last closing."""
    last = Closing.objects.last()
    return Receipt.objects.count(), Receipt.objects.filter(closing=None).count(), last.sha256 if last else ""


def faults(noted: str | None = None) -> Iterator[str]:
    """Everything that does not agree with its hash, its neighbour, its place or its receipt, in sentences.

    `noted` is the hash of a closing that somebody has kept elsewhere: it has to be in the chain.
    """
    named: set[tuple[type[Model], int]] = set()
    try:
        yield from _faults_at_rest(named)
    except ValueError as error:
        yield f"A release or a document cannot be read ({error})."
    yield from ledger_verification.faults(named)
    if noted and not Closing.objects.filter(sha256=noted).exists():
        yield f"No closing has the hash {noted}."


def _faults_at_rest(named: set[tuple[type[Model], int]]) -> list[str]:
    """Faults of releases and documents, read again if there are any and something was published meanwhile."""
    for _ in range(MOST_READINGS):
        last = _last_release()
        named.clear()
        found = list(_faults_of_library(named))
        if not found or _last_release() == last:
            break
    return found


def _last_release() -> int | None:
    return Release.objects.values_list("number", flat=True).first()


def _faults_of_library(named: set[tuple[type[Model], int]]) -> Iterator[str]:
    """Faults of releases and documents; which these are is put into `named`."""
    entries: dict[int, list[dict[str, Any]]] = defaultdict(list)
    living: dict[int, Counter[str]] = defaultdict(Counter)
    for document in Document.objects.order_by("pk").prefetch_related("terms").iterator(chunk_size=200):
        for fault in _faults_of_document(document):
            named |= {(Document, document.pk), (IndexTerm, document.pk)}
            yield fault
        entries[document.first_release_id].append(_entry(document))
        if not document.tombstone_reason:
            living[document.first_release_id][document.kind] += 1
            living[document.superseded_in_id or 0][document.kind] -= 1
    yield from _faults_of_succession()
    for number, fault in _faults_of_releases(entries, living):
        named.add((Release, number))
        yield fault
    current = Library.objects.get().current_release_id
    last = _last_release()
    if current != last:
        yield f"The current release is set to {current}, but the last release is {last}."


def _entry(document: Document) -> dict[str, Any]:
    withdrawn = bool(document.tombstone_reason)
    return manifest_entry(
        str(document.item_uuid), document.kind, document.slug, document.version, document.sha256, withdrawn
    )


def _faults_of_releases(entries: dict, living: dict[int, Counter[str]]) -> Iterator[tuple[int, str]]:
    previous, expected = None, 1
    counts: Counter[str] = Counter()
    for release in Release.objects.order_by("number"):
        number = release.number
        if number != expected:
            yield expected, f"Release {expected} is missing."
        if sha256_of(manifest(number, previous, entries[number])) != release.manifest_sha256:
            yield number, f"Release {number}: the manifest hash does not match its documents."
        counts.update(living[number])
        if {kind: count for kind, count in release.counts.items() if count} != {k: c for k, c in counts.items() if c}:
            yield number, f"Release {number}: the counts do not match its documents."
        previous, expected = release.manifest_sha256, number + 1


def _faults_of_succession() -> Iterator[str]:
    """Versions of one item follow each other: each is superseded by the next, in the release that made it."""
    columns = ("item_uuid", "kind", "slug", "version", "first_release_id", "superseded_in_id")
    before: tuple = (None,) * len(columns)
    for row in [*Document.objects.order_by("item_uuid", "version").values_list(*columns), (None,) * len(columns)]:
        is_next = row[0] is not None and row[0] == before[0]
        who = f"{before[1]}/{before[2]} version {before[3]}"
        if before[0] is not None and before[5] != (row[4] if is_next else None):
            yield f"{who}: it is marked as superseded in release {before[5]}, which is wrong."
        if row[0] is not None and row[3] != (before[3] + 1 if is_next else 1):
            yield f"{row[1]}/{row[2]} version {row[3]}: the previous version is missing."
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
        yield f"{who}: the body is not a published document."
        return
    if not fits:
        yield f"{who}: the content does not match its hash."
        return
    if (meta.get("version"), meta.get("release")) != (document.version, document.first_release_id):
        yield f"{who}: the body names a different version or release."
    if _decompressed(document.body_gzip) != body:
        yield f"{who}: the compressed body does not match the body."
    if _bytes(document.list_form) != compiler.list_form(content, meta):
        yield f"{who}: the form shown in lists does not match the body."
    yield from _faults_of_columns(who, document, content)


def _faults_of_columns(who: str, document: Document, content: dict[str, Any]) -> Iterator[str]:
    name = content.get("name")
    said = (content.get("id"), content.get("kind"), content.get("slug"), name, compiler.sort_name(name))
    kept = (str(document.item_uuid), document.kind, document.slug, document.name, document.sort_name)
    if said != kept or (content.get("reason") or "") != document.tombstone_reason:
        yield f"{who}: its name, address or withdrawal reason does not match the body."
    terms = {(term.name, term.value) for term in document.terms.all()}
    # Former slugs are known to the index alone; everything else follows from the content.
    expected = compiler.terms_of(content, [])
    if not expected <= terms or any(name != "alias" for name, _ in terms - expected):
        yield f"{who}: its index terms do not match the body."


def _bytes(stored: Any) -> bytes:
    return stored.encode() if isinstance(stored, str) else bytes(stored)


def _decompressed(stored: Any) -> bytes | None:
    try:
        return gzip.decompress(_bytes(stored))
    except (OSError, EOFError, zlib.error):
        return None
