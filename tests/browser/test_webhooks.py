"""The pages of webhook endpoints in a real browser: made, tested, failed, switched off, by mouse and by key.

In: Debian's chromium. Each page is held to the strict policy and to the rules of axe, wide and narrow.
"""

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from content_app.models import WebhookEndpoint
from content_app.webhooks import deliveries, endpoints
from content_app.webhooks.sending import Outcome
from tests.chromium import NARROW, WIDE, accessibility_problems, keep_picture, watched_page
from tests.webhook_deliveries import client

pytestmark = [pytest.mark.widens, pytest.mark.django_db(transaction=True)]


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
    for outcome in (
        Outcome(204, duration_ms=81),
        Outcome(500, "The receiver answered 500.", "<h1>Oh no</h1>", duration_ms=1200),
    ):
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
    page.get_by_role("link", name="Back to the endpoint").click()
    made = WebhookEndpoint.objects.get()
    page.get_by_role("button", name="Send a test event").focus()
    page.keyboard.press("Enter")
    page.get_by_text("A test event is being sent").wait_for()
    made.deliveries.all().delete()
    some_history(made)
    page.reload()
    page.get_by_text("Rotate the secret").first.click()
    check(page, "endpoint")
    page.get_by_role("button", name="Rotate the secret").click()
    page.get_by_role("link", name="Back to the endpoint").click()
    page.locator("summary", has_text="Switch off").click()
    page.get_by_role("button", name="Switch off").click()
    page.get_by_text("The endpoint was switched off").first.wait_for()
    check(page, "off")
    deliveries.switch_off(made, "again", timezone.now())
    for address, name in (
        ("webhookendpoint/", "list"),
        ("webhookdelivery/", "deliveries"),
        (f"webhookdelivery/{made.deliveries.first().pk}/change/", "delivery"),
    ):
        page.goto(f"{page.url.split('/admin/')[0]}/admin/content_app/{address}")
        check(page, name)
