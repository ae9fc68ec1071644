"""A real browser: Debian's chromium, driven by Playwright, watched for policy violations and failed requests.

One is started for all tests in a row that want it. Playwright keeps an event loop in this thread, beside which Django
refuses the database unless it is told not to, and which tests of asynchronous code may not find. Beside a loop Django
also has other connections than without one, so those that would be found again later, on a file that has been replaced
meanwhile, are closed as the loop begins and ends.

In: pages of a server. Out: fixtures for pytest, which `conftest` hands on; in `make test-thorough` a picture of each
page in `var/screenshots`, and at any time in the folder that SCREENSHOTS names.
"""

from __future__ import annotations

import os
import shutil
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.db import connections

from tests.width import THOROUGH

if TYPE_CHECKING:  # takes more than a second, which only tests with a browser spend
    from playwright.sync_api import Browser, Page, Request

CHOSEN = os.environ.get("SCREENSHOTS")
PICTURES = Path(CHOSEN or Path(__file__).parent.parent / "var" / "screenshots")
WIDE, NARROW = {"width": 1200, "height": 900}, {"width": 390, "height": 844}
NARROWEST_WIDE = 600
PATIENCE = 120_000  # milliseconds; only what hangs takes as long, even on a busy machine
# The first has no windows to draw, and takes a quarter of the time of the others.
PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser")
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--no-first-run",
]  # fmt: skip


class Chromium:
    """The browser of this process, which is started when a test wants it and ended before one that does not."""

    def __init__(self) -> None:
        self.stack = ExitStack()
        self.browser: Browser | None = None

    def start(self) -> Browser:
        if self.browser is None:
            from playwright.sync_api import sync_playwright

            path = next(filter(None, map(shutil.which, PROGRAMS)), None)
            assert path, "Browser tests need chromium: apt-get install chromium"
            close_idle_connections()
            playwright = self.stack.enter_context(sync_playwright())
            self.browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
            self.stack.callback(self.browser.close)
            os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
            self.stack.callback(os.environ.pop, "DJANGO_ALLOW_ASYNC_UNSAFE")
        return self.browser

    def end(self) -> None:
        if self.browser is not None:
            close_idle_connections()
            self.stack.close()
            close_idle_connections()
            self.browser = None


def close_idle_connections() -> None:
    """Close the connections of this thread in which no transaction is open."""
    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block:
            connection.close()


THE_BROWSER = Chromium()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    """No test finds a browser that it does not want."""
    if "chromium" not in item.fixturenames:
        THE_BROWSER.end()


def pytest_sessionfinish():
    THE_BROWSER.end()


@pytest.fixture(scope="module")
def chromium():
    """The browser; what a module has opened in it is closed after it."""
    browser = THE_BROWSER.start()
    yield browser
    for context in browser.contexts:
        context.close()


def watched_page(browser, viewport=WIDE) -> tuple[Page, list[str]]:
    """A new page, and the list that grows with everything it complains about."""
    page = browser.new_page(viewport=viewport)
    page.set_default_timeout(PATIENCE)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("requestfailed", lambda request: complaints.extend(failure_of(request)))
    return page, complaints


def failure_of(request: Request) -> list[str]:
    """What went wrong with a request; nothing if the page was left before it was answered."""
    return [] if request.failure == "net::ERR_ABORTED" else [f"failed: {request.url}, {request.failure}"]


def accessibility_problems(page: Page) -> list[str]:
    """What axe finds wrong with a page, one line each. It reads the wide page; the narrow one when thorough."""
    from axe_playwright_python.sync_playwright import Axe

    if page.viewport_size["width"] < NARROWEST_WIDE and not THOROUGH:
        return []
    found = Axe().run(page).response["violations"]
    return [f"{entry['id']}: {entry['nodes'][0]['html'][:120]}" for entry in found]


def keep_picture(page: Page, name: str) -> None:
    """Keep what the page looks like, for a person to see: painting all of it takes longer than everything else."""
    if THOROUGH or CHOSEN:
        page.screenshot(path=PICTURES / f"{name}.png", full_page=True)
