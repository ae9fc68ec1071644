"""Drafts that were begun by mistake: put away, kept with their trail, and brought back if they are wanted after all.

In: a draft that readers have never had and that no other item names. Out: the same item, in no list, search or number
until somebody brings it back. Raises `TransitionNotAllowed` with a sentence; then nothing has changed.
"""

from django.contrib.auth.models import AbstractUser
from django.db import transaction
from django.db.models import Q

from content_app.audit import log
from content_app.editorial import workflow
from content_app.editorial.roles import AUTHOR
from content_app.editorial.transitions import TransitionNotAllowed, held, not_by
from content_app.models import Document, Item, Relation

ACTIVE = {"is_put_away": False, "is_practice": False}


def obstacles_to(verb: str, item: Item, by: AbstractUser) -> str | None:
    """Why this person cannot put the item away, or bring it back, in a sentence; None if they can."""
    if not_by("edit", by):
        return "Only an author can put a draft away or bring it back."
    if verb == "bring-back":
        return None if item.is_put_away else "This item has not been put away."
    if item.is_put_away:
        return "This item has already been put away."
    if item.status != "draft" or Document.objects.filter(item_uuid=item.uuid).exists():
        return "Only a draft that has never been published can be put away."
    named_by = Item.objects.filter(relations__in=Relation.objects.filter(Q(object=item) | Q(display_with=item)))
    names = ", ".join(f"“{other}”" for other in named_by.order_by("name").distinct()[:5])
    return f"Other items are related to it: {names}. Remove those relationships first." if names else None


@transaction.atomic
def put_away(*, item: Item, by: AbstractUser, note: str = "") -> Item:
    """Take a draft out of every list, search and number. It keeps its address, its text and its trail."""
    return _turn("put-away", item, by, note)


@transaction.atomic
def bring_back(*, item: Item, by: AbstractUser, note: str = "") -> Item:
    """Make an item that was put away a draft like any other again."""
    return _turn("bring-back", item, by, note)


def _turn(verb: str, item: Item, by: AbstractUser, note: str) -> Item:
    item = held([item])[0]
    refusal = obstacles_to(verb, item, by)
    if refusal:
        raise TransitionNotAllowed(refusal)
    item.is_put_away = verb == "put-away"
    item.lock_version += 1
    item.save()
    act = verb.replace("-", "_")
    workflow.keep_in_trail(item=item, by=by, act=act, note=note.strip(), role=AUTHOR)
    log.record(f"item_{act}", by=by, what=item, note=note.strip())
    return item
