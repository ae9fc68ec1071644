"""Who is asked to review an item, and by when: said when it is sent for review, until it is signed off.

In: an item, a person or nobody in particular, a day or none. Out: its `Assignment`. Whoever else may review still may:
an assignment asks, it locks nobody out. Raises `TransitionNotAllowed` with a sentence.
"""

from datetime import date

from django.contrib.auth.models import AbstractUser, User
from django.db.models import QuerySet
from django.utils import timezone

from content_app.editorial.roles import REVIEWER
from content_app.editorial.transitions import LAST_EDIT_IS_YOURS, TransitionNotAllowed
from content_app.models import Assignment, Item


def reviewers(*, apart_from: AbstractUser) -> QuerySet[User]:
    """The people who can be asked, by name."""
    found = User.objects.filter(is_active=True, groups__name=REVIEWER).exclude(pk=apart_from.pk)
    return found.order_by("first_name", "username")


def assign(*, item: Item, by: AbstractUser, person: AbstractUser | None, due_on: date | None) -> None:
    """Ask somebody to review the item, by a day; with neither, anybody, whenever they can."""
    if due_on and due_on < timezone.now().date():
        raise TransitionNotAllowed("The day by which it should be reviewed has passed. Choose today or later.")
    if person and person.pk == by.pk:
        raise TransitionNotAllowed(LAST_EDIT_IS_YOURS)
    if person and not reviewers(apart_from=by).filter(pk=person.pk).exists():
        raise TransitionNotAllowed(f"{person} is not a reviewer. Choose somebody else, or leave it open.")
    if person or due_on:
        Assignment.objects.update_or_create(item_id=item.pk, defaults={"person": person, "due_on": due_on})
    else:
        end(item)


def end(item: Item) -> None:
    """Nobody is asked any more: the item is signed off."""
    Assignment.objects.filter(item_id=item.pk).delete()
