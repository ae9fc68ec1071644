"""Pages get the best grade of the MDN HTTP Observatory, by its own code: what browsers are told protects readers."""

import json
import re
import subprocess
from pathlib import Path

import pytest
from django.test import Client

from tests.golden_files import assert_golden
from tests.npm_packages import installed

TESTS = Path(__file__).parents[1]
PACKAGE = "@mdn/mdn-http-observatory@1.4.8"
ITEM = "/api/v1/conditions/amplified-musculoskeletal-pain-syndrome.html"
PAGES = ("/", "/docs/", "/account/login/", "/library/", ITEM)
PROTECTING = (
    "content-security-policy", "cross-origin-opener-policy", "referrer-policy", "strict-transport-security",
    "x-content-type-options", "x-frame-options",
)  # fmt: skip


@pytest.fixture
def pages(first_content, db, settings):
    """Each page as a browser gets it over HTTPS."""
    settings.HTTPS = settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.SECURE_HSTS_SECONDS = 31_536_000
    return [page_at(path) for path in PAGES]


def page_at(path: str) -> dict:
    response = Client().get(path, secure=True, headers={"accept": "text/html"})
    assert response.status_code == 200
    return {
        "url": f"https://amps.example{path}",
        "headers": {name.lower(): value for name, value in response.items()},
        "cookies": [morsel.OutputString() for morsel in response.cookies.values()],
        "html": response.content.decode(),
    }


def test_every_page_says_what_browsers_may_do_with_it(pages):
    told = {page["url"]: {name: page["headers"].get(name) for name in PROTECTING} for page in pages}
    for page in pages:
        policy = told[page["url"]]["content-security-policy"]
        told[page["url"]]["content-security-policy"] = sorted(policy.split("; "))
        told[page["url"]]["cookies"] = [re.sub("^[^;]*; |expires=[^;]*; ", "", cookie) for cookie in page["cookies"]]
    assert_golden(TESTS / "golden" / "protecting_headers.json", json.dumps(told, indent=1) + "\n")


@pytest.mark.thorough
def test_the_observatory_gives_every_page_its_best_grade(pages):
    graded = grades(pages)
    assert {page["grade"] for page in graded} == {"A+"}, graded
    assert [page["failed"] for page in graded] == [[]] * len(PAGES)


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("content-security-policy", "default-src 'self' 'unsafe-inline'"),
        ("x-content-type-options", "none"),
        ("strict-transport-security", "max-age=60"),
    ],
)
def test_a_page_that_is_less_protected_fails_a_test_of_it(pages, header, value):
    home = pages[0]
    home["headers"][header] = value
    assert grades([home])[0]["failed"]


def grades(pages: list[dict]) -> list[dict]:
    modules = installed("observatory", PACKAGE)
    # Its scanner fetches the list of hosts that browsers know as HTTPS only. This server is on none.
    (modules / "@mdn" / "mdn-http-observatory" / "conf" / "hsts-preload.json").write_text("{}")
    script = modules.parent / "observatory.mjs"  # beside the packages, where Node.js looks for them
    script.write_text((TESTS / "observatory.mjs").read_text())
    done = subprocess.run(["node", script], input=json.dumps(pages), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
