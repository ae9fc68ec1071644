"""Deleting an item: refused, with the reasons, what uses it, and what can be done instead.

In: an item. Out: a page that offers withdrawal for what readers have. An item is never deleted: its trail says who
wrote what, and its address may have been cited.
"""

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from content_app.admin.items import transitions
from content_app.admin.items.findings import key_in, page_of
from content_app.admin.shared.where_used import uses_of_item
from content_app.editorial import withdrawal
from content_app.models import Item


class NeverDeleted:
    """Mix into a ModelAdmin of items."""

    def has_delete_permission(self, request, obj=None):
        return False  # what readers may know is withdrawn, never deleted

    def delete_view(self, request: HttpRequest, object_id: str, extra_context=None) -> HttpResponse:
        """Why it is not deleted, where it is used, and how it is withdrawn."""
        item = Item.objects.filter(pk=key_in(unquote(object_id)), kind=self.model.KIND).first()
        if item is None:
            raise Http404("This item does not exist.")
        if request.method == "POST" or not self.has_view_permission(request, item):
            raise PermissionDenied
        context = self.admin_site.each_context(request) | {
            "title": "Delete",
            "subtitle": item.name,
            "item": item,
            "page": page_of(item),
            "opts": self.opts,
            "uses": uses_of_item(item),
            "put_away": transitions.offer("put-away", item, request.user),
            "offer": transitions.offer(_verb_for(item), item, request.user),
        }
        return TemplateResponse(request, "admin/content_app/delete.html", context)


def _verb_for(item: Item) -> str:
    """What brings a withdrawal on: the request, or what confirms it."""
    return "withdraw" if withdrawal.request_for(item) else "request_withdrawal"
