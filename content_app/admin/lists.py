"""What all lists of the desk share.

In: an address, as it came. Out: the list, or the whole list with a sentence if the address cannot be meant.
"""

from django.contrib import messages
from django.http import HttpResponseRedirect


class Lists:
    """Mix into a ModelAdmin: pages of 50, and null bytes in an address, which no database takes, are refused."""

    list_per_page = 50

    def changelist_view(self, request, extra_context=None):
        if any("\0" in text for pair in request.GET.lists() for text in (pair[0], *pair[1])):
            messages.warning(request, "The address held a character that is no text, so this is the whole list.")
            return HttpResponseRedirect(request.path)
        return super().changelist_view(request, extra_context)
