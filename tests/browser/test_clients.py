"""The pages of API clients, of a new key and of deprecations in a real browser: no violation, wide and narrow."""

import pytest
from django.conf import settings
from django.test import Client

from content_app.models import ApiClient
from tests.chromium import NARROW, WIDE, accessibility_problems, keep_picture, watched_page

pytestmark = [pytest.mark.widens, pytest.mark.django_db(transaction=True)]


VIEWPORTS = pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])


@VIEWPORTS
@pytest.mark.parametrize("path", ["/deprecations/", "/deprecations/sandbox-address/", "/deprecations/sandbox-sunset/"])
def test_a_page_of_what_goes_away_has_no_violation(live_server, chromium, path, viewport):
    page, complaints = watched_page(chromium, viewport)
    page.goto(live_server.url + path)
    keep_picture(page, f"page{path.replace('/', '-')}{viewport['width']}")
    width = page.evaluate("document.documentElement.scrollWidth")
    problems = accessibility_problems(page)
    page.close()
    assert (complaints, problems) == ([], [])
    assert width <= viewport["width"]


@pytest.fixture
def signed_in(live_server, people, chromium):
    """A page of the desk's superuser, and what it complains about."""
    client = Client()
    client.force_login(people.superuser)

    def opened(viewport):
        page, complaints = watched_page(chromium, viewport)
        session = {
            "name": settings.SESSION_COOKIE_NAME,
            "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
            "url": live_server.url,
        }
        page.context.add_cookies([session])
        page.route("**/favicon.ico", lambda route: route.fulfill(status=204))  # the desk has no icon
        return page, complaints

    return opened


@VIEWPORTS
def test_a_key_is_made_with_the_keyboard_alone(live_server, signed_in, viewport):
    diary = ApiClient.objects.create(name="Pain diary", contact_email="diary@example.org")
    page, complaints = signed_in(viewport)
    page.goto(f"{live_server.url}/admin/content_app/apiclient/{diary.pk}/change/")
    keep_picture(page, f"admin-client-{viewport['width']}")
    page.get_by_role("link", name="Create an API key").press("Enter")
    page.wait_for_url("**/apikey/add/**")  # a client has a name too
    page.get_by_label("Name:").fill("server, 2026-11")
    keep_picture(page, f"admin-key-form-{viewport['width']}")
    page.keyboard.press("Enter")
    shown = page.get_by_label("Copy this key now")
    assert len(shown.input_value()) == 41
    problems = accessibility_problems(page)
    keep_picture(page, f"admin-key-shown-{viewport['width']}")
    page.get_by_role("link", name="Back to the client").press("Enter")
    page.locator(".field-state", has_text="active").wait_for()
    keep_picture(page, f"admin-client-with-key-{viewport['width']}")
    page.close()
    assert (complaints, problems) == ([], [])
