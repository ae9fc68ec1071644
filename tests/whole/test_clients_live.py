"""Keys and limits on a real server with two workers: what somebody sees who makes a key, uses it, and loses it."""

import contextlib
import os
import re
import subprocess
import sys
import time

import httpx
import pytest

from tests import prepared, redis_server
from tests.live import ROOT, serving

AMPS = "/api/v1/conditions/amplified-musculoskeletal-pain-syndrome/"


def fresh(address: str, **headers: str) -> httpx.Response:
    """A request over a connection of its own, so that either worker may take it."""
    return httpx.get(address, headers=headers)


def left(answer: httpx.Response) -> int:
    return int(re.search(r";r=(\d+)", answer.headers["RateLimit"])[1])


@pytest.fixture(scope="module")
def library(tmp_path_factory) -> dict[str, str]:
    """The environment of a server whose library is filled already."""
    return prepared.environment_of_a_server(tmp_path_factory.mktemp("library"))


@contextlib.contextmanager
def desk_of(address: str, environment: dict[str, str]):
    """A superuser's session at the editors' desk."""
    subprocess.run(
        [sys.executable, "manage.py", "createsuperuser", "--noinput"],
        cwd=ROOT, check=True, capture_output=True,
        env={**os.environ, **environment, "DJANGO_SUPERUSER_USERNAME": "root",
             "DJANGO_SUPERUSER_EMAIL": "r@example.org", "DJANGO_SUPERUSER_PASSWORD": "a long password"},
    )  # fmt: skip
    with httpx.Client(base_url=address, follow_redirects=True) as desk:
        submit(desk, "/account/login/?next=/admin/", login="root", password="a long password")
        yield desk


def submit(desk: httpx.Client, address: str, **fields: str) -> httpx.Response:
    """Send the form at an address, as a browser would."""
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', desk.get(address).text)[1]
    answer = desk.post(address, data={"csrfmiddlewaretoken": token, **fields})
    assert answer.status_code == 200, answer.text
    return answer


NO_ROWS = {"keys-TOTAL_FORMS": "0", "keys-INITIAL_FORMS": "0"}


def test_a_key_is_made_used_and_revoked_at_once_in_every_process(library):
    with serving(library) as address, desk_of(address, library) as desk:
        submit(desk, "/admin/content_app/apiclient/add/", name="Diary", contact_email="d@example.org", is_active="on")
        shown = submit(desk, "/admin/content_app/apikey/add/?client=1", client="1", name="server, 2026-11").text
        key = re.search(r'id="key"[^>]* value="([^"]+)"', shown)[1]

        answers = [fresh(address + AMPS, **{"X-Api-Key": key}) for _ in range(30)]
        assert {answer.status_code for answer in answers} == {200}
        assert {answer.headers["RateLimit-Policy"] for answer in answers} == {'"keyed";q=6000;w=60'}
        assert len({left(answer) for answer in answers}) == 30, "two processes count together"

        submit(desk, "/admin/content_app/apikey/1/change/", name="server, 2026-11", revoked="on")
        refused = [fresh(address + AMPS, **{"X-Api-Key": key}) for _ in range(30)]
        assert {answer.status_code for answer in refused} == {401}
        assert "revoked" in refused[0].json()["detail"]
        assert fresh(address + AMPS).status_code == 200


def test_workers_with_a_shared_cache_count_together_and_go_on_without_it(library, tmp_path):
    with (
        redis_server.running(tmp_path) as cache,
        serving(library | {"CACHE_URL": cache.url, "LIMIT_ANONYMOUS": "1000"}) as address,
    ):
        wait_until_they_count_together(address + AMPS)
        cache.process.kill()
        cache.process.wait(10)
        answers = [fresh(address + AMPS) for _ in range(30)]
        assert max(answer.elapsed.total_seconds() for answer in answers) < 2
        assert {answer.status_code for answer in answers} == {200}
        assert max(left(answer) for answer in answers) == 999, "each process counts for itself meanwhile"


def wait_until_they_count_together(address: str) -> None:
    """Until of twenty answers in a row each has one less left than the one before, whichever worker gave it."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        lefts = [left(fresh(address)) for _ in range(20)]
        if lefts == list(range(lefts[0], lefts[0] - 20, -1)):
            return
    raise AssertionError(f"They do not count together: {lefts}")


def test_an_address_made_up_before_our_proxy_is_not_counted_by(library):
    """Two header lines are one list (RFC 9110, section 5.3): what the proxy appended is last."""
    with serving(library | {"LIMIT_ANONYMOUS": "4", "TRUSTED_PROXIES": "1"}) as address:
        answers = [
            httpx.get(
                address + AMPS, headers=[("X-Forwarded-For", f"192.0.2.{n}"), ("X-Forwarded-For", "198.51.100.7")]
            )
            for n in range(12)
        ]
        assert 429 in {answer.status_code for answer in answers}
