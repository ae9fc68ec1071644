"""The page that Prometheus reads, in its text format.

In: the counts of all processes, the database, and the worker's sign of life. Out: text. A database that is away or
silent is a value too: then what it would say is left out, and everything else is there.
"""

import hmac
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLate
from itertools import accumulate

from django.conf import settings
from django.db import Error, close_old_connections
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from content_app import VERSION
from content_app.models import Release
from content_app.operation.metrics import counts
from content_app.webhooks import overdue
from content_app.worker import backlog, heartbeat

PATIENCE = 1.0  # seconds for the database
ASKED_FOR = "Send the token of METRICS_TOKEN as `Authorization: Bearer …`.\n"
Metrics = Iterator[Metric]


def metrics(request: HttpRequest) -> HttpResponse:
    """Everything, to whoever has the token; 401 to others."""
    given = request.headers.get("Authorization", "")
    if not hmac.compare_digest(given.encode(), f"Bearer {settings.METRICS_TOKEN}".encode()):
        refusal = {"WWW-Authenticate": "Bearer", "Cache-Control": "no-store"}
        return HttpResponse(ASKED_FOR, status=401, content_type="text/plain; charset=utf-8", headers=refusal)
    registry = CollectorRegistry()
    for collector in (Requests(), Background()):
        registry.register(collector)
    return HttpResponse(
        generate_latest(registry), content_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"}
    )


class Quiet(Collector):
    """A collector that is not asked while it is registered."""

    def describe(self) -> list[Metric]:
        return []


class Requests(Quiet):
    """What the front of each process has counted."""

    def collect(self) -> Metrics:
        sums, running = counts.of_all()
        info = GaugeMetricFamily("amps_info", "The version that runs.", labels=["version"])
        info.add_metric([VERSION], 1)
        yield info
        answered = CounterMetricFamily("amps_requests", "Requests that were answered.", labels=["route", "status"])
        lasted = HistogramMetricFamily(
            "amps_request_seconds", "Seconds from a complete request to the beginning of its answer.", labels=["route"]
        )
        for name, statuses, durations, seconds in counts.by_route(sums):
            for status, number in enumerate(statuses):
                if number:
                    answered.add_metric([name, f"{status}xx"], number)
            ends = [*map(str, counts.BOUNDS), "+Inf"]
            lasted.add_metric([name], list(zip(ends, accumulate(durations), strict=True)), seconds)
        yield answered
        yield lasted
        kept = CounterMetricFamily("amps_answers", "Answers of the read plane (kept) and others.", labels=["from"])
        kept.add_metric(["kept"], sums[counts.KEPT])
        kept.add_metric(["made"], sums[counts.ASKED])
        yield kept
        yield CounterMetricFamily("amps_rate_limited", "Requests above a limit (429).", sums[counts.LIMITED])
        yield CounterMetricFamily(
            "amps_unavailable", "Requests that could not be answered for now (503).", sums[counts.REFUSED]
        )
        yield GaugeMetricFamily("amps_requests_waiting", "Requests of readers on their way.", sums[counts.WAITING])
        yield GaugeMetricFamily("amps_processes", "Processes that answer requests.", running)


class Background(Quiet):
    """How the library and its background work stand."""

    def collect(self) -> Metrics:
        beat = heartbeat.last()
        if beat:
            age = (timezone.now() - beat.seen_at).total_seconds()
            yield GaugeMetricFamily("amps_worker_heartbeat_age_seconds", "Since the worker here was seen.", age)
        said = _from_database()
        yield GaugeMetricFamily("amps_database_up", "Whether the database answers (1) or not (0).", bool(said))
        yield from said


def _said() -> list[Metric]:
    close_old_connections()
    now = timezone.now()
    due = GaugeMetricFamily("amps_work_due", "Schedules, webhooks and imports that are due.", labels=["kind"])
    late = GaugeMetricFamily("amps_work_late_seconds", "How long the oldest of them has waited.", labels=["kind"])
    for work in backlog.standing(now).backlogs:
        due.add_metric([work.name], work.due)
        late.add_metric([work.name], work.late_by(now).total_seconds())
    reviews = overdue.number_overdue(now)
    said = [due, late, GaugeMetricFamily("amps_reviews_overdue", "Published items whose review is overdue.", reviews)]
    release = Release.objects.first()
    if release:
        age = (now - release.published_at).total_seconds()
        said.append(GaugeMetricFamily("amps_release_number", "The current release.", release.number))
        said.append(GaugeMetricFamily("amps_release_age_seconds", "Since it was published.", age))
    return said


_asking = ThreadPoolExecutor(1, "metrics")
_asked: Future[list[Metric]] | None = None


def _from_database() -> list[Metric]:
    """What the database says; nothing if it is away, or does not say it in time. It is asked once at a time."""
    global _asked
    if _asked is None or _asked.done():
        _asked = _asking.submit(_said)
    try:
        return _asked.result(PATIENCE)
    except (Error, TooLate):
        return []
