"""What all lists of the desk share.

In: an address, as it came. Out: the list, or the whole list with a sentence if the address cannot be meant.
"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse

from content_app.admin.list_export import ListExport

NO_TEXT = "The address held a character that is no text, so this is the whole list."


class Lists(ListExport):
    """Mix into a ModelAdmin: pages of 50, each list as CSV, and null bytes in an address, which no database takes,
    are refused."""

    list_per_page = 50

    def changelist_view(self, request, extra_context=None):
        refusal = self._if_no_text(request)
        return refusal or super().changelist_view(request, {"csv_href": self.csv_href(request)} | (extra_context or {}))

    def csv_view(self, request):
        return self._if_no_text(request) or super().csv_view(request)

    def _if_no_text(self, request: HttpRequest) -> HttpResponseRedirect | None:
        if not any("\0" in text for pair in request.GET.lists() for text in (pair[0], *pair[1])):
            return None
        messages.warning(request, NO_TEXT)
        return HttpResponseRedirect(reverse(f"admin:content_app_{self.opts.model_name}_changelist"))
