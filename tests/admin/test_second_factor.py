"""The second factor: who cannot pass without one, by whatever page, and in which session it counts."""

import subprocess
import sys
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.auth.models import Group, User
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from content_app.models import Item, Release
from tests import library
from tests.browser.test_sign_in import code_of
from tests.library import condition
from tests.sign_in import PASSWORD, sign_in

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
AUTHENTICATE, FACTORS = "/account/second-factor/authenticate/", "/account/second-factor/"


@pytest.fixture
def desk(people, settings):
    settings.SECOND_FACTOR_REQUIRED = True
    for person in vars(people).values():
        person.is_staff = True
        person.set_password(PASSWORD)
        person.save()
    return people


@pytest.fixture
def approved(desk) -> Item:
    return library.approved([condition()], desk)[0]


def publish(client: Client, item: Item):
    address = f"/admin/content_app/condition/{item.pk}/verb/publish/"
    return client.post(address, {"confirmed": "yes", "seen": f"{item.pk}-{item.lock_version}", "item": item.pk})


def set_up(person: User) -> None:
    TOTP.activate(person, SECRET)


def show(client: Client, step: int = 0):
    return client.post(AUTHENTICATE, {"code": code_of(SECRET, step)})


def test_a_code_opens_one_session_as_long_as_it_is_valid(desk):
    set_up(desk.publisher)
    first, second = Client(), Client()
    sign_in(first, desk.publisher)
    assert show(first).status_code == 302
    cache.delete(f"allauth.mfa.totp.used?user={desk.publisher.pk}&code={code_of(SECRET)}")
    sign_in(second, desk.publisher)
    assert show(second).status_code == 200


def test_it_is_required_where_https_is_and_can_be_switched(settings):
    told = "from django.conf import settings; print(settings.SECOND_FACTOR_REQUIRED)"
    plain = {"DJANGO_SETTINGS_MODULE": "amps_api.settings", "SECRET_KEY": "x" * 32, "PATH": "/usr/bin"}
    for environment, expected in (({}, "False"), ({"HTTPS": "on"}, "True"), ({"SECOND_FACTOR_REQUIRED": "on"}, "True")):
        done = subprocess.run(
            [sys.executable, "-c", told], env=plain | environment, capture_output=True, text=True, check=True,
            cwd=settings.BASE_DIR,
        )  # fmt: skip
        assert done.stdout.strip() == expected


def test_a_publisher_without_one_publishes_nothing_by_any_post(client, desk, approved):
    client.force_login(desk.publisher)
    assert publish(client, approved).status_code == 403
    forged = {"confirmed": "yes", "item": approved.pk, "seen": f"{approved.pk}-{approved.lock_version}"}
    assert client.post("/admin/content_app/item/release/", forged).status_code == 403
    assert not Release.objects.exists()


@pytest.mark.parametrize("role", ["Publisher", "User administrator", "Key administrator", "superuser"])
def test_no_page_of_the_desk_opens_before_it_is_set_up(client, desk, role):
    person = desk.superuser if role == "superuser" else desk.nobody
    if role != "superuser":
        person.groups.add(Group.objects.get(name=role))
    client.force_login(person)
    for address in ("", "content_app/condition/", "content_app/condition/add/", "auth/user/"):
        assert client.get(f"/admin/{address}")["Location"].startswith(FACTORS)
    assert client.get(FACTORS).status_code == 200


@pytest.mark.parametrize("name", ["author", "reviewer"])
def test_authors_and_reviewers_need_none(client, desk, name):
    client.force_login(getattr(desk, name))
    assert client.get("/admin/").status_code == 200


def test_nothing_is_asked_where_it_is_not_required(client, desk, approved, settings):
    settings.SECOND_FACTOR_REQUIRED = False
    client.force_login(desk.publisher)
    assert publish(client, approved).status_code == 302
    assert Release.objects.exists()


def test_a_password_alone_does_not_sign_in_whoever_has_one(client, desk, approved):
    set_up(desk.publisher)
    assert sign_in(client, "the-publisher")["Location"] == AUTHENTICATE
    assert client.get("/admin/")["Location"].startswith("/admin/login/")
    assert "Incorrect code" in client.post(AUTHENTICATE, {"code": "12"}).content.decode()
    assert show(client)["Location"] == "/admin/"
    assert publish(client, approved).status_code == 302
    assert Release.objects.exists()


def test_a_code_works_once(client, desk):
    set_up(desk.publisher)
    sign_in(client, "the-publisher")
    show(client)
    other = Client()
    sign_in(other, "the-publisher")
    assert "Incorrect code" in show(other).content.decode()


def test_codes_cannot_be_guessed_without_end(client, desk):
    set_up(desk.publisher)
    sign_in(client, "the-publisher")
    for _ in range(5):
        client.post(AUTHENTICATE, {"code": "abc"})
    assert "Too many failed" in show(client).content.decode()
    assert client.get("/admin/").status_code == 302


def test_a_session_from_before_it_was_set_up_stays_outside_until_it_shows_it(client, desk, approved):
    client.force_login(desk.publisher)
    set_up(desk.publisher)
    assert publish(client, approved).status_code == 403
    assert client.get("/admin/")["Location"].startswith("/account/second-factor/reauthenticate/")
    client.post("/account/second-factor/reauthenticate/?next=/admin/", {"code": code_of(SECRET)})
    assert client.get("/admin/").status_code == 200


def test_whoever_loses_it_is_outside_again(client, desk):
    set_up(desk.publisher)
    sign_in(client, "the-publisher")
    show(client)
    assert client.get("/admin/").status_code == 200
    Authenticator.objects.all().delete()
    assert client.get("/admin/")["Location"].startswith(FACTORS)


def test_setting_one_up_asks_for_the_password_again(client, desk):
    sign_in(client, "the-publisher")
    for name in ("mfa_activate_totp", "mfa_add_webauthn"):
        assert client.get(reverse(name))["Location"].startswith("/account/confirm/")


def test_secrets_lie_encrypted_in_the_database(desk):
    set_up(desk.publisher)
    stored = Authenticator.objects.get()
    assert SECRET not in str(stored.data)
    assert stored.wrap().validate_code(code_of(SECRET))


def test_a_secret_that_was_encrypted_with_an_unknown_key_is_said_in_a_sentence(client, desk, settings):
    set_up(desk.publisher)
    settings.SECRET_KEY = "new"
    sign_in(client, "the-publisher")
    assert "secret key has changed" in show(client).content.decode()


def test_a_secret_key_that_was_replaced_still_opens_what_it_closed(desk, settings):
    set_up(desk.publisher)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new", [settings.SECRET_KEY]
    assert Authenticator.objects.get().wrap().validate_code(code_of(SECRET, int(time.time()) % 2))


def test_whoever_has_not_got_their_telephone_is_told_that_a_recovery_code_does(client, desk):
    set_up(desk.publisher)
    sign_in(client, desk.publisher.username)
    assert "or one of your recovery codes. Each recovery code works once." in client.get(AUTHENTICATE).content.decode()
