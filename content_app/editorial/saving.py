"""The one way in which an item is written, for the desk, for imported files and for a revision that is restored.

In: editorial documents, which `problems` has found nothing wrong with, and who writes. Out: the items' rows and their
next revisions, in one transaction. Raises `Stale` if an item is no longer at the version that was expected; then
nothing has changed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.contrib.auth.models import AbstractUser
from django.db import transaction

from content_app.editorial import workflow
from content_app.editorial.exchange import validation
from content_app.editorial.exchange.files import Problem
from content_app.editorial.transitions import require_role
from content_app.manuscripts import rows, writing
from content_app.models import Item, Revision


class Stale(Exception):
    """Somebody has saved the item since it was read."""


class NotSaveable(Exception):
    """The library has no place for what a document says. `problems` holds all of it; nothing has been stored."""

    def __init__(self, problems: list[Problem]):
        self.problems = problems
        super().__init__(" ".join(problem.sentence for problem in problems))


@dataclass(frozen=True)
class Saved:
    """An item as it now is, and its new revision; None if it said the same before."""

    item: Item
    revision: Revision | None


def version_of(item: Item) -> str:
    """What a form of the item is opened at. Empty for an item that is not stored yet."""
    if item.pk is None:
        return ""
    number = item.revisions.values_list("number", flat=True).first() or 0
    return f"{item.lock_version}-{number}"


def problems(document: rows.Document) -> list[Problem]:
    """Why a document cannot be saved, each with a JSON pointer into it."""
    return validation.problems_together([("", document)])


@transaction.atomic
def save(document: rows.Document, *, by: AbstractUser, expected: str | None = None, verb: str = "edit",
         keys: writing.Keys | None = None) -> Saved:  # fmt: skip
    """Make the document the next draft of its item, or a new item.

    `expected` is the `version_of` that the document was made from, if that matters; `keys` says which stored rows its
    entries are. Raises `Stale`, `NotSaveable`, and `TransitionNotAllowed` to whoever may not write.
    """
    item = Item.objects.select_for_update(no_key=True).filter(uuid=document["uuid"]).first()
    if expected is not None and expected != (version_of(item) if item else ""):
        raise Stale
    found = problems(document)
    if found:
        raise NotSaveable(found)
    return save_all([document], by=by, verb=verb, keys={document["uuid"]: keys} if keys else None)[0]


@transaction.atomic
def save_all(
    documents: Iterable[rows.Document],
    *,
    by: AbstractUser,
    verb: str,
    note: str = "",
    keys: Mapping[str, writing.Keys] | None = None,
) -> list[Saved]:
    """Make documents that were found sound together the next drafts of their items. What says the same stays."""
    require_role("edit", by)
    documents = list(documents)
    uuids = [document["uuid"] for document in documents]
    writing.write_items(documents, keys)
    items = {str(item.uuid): item for item in Item.objects.filter(uuid__in=uuids)}
    kept = ((items[key], workflow.record_edit(item=items[key], by=by, verb=verb, note=note)) for key in uuids)
    return [Saved(item, revision) for item, revision in kept]
