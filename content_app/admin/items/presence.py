"""Who else has an item open for writing: said while it is so, in nobody's way.

In: an item's page that is opened, and its script, which reports every 20 seconds while the page is seen. Out: the
others, by name, and since when. Who has not been heard of for a minute has gone.
"""

from datetime import timedelta

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, JsonResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST

from content_app.admin.items.findings import key_in
from content_app.models import Item, Presence

EVERY = 20  # seconds between two reports of a page
GONE_AFTER = timedelta(seconds=60)


def others(item: Item, person) -> QuerySet[Presence]:
    """Everybody else who has the item open, first come first."""
    here = Presence.objects.filter(item_id=item.pk, seen_at__gte=timezone.now() - GONE_AFTER)
    return here.exclude(person=person).select_related("person").order_by("opened_at")


def arrive(item: Item, person, visit: str) -> None:
    """Somebody opened the page, or still has it open. Who was away for longer than a minute comes anew."""
    now = timezone.now()
    here = Presence.objects.filter(item_id=item.pk, person=person)
    if not here.filter(seen_at__gte=now - GONE_AFTER).update(seen_at=now, visit=visit):
        facts = {"opened_at": now, "seen_at": now, "visit": visit}
        Presence.objects.update_or_create(item_id=item.pk, person=person, defaults=facts)


def leave(item: Item, person, visit: str) -> None:
    """Somebody closed the page, or went from it to the same page anew: then only the old visit has ended."""
    Presence.objects.filter(item_id=item.pk, person=person, visit=visit).delete()


def sentence(presence: Presence) -> str:
    """One of the others, in a sentence."""
    return f"{presence.person} has had this open since {presence.opened_at:%H:%M} UTC."


class PresencePages:
    """Mix into a ModelAdmin of items: the address to which an open page reports."""

    def get_urls(self):
        name = f"content_app_{self.opts.model_name}_presence"
        view = self.admin_site.admin_view(self.presence_view)
        return [path("<path:object_id>/presence/", view, name=name), *super().get_urls()]

    def presence_beside(self, request: HttpRequest, item: Item) -> dict:
        """Context for the item's page, which is being opened."""
        visit = get_random_string(12)
        if self.has_change_permission(request, item):
            arrive(item, request.user, visit)
        href = reverse(f"admin:content_app_{self.opts.model_name}_presence", args=[item.pk])
        present = list(map(sentence, others(item, request.user)))
        return {"present": present, "presence_href": href, "presence_every": EVERY, "visit": visit}

    @method_decorator(require_POST)
    def presence_view(self, request: HttpRequest, object_id: str) -> JsonResponse:
        """Take a report, `leave=1` for the last one, and answer with the others, a sentence each."""
        item = Item.objects.filter(pk=key_in(unquote(object_id)), kind=self.model.KIND).first()
        if item is None:
            raise Http404("There is no such item.")
        if not self.has_change_permission(request, item):
            raise PermissionDenied
        visit = request.POST.get("visit", "").replace("\0", "")[:12]
        (leave if request.POST.get("leave") else arrive)(item, request.user, visit)
        return JsonResponse({"others": list(map(sentence, others(item, request.user)))})
