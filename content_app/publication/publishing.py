"""Writes the waist: one release, its documents and their lookups, in the transaction of the caller.

In: items that may be published, with their editorial documents. Out: a Release. Called by `workflow` alone.
Cost grows with what changed: the items, the sources they cite, and the documents that name what was renamed.
"""

import json
import uuid
from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import connection
from django.utils import timezone

from content_app.canonical import rfc3339, sha256_of
from content_app.manuscripts import compiler
from content_app.manuscripts.compiler import Compiled, Directory, Target
from content_app.manuscripts.rule_context import items_by_reference
from content_app.models import Document, FormerSlug, IndexTerm, Item, Library, Release, SignOff, Source
from content_app.publication import outbox, source_forms
from content_app.publication.index import indexing

SIGNIFICANCE_ORDER = ("safety", "substantive", "editorial")
GOES_ALONG = "Updated because something it refers to has changed."
MOST_NOTES = 5  # of changes, in the note of a release
HEAD = ("item_uuid", "kind", "slug", "name", "version", "sha256", "tombstone_reason", "superseded_in")
Editorial = dict[str, Any]
Keys = Iterable[uuid.UUID]


def wait_for_turn() -> Library:
    """Lock the pointer to the current release: publications happen one after the other."""
    return Library.objects.select_for_update(no_key=True).get()


def current_document(item_uuid) -> Document | None:
    """The document of an item that readers see now; None if there is none or it is withdrawn."""
    return Document.objects.filter(item_uuid=item_uuid, superseded_in=None, tombstone_reason="").first()


def names_of_documents_that_mention(item_uuid: uuid.UUID) -> list[str]:
    """Names of other current documents that show the item."""
    mentioning = _current_with_term("mentions", [str(item_uuid)]).exclude(item_uuid=item_uuid)
    return sorted(mentioning.values_list("name", flat=True))


def publish(
    *, items: list[Item], documents: dict[uuid.UUID, Editorial], sources: list[Source], by: AbstractUser
) -> Release:
    """Make the next release of these items. `documents` holds their editorial documents by item uuid.

    `sources` are those that they cite, and others to publish; each is compiled from its signed-off form, and so is
    every item that cites it. Its note is made of the change notes, which somebody else has signed off.
    """
    reviews = _reviews(items)
    approved = [source for source in sources if source.status == "approved"]
    changes = {one.uuid: (one.significance, one.change_note) for one in (*items, *approved)}
    forms = source_forms.signed(sources)
    dependents = _dependents(documents, forms)
    as_published = _as_published(dependents)
    editorial = documents | as_published
    for dependent in dependents:
        reviews[dependent.item_uuid] = json.loads(bytes(dependent.body))["review"]
        changes[dependent.item_uuid] = ("editorial", GOES_ALONG)
    directory = Directory(_targets(editorial), _published_sources(as_published.values()) | forms)
    former = _former_slugs(editorial)
    compiled = [
        compiler.compile_item(document, directory, reviews[key], former[key]) for key, document in editorial.items()
    ]
    compiled += [compiler.compile_source(form) for form in forms.values()]
    significance = min((one.significance for one in (*items, *approved)), key=SIGNIFICANCE_ORDER.index)
    return _write_release(compiled, changes, significance=significance, by=by)


def note_of(change_notes: list[str]) -> str:
    """What readers are told of a release: its change notes, each once, one a line, and how many more there are."""
    distinct = [note for note in dict.fromkeys(change_notes) if note and note != GOES_ALONG]
    more = len(distinct) - MOST_NOTES
    return "\n".join([*distinct[:MOST_NOTES], *([f"And {more} more, with the items."] if more > 0 else [])])


def as_it_would_be(document: Editorial, review: Editorial) -> bytes:
    """The body that publishing this editorial document alone, now, would write. Stores nothing.

    `review` is as `_reviews` gives it. An item that it names and that readers do not have yet stands as its draft says,
    and so does a source that nobody has signed off yet.
    Raises KeyError if the document lacks what a public one must have.
    """
    key = uuid.UUID(document["uuid"])
    sources = source_forms.signed_or_drafted(compiler.cited_slugs(document))
    directory = Directory(_targets({key: document}, with_drafts=True), sources)
    compiled = compiler.compile_item(document, directory, review, _former_slugs([key])[key])
    last = Document.objects.filter(item_uuid=key, superseded_in=None).only("version", "sha256", "body").first()
    if last and last.sha256 == compiled.sha256:
        return bytes(last.body)
    release = (Library.objects.get().current_release_id or 0) + 1
    now = rfc3339(timezone.now().replace(microsecond=0))
    return compiler.render(compiled, last.version + 1 if last else 1, release, now).body


def publish_tombstone(*, item: Item, reason: str, replaced_by: Item | None, note: str, by: AbstractUser) -> Release:
    """Make the next release, in which the item's document is a tombstone."""
    current = json.loads(bytes(current_document(item.uuid).body))
    target = None
    if replaced_by:
        public = current_document(replaced_by.uuid)
        target = Target(str(public.item_uuid), public.kind, public.slug, public.name)
    tombstone = compiler.compile_tombstone(current, reason, note, target, _former_slugs([item.uuid])[item.uuid])
    return _write_release([tombstone], {item.uuid: ("substantive", note)}, significance="substantive", by=by)


def _reviews(items: list[Item]) -> dict[uuid.UUID, Editorial]:
    signed = SignOff.objects.filter(item__in=items).order_by("id")
    last = {sign_off.item_id: sign_off for sign_off in signed}  # of several the last, which is what holds
    return {
        item.uuid: {
            "state": "clinically_reviewed" if last[item.pk].is_clinical else "not_clinically_reviewed",
            "reviewed_on": item.reviewed_on.isoformat(),
            "review_due_on": item.review_due_on.isoformat(),
            "reviewer_role": last[item.pk].reviewer_role,
            "cycle_months": item.review_cycle_months,
        }
        for item in items
    }


def _as_published(dependents: list[Document]) -> dict[uuid.UUID, Editorial]:
    """What was published of these items, not what their drafts now say."""
    items = Item.objects.filter(uuid__in=[dependent.item_uuid for dependent in dependents])
    return {item.uuid: item.published_revision.document for item in items.select_related("published_revision")}


def _published_sources(documents: Iterable[Editorial]) -> dict[str, Editorial]:
    """The sources that the documents cite, as readers know them."""
    slugs = {slug for document in documents for slug in compiler.cited_slugs(document)}
    bodies = Document.objects.filter(kind="source", slug__in=slugs, superseded_in=None).values_list("slug", "body")
    return {slug: compiler.source_as_published(json.loads(bytes(body))) for slug, body in bodies}


def _dependents(documents: dict[uuid.UUID, Editorial], sources: dict[str, Editorial]) -> list[Document]:
    """Current documents of other items that show a name, an address or a source which now changes."""
    now = Document.objects.filter(item_uuid__in=documents, superseded_in=None)
    renamed = [
        str(key)
        for key, name, slug in now.values_list("item_uuid", "name", "slug")
        if (name, slug) != (documents[key]["name"], documents[key]["slug"])
    ]
    published = Document.objects.filter(kind="source", superseded_in=None, slug__in=sources)
    corrected = [
        slug
        for slug, sha256 in published.values_list("slug", "sha256")
        if sha256 != compiler.compile_source(sources[slug]).sha256
    ]
    found = {d.item_uuid: d for d in _current_with_term("mentions", renamed)}
    found |= {d.item_uuid: d for d in _current_with_term("source", corrected)}
    return [document for key, document in found.items() if key not in documents]


def _current_with_term(name: str, values: list[str]):
    matching = IndexTerm.objects.filter(name=name, value__in=values).values("document")
    return Document.objects.filter(superseded_in=None, tombstone_reason="", pk__in=matching).only(*HEAD, "body")


def _targets(editorial: dict[uuid.UUID, Editorial], *, with_drafts: bool = False) -> dict[str, Target]:
    """The items that the documents name, as readers will know them: published with them, or published before."""
    wanted = list(dict.fromkeys(ref for document in editorial.values() for ref in compiler.references(document)))
    items = items_by_reference(wanted)
    public = Document.objects.filter(item_uuid__in=[item.uuid for item in items.values()], superseded_in=None)
    known = {i.uuid: Target(str(i.uuid), i.kind, i.slug, i.name) for i in items.values() if with_drafts}
    known |= {d.item_uuid: Target(str(d.item_uuid), d.kind, d.slug, d.name) for d in public.only(*HEAD)}
    known |= {key: Target(d["uuid"], d["kind"], d["slug"], d["name"]) for key, d in editorial.items()}
    return {reference: known[item.uuid] for reference, item in items.items()}


def _former_slugs(item_uuids: Keys) -> dict[uuid.UUID, list[str]]:
    former: dict[uuid.UUID, list[str]] = {key: [] for key in item_uuids}
    kept = FormerSlug.objects.filter(item__uuid__in=former).order_by("slug")
    for key, slug in kept.values_list("item__uuid", "slug"):
        former[key].append(slug)
    return former


def _write_release(compiled: list[Compiled], changes: dict, *, significance: str, by) -> Release:
    """Store what differs from what is current, and move the pointer."""
    previous = wait_for_turn().current_release
    last = _current_heads(compiled)
    fresh = _that_differ(compiled, last)
    number = previous.number + 1 if previous else 1
    entries = [manifest_entry(o.id, o.kind, o.slug, v, o.sha256, o.is_tombstone) for o, v in fresh]
    now = timezone.now().replace(microsecond=0)
    release = Release.objects.create(
        number=number,
        # A clock that was put back does not put releases out of order.
        published_at=max(now, previous.published_at) if previous else now,
        published_by=by,
        note=note_of([changes[key][1] for key in (uuid.UUID(one.id) for one, _ in fresh) if key in changes]),
        significance=significance,
        counts=_counts(previous, last, [one for one, _ in fresh]),
        manifest_sha256=sha256_of(manifest(number, previous.manifest_sha256 if previous else None, entries)),
    )
    replaced = {one.id: last[one.id].pk for one, _ in fresh if one.id in last}
    _supersede(list(replaced.values()), number)
    stored = _store(fresh, release, changes)
    indexing.index_release(number)
    Library.objects.update(current_release=release)
    outbox.announce_release(release, stored, replaced)
    return release


def _current_heads(compiled: list[Compiled]) -> dict[str, Document]:
    """The current document of each, tombstones included, without its bytes; by the id of the item or source."""
    heads = Document.objects.filter(item_uuid__in=[one.id for one in compiled], superseded_in=None).only(*HEAD)
    return {str(document.item_uuid): document for document in heads}


def _that_differ(compiled: list[Compiled], last: dict[str, Document]) -> list[tuple[Compiled, int]]:
    """Those whose content or lookups differ from what is current, each with its next version number."""
    same = [one.id for one in compiled if one.id in last and last[one.id].sha256 == one.sha256]
    terms: dict[int, set[tuple[str, str]]] = {last[key].pk: set() for key in same}
    for document, name, value in IndexTerm.objects.filter(document__in=terms).values_list("document", "name", "value"):
        terms[document].add((name, value))
    unchanged = {one.id for one in compiled if one.id in same and terms[last[one.id].pk] == one.terms}
    return [(one, last[one.id].version + 1 if one.id in last else 1) for one in compiled if one.id not in unchanged]


def manifest_entry(item_id: str, kind: str, slug: str, version: int, sha256: str, withdrawn: bool) -> Editorial:
    """One line of a release's manifest."""
    return {"id": item_id, "kind": kind, "slug": slug, "version": version, "sha256": sha256, "withdrawn": withdrawn}


def manifest(number: int, previous: str | None, entries: list[Editorial]) -> Editorial:
    """What a release's manifest hash is over: what is new in it, and the hash of the release before."""
    return {"release": number, "previous": previous, "documents": sorted(entries, key=lambda entry: entry["id"])}


def _counts(previous: Release | None, last: dict[str, Document], fresh: list[Compiled]) -> dict[str, int]:
    """How many documents of each kind are current, from the counts before and what changes."""
    counts = {kind: 0 for kind, _ in Document.KINDS} | (previous.counts if previous else {})
    for one in fresh:
        was = one.id in last and not last[one.id].tombstone_reason
        counts[one.kind] += (not one.is_tombstone) - was
    return counts


def _supersede(documents: list[int], number: int) -> None:
    """The one change that a stored document sees, past the model that refuses all others."""
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {Document._meta.db_table} SET superseded_in_id = %s WHERE id = %s",  # noqa: S608 - a table name
            [(number, key) for key in documents],
        )


def _store(fresh: list[tuple[Compiled, int]], release: Release, changes: dict) -> list[Document]:
    published_at = rfc3339(release.published_at)
    stored = Document.objects.bulk_create(
        _document(one, version, release, published_at, changes.get(uuid.UUID(one.id), ("editorial", "")))
        for one, version in fresh
    )
    IndexTerm.objects.bulk_create(
        IndexTerm(document=document, name=name, value=value)
        for document, (one, _) in zip(stored, fresh, strict=True)
        for name, value in sorted(one.terms)
    )
    return stored


def _document(one: Compiled, version: int, release: Release, published_at: str, change: tuple[str, str]) -> Document:
    rendering = compiler.render(one, version, release.number, published_at)
    return Document(
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
        tombstone_reason=one.content["reason"] if one.is_tombstone else "",
        significance=change[0],
        change_note=change[1],
    )
