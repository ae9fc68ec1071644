"""The pages of webhook endpoints: who may, what is shown once, what buttons do, what hostile input does not do."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from content_app.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint
from content_app.webhooks import deliveries, endpoints
from content_app.webhooks.sealing import unseal
from content_app.webhooks.sending import Outcome
from tests.admin_forms import fields_of
from tests.webhook_deliveries import NOON, endpoint
from tests.webhook_deliveries import client as api_client

LIST = "/admin/content_app/webhookendpoint/"
FORM = "webhookendpoint_form"


def administrator(*codenames: str) -> User:
    """Somebody with these permissions and no others."""
    person = User.objects.create_user(f"with-{len(codenames)}", is_staff=True)
    person.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return person


@pytest.fixture
def desk(client, db):
    """The browser of somebody who looks after endpoints."""
    models = ("webhookendpoint", "webhookdelivery")
    client.force_login(administrator(*(f"{act}_{model}" for act in ("view", "add", "change") for model in models)))
    return client


def page_of(made: WebhookEndpoint, end: str = "change/") -> str:
    return f"{LIST}{made.pk}/{end}"


def typed(**changes) -> dict:
    return {
        "client": api_client().pk,
        "url": "https://diary.example/hooks",
        "description": "",
        "events": ["item.published"],
    } | changes


def text(response) -> str:
    return response.content.decode()


# Making and changing


def test_an_endpoint_is_made_and_its_secret_is_shown_in_the_answer_and_never_again(desk):
    answer = desk.post(f"{LIST}add/", typed())
    made = WebhookEndpoint.objects.get()
    secret = unseal(made.secret)
    assert secret in text(answer)
    assert "no-store" in answer["Cache-Control"]
    assert secret not in made.secret
    for address in (LIST, page_of(made), page_of(made, "history/"), "/admin/"):
        assert secret not in text(desk.get(address))
    assert not any(secret in str(entry.__dict__) for entry in LogEntry.objects.all())
    assert "messages" not in answer.cookies


def test_sending_the_form_twice_makes_one_endpoint(desk):
    desk.post(f"{LIST}add/", typed())
    again = desk.post(f"{LIST}add/", typed())
    assert "This client already has an endpoint at this address." in text(again)
    assert WebhookEndpoint.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"url": "http://diary.example/"}, "The address must begin with https://."),
        ({"url": "https://127.0.0.1/"}, "127.0.0.1 is not on the public internet."),
        ({"url": "https://u:p@diary.example/"}, "Leave out the user name and password"),
        ({"url": "https://diary.example:22/"}, "Use port 443 or 8443."),
        ({"url": "https://diary.example/" + "x" * 600}, "at most 500"),
        ({"url": "https://diary.example/\0"}, "There is an invisible character (U+0000)"),
        ({"url": "https://diary.example/é"}, "ASCII characters"),
        ({"url": ""}, "Enter a value."),
        ({"events": []}, "Choose at least one option."),
        ({"events": ["everything"]}, "Select a valid choice. everything is not one of the available choices."),
        ({"events": ["endpoint.test"]}, "Select a valid choice."),
        ({"client": 999}, "Select a valid choice."),
        ({"description": "x" * 300}, "at most 200"),
    ],
)  # fmt: skip
def test_what_cannot_be_an_endpoint_is_refused_and_the_page_says_why(desk, change, told):
    answer = desk.post(f"{LIST}add/", typed(**change))
    assert told in text(answer)
    assert WebhookEndpoint.objects.count() == 0


def test_a_change_of_the_form_leaves_what_the_worker_wrote_meanwhile(desk, monkeypatch):
    """The worker writes after the page has read the endpoint, and before it saves it."""
    made = endpoint(events=["item.published"])
    fields = fields_of(desk.get(page_of(made)), FORM)
    in_the_middle = lambda url: deliveries.switch_off(made, "The receiver answered 410.", NOON)  # noqa: E731
    monkeypatch.setattr("content_app.admin.clients.webhooks.check_url", in_the_middle)
    desk.post(page_of(made), fields | {"description": ["Ours"], "events": ["item.withdrawn", "content.safety"]})
    made.refresh_from_db()
    assert (made.description, made.events) == ("Ours", ["item.withdrawn", "content.safety"])
    assert (made.is_active, made.disabled_reason) == (False, "The receiver answered 410.")


def test_an_endpoint_is_not_deleted(desk):
    assert desk.post(page_of(endpoint(), "delete/"), {"post": "yes"}).status_code == 403


# Buttons


def press(desk, made: WebhookEndpoint, act: str, **fields):
    return desk.post(page_of(made, f"act/{act}/"), fields, follow=True)


def test_a_test_event_is_sent_to_it(desk):
    made = endpoint()
    assert "A test event is being sent" in text(press(desk, made, "test"))
    assert made.deliveries.get().event.type == "endpoint.test"
    assert "Not tried yet." in text(desk.get(page_of(made)))


def test_it_is_switched_off_and_on(desk):
    made = endpoint()
    assert "No more events are sent to it" in text(press(desk, made, "off"))
    page = text(desk.get(page_of(made)))
    assert "Switched off by an administrator." in page
    assert "Send a test event" not in page
    assert "Switch it on first" in text(press(desk, made, "test"))
    press(desk, made, "on")
    made.refresh_from_db()
    assert (made.is_active, made.disabled_reason) == (True, "")


def test_a_secret_is_rotated_once_though_two_press_the_button_and_the_old_one_revoked(desk):
    made = endpoint()
    fields = fields_of(desk.get(page_of(made)), page_of(made, "rotate/"))
    answer = desk.post(page_of(made, "rotate/"), fields)
    made.refresh_from_db()
    new = unseal(made.secret)
    assert new in text(answer)
    assert "For 24 hours, deliveries are also signed with the previous secret" in text(answer)
    assert endpoints.secrets_of(made, timezone.now()) == [new, unseal(made.previous_secret)]
    again = desk.post(page_of(made, "rotate/"), fields, follow=True)
    assert "rotated since you opened this page" in text(again)
    assert "also with the previous secret" in text(desk.get(page_of(made)))
    press(desk, made, "revoke")
    made.refresh_from_db()
    assert endpoints.secrets_of(made, timezone.now()) == [new]


def failed(made: WebhookEndpoint, number: int = 1) -> None:
    for _ in range(number):
        endpoints.send_test(made, NOON)
        taken = deliveries.claim(NOON)
        deliveries.finish(taken, Outcome(500, "The receiver answered 500.", "<img src=x onerror=alert(1)>"), NOON, NOON)
    deliveries.switch_off(made, endpoints.BY_HAND, NOON)
    endpoints.switch_on(made)


def test_one_delivery_or_all_that_failed_since_begin_again(desk):
    made = endpoint()
    failed(made, 3)
    one = made.deliveries.first()
    assert "1 delivery will be sent again" in text(press(desk, made, "replay", delivery=one.pk))
    assert made.deliveries.filter(state="pending").count() == 1
    assert "0 deliveries will be sent again" in text(press(desk, made, "replay-failed", since="2026-11-24T00:00"))
    assert "2 deliveries will be sent again" in text(press(desk, made, "replay-failed", since="2026-11-23T00:00"))


@pytest.mark.parametrize(
    ("act", "fields", "told"),
    [
        ("replay", {}, "cannot be sent again"),
        ("replay", {"delivery": "x\0"}, "cannot be sent again"),
        ("replay", {"delivery": "9" * 40}, "cannot be sent again"),
        ("replay", {"delivery": "-1"}, "cannot be sent again"),
        ("replay-failed", {}, "Enter a date and time"),
        ("replay-failed", {"since": "yesterday"}, "Enter a date and time"),
        ("replay-failed", {"since": "2026-13-40T00:00\0"}, "Enter a date and time"),
    ],
)
def test_odd_input_of_a_button_is_refused_in_a_sentence(desk, act, fields, told):
    made = endpoint()
    assert told in text(press(desk, made, act, **fields))


def test_a_delivery_of_another_endpoint_is_not_replayed_from_here(desk):
    made, other = endpoint(), endpoint("https://other.example/")
    failed(other)
    press(desk, made, "replay", delivery=other.deliveries.get().pk)
    assert other.deliveries.get().state == "failed"


@pytest.mark.parametrize("end", ["act/test/", "act/off/", "rotate/"])
def test_buttons_are_forms_with_a_token_and_nothing_else(desk, client, end):
    made = endpoint()
    assert desk.get(page_of(made, end)).status_code == 405
    strict = type(client)(enforce_csrf_checks=True)
    strict.force_login(User.objects.get())
    assert strict.post(page_of(made, end)).status_code == 403
    assert WebhookDelivery.objects.count() == 0


@pytest.mark.parametrize("end", ["act/delete-all/", "act/test/x/"])
def test_an_act_that_is_not_there_is_not_found(desk, end):
    assert desk.post(page_of(endpoint(), end)).status_code in (404, 302)
    assert desk.post(f"{LIST}999/act/test/").status_code == 404
    assert desk.post(f"{LIST}x%00/rotate/").status_code == 404


def test_what_was_done_is_in_the_history(desk):
    made = endpoint()
    press(desk, made, "off")
    assert "The endpoint was switched off" in text(desk.get(page_of(made, "history/")))


# Who may


@pytest.mark.parametrize("codenames", [(), ("view_webhookendpoint",), ("view_webhookendpoint", "add_webhookendpoint")])
def test_whoever_may_not_change_endpoints_presses_nothing(client, db, codenames):
    made = endpoint()
    client.force_login(administrator(*codenames))
    for end in ("act/test/", "act/off/", "act/replay/", "rotate/"):
        assert client.post(page_of(made, end)).status_code == 403
    page = client.get(page_of(made))
    assert page.status_code == (200 if codenames else 403)
    assert "Rotate the secret" not in text(page)
    made.refresh_from_db()
    assert (made.is_active, made.secret_number, made.deliveries.count()) == (True, 1, 0)


def test_editors_see_no_endpoints(client, people):
    User.objects.update(is_staff=True)
    for person in (people.author, people.reviewer, people.publisher):
        client.force_login(person)
        assert client.get(LIST).status_code == 403
        assert "ebhook" not in text(client.get("/admin/"))


# What is shown


def test_what_a_receiver_answered_is_shown_as_text(desk):
    made = endpoint()
    failed(made)
    delivery = made.deliveries.get()
    for address in (page_of(made), f"/admin/content_app/webhookdelivery/{delivery.pk}/change/"):
        page = text(desk.get(address))
        assert "&lt;img src=x onerror=alert(1)&gt;" in page
        assert "<img src=x" not in page
        assert "The receiver answered 500." in page


def test_the_list_shows_state_times_and_pending_and_narrows_by_state(desk):
    endpoint("https://on.example/")
    endpoints.switch_off(endpoint("https://off.example/"), NOON)
    deliveries.switch_off(endpoint("https://stopped.example/"), "The receiver answered 410.", NOON)
    endpoints.send_test(WebhookEndpoint.objects.get(url="https://on.example/"), NOON)
    page = text(desk.get(LIST))
    for state in (">On<", ">Off<", ">Stopped<"):
        assert state in page
    for state in ("on", "off", "stopped"):
        narrowed = desk.get(LIST, {"state": state}).context["cl"]
        assert [made.url for made in narrowed.result_list] == [f"https://{state}.example/"]


def test_the_home_leads_to_endpoints_that_have_stopped(client, db):
    person = administrator("view_item", "view_webhookendpoint")
    client.force_login(person)
    assert "Webhooks stopped" not in text(client.get("/admin/"))
    deliveries.switch_off(endpoint(), "The receiver answered 410.", NOON)
    found = next(n for n in client.get("/admin/").context["numbers"] if n.label == "Webhooks stopped")
    assert found.count == 1
    assert client.get(found.href).context["cl"].result_count == 1


def test_the_pages_cost_as_many_queries_with_many_deliveries_as_with_few(desk):
    made = endpoint()

    def queries(address: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert desk.get(address).status_code == 200
        return len(captured)

    failed(made, 2)
    few = [queries(address) for address in (LIST, page_of(made), "/admin/content_app/webhookdelivery/")]
    failed(made, 15)
    for number in range(4):
        endpoint(f"https://more-{number}.example/")
    assert [queries(address) for address in (LIST, page_of(made), "/admin/content_app/webhookdelivery/")] == few
    assert max(few) <= 14
    assert WebhookAttempt.objects.count() == 17
