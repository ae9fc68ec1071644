"""The pages of webhook endpoints in a real browser: made, tested, failed, switched off, by mouse and by key.

In: Debian's chromium. Each page is held to the strict policy and to the rules of axe, wide and narrow.
"""

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from content_app.models import WebhookEndpoint
from content_app.webhooks import deliveries, endpoints
from content_app.webhooks.sending import Outcome
from tests.browser import NARROW, WIDE, accessibility_problems, keep_picture, watched_page
from tests.webhooks import client

pytestmark = [pytest.mark.one_database, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="module", autouse=True)
def database_beside_the_browser():
    """The tests read the database beside the browser's event loop, which Django would otherwise refuse."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield


@pytest.fixture
def page(chromium, live_server):
    """The desk of a superuser who has signed in, and what it complained about."""
    person = User.objects.create_superuser("somebody", password="a long pass phrase")
    found, complaints = watched_page(chromium, WIDE)
    found.route("**/favicon.ico", lambda route: route.fulfill(status=204))
    found.goto(f"{live_server.url}/admin/login/?next=/admin/content_app/webhookendpoint/add/")
    found.fill("[name=login]", person.username)
    found.fill("[name=password]", "a long pass phrase")
    client()
    found.click("[type=submit]")
    found.complaints = complaints
    yield found
    found.close()


def check(page, name: str) -> None:
    assert page.complaints == []
    for sort, viewport in (("wide", WIDE), ("narrow", NARROW)):
        page.set_viewport_size(viewport)
        assert accessibility_problems(page) == []
        keep_picture(page, f"webhooks-{name}-{sort}")
    page.set_viewport_size(WIDE)
    page.complaints.clear()  # what the tools inject is not the page's fault


def some_history(made: WebhookEndpoint) -> None:
    """One delivery that arrived, one that did not yet."""
    now = timezone.now()
    for outcome in (Outcome(204, duration_ms=81), Outcome(500, "It answered 500.", "<h1>Oh no</h1>", duration_ms=1200)):
        endpoints.send_test(made, now)
        deliveries.finish(deliveries.claim(now), outcome, now, now)


def test_an_endpoint_is_made_tested_rotated_and_switched_off(page):
    page.get_by_label("Client").select_option(label="Pain diary")
    page.get_by_label("Address").fill("https://localhost/")
    page.get_by_label("Release published").check()
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("localhost is not on the public internet.").wait_for()
    check(page, "refused")
    page.get_by_label("Address").fill("https://diary.example/hooks")
    page.get_by_role("button", name="Save", exact=True).click()
    assert page.get_by_role("region", name="Secret").inner_text().startswith("whsec_")
    check(page, "secret")
    page.get_by_role("link", name="To the endpoint").click()
    made = WebhookEndpoint.objects.get()
    page.get_by_role("button", name="Send a test event").focus()
    page.keyboard.press("Enter")
    page.get_by_text("A test event is on its way").wait_for()
    made.deliveries.all().delete()
    some_history(made)
    page.reload()
    page.get_by_text("Rotate the secret").first.click()
    check(page, "endpoint")
    page.get_by_role("button", name="Rotate the secret").click()
    page.get_by_role("link", name="To the endpoint").click()
    page.locator("summary", has_text="Switch it off").click()
    page.get_by_role("button", name="Switch it off").click()
    page.get_by_text("It is switched off").first.wait_for()
    check(page, "off")
    deliveries.switch_off(made, "again", timezone.now())
    for address, name in (
        ("webhookendpoint/", "list"),
        ("webhookdelivery/", "deliveries"),
        (f"webhookdelivery/{made.deliveries.first().pk}/change/", "delivery"),
    ):
        page.goto(f"{page.url.split('/admin/')[0]}/admin/content_app/{address}")
        check(page, name)
