"""What stands beside an item's form: where it is in the workflow, what is in its way, what can be done next.

In: an item and who looks at it. Out: context for the page's template.
"""

from django.contrib import admin
from django.utils.html import format_html

from content_app.admin import acts, findings, verbs
from content_app.admin.comparison import compare
from content_app.admin.uses import uses_of_item
from content_app.models import Document, Item


class ItemPage:
    """Mix into a ModelAdmin of items."""

    class Media:
        js = ["content_app/admin/item.js", "content_app/admin/order.js", "content_app/admin/reading.js"]

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context["conflict"] = getattr(request, "conflict", None)
        if obj:
            context |= self._beside(request, Item.objects.get(pk=obj.pk))
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _beside(self, request, item: Item) -> dict:
        revisions = item.revisions.select_related("created_by")
        current = Document.objects.filter(item_uuid=item.uuid, superseded_in=None)
        last, known = revisions.first(), item.published_revision
        return {
            "item": item,
            "differences": compare(known.document, last.document) if known and known != last else [],
            "findings": findings.of(item, can_edit=self.has_change_permission(request)),
            "offers": verbs.offers(item, request.user),
            "revision": last,
            "public": current.defer("body", "body_gzip", "list_form").first(),
            "uses": uses_of_item(item),
            "events": acts.told(item.events.all()[:5]),
        }

    @admin.display(description="status", ordering="status")
    def shown_status(self, item):
        return status_badge(item)


def status_badge(item: Item):
    """The status in words, with a mark of its own."""
    return format_html('<span class="badge {}">{}</span>', item.status, item.get_status_display())
