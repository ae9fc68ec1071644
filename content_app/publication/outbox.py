"""What is told: the types of events, and the outbox rows that are written in the transaction in which they happen.

In: a release with the documents that are new in it, or a document whose review fell due. Out: rows of `WebhookEvent`,
each with the bytes that will be sent. Thin: identifiers, versions, hashes and where to read on, below 20 kB; all of it
public. Only types that an endpoint wants are written, so that without endpoints a release costs one query more.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone

from content_app.canonical import compact_json
from content_app.models.publication import Document, Release
from content_app.models.webhooks import WebhookEndpoint, WebhookEvent
from content_app.vocabulary.addresses import API, href

MOST_ITEM_EVENTS = 500  # of a release; who needs more reads the changes
LONGEST_TEXT = 2_000  # characters of a note: with every one escaped, an event stays below 20 kB
Data = dict[str, Any]


@dataclass(frozen=True)
class EventType:
    """A type of event, and when it is sent."""

    code: str
    label: str
    meaning: str


EVENT_TYPES = {
    kind.code: kind
    for kind in (
        EventType("release.published", "Release published", "once for each release."),
        EventType("item.published", "Item published", "an item has a new version, if only compiled again."),
        EventType("item.withdrawn", "Item withdrawn", "stop showing it."),
        EventType("content.safety", "Safety", "a change matters for safety, or a safety notice is involved."),
        EventType("review.overdue", "Review overdue", "of a published item, once for each due date."),
    )
}
TEST = "endpoint.test"


def wanted_types() -> set[str]:
    """The types of events that some endpoint is told of. One query."""
    chosen = WebhookEndpoint.objects.filter(is_active=True, client__is_active=True).values_list("events", flat=True)
    return {code for codes in chosen.order_by() for code in codes}


def announce_release(release: Release, documents: Iterable[Document], replaced: dict[str, int]) -> None:
    """Write what is to be told of a release. Call it in the transaction that makes it.

    `documents` are those that are new in it, `replaced` the keys of the documents they took the place of, by the id of
    their items.
    """
    wanted = wanted_types()
    items = [document for document in documents if document.kind != "source"]
    told = _of_items(release, items, wanted)
    if "content.safety" in wanted:
        told += _of_safety(release, items, replaced)
    if "release.published" in wanted:
        told.append(event("release.published", str(release), _release(release, items), release.published_at))
    WebhookEvent.objects.bulk_create(told)


def event(type_: str, about: str, data: Data, happened_at: datetime) -> WebhookEvent:
    """An event that is not stored yet, with the bytes that will be sent."""
    body = compact_json({"type": type_, "timestamp": _instant(happened_at), "data": data})
    return WebhookEvent(type=type_, about=about[:200], body=body, created_at=timezone.now())


def overdue_event(document: Document, now: datetime) -> WebhookEvent:
    """That the review of a published item is overdue. The document comes with its `list_form`."""
    listed = json.loads(bytes(document.list_form))
    data = _identity(document) | {"release": document.first_release_id, "review_due_on": listed["review_due_on"]}
    return event("review.overdue", _about(document), data, now)


def trial_event(endpoint: WebhookEndpoint, now: datetime) -> WebhookEvent:
    """An event that says nothing but that it arrived."""
    return event(TEST, "", {"endpoint": str(endpoint.uuid)}, now)


def _of_items(release: Release, items: list[Document], wanted: set[str]) -> list[WebhookEvent]:
    """The first so many, what matters most first: withdrawals, safety, what was edited, what was compiled again."""
    ranks = {"safety": 1, "substantive": 2, "editorial": 3}
    first = sorted(items, key=lambda document: 0 if document.tombstone_reason else ranks[document.significance])
    typed = [("item.withdrawn" if d.tombstone_reason else "item.published", d) for d in first[:MOST_ITEM_EVENTS]]
    return [
        event(type_, _about(document), _item(document), release.published_at)
        for type_, document in typed
        if type_ in wanted
    ]


def _of_safety(release: Release, items: list[Document], replaced: dict[str, int]) -> list[WebhookEvent]:
    keys = [replaced[str(document.item_uuid)] for document in items if str(document.item_uuid) in replaced]
    bodies = Document.objects.filter(pk__in=keys).values_list("item_uuid", "body")
    before = {str(item_uuid): _notice(body) for item_uuid, body in bodies.iterator(chunk_size=100)}
    told = []
    for document in items:
        notice = _change_of_notice(before.get(str(document.item_uuid), ""), _notice(document.body))
        if notice or document.significance == "safety":
            data = _change(document) | {"safety_notice": notice, "withdrawn": bool(document.tombstone_reason)}
            told.append(event("content.safety", _about(document), data, release.published_at))
    return told


def _notice(body: bytes) -> str:
    """The safety notice of a stored document; empty if it has none."""
    notices = json.loads(bytes(body)).get("notices", [])
    return next((notice["text"] for notice in notices if notice["type"] == "safety"), "")


def _change_of_notice(before: str, now: str) -> str | None:
    if not before and not now:
        return None
    if not before or not now:
        return "added" if now else "removed"
    return "unchanged" if before == now else "changed"


def _identity(document: Document) -> Data:
    return {
        "id": str(document.item_uuid),
        "kind": document.kind,
        "slug": document.slug,
        "version": document.version,
        "sha256": document.sha256,
        "url": _url(href(document.kind, document.slug)),
    }


def _change(document: Document) -> Data:
    return _identity(document) | {
        "release": document.first_release_id,
        "significance": document.significance,
        "change_note": _shortened(document.change_note),
    }


def _item(document: Document) -> Data:
    data = _change(document)
    if not document.tombstone_reason:
        return data
    replacement = json.loads(bytes(document.body))["replaced_by"]
    if replacement:
        replacement = {key: replacement[key] for key in ("id", "kind", "slug")} | {"url": _url(replacement["href"])}
    return data | {"reason": document.tombstone_reason, "replaced_by": replacement}


def _release(release: Release, items: list[Document]) -> Data:
    withdrawn = sum(1 for document in items if document.tombstone_reason)
    return {
        "release": release.number,
        "published_at": _instant(release.published_at),
        "significance": release.significance,
        "note": _shortened(release.note),
        "manifest_sha256": release.manifest_sha256,
        "items_published": len(items) - withdrawn,
        "items_withdrawn": withdrawn,
        "items_announced": min(len(items), MOST_ITEM_EVENTS),
        "url": _url(f"{API}/releases/{release.number}/"),
    }


def _about(document: Document) -> str:
    return f"{document.kind.replace('_', ' ')} {document.slug}, version {document.version}"


def _url(path: str) -> str:
    return f"{settings.PUBLIC_URL}{path}"


def _instant(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_TEXT else f"{text[: LONGEST_TEXT - 1]}…"
