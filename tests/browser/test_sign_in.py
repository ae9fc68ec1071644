"""Signing in, in a real browser: password, second factor, passkey. Every page keeps to its policy and to axe."""

import base64
import hashlib
import hmac
import struct
import time
from urllib.parse import urlsplit

import pytest
from allauth.mfa.models import Authenticator

from content_app.models import AuditEntry, Release
from tests import library
from tests.desk_browser import Desk
from tests.library import condition

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.widens]
PASSWORD = "a long pass phrase"


def code_of(secret: str, step: int = 0) -> str:
    """What an authenticator app shows (RFC 6238), now or so many steps of 30 seconds later."""
    digest = hmac.new(base64.b32decode(secret), struct.pack(">Q", int(time.time()) // 30 + step), hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at : at + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


def path_of(person: Desk) -> str:
    return urlsplit(person.page.url).path


def confirm(person: Desk) -> None:
    """Type the password again, where a page asks for it."""
    assert path_of(person) == "/account/confirm/"
    person.page.fill("[name=password]", PASSWORD)
    person.press("Confirm")


@pytest.fixture
def required(settings):
    settings.SECOND_FACTOR_REQUIRED = True


def test_a_publisher_sets_up_an_authenticator_app_before_the_desk_opens_and_signs_in_with_it(
    required,
    sit_down,
    desk,
):
    item = library.approved([condition()], desk)[0]
    publisher = sit_down("publisher")
    assert path_of(publisher) == "/account/second-factor/"
    assert publisher.page.get_by_text("Your role needs a second factor").is_visible()
    publisher.check("factors")
    publisher.page.locator("a[href='/account/second-factor/totp/activate/']").click()
    publisher.check("confirm")
    confirm(publisher)
    publisher.check("authenticator-app")
    secret = publisher.page.locator("#authenticator_secret").input_value()
    publisher.page.fill("[name=code]", code_of(secret))
    publisher.press("Activate")
    publisher.check("recovery-codes")
    publisher.go(f"/admin/content_app/condition/{item.pk}/verb/publish/")
    publisher.press("Publish release 1")
    assert Release.objects.get().published_by == desk.publisher
    publisher.press("Sign out")

    publisher.page.fill("[name=login]", "the-publisher")
    publisher.page.fill("[name=password]", PASSWORD)
    publisher.press("Sign in")
    assert path_of(publisher) == "/account/second-factor/authenticate/"
    publisher.check("code")
    publisher.page.fill("[name=code]", "000000" if code_of(secret) != "000000" else "111111")
    publisher.press("Sign In")
    assert publisher.page.get_by_text("Incorrect code").is_visible()
    publisher.page.fill("[name=code]", code_of(secret, 1))
    publisher.press("Sign In")
    assert path_of(publisher) == "/admin/"
    assert AuditEntry.objects.filter(act="second_factor_failed", what_label="the-publisher").exists()


def test_a_passkey_is_added_and_then_opens_the_desk_alone(required, sit_down, desk):
    publisher = sit_down("publisher")
    devices = publisher.page.context.new_cdp_session(publisher.page)
    devices.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    publisher.page.locator("a[href='/account/second-factor/webauthn/add/']").click()
    confirm(publisher)
    publisher.page.get_by_label("Passwordless").check()
    publisher.check("passkey-add")
    publisher.page.get_by_role("button", name="Add").click()
    publisher.page.wait_for_url("**/recovery-codes/")
    assert Authenticator.objects.filter(user=desk.publisher, type="webauthn").count() == 1
    publisher.go("/account/second-factor/webauthn/")
    publisher.check("passkeys")
    publisher.go("/admin/")
    assert path_of(publisher) == "/admin/"
    publisher.press("Sign out")

    publisher.go("/admin/content_app/source/")
    publisher.check("sign-in")
    publisher.page.get_by_role("button", name="Sign in with a passkey").click()
    publisher.page.wait_for_url("**/admin/content_app/source/")
    assert publisher.faults == []


def test_the_pages_of_ones_own_account_keep_to_their_policy_and_to_axe(sit_down, desk):
    author = sit_down("author")
    for address, picture in (("/account/password/", "password"), ("/account/logout/", "sign-out")):
        author.go(address)
        author.check(picture)
    author.go("/account/password/")
    author.page.fill("[name=oldpassword]", PASSWORD)
    author.page.fill("[name=password1]", "short")
    author.page.fill("[name=password2]", "short")
    author.press("Change Password")
    assert author.page.get_by_text("This password is too short").is_visible()
    author.check("password-refused")


def test_a_user_administrator_adds_a_person_who_sets_a_password_and_signs_in(sit_down, desk, browser, live_server):
    desk.nobody.groups.add(desk.author.groups.model.objects.get(name="User administrator"))
    administrator = sit_down("nobody")
    administrator.check("index-of-administrator")
    administrator.go("/admin/auth/user/add/")
    confirm(administrator)
    administrator.page.fill("[name=username]", "new.reviewer")
    administrator.page.get_by_label("Reviewer: Reviews").check()
    administrator.check("person-add")
    administrator.press("Save")
    administrator.check("person-link-asked")
    administrator.press("Create a link")
    administrator.check("person-link")
    link = administrator.page.get_by_label("Link").input_value()
    for address, picture in (("", "people"), (f"{desk.author.pk}/change/", "person")):
        administrator.go(f"/admin/auth/user/{address}")
        administrator.check(picture)
    administrator.go("/admin/content_app/auditentry/")
    assert administrator.page.get_by_role("cell", name="assigned a role").first.is_visible()
    administrator.check("audit")
    administrator.page.get_by_label("Action", exact=True).select_option("role_given")
    administrator.page.get_by_label("From", exact=True).fill("2999-01-01")
    administrator.press("Show")
    assert administrator.page.get_by_text("No entries match these filters.").is_visible()
    administrator.go(f"/admin/content_app/auditentry/{AuditEntry.objects.first().pk}/change/")
    administrator.check("audit-entry")

    administrator.page.context.clear_cookies()
    administrator.go(urlsplit(link).path)
    administrator.check("set-password")
    administrator.page.fill("[name=password1]", "another long pass phrase")
    administrator.page.fill("[name=password2]", "another long pass phrase")
    administrator.press("Set the password")
    administrator.check("password-set")
    administrator.follow("Sign in")
    administrator.page.fill("[name=login]", "new.reviewer")
    administrator.page.fill("[name=password]", "another long pass phrase")
    administrator.press("Sign in")
    assert path_of(administrator) == "/admin/"
    assert administrator.page.get_by_text("Next for you").first.is_visible()
