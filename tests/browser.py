"""A real browser: Debian's chromium, driven by Playwright, watched for policy violations and failed requests.

In: pages of a server. Out: fixtures for pytest, which `conftest` hands on; a picture of each page in `var/screenshots`.
"""

import shutil
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Request, sync_playwright

SCREENSHOTS = Path(__file__).parent.parent / "var" / "screenshots"
WIDE, NARROW = {"width": 1200, "height": 900}, {"width": 390, "height": 844}
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--no-first-run",
]  # fmt: skip


@pytest.fixture(scope="module")
def chromium():
    """One browser for all tests of a module. (Playwright keeps an event loop, which other modules may not find.)"""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    assert path, "Browser tests need chromium: apt-get install chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


def watched_page(browser, viewport=WIDE) -> tuple[Page, list[str]]:
    """A new page, and the list that grows with everything it complains about."""
    page = browser.new_page(viewport=viewport)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("requestfailed", lambda request: complaints.extend(failure_of(request)))
    return page, complaints


def failure_of(request: Request) -> list[str]:
    """What went wrong with a request; nothing if the page was left before it was answered."""
    return [] if request.failure == "net::ERR_ABORTED" else [f"failed: {request.url}, {request.failure}"]


def accessibility_problems(page: Page) -> list[str]:
    """What axe finds wrong with a page, one line each."""
    found = Axe().run(page).response["violations"]
    return [f"{entry['id']}: {entry['nodes'][0]['html'][:120]}" for entry in found]


def keep_picture(page: Page, name: str) -> None:
    """Keep what the page looks like, for a person to see."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)
