"""People at the desk, each in a browser of their own, whose every page is held to its policy and to axe.

In: chromium and a live server. Out: `Desk`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.contrib.auth.models import User

from tests.chromium import PATIENCE, accessibility_problems, keep_picture

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PASSWORD = "a long pass phrase"
WIDTHS = ((1400, 1000), (420, 900))
WATCH = (
    "document.addEventListener('securitypolicyviolation', (event) => console.error('CSP:' + event.violatedDirective))"
)


@pytest.fixture(scope="module")
def browser(chromium) -> Browser:
    return chromium


@pytest.fixture
def desk(people):
    """Everybody may sign in to the desk."""
    for person in User.objects.all():
        person.is_staff = True
        person.set_password(PASSWORD)
        person.save()
    return people


@pytest.fixture
def sit_down(browser, live_server, desk):
    """A function that gives a person a desk: their browser, signed in."""
    return lambda name: Desk(browser, live_server.url, f"the-{name}")


def sign_in(desk: Desk, name: str) -> None:
    """Sign in by the form of the sign-in page."""
    desk.go("/admin/login/")
    desk.page.fill("[name=login]", name)
    desk.page.fill("[name=password]", PASSWORD)
    desk.page.click("[type=submit]")
    desk.page.wait_for_url(lambda address: "/login" not in address)


class Desk:
    """One person at the desk."""

    def __init__(self, browser: Browser, base: str, name: str):
        self.base, self.faults = base, []
        self.context = browser.new_context(
            viewport={"width": 1400, "height": 1000}, timezone_id="Europe/London", locale="en-GB"
        )
        self.context.set_default_timeout(PATIENCE)
        self.page: Page = self.context.new_page()
        self.page.add_init_script(WATCH)
        self.page.on("console", self.listen)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        sign_in(self, name)

    def listen(self, message):
        if message.type == "error" and ("CSP:" in message.text or "Content Security Policy" in message.text):
            self.faults.append(message.text)

    def go(self, address: str) -> None:
        self.page.goto(self.base + address)
        self.page.wait_for_load_state("load")

    def check(self, picture: str) -> None:
        """Hold the page to its policy and to axe, wide and narrow, and in the dark. What the tools inject is not the
        page's fault."""
        assert not self.faults, self.faults
        for width, height in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": height})
            problems = accessibility_problems(self.page)
            assert not problems, problems
            keep_picture(self.page, f"{picture}-{width}")
        self.page.emulate_media(color_scheme="dark")
        problems = accessibility_problems(self.page)
        assert not problems, ["in the dark", *problems]
        keep_picture(self.page, f"{picture}-dark")
        self.page.emulate_media(color_scheme="light")
        self.page.set_viewport_size({"width": 1400, "height": 1000})
        self.faults.clear()

    def follow(self, link: str) -> None:
        self.page.get_by_role("link", name=link, exact=True).first.click()
        self.page.wait_for_load_state("load")

    def press(self, button: str) -> None:
        self.page.get_by_role("button", name=button, exact=True).first.click()
        self.page.wait_for_load_state("load")

    def tab(self, name: str) -> None:
        """Open a part of the panel beside an item."""
        self.page.get_by_role("tab", name=name).click()

    def open(self, summary: str) -> None:
        """Unfold what a sentence stands for."""
        self.page.locator("summary", has_text=summary).first.click()
