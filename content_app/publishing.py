"""Writes the waist: one release, its documents and their lookups, in the transaction of the caller.

In: items that may be published, with their editorial documents. Out: a Release. Called by `workflow` alone.
Cost grows with what changed: the items, the sources they cite, and the documents that name what was renamed.
"""

import json
import uuid
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import connection
from django.db.models import Max
from django.utils import timezone

from content_app import compiler
from content_app.canonical import sha256_of
from content_app.compiler import Compiled, Directory, Target
from content_app.interchange import rows
from content_app.models import Document, IndexTerm, Item, Library, Release, Source
from content_app.surroundings import items_by_reference

SIGNIFICANCE_ORDER = ("safety", "substantive", "editorial")
Editorial = dict[str, Any]


def wait_for_turn() -> None:
    """Lock the pointer to the current release: publications happen one after the other."""
    Library.objects.select_for_update().get()


def current_document(item_uuid) -> Document | None:
    """The document of an item that readers see now; None if there is none or it is withdrawn."""
    return Document.objects.filter(item_uuid=item_uuid, superseded_in=None, tombstone_reason="").first()


def names_of_documents_that_mention(item_uuid: uuid.UUID) -> list[str]:
    """Names of current documents with a relation to the item."""
    return sorted(_current_with_term("mentions", [str(item_uuid)]).values_list("name", flat=True))


def publish(*, items: list[Item], documents: dict[uuid.UUID, Editorial], by: AbstractUser, note: str) -> Release:
    """Make the next release of these items. `documents` holds their editorial documents by item uuid."""
    reviews = {item.uuid: _review(item) for item in items}
    changes = {item.uuid: (item.significance, item.change_note) for item in items}
    sources = _sources(list(documents.values()))
    editorial = dict(documents)
    for dependent in _dependents(documents, sources):
        editorial[dependent.item_uuid] = _published_editorial(dependent.item_uuid)
        reviews[dependent.item_uuid] = json.loads(bytes(dependent.body))["review"]
        changes[dependent.item_uuid] = ("editorial", "Compiled again: something it names has changed.")
    sources |= _sources(list(editorial.values()))
    directory = _directory(editorial, sources)
    former = _former_slugs(list(editorial))
    compiled = [
        compiler.compile_item(document, directory, reviews[key], former.get(key, []))
        for key, document in editorial.items()
    ]
    compiled += [compiler.compile_source(source) for source in sources.values()]
    significance = min((item.significance for item in items), key=SIGNIFICANCE_ORDER.index)
    return _write_release(compiled, changes, significance=significance, note=note, by=by)


def publish_tombstone(*, item: Item, reason: str, replaced_by: Item | None, note: str, by: AbstractUser) -> Release:
    """Make the next release, in which the item's document is a tombstone."""
    current = json.loads(bytes(current_document(item.uuid).body))
    target = None
    if replaced_by:
        public = current_document(replaced_by.uuid)
        target = Target(str(public.item_uuid), public.kind, public.slug, public.name)
    tombstone = compiler.compile_tombstone(current, reason, note, target)
    return _write_release([tombstone], {item.uuid: ("substantive", note)}, significance="substantive", note=note, by=by)


def _review(item: Item) -> Editorial:
    sign_off = item.sign_offs.first()
    return {
        "reviewed_on": item.reviewed_on.isoformat(),
        "review_due_on": item.review_due_on.isoformat(),
        "reviewer_role": sign_off.reviewer_role,
        "cycle_months": item.review_cycle_months,
    }


def _published_editorial(item_uuid: uuid.UUID) -> Editorial:
    """What was published of an item, not what its draft now says."""
    return Item.objects.select_related("published_revision").get(uuid=item_uuid).published_revision.document


def _sources(documents: list[Editorial]) -> dict[str, Editorial]:
    slugs = {slug for document in documents for slug in compiler.cited_slugs(document)}
    return {source.slug: rows.source_document(source) for source in Source.objects.filter(slug__in=slugs)}


def _dependents(documents: dict[uuid.UUID, Editorial], sources: dict[str, Editorial]) -> list[Document]:
    """Current documents of other items that show a name, an address or a source which now changes."""
    now = {d.item_uuid: d for d in Document.objects.filter(item_uuid__in=documents, superseded_in=None)}
    renamed = [
        str(key)
        for key, document in documents.items()
        if key in now and (now[key].name, now[key].slug) != (document["name"], document["slug"])
    ]
    published = dict(
        Document.objects.filter(kind="source", superseded_in=None, slug__in=sources).values_list("slug", "sha256")
    )
    corrected = [
        slug
        for slug, source in sources.items()
        if slug in published and published[slug] != compiler.compile_source(source).sha256
    ]
    found = {d.item_uuid: d for d in _current_with_term("mentions", renamed)}
    found |= {d.item_uuid: d for d in _current_with_term("source", corrected)}
    return [document for key, document in found.items() if key not in documents]


def _current_with_term(name: str, values: list[str]):
    matching = IndexTerm.objects.filter(name=name, value__in=values).values("document")
    return Document.objects.filter(superseded_in=None, tombstone_reason="", pk__in=matching)


def _directory(editorial: dict[uuid.UUID, Editorial], sources: dict[str, Editorial]) -> Directory:
    """What the documents name, as readers will know it: published with them, or published before."""
    wanted = list(dict.fromkeys(ref for document in editorial.values() for ref in compiler.references(document)))
    items = items_by_reference(wanted)
    public = Document.objects.filter(item_uuid__in=[item.uuid for item in items.values()], superseded_in=None)
    known = {d.item_uuid: Target(str(d.item_uuid), d.kind, d.slug, d.name) for d in public}
    known |= {key: Target(d["uuid"], d["kind"], d["slug"], d["name"]) for key, d in editorial.items()}
    return Directory({ref: known[item.uuid] for ref, item in items.items()}, sources)


def _former_slugs(item_uuids: list[uuid.UUID]) -> dict[uuid.UUID, list[str]]:
    former: dict[uuid.UUID, list[str]] = {}
    for item in Item.objects.filter(uuid__in=item_uuids).prefetch_related("former_slugs"):
        former[item.uuid] = sorted(row.slug for row in item.former_slugs.all())
    return former


def _write_release(compiled: list[Compiled], changes: dict, *, significance: str, note: str, by) -> Release:
    """Store what differs from what is current, and move the pointer."""
    library = Library.objects.select_for_update().get()
    number = (library.current_release_id or 0) + 1
    now = timezone.now()
    published_at = now.isoformat(timespec="seconds").replace("+00:00", "Z")
    last = {uuid.UUID(c.id): None for c in compiled}
    last |= {
        d.item_uuid: d
        for d in Document.objects.filter(item_uuid__in=last, superseded_in=None).defer("body", "body_gzip")
    }
    versions = dict(
        Document.objects.filter(item_uuid__in=last)
        .values("item_uuid")
        .annotate(v=Max("version"))
        .values_list("item_uuid", "v")
    )
    fresh = []
    for one in compiled:
        before = last[uuid.UUID(one.id)]
        if before and before.sha256 == one.sha256 and not _terms_differ(before, one):
            continue
        fresh.append((one, versions.get(uuid.UUID(one.id), 0) + 1))
    previous = library.current_release
    release = Release.objects.create(
        number=number,
        published_at=now.replace(microsecond=0),
        published_by=by,
        note=note,
        significance=significance,
        counts=_counts(previous, last, [one for one, _ in fresh]),
        manifest_sha256=sha256_of(manifest(number, previous.manifest_sha256 if previous else None, [
            manifest_entry(one.id, one.kind, one.slug, version, one.sha256, bool(one.content.get("withdrawn")))
            for one, version in fresh
        ])),
    )  # fmt: skip
    _supersede([before for one, _ in fresh if (before := last[uuid.UUID(one.id)])], number)
    for one, version in fresh:
        _store(one, version, release, published_at, changes.get(uuid.UUID(one.id), ("editorial", "")))
    Library.objects.update(current_release=release)
    return release


def manifest_entry(item_id: str, kind: str, slug: str, version: int, sha256: str, withdrawn: bool) -> Editorial:
    """One line of a release's manifest."""
    return {"id": item_id, "kind": kind, "slug": slug, "version": version, "sha256": sha256, "withdrawn": withdrawn}


def manifest(number: int, previous: str | None, entries: list[Editorial]) -> Editorial:
    """What a release's manifest hash is over: what is new in it, and the hash of the release before."""
    return {"release": number, "previous": previous, "documents": sorted(entries, key=lambda entry: entry["id"])}


def _terms_differ(before: Document, one: Compiled) -> bool:
    return set(before.terms.values_list("name", "value")) != one.terms


def _counts(previous: Release | None, last: dict, fresh: list[Compiled]) -> dict[str, int]:
    """How many documents of each kind are current, from the counts before and what changes."""
    counts = dict(previous.counts) if previous else {kind: 0 for kind, _ in Document.KINDS}
    for one in fresh:
        before = last[uuid.UUID(one.id)]
        was = before is not None and not before.tombstone_reason
        counts[one.kind] += (not one.content.get("withdrawn")) - was
    return counts


def _supersede(documents: list[Document], number: int) -> None:
    """The one change that a stored document sees, past the model that refuses all others."""
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {Document._meta.db_table} SET superseded_in_id = %s WHERE id = %s",  # noqa: S608 - a table name
            [(number, document.pk) for document in documents],
        )


def _store(one: Compiled, version: int, release: Release, published_at: str, change: tuple[str, str]) -> None:
    rendering = compiler.render(one, version, release.number, published_at)
    document = Document.objects.create(
        item_uuid=one.id,
        kind=one.kind,
        slug=one.slug,
        name=one.name,
        sort_name=compiler.sort_name(one.name),
        version=version,
        body=rendering.body,
        body_gzip=rendering.body_gzip,
        list_form=rendering.list_form,
        sha256=one.sha256,
        first_release=release,
        tombstone_reason=one.content.get("reason", "") if one.content.get("withdrawn") else "",
        significance=change[0],
        change_note=change[1],
    )
    IndexTerm.objects.bulk_create(
        IndexTerm(document=document, name=name, value=value) for name, value in sorted(one.terms)
    )
