"""`/livez`, `/readyz` and `/metrics`: whether the process runs, whether it can answer readers, and how it has done so.

In: requests of a load balancer or of monitoring. They are answered before the host is checked and before plain HTTP is
refused, as a probe calls a server by its own address. Out: 200, or 503 with a problem. A worker that has stopped makes
no reader wait, so it leaves the status at 200 and shows in `worker`.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS
from django.http import HttpRequest, HttpResponse, JsonResponse

from content_app.delivery.http.problems import note_fault, page_for_reading, problem_response
from content_app.delivery.store import reading, replicas
from content_app.operation import stopping
from content_app.operation.metrics.page import metrics
from content_app.outages import is_outage
from content_app.worker import backlog


@page_for_reading(0)
def livez(request: HttpRequest) -> HttpResponse:
    """200 as long as the process runs."""
    return JsonResponse({"status": "alive"})


@page_for_reading(0)
def readyz(request: HttpRequest) -> HttpResponse:
    """200 if the library can be read and something is published; 503 if not, and while the server stops."""
    if stopping.has_begun():
        return problem_response(request, "unavailable", "The server is stopping.")
    try:
        with replicas.reading_from(replicas.choice.current()):
            moment, is_replica = reading.current_moment(), replicas.database() != DEFAULT_DB_ALIAS
        worker = worker_standing(is_needed=not is_replica)
    except Exception as fault:
        if not is_outage(fault):
            raise
        return problem_response(request, "unavailable", note_fault(fault))
    if moment is None:
        return problem_response(request, "unavailable", "Nothing has been published yet.")
    return JsonResponse({"status": "ready", "release": moment.release, "worker": worker})


def worker_standing(*, is_needed: bool) -> dict[str, Any]:
    """How the background work stands. While the primary is away, readers of a replica need not know."""
    try:
        return backlog.standing().as_json()
    except Exception as fault:
        if is_needed or not is_outage(fault):
            raise
        return {"status": "unknown"}


PROBES: dict[str, Callable[[HttpRequest], HttpResponse]] = {"/livez": livez, "/readyz": readyz}
METRICS = "/metrics"


class ProbeMiddleware:
    """Answers the probes itself and passes everything else on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response
        self.probes = PROBES | ({METRICS: metrics} if settings.METRICS_TOKEN else {})

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.probes.get(request.path_info, self.get_response)(request)
