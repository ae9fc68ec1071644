"""All items in one list, whatever their kind: to search, to choose related items, and to publish together.

In: a search, a filter, a selection. Out: links to each item's own page, and the page before a release.
"""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.urls import path, reverse

from content_app.admin.exchange.exporting import Exports
from content_app.admin.items.aside import status_in_list
from content_app.admin.items.choosing import ItemChoices
from content_app.admin.items.findings import key_in, page_of
from content_app.admin.publishing import release
from content_app.admin.search import FindsItems
from content_app.admin.shared.filters import CSV_COLUMNS, ITEM_FILTERS
from content_app.admin.shared.readonly import ReadOnlyAdmin
from content_app.admin.shared.roles import may_publish
from content_app.models import Item, Source

MOST_AT_ONCE = 2000


@admin.register(Item)
class AllItemsAdmin(FindsItems, release.PublishSelected, Exports, ReadOnlyAdmin):
    """Items are written on the pages of their kind; this list only leads there."""

    rows_come_from = "Authors add conditions, concepts, symptom types and examples. This list shows them all."

    list_display = ["name", "kind", "shown_status", "review_due_on", "updated_at"]
    csv_columns = CSV_COLUMNS
    list_filter = [*ITEM_FILTERS, "kind"]
    search_fields = ["name", "slug", "names__text"]
    ordering = ["name", "kind"]
    list_select_related = ["assignment__person"]

    def get_model_perms(self, request):
        """Not in the index: there stand the four kinds."""
        return {}

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("choices/", view(self.choices_view), name="content_app_item_choices"),
            path("release/", view(self.release_view), name="content_app_item_release"),
            *super().get_urls(),
        ]

    def choices_view(self, request):
        return ItemChoices.as_view(admin_site=self.admin_site)(request)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Lead to the page on which the item is written."""
        item = self.get_object(request, object_id)
        if not self.has_view_permission(request, item):
            raise PermissionDenied
        if item is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        query = f"?{request.GET.urlencode()}" if request.GET else ""
        return HttpResponseRedirect(page_of(item) + query)

    def release_view(self, request):
        """The page before a release of several items, sent back."""
        keys, source_keys = (
            [key for key in map(key_in, request.POST.getlist(name)) if key] for name in ("item", "source")
        )
        if not 0 < len(keys) + len(source_keys) <= MOST_AT_ONCE or not may_publish(request):
            messages.error(
                request,
                "Nothing was published. Only a publisher can publish items: select them in the "
                "list, then choose “Publish selected items”.",
            )
            return HttpResponseRedirect(reverse("admin:content_app_item_changelist"))
        chosen, sources = Item.objects.filter(pk__in=keys), Source.objects.filter(pk__in=source_keys)
        return release.page(request, chosen, action=release.address(), sources=sources)

    @admin.display(description="status", ordering="status")
    def shown_status(self, item):
        return status_in_list(item)
