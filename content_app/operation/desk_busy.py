"""What editors send while the database is locked or away: refused by a page that leads back to it.

In: a request to the desk that failed. Out: a 503 with when to try again.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from content_app.delivery.http.problems import note_fault
from content_app.outages import is_outage


class DeskBusy:
    """What was sent while the database was locked or away is refused by a page that leads back to it.

    The page itself keeps what was typed (`kept.js`), so nothing of it has to come back from here.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        is_sent = request.method == "POST" and request.path_info.startswith(settings.DESK_ADDRESSES)
        if not is_sent or not is_outage(exception):
            return None
        note_fault(exception)
        response = render(request, "admin/content_app/busy.html", status=503)
        response["Retry-After"] = "5"
        return response
