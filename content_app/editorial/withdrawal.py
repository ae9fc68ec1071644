"""Taking a published item back. An author asks for it, in the words that readers will see; a publisher confirms it.

In: items, the person who acts, what they say. Out: a request, or a release with the tombstone. As with everything that
readers see, nobody confirms words of their own. Raises `TransitionNotAllowed`; then nothing has changed.
"""

from django.contrib.auth.models import AbstractUser
from django.db import transaction
from django.utils import timezone

from content_app.audit import log
from content_app.editorial import workflow
from content_app.editorial.roles import AUTHOR
from content_app.editorial.transitions import TransitionNotAllowed, has_role, not_now, start
from content_app.models import Item, Release, WithdrawalRequest
from content_app.publication import publishing
from content_app.vocabulary.terms import WITHDRAWAL_REASONS

NEVER_PUBLISHED = "Only published items can be withdrawn, and this item is not published."
ONLY_AUTHORS = "Only an author can request a withdrawal."
NOT_REQUESTED = "Nobody has requested this withdrawal. An author requests it first and writes what readers will see."
REQUEST_IS_YOURS = "You requested this withdrawal and wrote what readers will see, so somebody else must confirm it."


@transaction.atomic
def request(
    *, item: Item, by: AbstractUser, reason: str = "withdrawn", replaced_by: Item | None = None, note: str
) -> WithdrawalRequest:
    """Ask that an item be withdrawn: because it is withdrawn, gone, or replaced (then by `replaced_by`, published).

    Takes the place of an earlier request. Refused while other published items point to the item.
    """
    if reason not in WITHDRAWAL_REASONS:
        raise TransitionNotAllowed("Choose a reason.")
    if (reason == "replaced") != (replaced_by is not None):
        raise TransitionNotAllowed("Choose a replacement if, and only if, the reason is “Replaced”.")
    if not note.strip():
        raise TransitionNotAllowed("Say why the item is withdrawn. Readers see this.")
    obstacle = obstacles_to("request_withdrawal", item, by)
    if obstacle:
        raise TransitionNotAllowed(obstacle)
    _require_withdrawable(item, replaced_by)
    said = {"reason": reason, "replaced_by": replaced_by, "note": note.strip()}
    said |= {"requested_by": by, "requested_at": timezone.now()}
    made, _ = WithdrawalRequest.objects.update_or_create(item=item, defaults=said)
    _keep("request_withdrawal", item, by, note.strip())
    return made


@transaction.atomic
def decline(*, item: Item, by: AbstractUser, note: str) -> Item:
    """Leave the item with readers: the request is gone, and the trail says why."""
    if not note.strip():
        raise TransitionNotAllowed("Say why the item should stay.")
    item = start("withdraw", [item], by)[0]
    if not WithdrawalRequest.objects.filter(item=item).delete()[0]:
        raise TransitionNotAllowed(NOT_REQUESTED)
    _keep("decline_withdrawal", item, by, note.strip())
    return item


@transaction.atomic
def withdraw(*, item: Item, by: AbstractUser) -> Release:
    """Do what was requested: the item's address answers 410 with the reason, in a release of its own.

    Refused to whoever requested it.
    """
    publishing.wait_for_turn()
    item = start("withdraw", [item], by)[0]
    asked = request_for(item)
    obstacle = _not_this(item, asked, by)
    if obstacle or asked is None:
        raise TransitionNotAllowed(obstacle or NOT_REQUESTED)
    _require_withdrawable(item, asked.replaced_by)
    release = publishing.publish_tombstone(
        item=item, reason=asked.reason, replaced_by=asked.replaced_by, note=asked.note, by=by
    )
    item.published_revision = None
    item.withdrawal_reason, item.replaced_by = asked.reason, asked.replaced_by
    asked.delete()
    workflow.finish("withdraw", item, by, asked.note)
    return release


def request_for(item: Item) -> WithdrawalRequest | None:
    """The request that the item be withdrawn; None if there is none."""
    try:
        return item.withdrawal_request
    except WithdrawalRequest.DoesNotExist:
        return None


def obstacles_to(verb: str, item: Item, by: AbstractUser) -> str | None:
    """Why this person cannot request, decline or confirm a withdrawal now, in a sentence; None if nothing is known."""
    if verb == "request_withdrawal":
        may = by.is_active and (by.is_superuser or has_role(by, AUTHOR))
        return not_now("withdraw", item) or (None if may else ONLY_AUTHORS) or _never_published(item)
    refused = workflow.obstacles_to("withdraw", item, by)
    asked = request_for(item)
    if verb == "decline_withdrawal":
        return refused or (None if asked else NOT_REQUESTED)
    return refused or _not_this(item, asked, by)


def _never_published(item: Item) -> str | None:
    return None if item.published_revision_id else NEVER_PUBLISHED


def _not_this(item: Item, asked: WithdrawalRequest | None, by: AbstractUser) -> str | None:
    if asked is None:
        return _never_published(item) or NOT_REQUESTED
    return _never_published(item) or (REQUEST_IS_YOURS if asked.requested_by == by else None)


def _keep(act: str, item: Item, by: AbstractUser, note: str) -> None:
    role = AUTHOR if act == "request_withdrawal" else workflow.PUBLISHER
    workflow.keep_in_trail(item=item, by=by, act=act, note=note, role=role)
    log.record(f"item_{act}", by=by, what=item, note=note)


def _require_withdrawable(item: Item, replaced_by: Item | None) -> None:
    if replaced_by and replaced_by.pk == item.pk:
        raise TransitionNotAllowed("An item cannot replace itself. Choose a different item.")
    if replaced_by and not publishing.current_document(replaced_by.uuid):
        raise TransitionNotAllowed(f"“{replaced_by}” is not published. Publish it first.")
    pointing = publishing.names_of_documents_that_mention(item.uuid)
    if pointing:
        raise TransitionNotAllowed(
            f"These published items link to it: {', '.join(pointing)}. Remove the links or withdraw those items first."
        )
