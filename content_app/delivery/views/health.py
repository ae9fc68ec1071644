"""Whether the server is alive, and whether it can answer."""

from django.http import HttpResponse, JsonResponse
from django.utils.cache import add_never_cache_headers

from content_app.delivery import reading
from content_app.delivery.problems import problem_response


def livez(request) -> HttpResponse:
    """200 as long as the process runs."""
    response = JsonResponse({"status": "alive"})
    add_never_cache_headers(response)
    return response


def readyz(request) -> HttpResponse:
    """200 if the library can be read and something is published; else 503 (a database that is away raises)."""
    moment = reading.current_moment()
    if moment is None:
        return problem_response(request, "unavailable", "Nothing has been published yet.")
    response = JsonResponse({"status": "ready", "release": moment.release})
    add_never_cache_headers(response)
    return response
