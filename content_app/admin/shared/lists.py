"""What all lists of the desk share.

In: an address, as it came. Out: the list, or the whole list with a sentence if the address cannot be meant.
"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.text import capfirst

from content_app.admin.shared.list_export import ListExport

NO_TEXT = "The address held a character that is no text, so this is the whole list."


class Lists(ListExport):
    """Mix into a ModelAdmin: lists are named for what they hold, have pages of 50, say where their rows come from while
    there are none, and are there as CSV. Null bytes in an address, which no database takes, are refused."""

    list_per_page = 50
    rows_come_from: str  # a sentence

    def changelist_view(self, request, extra_context=None):
        context = {
            "title": capfirst(self.opts.verbose_name_plural),
            "rows_come_from": self.rows_come_from,
            "csv_href": self.csv_href(request),
        }
        return self._if_no_text(request) or super().changelist_view(request, context | (extra_context or {}))

    def render_change_form(self, request, context, *args, **kwargs):
        """A page of one row is named for what it is, whoever may change it; its subtitle says which."""
        if context.get("original"):
            context["title"] = capfirst(self.opts.verbose_name)
        return super().render_change_form(request, context, *args, **kwargs)

    def csv_view(self, request):
        return self._if_no_text(request) or super().csv_view(request)

    def _if_no_text(self, request: HttpRequest) -> HttpResponseRedirect | None:
        if not any("\0" in text for pair in request.GET.lists() for text in (pair[0], *pair[1])):
            return None
        messages.warning(request, NO_TEXT)
        return HttpResponseRedirect(reverse(f"admin:content_app_{self.opts.model_name}_changelist"))
