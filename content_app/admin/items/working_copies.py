"""What somebody types is kept for them while they type, and is there again when they come back.

In: a form as its page sends it every other second. Out: one `WorkingCopy` for each person and item, and a request that
shows it again, unsaved. It is no revision: an item changes when somebody saves it, so that a stray key in an approved
item does not void its sign-off, and so that half a sentence is nobody else's draft.
"""

from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.html import format_html

from content_app.models import Item, WorkingCopy

NOT_TYPED = {"csrfmiddlewaretoken", "_keep", "_save", "_submit", "_given_back"}
MOST = 1_000_000  # characters; a form that holds more is only kept when it is saved


def of(request: HttpRequest, kind: str, item: Item | None) -> WorkingCopy | None:
    """What this person has typed and not saved."""
    found = WorkingCopy.objects.filter(person=request.user, kind=kind, item_id=item.pk if item else None)
    return found.order_by("-saved_at").first()


def keep(request: HttpRequest, kind: str, item: Item | None) -> None:
    """Keep the form that was sent in place of the last one."""
    fields = {name: values for name, values in request.POST.lists() if name not in NOT_TYPED}
    if sum(len(value) for values in fields.values() for value in values) > MOST:
        return
    WorkingCopy.objects.update_or_create(
        person=request.user,
        kind=kind,
        item_id=item.pk if item else None,
        defaults={"fields": fields, "saved_at": timezone.now()},
    )


def forget(request: HttpRequest, kind: str, item: Item | None) -> None:
    """What was typed is saved, or is not wanted."""
    WorkingCopy.objects.filter(person=request.user, kind=kind, item_id=item.pk if item else None).delete()


def bring_back(request: HttpRequest, copy: WorkingCopy) -> None:
    """Make the request one that shows the form as it was typed, with nothing done."""
    data = QueryDict(mutable=True)
    for name, values in copy.fields.items():
        data.setlist(name, values)
    data["_given_back"] = "1"
    request.method, request.POST, request.brought_back = "POST", data, copy
    request.given_back_because = format_html(
        "These changes are not saved to the item yet. You last typed at {} UTC. Save them, or discard them.",
        f"{copy.saved_at.day} {copy.saved_at:%b %Y, %H:%M}",
    )
