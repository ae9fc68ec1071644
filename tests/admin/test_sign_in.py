"""The door of the desk: who gets in, what strangers learn, and how often they may try."""

import re

import pytest
from allauth.account import urls as everything_of_allauth
from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import NoReverseMatch, reverse

from content_app.admin.people import sign_in as people_sign_in
from content_app.admin.people.pages import address_to_set_a_password
from tests.admin_forms import fields_of
from tests.sign_in import OTHER, PASSWORD, PASSWORD_PAGE, SIGN_IN, is_in, sign_in

OFFERED = {
    "account_login", "account_logout", "account_inactive", "account_reauthenticate", "account_change_password",
    "account_reset_password_from_key", "account_reset_password_from_key_done",
}  # fmt: skip


def without_tokens(response) -> str:
    return re.sub(r'(csrfmiddlewaretoken" value|value)="[^"]*"', "", response.content.decode())


def test_the_desk_leads_to_the_sign_in_and_from_there_back(client, author):
    asked = client.get("/admin/content_app/source/", follow=True)
    assert asked.redirect_chain[-1][0].startswith(SIGN_IN)
    fields = fields_of(asked, "login-form") | {"login": ["the-author"], "password": [PASSWORD]}
    assert client.post(SIGN_IN, fields)["Location"] == "/admin/content_app/source/"
    assert is_in(client)


def test_djangos_own_sign_in_signs_nobody_in(client, author):
    client.post("/admin/login/?next=/admin/", {"username": "the-author", "password": PASSWORD, "next": "/admin/"})
    assert not is_in(client)
    client.force_login(author)
    client.post("/admin/password_change/", {"old_password": PASSWORD, "new_password1": OTHER, "new_password2": OTHER})
    author.refresh_from_db()
    assert author.check_password(PASSWORD)


def test_an_unknown_name_and_a_wrong_password_get_the_same_answer(client, author):
    known, unknown = sign_in(client, password="wrong"), sign_in(client, "nobody-knows-me", "wrong")
    assert known.status_code == unknown.status_code == 200
    assert without_tokens(known) == without_tokens(unknown)
    assert "not correct" in known.content.decode()


def test_after_five_wrong_passwords_the_right_one_is_refused_for_that_name_only(client, author, people):
    people.reviewer.is_staff = True
    people.reviewer.set_password(PASSWORD)
    people.reviewer.save()
    for _ in range(5):
        sign_in(client, password="wrong")
    refused = sign_in(client)
    assert "Too many failed login attempts" in refused.content.decode()
    assert not is_in(client)
    sign_in(client, "the-reviewer")
    assert is_in(client)


def test_ten_wrong_names_a_minute_close_the_door_for_that_address(client, author):
    for number in range(10):
        sign_in(client, f"name-{number}", "wrong")
    sign_in(client)
    assert not is_in(client)
    elsewhere = Client(REMOTE_ADDR="192.0.2.1")
    sign_in(elsewhere)
    assert is_in(elsewhere)


def test_an_address_behind_a_proxy_is_believed_only_if_a_proxy_is_expected(author, settings):
    def try_from(*addresses: str) -> list[bool]:
        clients = [Client(headers={"X-Forwarded-For": address}) for address in addresses]
        for client in clients:
            sign_in(client, f"name-{addresses.index(client.defaults['HTTP_X_FORWARDED_FOR'])}", "wrong")
        sign_in(clients[-1])
        return is_in(clients[-1])

    spoofed = [f"192.0.2.{number}" for number in range(11)]
    assert not try_from(*spoofed)
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert try_from(*spoofed)


def test_nobody_can_sign_up_and_nothing_else_that_is_not_offered_has_an_address():
    names = {pattern.name for pattern in everything_of_allauth.urlpatterns} - OFFERED
    assert "account_signup" in names
    for name in names:
        with pytest.raises(NoReverseMatch):
            reverse(name)


@pytest.mark.parametrize("path", ["signup/", "signup/passkey/", "email/", "password/reset/", "login/code/", "social/"])
def test_addresses_of_signing_up_are_not_there(client, author, path):
    for method in (client.get, client.post):
        assert method(f"/account/{path}").status_code == 404


def test_signing_out_takes_a_post(client, author):
    client.force_login(author)
    client.get("/account/logout/")
    client.get("/admin/logout/")
    assert is_in(client)
    client.post("/account/logout/")
    assert not is_in(client)


def test_a_form_from_elsewhere_signs_nobody_in_or_out(author):
    client = Client(enforce_csrf_checks=True)
    assert sign_in(client).status_code == 403
    client.force_login(author)
    assert client.post("/account/logout/").status_code == 403
    assert is_in(client)


@pytest.mark.parametrize(
    ("password", "sentence"),
    [("short", "too short"), ("the-author-1", "too similar"), ("123456789012345", "entirely numeric")],
)
def test_a_weak_password_is_refused_with_the_reason(client, author, password, sentence):
    client.force_login(author)
    sent = {"oldpassword": PASSWORD, "password1": password, "password2": password}
    assert sentence in client.post(PASSWORD_PAGE, sent).content.decode()
    author.refresh_from_db()
    assert author.check_password(PASSWORD)


def test_a_new_password_takes_the_old_one_and_ends_the_sessions_elsewhere(client, author):
    elsewhere = Client()
    sign_in(client)
    sign_in(elsewhere)
    wrong = {"oldpassword": "wrong", "password1": OTHER, "password2": OTHER}
    client.post(PASSWORD_PAGE, wrong)
    assert is_in(elsewhere)
    client.post(PASSWORD_PAGE, wrong | {"oldpassword": PASSWORD})
    assert is_in(client)
    assert not is_in(elsewhere)


def test_a_link_sets_a_password_once_and_ends_with_the_next_password(client, author):
    address = address_to_set_a_password(author)
    opened = client.get(address, follow=True)
    here = opened.redirect_chain[-1][0]
    assert address.rsplit("-", 1)[1] not in here
    client.post(here, {"password1": OTHER, "password2": OTHER})
    author.refresh_from_db()
    assert author.check_password(OTHER)
    again = Client().get(address, follow=True)
    assert "no longer works" in again.content.decode()


def test_a_forged_link_opens_nothing(client, author):
    address = address_to_set_a_password(author)
    for forged in (address[:-3] + "xx/", address.replace("/set/", "/set/1"), "/account/password/set/0-set-password/"):
        assert "no longer works" in client.get(forged, follow=True).content.decode()


def test_whoever_is_deactivated_is_out_at_once_and_stays_out(client, author):
    sign_in(client)
    assert is_in(client)
    User.objects.filter(pk=author.pk).update(is_active=False)
    assert not is_in(client)
    sign_in(client)
    assert not is_in(client)


def test_somebody_signed_in_who_may_not_use_the_desk_is_told_so_and_not_sent_in_circles(client, people):
    client.force_login(people.nobody)
    refused = client.get("/admin/", follow=True)
    assert refused.status_code == 403
    assert "You are not allowed to do that" in refused.content.decode()


@pytest.mark.parametrize("elsewhere", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"])
def test_nobody_is_led_to_another_site_after_signing_in(client, author, elsewhere):
    assert sign_in(client, next=elsewhere)["Location"] == "/admin/"
    client.get("/account/login/", {"next": elsewhere})
    assert client.get("/admin/login/", {"next": elsewhere})["Location"] == "/admin/"


def test_a_session_ends_with_the_browser_and_after_a_working_day(client, author):
    response = sign_in(client)
    assert response.cookies[settings.SESSION_COOKIE_NAME]["expires"] == ""
    assert response.cookies[settings.SESSION_COOKIE_NAME]["httponly"]
    session = Session.objects.get()
    hours = (session.expire_date - User.objects.get(username="the-author").last_login).total_seconds() / 3600
    assert 11.9 < hours < 12.1


@pytest.mark.parametrize("name", ["\0", "a" * 5000, "\ud800", "<script>", "the-author' --"])
def test_odd_names_are_answered(client, author, name):
    assert sign_in(client, name.encode("utf-8", "surrogatepass").decode("utf-8", "replace")).status_code == 200


def test_strangers_who_try_passwords_lock_nobody_out(author):
    for number in range(3):
        stranger = Client(REMOTE_ADDR=f"198.51.100.{number}")
        for _ in range(6):
            sign_in(stranger, password="wrong")
    own = Client(REMOTE_ADDR="192.0.2.1")
    sign_in(own)
    assert is_in(own)


def test_strangers_from_many_addresses_guess_no_further_but_known_devices_get_in(author, monkeypatch):
    known, unknown = Client(REMOTE_ADDR="192.0.2.1"), Client(REMOTE_ADDR="192.0.2.2")
    sign_in(known)
    known.post("/account/logout/")
    monkeypatch.setattr(people_sign_in, "STRANGERS", {"sign_in_of_strangers": "6/h/key"})
    for number in range(7):
        sign_in(Client(REMOTE_ADDR=f"198.51.100.{number}"), password="wrong")
    sign_in(unknown)
    sign_in(known)
    assert (is_in(unknown), is_in(known)) == (False, True)


def test_the_cookie_of_a_device_counts_for_its_own_name_only(author, rf):
    client = Client()
    sign_in(client)
    request = rf.get("/account/login/")
    request.COOKIES = {name: cookie.value for name, cookie in client.cookies.items()}
    assert people_sign_in.is_known(request, "the-author")
    assert not people_sign_in.is_known(request, "the-reviewer")
    request.COOKIES[people_sign_in.COOKIE] = "the-author:made:up"
    assert not people_sign_in.is_known(request, "the-author")
