"""Every change of an item's status: who may, when, and what it leaves in the trail.

In: items, the person who acts, what they say. Out: changed items, revisions, sign-offs, events, releases.
Admin, commands and tests call these functions; nothing else writes a status. Each is one transaction that holds
the items it changes. Raises `TransitionNotAllowed` or `NotPublishable`; then nothing has changed.
"""

import uuid
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import AbstractUser
from django.db import transaction
from django.utils import timezone

from content_app.audit import log
from content_app.canonical import sha256_of
from content_app.editorial.content_hashes import content_hashes
from content_app.editorial.roles import AUTHOR, PUBLISHER, REVIEWER
from content_app.manuscripts import rows, rule_context, rules
from content_app.models import Document, Event, FormerSlug, Item, Release, Revision, SignOff
from content_app.publication import publishing
from content_app.vocabulary.terms import SIGNIFICANCES, STATUSES, WITHDRAWAL_REASONS

A_PERSON = {AUTHOR: "an author", REVIEWER: "a reviewer", PUBLISHER: "a publisher"}
LONGEST_REVIEWER_ROLE = 120


@dataclass(frozen=True)
class Transition:
    """Which role may take an item from which statuses to which."""

    role: str
    sources: frozenset[str]
    target: str


TRANSITIONS = {
    "edit": Transition(AUTHOR, frozenset({"draft", "in_review", "approved", "published", "withdrawn"}), "draft"),
    # What is published or withdrawn can be reviewed again as it stands: when its review is due, or to publish it again.
    "submit": Transition(AUTHOR, frozenset({"draft", "published", "withdrawn"}), "in_review"),
    "request_changes": Transition(REVIEWER, frozenset({"in_review", "approved"}), "draft"),
    "approve": Transition(REVIEWER, frozenset({"in_review"}), "approved"),
    "publish": Transition(PUBLISHER, frozenset({"approved"}), "published"),
    "withdraw": Transition(PUBLISHER, frozenset({"draft", "in_review", "approved", "published"}), "withdrawn"),
}
# Each transition as an action, for sentences.
ACTIONS = {
    "edit": "edit an item", "submit": "send an item for review", "request_changes": "request changes to an item",
    "approve": "sign off an item", "publish": "publish an item", "withdraw": "withdraw an item",
}  # fmt: skip
# Acts in the trail that change nothing of an item itself.
SIDE_ACTS = ("schedule", "unschedule", "schedule_failed")
LAST_EDIT_IS_YOURS = "You made the last edit, so somebody else must sign it off."
NEVER_PUBLISHED = "Only published items can be withdrawn, and this item is not published."


class TransitionNotAllowed(Exception):
    """The verb cannot be done now or by this person. The message is a sentence that says why."""


class NotPublishable(Exception):
    """Something stands in the way of publishing. `obstacles` holds (item, finding) pairs."""

    def __init__(self, obstacles: list[tuple[Item, rules.Finding]]):
        self.obstacles = obstacles
        super().__init__(" ".join(f"{item}: {finding.sentence}" for item, finding in obstacles))


def has_role(person: AbstractUser, role: str) -> bool:
    return person.groups.filter(name=role).exists()


def is_editor(person: AbstractUser) -> bool:
    """Whether the person has any editorial role, or superuser powers."""
    return person.is_active and (person.is_superuser or person.groups.filter(name__in=A_PERSON).exists())


def content_sha256(item: Item) -> str:
    """The hash that a sign-off is bound to: over the editorial document and every source that it cites."""
    return content_hashes([rows.to_document(item)])[str(item.uuid)]


def findings(item: Item) -> list[rules.Finding]:
    """What stands in the way of publishing this item alone, and what deserves a warning."""
    document = rows.to_document(item)
    return rules.check(document, rule_context.around([document], {item.reference})[document["uuid"]])


@transaction.atomic
def record_edit(*, item: Item, by: AbstractUser, verb: str = "edit", note: str = "") -> Revision | None:
    """Keep what the rows of an item now say as its next revision, and make the item a draft.

    Returns the revision, or None if nothing has changed since the last one. Voids a sign-off, as its hash no
    longer fits. Call it in the transaction that wrote the rows.
    """
    item = _start("edit", [item], by)[0]
    from_status, is_new = item.status, not item.revisions.exists()
    revision = _keep_revision(item, by)
    if revision is None:
        return None
    item.lock_version += 1
    item.status, item.withdrawal_reason, item.replaced_by = "draft", "", None
    item.change_note, item.significance = "", ""
    item.save()
    role = TRANSITIONS["edit"].role
    _log(item, by, "create" if is_new else verb, "" if is_new else from_status, role, note=note, revision=revision)
    return revision


def _keep_revision(item: Item, by: AbstractUser) -> Revision | None:
    """Append what the rows now say as a revision; None if the last one says the same."""
    document = rows.to_document(item)
    sha256 = sha256_of(document)
    last = item.revisions.first()
    if last and last.sha256 == sha256:
        return None
    _keep_former_slug(item)
    return Revision.objects.create(
        item=item,
        number=last.number + 1 if last else 1,
        document=document,
        sha256=sha256,
        created_at=timezone.now(),
        created_by=by,
    )


def _keep_former_slug(item: Item) -> None:
    """An item that readers know, be it by its tombstone, keeps the address under which they know it."""
    known = Document.objects.filter(item_uuid=item.uuid, superseded_in=None).values_list("slug", flat=True).first()
    if known and known != item.slug:
        FormerSlug.objects.get_or_create(item=item, kind=item.kind, slug=known)


@transaction.atomic
def submit(*, item: Item, by: AbstractUser, change_note: str, significance: str = "substantive") -> Item:
    """Send an item for review. Readers will see the change note and how significant the change is."""
    if significance not in SIGNIFICANCES:
        raise TransitionNotAllowed("Choose how significant the change is.")
    if not change_note.strip():
        raise TransitionNotAllowed("Describe what has changed in the change note. Readers see this note.")
    item = _start("submit", [item], by)[0]
    # Its text can have changed without an edit of its own: an item that it names has a new slug.
    _keep_revision(item, by)
    item.change_note, item.significance = change_note.strip(), significance
    item.withdrawal_reason, item.replaced_by = "", None
    return _finish("submit", item, by, change_note)


@transaction.atomic
def request_changes(*, item: Item, by: AbstractUser, comment: str) -> Item:
    """Send an item back to its author, with what has to change."""
    if not comment.strip():
        raise TransitionNotAllowed("Tell the author what to change.")
    return _finish("request_changes", _start("request_changes", [item], by)[0], by, comment)


@transaction.atomic
def approve(
    *,
    item: Item,
    by: AbstractUser,
    content: str,
    reviewer_role: str = "Reviewer",
    comment: str = "",
    is_clinical: bool = False,
) -> Item:
    """Sign off one content, given by its `content_sha256`: what the reviewer has read.

    `is_clinical` says that the reviewer is a clinician who stands by the clinical content; readers are told. Refused to
    whoever made the last edit, and if the content is no longer what was read.
    """
    reviewer_role = reviewer_role.strip()
    if not 0 < len(reviewer_role) <= LONGEST_REVIEWER_ROLE:
        raise TransitionNotAllowed(f"Enter your role as reviewer, in at most {LONGEST_REVIEWER_ROLE} characters.")
    item = _start("approve", [item], by)[0]
    revision = _last_revisions([item])[item.pk]
    if revision.created_by_id == by.pk:
        raise TransitionNotAllowed(LAST_EDIT_IS_YOURS)
    document = rows.to_document(item)
    if content_hashes([document])[str(item.uuid)] != content or sha256_of(document) != revision.sha256:
        raise TransitionNotAllowed("The item has changed since you opened it. Read it again before you sign it off.")
    SignOff.objects.create(
        item=item,
        revision=revision,
        content_sha256=content,
        signed_at=timezone.now(),
        signed_by=by,
        reviewer_role=reviewer_role,
        is_clinical=is_clinical,
    )
    item.reviewed_on = timezone.now().date()
    item.review_due_on = review_due(item.reviewed_on, item.review_cycle_months)
    return _finish("approve", item, by, comment)


def review_due(reviewed_on: date, months: int) -> date:
    """The same day so many months later, or the last day of that month."""
    years, month = divmod(reviewed_on.month - 1 + months, 12)
    year = reviewed_on.year + years
    return date(year, month + 1, min(reviewed_on.day, monthrange(year, month + 1)[1]))


@transaction.atomic
def publish(*, items: Iterable[Item], by: AbstractUser, note: str = "") -> Release:
    """Make one release of these approved items and of what must be compiled again because of them.

    Raises `NotPublishable` with every obstacle of every item.
    """
    publishing.wait_for_turn()
    items = _start("publish", list(items), by)
    stored = {d["uuid"]: d for d in rows.to_documents(Item.objects.filter(pk__in=[item.pk for item in items]))}
    documents = {item.uuid: stored[str(item.uuid)] for item in items}
    revisions = _last_revisions(items)
    _require_sign_offs(items, documents, revisions)
    _require_no_obstacle(items, documents)
    for item in items:
        item.published_revision = revisions[item.pk]
    release = publishing.publish(items=items, documents=documents, by=by, note=note)
    for item in items:
        _finish("publish", item, by, f"Release {release.number}", revision=revisions[item.pk])
    return release


def _require_no_obstacle(items: list[Item], documents: dict[uuid.UUID, rows.Document]) -> None:
    around = rule_context.around(list(documents.values()), {item.reference for item in items})
    obstacles = [
        (item, finding)
        for item in items
        for finding in rules.check(documents[item.uuid], around[str(item.uuid)])
        if finding.severity == rules.OBSTACLE
    ]
    if obstacles:
        raise NotPublishable(obstacles)


@transaction.atomic
def withdraw(
    *, item: Item, by: AbstractUser, reason: str = "withdrawn", replaced_by: Item | None = None, note: str
) -> Release:
    """Take a published item back: its address answers 410 with the reason, in a release of its own.

    `reason` is withdrawn, gone, or replaced (then by `replaced_by`, a published item). Refused while other
    published items point to it.
    """
    if reason not in WITHDRAWAL_REASONS:
        raise TransitionNotAllowed("Choose a reason.")
    if (reason == "replaced") != (replaced_by is not None):
        raise TransitionNotAllowed("Choose a replacement if, and only if, the reason is “Replaced”.")
    if not note.strip():
        raise TransitionNotAllowed("Say why the item is withdrawn. Readers see this.")
    publishing.wait_for_turn()
    item = _start("withdraw", [item], by)[0]
    _require_withdrawable(item, replaced_by)
    release = publishing.publish_tombstone(item=item, reason=reason, replaced_by=replaced_by, note=note.strip(), by=by)
    item.published_revision = None
    item.withdrawal_reason, item.replaced_by = reason, replaced_by
    _finish("withdraw", item, by, note)
    return release


def _require_withdrawable(item: Item, replaced_by: Item | None) -> None:
    if item.published_revision_id is None:
        raise TransitionNotAllowed(NEVER_PUBLISHED)
    if replaced_by and replaced_by.pk == item.pk:
        raise TransitionNotAllowed("An item cannot replace itself. Choose a different item.")
    if replaced_by and not publishing.current_document(replaced_by.uuid):
        raise TransitionNotAllowed(f"“{replaced_by}” is not published. Publish it first.")
    pointing = publishing.names_of_documents_that_mention(item.uuid)
    if pointing:
        raise TransitionNotAllowed(
            f"These published items link to it: {', '.join(pointing)}. Remove the links or withdraw those items first."
        )


def obstacles_to(verb: str, item: Item, by: AbstractUser) -> str | None:
    """Why this person cannot do the verb to the item now, in a sentence; None if nothing is known."""
    return _not_now(verb, item) or _not_by(verb, by) or _not_this(verb, item, by)


def _not_this(verb: str, item: Item, by: AbstractUser) -> str | None:
    if verb == "withdraw" and item.published_revision_id is None:
        return NEVER_PUBLISHED
    if verb == "approve" and item.revisions.values_list("created_by", flat=True).first() == by.pk:
        return LAST_EDIT_IS_YOURS
    return None


def _not_now(verb: str, item: Item) -> str | None:
    transition = TRANSITIONS[verb]
    if item.status not in transition.sources:
        allowed = " or ".join(f"“{STATUSES[status].label}”" for status in STATUSES if status in transition.sources)
        actual = f"“{item}” has the status “{item.get_status_display()}”."
        return f"{actual} To {ACTIONS[verb]}, its status must be {allowed}."
    return None


def require_role(verb: str, by: AbstractUser) -> None:
    """Refuse the verb to a person who can do it to no item at all. Raises `TransitionNotAllowed`."""
    refusal = _not_by(verb, by)
    if refusal:
        raise TransitionNotAllowed(refusal)


def _not_by(verb: str, by: AbstractUser) -> str | None:
    role = TRANSITIONS[verb].role
    if by.is_active and (by.is_superuser or has_role(by, role)):
        return None
    return f"Only {A_PERSON[role]} can {ACTIONS[verb]}."


def _held(items: list[Item]) -> list[Item]:
    """The items as they are now, locked until the transaction ends, always in the same order."""
    keys = [item.pk for item in items]
    # no_key: whoever relates another item to one of these need not wait, so two people cannot wait for each other.
    held = {i.pk: i for i in Item.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk")}
    gone = [str(item) for item in items if item.pk not in held]
    if gone:
        raise TransitionNotAllowed(f"“{gone[0]}” no longer exists.")
    return [held[key] for key in keys]


def _start(verb: str, items: list[Item], by: AbstractUser) -> list[Item]:
    """Hold the items, or refuse the verb for them with every reason."""
    if not items:
        raise TransitionNotAllowed("Choose at least one item.")
    if len({item.pk for item in items}) < len(items):
        raise TransitionNotAllowed("The same item is selected twice.")
    held = _held(items)
    reasons = [reason for reason in (*(_not_now(verb, item) for item in held), _not_by(verb, by)) if reason]
    if reasons:
        raise TransitionNotAllowed(" ".join(reasons))
    return held


def _finish(verb: str, item: Item, by: AbstractUser, note: str, revision: Revision | None = None) -> Item:
    from_status, item.status = item.status, TRANSITIONS[verb].target
    item.lock_version += 1
    item.save()
    revision = revision or item.revisions.first()
    _log(item, by, verb, from_status, TRANSITIONS[verb].role, note=note, revision=revision)
    return item


def _log(item: Item, by: AbstractUser, verb: str, from_status: str, role: str, *, note: str = "", revision=None):
    as_superuser = _keep_event(item, by, verb, from_status, role, note=note, revision=revision).as_superuser
    data = {"from": from_status, "to": item.status, "revision": revision.number if revision else None}
    log.record(f"item_{verb}", by=by, what=item, note=note, **data | ({"as_superuser": True} if as_superuser else {}))


def _keep_event(item: Item, by: AbstractUser, verb: str, from_status: str, role: str, *, note: str, revision) -> Event:
    return Event.objects.create(
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


def keep_in_trail(*, item: Item, by: AbstractUser, act: str, note: str, role: str = PUBLISHER) -> None:
    """Write one of `SIDE_ACTS` into the item's trail: it changes nothing, and people have to find it there."""
    _keep_event(item, by, act, item.status, role, note=note, revision=item.revisions.first())


def _last_revisions(items: list[Item]) -> dict[int, Revision]:
    """The newest revision of each item, by the item's key, without its document."""
    revisions = Revision.objects.filter(item__in=items).order_by("number").defer("document")
    last = {revision.item_id: revision for revision in revisions}
    never = [str(item) for item in items if item.pk not in last]
    if never:
        raise TransitionNotAllowed(f"“{never[0]}” has never been saved. Save it first.")
    return last


def _require_sign_offs(
    items: list[Item], documents: dict[uuid.UUID, rows.Document], revisions: dict[int, Revision]
) -> None:
    """Refuse items whose content is not, to the letter, what was signed off last and kept as a revision."""
    signed = SignOff.objects.filter(item__in=items).order_by("id")
    signed_off = {sign_off.item_id: sign_off.content_sha256 for sign_off in signed}
    hashes = content_hashes(list(documents.values()))
    changed = [
        f"“{item}” or a source it cites has changed since it was signed off. Send it for review again."
        for item in items
        if signed_off.get(item.pk) != hashes[str(item.uuid)]
        or revisions[item.pk].sha256 != sha256_of(documents[item.uuid])
    ]
    if changed:
        raise TransitionNotAllowed(" ".join(changed))
