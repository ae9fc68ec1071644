"""Whether the server is alive, and whether it can answer."""

from django.http import HttpResponse, JsonResponse

from content_app.delivery.http.problems import page_for_reading, problem_response
from content_app.delivery.store import reading


@page_for_reading(0)
def livez(request) -> HttpResponse:
    """200 as long as the process runs."""
    return JsonResponse({"status": "alive"})


@page_for_reading(0)
def readyz(request) -> HttpResponse:
    """200 if the library can be read and something is published; else 503 (a database that is away raises)."""
    moment = reading.current_moment()
    if moment is None:
        return problem_response(request, "unavailable", "Nothing has been published yet.")
    return JsonResponse({"status": "ready", "release": moment.release})
