"""An item to practise on, one for each author: like every other item, in no list and never published.

In: an author. Out: their practice item, made when they first want it, or as it was at first. The database refuses to
publish it, and it is in no list, search, number or export. Raises `TransitionNotAllowed` to whoever may not write.
"""

import uuid
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import transaction

from content_app.editorial import saving
from content_app.models import Item

NAME = "Practice: hiccups in dragons"
# About nothing that anybody could take for advice. The mistake in the first sentence is there to be corrected.
STATEMENTS = (
    ("Hiccups in dragons makes smoke.", "When a dragon has hiccups, small clouds of smoke come out of its nose."),
    ("Most hiccups of dragons end by themselves.", "Most dragons stop hiccuping after a while without any help."),
)


def item_of(person: AbstractUser) -> Item | None:
    """The practice item of somebody, if they have one."""
    return Item.objects.filter(uuid=_uuid(person), is_practice=True).first()


@transaction.atomic
def begin(*, by: AbstractUser) -> Item:
    """The practice item of an author, as it was at first: a new one, or a new draft of the one they have."""
    item = saving.save(_document(by), by=by).item
    Item.objects.filter(pk=item.pk).update(is_practice=True)
    item.refresh_from_db()
    return item


def _uuid(person: AbstractUser) -> uuid.UUID:
    return uuid.uuid5(uuid.NAMESPACE_URL, f"practice/{person.pk}")


def _document(person: AbstractUser) -> dict[str, Any]:
    """What is to be practised on: with a mistake, and without a citation."""
    own = str(_uuid(person))
    return {
        "kind": "condition",
        "uuid": own,
        "slug": f"practice-{person.pk}",
        "name": NAME,
        "cause_status": "not_stated",
        "summary": {
            "clinical": "Hiccups in dragons are sudden, repeated puffs of smoke.",
            "plain": "A dragon with hiccups puffs out smoke again and again.",
        },
        "statements": [
            {
                "uuid": str(uuid.uuid5(uuid.UUID(own), str(number))),
                "aspect": "overview",
                "clinical": clinical,
                "plain": plain,
                "assertion": "stated",
                "layer": "source_text",
            }
            for number, (clinical, plain) in enumerate(STATEMENTS)
        ],
        "review_cycle_months": 12,
    }
