"""`/metrics`: what it says is what happened, in all processes together, to whoever has the token."""

import multiprocessing
import re
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
import yaml
from django.db import OperationalError
from django.test import Client
from django.urls import get_resolver
from prometheus_client.parser import text_string_to_metric_families

from content_app.operation.metrics import counts, page
from content_app.operation.metrics.routes import ROUTES, route_of
from tests.first_content import AMPS
from tests.live import serving

TOKEN = "0123456789abcdef"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
COPIED = counts.EVERY + 0.5  # seconds until what a process counted can be read


def samples(text: str) -> dict[tuple, float]:
    """Every value by its name and the values of its labels, these in the order of their names."""
    found = [one for family in text_string_to_metric_families(text) for one in family.samples]
    return {(one.name, *(value for _, value in sorted(one.labels.items()))): one.value for one in found}


def ask(address: str, **headers: str) -> tuple[int, str]:
    request = urllib.request.Request(address, headers=headers)  # noqa: S310 - our own server
    try:
        with urllib.request.urlopen(request, timeout=10) as response:  # noqa: S310
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


@pytest.fixture(scope="module")
def server():
    """As in production: plain HTTP is refused, and only one name is known."""
    production = {"HTTPS": "1", "ALLOWED_HOSTS": "amps.example", "SECRET_KEY": "k" * 40, "LIMIT_ANONYMOUS": "20"}
    with serving(production | {"METRICS_TOKEN": TOKEN}) as address:
        yield address


@pytest.fixture(scope="module")
def read(server):
    """Values before and after requests that were sent over many connections, so to both processes."""
    while ("amps_worker_heartbeat_age_seconds",) not in (before := samples(ask(f"{server}/metrics", **BEARER)[1])):
        time.sleep(0.5)  # the worker begins after the server
    through_the_proxy = {"Host": "amps.example", "X-Forwarded-Proto": "https"}
    said = [ask(server + AMPS, **through_the_proxy)[0] for _ in range(26)]
    said += [ask(f"{server}/nonsense", **through_the_proxy)[0] for _ in range(2)]
    time.sleep(COPIED)
    after = samples(ask(f"{server}/metrics", **BEARER)[1])
    return said, lambda *key: after.get(key, 0) - before.get(key, 0), after


def test_requests_are_counted_by_route_and_class_of_status(read):
    said, more, _ = read
    assert 20 <= said.count(200) <= 26  # a new minute may have begun
    assert more("amps_requests_total", "/api/v1/conditions", "2xx") == said.count(200)
    assert more("amps_requests_total", "/api/v1/conditions", "4xx") == 26 - said.count(200)
    assert more("amps_requests_total", "other", "4xx") == 2


def test_durations_are_a_histogram_that_adds_up(read):
    _, more, after = read
    route = "/api/v1/conditions"
    assert more("amps_request_seconds_count", route) == 26
    assert more("amps_request_seconds_bucket", "+Inf", route) == 26
    assert 0 < more("amps_request_seconds_sum", route) < 60
    ends = [after["amps_request_seconds_bucket", str(bound), route] for bound in counts.BOUNDS]
    assert ends == sorted(ends)


def test_kept_answers_and_refusals_are_told_apart(read):
    said, more, _ = read
    kept, made = more("amps_answers_total", "kept"), more("amps_answers_total", "made")
    assert kept > 10
    assert kept + made >= len(said)
    assert more("amps_rate_limited_total") == said.count(429)
    assert more("amps_unavailable_total") == 0


def test_the_library_and_its_background_work_are_told(read):
    _, _, after = read
    assert after["amps_info", "0.1.0"] == 1
    assert after["amps_processes",] == 2
    assert after["amps_database_up",] == 1
    assert after["amps_release_number",] == 1
    assert after["amps_release_age_seconds",] > 0
    assert after["amps_reviews_overdue",] == 0
    assert after["amps_worker_heartbeat_age_seconds",] < 60
    for kind in ("schedules", "webhooks", "imports"):
        assert after["amps_work_due", kind] == after["amps_work_late_seconds", kind] == 0


def test_reading_it_counts_against_no_limit(server):
    assert {ask(f"{server}/metrics", **BEARER)[0] for _ in range(25)} == {200}


@pytest.mark.parametrize("given", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": f"Basic {TOKEN}"}])
def test_without_the_token_there_is_nothing(server, given):
    status, text = ask(f"{server}/metrics", **given)
    assert status == 401
    assert "amps_" not in text


def test_it_is_off_unless_a_token_is_set(db):
    assert Client().get("/metrics", headers=BEARER).status_code == 404


@pytest.fixture
def client(settings, monkeypatch):
    settings.METRICS_TOKEN = TOKEN
    monkeypatch.setattr(page, "_asked", None)
    return Client(headers=BEARER)


def test_a_database_that_is_away_is_a_value(client, monkeypatch):
    def away():
        raise OperationalError("gone")

    monkeypatch.setattr(page, "_said", away)
    told = samples(client.get("/metrics").content.decode())
    assert told["amps_database_up",] == 0
    assert ("amps_release_number",) not in told
    assert "amps_processes" in {name for name, *_ in told}


def test_a_database_that_is_silent_is_asked_once_and_not_waited_for(client, monkeypatch):
    asked, over = [], threading.Event()
    monkeypatch.setattr(page, "_said", lambda: asked.append(1) or over.wait(30))
    monkeypatch.setattr(page, "PATIENCE", 0.05)
    try:
        for _ in range(3):
            assert samples(client.get("/metrics").content.decode())["amps_database_up",] == 0
    finally:
        over.set()
    assert len(asked) == 1


def test_the_page_for_operators_names_what_there_is(read):
    whole = (Path(__file__).parents[2] / "docs" / "operations.md").read_text(encoding="utf-8")
    page_for_operators = whole.partition("### Metrics")[2].partition("\n## ")[0]
    there = {re.sub("_(bucket|count|sum)$", "", name) for name, *_ in read[2] if name.startswith("amps_")}
    there |= {"amps_unavailable_total", "amps_rate_limited_total"}
    assert set(re.findall(r"amps_[a-z_]+[a-z]", page_for_operators)) == there
    for block in re.findall(r"```yaml\n(.*?)```", page_for_operators, re.DOTALL):
        assert yaml.safe_load(block)


def test_every_address_has_a_route():
    def first_parts(patterns, before=""):
        for pattern in patterns:
            address = before + str(pattern.pattern).lstrip("^")
            if hasattr(pattern, "url_patterns") and address.count("/") < 2:
                yield from first_parts(pattern.url_patterns, address)
            else:
                yield address

    for address in first_parts(get_resolver().url_patterns):
        if not address.startswith("api/v1/(?P<collection>"):
            path = "/" + re.split(r"[(<?$]", address.replace("\\", ""))[0]
            assert ROUTES[route_of(path)] != "other", address
    assert ROUTES[route_of("/api/v1/nonsense/")] == ROUTES[route_of("/nonsense")] == "other"


def test_a_process_that_follows_one_that_died_goes_on_with_its_counts():
    def serve_and_die() -> None:
        mine = counts.Counts(lambda: 3)
        mine.answered("/fhir/metadata", 200, 1_000)
        mine.cells[counts.WAITING] = 3
        counts._write(mine.slot, mine.cells)

    def counted() -> tuple[int, int, int]:
        sums, running = counts.of_all()
        routes = {name: statuses[2] for name, statuses, _, _ in counts.by_route(sums)}
        return routes.get("/fhir", 0), sums[counts.WAITING], running

    for number in (1, 2):
        process = multiprocessing.get_context("fork").Process(target=serve_and_die)
        process.start()
        process.join()
        assert counted() == (number, 0, 0)
    assert counts._read(1) == [0] * counts.SIZE
