"""Every change of an item's status: who may, when, and what it leaves in the trail.

In: items, the person who acts, what they say. Out: changed items, revisions, sign-offs, events, releases.
Admin, commands and tests call these functions; nothing else writes a status. Each is one transaction that holds
the items it changes. Raises `TransitionNotAllowed` or `NotPublishable`; then nothing has changed.
"""

import uuid
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from django.contrib.auth.models import AbstractUser
from django.db import transaction
from django.utils import timezone

from content_app.audit import log
from content_app.canonical import sha256_of
from content_app.editorial import assignments, review_comments, source_workflow
from content_app.editorial.content_hashes import content_hashes
from content_app.editorial.roles import PUBLISHER
from content_app.editorial.transitions import (
    CHANGE_NOTE_IS_YOURS,
    LAST_EDIT_IS_YOURS,
    TRANSITIONS,
    TransitionNotAllowed,
    has_role,
    not_by,
    not_now,
    require_significance,
    start,
)
from content_app.manuscripts import rows, rule_context, rules
from content_app.manuscripts.change_rules import CHANGE_RULES, WARNINGS
from content_app.manuscripts.compiler import cited_slugs
from content_app.models import Document, Event, FormerSlug, Item, Release, Revision, SignOff, Source, Thread
from content_app.publication import publishing

LONGEST_REVIEWER_ROLE = 120
# Acts in the trail that are edits, by hand or otherwise.
EDITS = ("create", "edit", "import", "restore")
# Acts in the trail that change nothing of an item itself.
SIDE_ACTS = (
    "schedule", "unschedule", "schedule_failed", "request_withdrawal", "decline_withdrawal", "put_away", "bring_back",
    "consider",
)  # fmt: skip


class NotPublishable(Exception):
    """Something stands in the way of publishing. `obstacles` holds (item, finding) pairs."""

    def __init__(self, obstacles: list[tuple[Item, rules.Finding]]):
        self.obstacles = obstacles
        super().__init__(" ".join(f"{item}: {finding.sentence}" for item, finding in obstacles))


def content_sha256(item: Item) -> str:
    """The hash that a sign-off is bound to: over the editorial document and every source that it cites."""
    return content_hashes([rows.to_document(item)])[str(item.uuid)]


def findings(item: Item) -> list[rules.Finding]:
    """What stands in the way of publishing this item alone, and what deserves a warning."""
    return findings_in(rows.to_document(item))


def findings_in(document: rows.Document) -> list[rules.Finding]:
    """The same of a document, whether it is stored or not."""
    reference = f"{document['kind']}/{document['slug']}"
    return rules.check(document, rule_context.around([document], {reference})[document["uuid"]])


@transaction.atomic
def record_edit(*, item: Item, by: AbstractUser, verb: str = "edit", note: str = "") -> Revision | None:
    """Keep what the rows of an item now say as its next revision, and make the item a draft.

    Returns the revision, or None if nothing has changed since the last one. Voids a sign-off, as its hash no
    longer fits. Call it in the transaction that wrote the rows.
    """
    item = start("edit", [item], by)[0]
    from_status, is_new = item.status, not item.revisions.exists()
    revision = _keep_revision(item, by)
    if revision is None:
        return None
    item.lock_version += 1
    item.status, item.withdrawal_reason, item.replaced_by = "draft", "", None
    if from_status in ("published", "withdrawn"):  # else the note on what is being changed is written on
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
def submit(
    *,
    item: Item,
    by: AbstractUser,
    change_note: str,
    significance: str = "substantive",
    reviewer: AbstractUser | None = None,
    due_on: date | None = None,
) -> Item:
    """Send an item for review. Readers will see the change note and how significant the change is.

    `reviewer` is asked to review it, by `due_on`; without either, anybody, whenever they can.
    """
    require_significance(change_note, significance)
    item = start("submit", [item], by)[0]
    # Its text can have changed without an edit of its own: an item that it names has a new slug.
    _keep_revision(item, by)
    item.change_note, item.significance = change_note.strip(), significance
    _require_significant_enough(item)
    item.withdrawal_reason, item.replaced_by = "", None
    assignments.assign(item=item, by=by, person=reviewer, due_on=due_on)
    return finish("submit", item, by, change_note)


def _require_significant_enough(item: Item) -> None:
    """Refuse to call a change editorial that readers of substantive changes must hear of."""
    if item.significance == "editorial":
        document = rows.to_document(item)
        around = replace(rule_context.around([document], set())[document["uuid"]], significance="editorial")
        found = [finding for rule in CHANGE_RULES for finding in rule(document, around)]
        reasons = [f.sentence for f in found if f.severity == rules.OBSTACLE and "an editorial change" in f.sentence]
        if reasons:
            raise TransitionNotAllowed(" ".join(reasons))


def changed_warnings(item: Item) -> list[str]:
    """The names of the warnings that readers have and that the draft changes or lacks."""
    before = item.published_revision.document if item.published_revision else {}
    return [name for field, name in WARNINGS.items() if before.get(field) and before[field] != getattr(item, field)]


@transaction.atomic
def request_changes(*, item: Item, by: AbstractUser, comment: str) -> Item:
    """Send an item back to its author, with what has to change."""
    if not comment.strip():
        raise TransitionNotAllowed("Tell the author what to change.")
    return finish("request_changes", start("request_changes", [item], by)[0], by, comment)


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
    item = start("approve", [item], by)[0]
    revision = _last_revisions([item])[item.pk]
    own = _own_words(item, by)
    if own:
        raise TransitionNotAllowed(own)
    _require_no_open_comments([item])
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
    assignments.end(item)
    return finish("approve", item, by, comment)


def review_due(reviewed_on: date, months: int) -> date:
    """The same day so many months later, or the last day of that month."""
    years, month = divmod(reviewed_on.month - 1 + months, 12)
    year = reviewed_on.year + years
    return date(year, month + 1, min(reviewed_on.day, monthrange(year, month + 1)[1]))


@transaction.atomic
def publish(*, items: Iterable[Item] = (), sources: Iterable[Source] = (), by: AbstractUser) -> Release:
    """Make one release of these approved items and sources, and of what must be compiled again because of them.

    Every source in it, chosen or cited, is in the form that was signed off last, whatever has been edited since.
    Raises `NotPublishable` with every obstacle of every item.
    """
    publishing.wait_for_turn()
    items, chosen = list(items), list(sources)
    items = start("publish", items, by) if items or not chosen else []
    chosen = start("publish", chosen, by) if chosen else []
    stored = {d["uuid"]: d for d in rows.to_documents(Item.objects.filter(pk__in=[item.pk for item in items]))}
    documents = {item.uuid: stored[str(item.uuid)] for item in items}
    cited = {slug for document in documents.values() for slug in cited_slugs(document)}
    source_workflow.require_citing(chosen, cited)
    going = _held_sources(cited | {source.slug for source in chosen})
    revisions = _last_revisions(items)
    _require_sign_offs(items, documents, revisions)
    _require_no_open_comments(items)
    _require_no_obstacle(items, documents)
    for item in items:
        item.published_revision = revisions[item.pk]
    release = publishing.publish(items=items, documents=documents, sources=going, by=by)
    source_workflow.record_publication(going, by, release)
    for item in items:
        finish("publish", item, by, f"Release {release.number}", revision=revisions[item.pk])
    return release


def _held_sources(slugs: set[str]) -> list[Source]:
    """The sources, held: no other form of one is signed off between the look at it and the release."""
    found = Source.objects.filter(slug__in=slugs).order_by("pk")
    list(found.select_for_update(no_key=True))
    return list(found.select_related("signed_revision"))


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


def obstacles_to(verb: str, item: Item, by: AbstractUser) -> str | None:
    """Why this person cannot do the verb to the item now, in a sentence; None if nothing is known."""
    return not_now(verb, item) or not_by(verb, by) or _not_this(verb, item, by)


def _not_this(verb: str, item: Item, by: AbstractUser) -> str | None:
    if verb == "approve":
        return _own_words(item, by) or review_comments.open_comments(item)
    return review_comments.open_comments(item) if verb == "publish" else None


def _require_no_open_comments(items: Iterable[Item]) -> None:
    held_up = Thread.objects.filter(item__in=[item.pk for item in items], is_open=True, holds_up=True)
    keys = set(held_up.values_list("item_id", flat=True))
    if keys:
        told = [review_comments.open_comments(item) or "" for item in items if item.pk in keys]
        raise TransitionNotAllowed(" ".join(told))


def _own_words(item: Item, by: AbstractUser) -> str | None:
    """Why this person cannot sign the item off, if what readers would get is in their own words."""
    if item.revisions.values_list("created_by", flat=True).first() == by.pk:
        return LAST_EDIT_IS_YOURS
    submitted = item.events.filter(verb="submit").values_list("done_by", flat=True).first()
    return CHANGE_NOTE_IS_YOURS if submitted == by.pk else None


def finish(verb: str, item: Item, by: AbstractUser, note: str, revision: Revision | None = None) -> Item:
    """Give an item that is held the status to which the verb leads, and write that into the trail and the audit."""
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
