"""Every change of an item's status: who may, when, and what it leaves in the trail.

In: items, the person who acts, what they say. Out: changed items, revisions, sign-offs, events, releases.
Admin, commands and tests call these functions; nothing else writes a status. Each is one transaction that holds
the items it changes. Raises `TransitionNotAllowed` or `NotPublishable`; then nothing has changed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.auth.models import AbstractUser
from django.db import transaction
from django.utils import timezone

from content_app import publishing, rules, surroundings
from content_app.canonical import sha256_of
from content_app.compiler import cited_slugs
from content_app.interchange import rows
from content_app.models import Event, FormerSlug, Item, Release, Revision, SignOff, Source
from content_app.vocabulary import SIGNIFICANCES, WITHDRAWAL_REASONS

AUTHOR, REVIEWER, PUBLISHER = "Author", "Reviewer", "Publisher"
DAYS_IN_MONTH = 365.25 / 12


@dataclass(frozen=True)
class Transition:
    """Which role may take an item from which statuses to which."""

    role: str
    sources: frozenset[str]
    target: str


TRANSITIONS = {
    "edit": Transition(AUTHOR, frozenset({"draft", "in_review", "approved", "published", "withdrawn"}), "draft"),
    "submit": Transition(AUTHOR, frozenset({"draft"}), "in_review"),
    "request_changes": Transition(REVIEWER, frozenset({"in_review", "approved"}), "draft"),
    "approve": Transition(REVIEWER, frozenset({"in_review"}), "approved"),
    "publish": Transition(PUBLISHER, frozenset({"approved"}), "published"),
    "withdraw": Transition(PUBLISHER, frozenset({"draft", "in_review", "approved", "published"}), "withdrawn"),
}


class TransitionNotAllowed(Exception):
    """The verb cannot be done now or by this person. The message is a sentence that says why."""


class NotPublishable(Exception):
    """Something stands in the way of publishing. `obstacles` holds (item, finding) pairs."""

    def __init__(self, obstacles: list[tuple[Item, rules.Finding]]):
        self.obstacles = obstacles
        super().__init__(" ".join(f"{item}: {finding.sentence}" for item, finding in obstacles))


def has_role(person: AbstractUser, role: str) -> bool:
    return person.groups.filter(name=role).exists()


def content_sha256(item: Item) -> str:
    """The hash that a sign-off is bound to: over the editorial document and every source that it cites."""
    document = rows.to_document(item)
    sources = Source.objects.filter(slug__in=cited_slugs(document)).order_by("slug")
    return sha256_of({"document": document, "sources": [rows.source_document(source) for source in sources]})


def findings(item: Item) -> list[rules.Finding]:
    """What stands in the way of publishing this item alone, and what deserves a warning."""
    document = rows.to_document(item)
    return rules.check(document, surroundings.around([document], {item.reference})[document["uuid"]])


@transaction.atomic
def record_edit(*, item: Item, by: AbstractUser, verb: str = "edit") -> Revision | None:
    """Keep what the rows of an item now say as its next revision, and make the item a draft.

    Returns the revision, or None if nothing has changed since the last one. Voids a sign-off, as its hash no
    longer fits. Call it in the transaction that wrote the rows.
    """
    item = _held([item])[0]
    document = rows.to_document(item)
    sha256 = sha256_of(document)
    last = item.revisions.first()
    if last and last.sha256 == sha256:
        return None
    _keep_former_slug(item, document)
    from_status = item.status if last else ""
    revision = Revision.objects.create(
        item=item,
        number=last.number + 1 if last else 1,
        document=document,
        sha256=sha256,
        created_at=timezone.now(),
        created_by=by,
    )
    item.lock_version += 1
    item.status, item.withdrawal_reason, item.replaced_by = "draft", "", None
    item.change_note, item.significance = "", ""
    item.save()
    _log(item, by, verb if last else "create", from_status, TRANSITIONS["edit"].role, revision=revision)
    return revision


def _keep_former_slug(item: Item, document: rows.Document) -> None:
    """An item that readers know keeps its old address. A slug taken back is no longer a former one."""
    FormerSlug.objects.filter(item=item, slug=item.slug).delete()
    known = item.published_revision.document["slug"] if item.published_revision else document["slug"]
    if known != document["slug"]:
        FormerSlug.objects.get_or_create(item=item, kind=item.kind, slug=known)


@transaction.atomic
def submit(*, item: Item, by: AbstractUser, change_note: str, significance: str = "substantive") -> Item:
    """Send a draft for review. Readers will see the change note and how significant the change is."""
    if significance not in SIGNIFICANCES:
        raise TransitionNotAllowed(f"Say how significant the change is: {', '.join(SIGNIFICANCES)}.")
    if not change_note.strip():
        raise TransitionNotAllowed("Say in the change note what has changed: readers will see it.")
    item = _start("submit", [item], by)[0]
    item.change_note, item.significance = change_note.strip(), significance
    return _finish("submit", item, by, change_note)


@transaction.atomic
def request_changes(*, item: Item, by: AbstractUser, comment: str) -> Item:
    """Send an item back to its author, with what has to change."""
    if not comment.strip():
        raise TransitionNotAllowed("Say what has to change: the author will read it.")
    return _finish("request_changes", _start("request_changes", [item], by)[0], by, comment)


@transaction.atomic
def approve(*, item: Item, by: AbstractUser, content: str, reviewer_role: str = "Reviewer", comment: str = "") -> Item:
    """Sign off one content, given by its `content_sha256`: what the reviewer has read.

    Refused to whoever made the last edit, and if the content is no longer what was read.
    """
    item = _start("approve", [item], by)[0]
    revision = _last_revision(item)
    if revision.created_by_id == by.pk:
        raise TransitionNotAllowed("You made the last edit: another reviewer has to sign it off.")
    if content_sha256(item) != content:
        raise TransitionNotAllowed("It has changed since you opened it: read it again before you sign it off.")
    SignOff.objects.create(
        item=item,
        revision=revision,
        content_sha256=content,
        signed_at=timezone.now(),
        signed_by=by,
        reviewer_role=reviewer_role,
    )
    item.reviewed_on = timezone.now().date()
    item.review_due_on = review_due(item.reviewed_on, item.review_cycle_months)
    return _finish("approve", item, by, comment)


def review_due(reviewed_on: date, months: int) -> date:
    """The day by which a review must be done again, to the day within the average length of a month."""
    return reviewed_on + timedelta(days=round(months * DAYS_IN_MONTH))


@transaction.atomic
def publish(*, items: Iterable[Item], by: AbstractUser, note: str = "") -> Release:
    """Make one release of these approved items and of what must be compiled again because of them.

    Raises `NotPublishable` with every obstacle of every item.
    """
    publishing.wait_for_turn()
    items = _start("publish", list(items), by)
    for item in items:
        _require_sign_off(item)
    documents = {item.uuid: rows.to_document(item) for item in items}
    around = surroundings.around(list(documents.values()), {item.reference for item in items})
    obstacles = [
        (item, finding)
        for item in items
        for finding in rules.check(documents[item.uuid], around[str(item.uuid)])
        if finding.severity == rules.OBSTACLE
    ]
    if obstacles:
        raise NotPublishable(obstacles)
    for item in items:
        item.published_revision = _last_revision(item)
    release = publishing.publish(items=items, documents=documents, by=by, note=note)
    for item in items:
        _finish("publish", item, by, f"Release {release.number}")
    return release


@transaction.atomic
def withdraw(
    *, item: Item, by: AbstractUser, reason: str = "withdrawn", replaced_by: Item | None = None, note: str
) -> Release:
    """Take a published item back: its address answers 410 with the reason, in a release of its own.

    `reason` is withdrawn, gone, or replaced (then by `replaced_by`, a published item). Refused while other
    published items point to it.
    """
    if reason not in WITHDRAWAL_REASONS:
        raise TransitionNotAllowed(f"Give a reason: {', '.join(WITHDRAWAL_REASONS)}.")
    if (reason == "replaced") != (replaced_by is not None):
        raise TransitionNotAllowed("Name the item that replaces it if, and only if, the reason is “replaced”.")
    if not note.strip():
        raise TransitionNotAllowed("Say why it is withdrawn: readers will see it.")
    publishing.wait_for_turn()
    item = _start("withdraw", [item], by)[0]
    if item.published_revision is None:
        raise TransitionNotAllowed("It was never published: there is nothing to withdraw.")
    if replaced_by and not publishing.current_document(replaced_by.uuid):
        raise TransitionNotAllowed(f"“{replaced_by}” is not published: publish it first.")
    pointing = publishing.names_of_documents_that_mention(item.uuid)
    if pointing:
        raise TransitionNotAllowed(
            f"Published items point to it: {', '.join(pointing)}. Change or withdraw them first."
        )
    release = publishing.publish_tombstone(item=item, reason=reason, replaced_by=replaced_by, note=note.strip(), by=by)
    item.published_revision = None
    item.withdrawal_reason, item.replaced_by = reason, replaced_by
    _finish("withdraw", item, by, note)
    return release


def obstacles_to(verb: str, item: Item, by: AbstractUser) -> str | None:
    """Why this person cannot do the verb to the item now, in a sentence; None if nothing is known."""
    transition = TRANSITIONS[verb]
    if item.status not in transition.sources:
        statuses = " or ".join(sorted(source.replace("_", " ") for source in transition.sources))
        return (
            f"To {verb.replace('_', ' ')}, an item must be {statuses}; “{item}” is {item.get_status_display().lower()}."
        )
    if not (has_role(by, transition.role) or by.is_superuser):
        return f"Only a {transition.role.lower()} can {verb.replace('_', ' ')} an item."
    return None


def _held(items: list[Item]) -> list[Item]:
    """The items as they are now, locked until the transaction ends, always in the same order."""
    held = {
        item.pk: item for item in Item.objects.select_for_update().filter(pk__in=[i.pk for i in items]).order_by("pk")
    }
    return [held[item.pk] for item in items]


def _start(verb: str, items: list[Item], by: AbstractUser) -> list[Item]:
    """Hold the items, or refuse the verb for them."""
    if not items:
        raise TransitionNotAllowed(f"Choose what to {verb}.")
    if len({item.pk for item in items}) < len(items):
        raise TransitionNotAllowed("An item is named twice.")
    held = _held(items)
    for item in held:
        reason = obstacles_to(verb, item, by)
        if reason:
            raise TransitionNotAllowed(reason)
    return held


def _finish(verb: str, item: Item, by: AbstractUser, note: str) -> Item:
    from_status, item.status = item.status, TRANSITIONS[verb].target
    item.lock_version += 1
    item.save()
    _log(item, by, verb, from_status, TRANSITIONS[verb].role, note=note, revision=item.revisions.first())
    return item


def _log(item: Item, by: AbstractUser, verb: str, from_status: str, role: str, *, note: str = "", revision=None):
    Event.objects.create(
        item=item,
        verb=verb,
        from_status=from_status,
        to_status=item.status,
        happened_at=timezone.now(),
        done_by=by,
        as_superuser=by.is_superuser and not has_role(by, role),
        note=note,
        revision=revision,
    )


def _last_revision(item: Item) -> Revision:
    revision = item.revisions.first()
    if revision is None:
        raise TransitionNotAllowed(f"“{item}” has never been saved as a draft.")
    return revision


def _require_sign_off(item: Item) -> None:
    """Refuse an item whose content is not, to the letter, what was signed off last."""
    sign_off = item.sign_offs.first()
    if sign_off is None or sign_off.content_sha256 != content_sha256(item):
        raise TransitionNotAllowed(f"“{item}” has changed since it was signed off: it needs another review.")
