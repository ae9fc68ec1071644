"""API keys: made in the admin, shown once, kept as hashes; what they are worth; how they are refused."""

import datetime
import logging

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.utils import timezone

from content_app.delivery.gate import api_keys
from content_app.models import ApiClient, ApiKey
from tests.admin_forms import fields_of
from tests.first_content import AMPS

CLIENTS, KEYS = "/admin/content_app/apiclient/", "/admin/content_app/apikey/"


@pytest.fixture
def diary(db) -> ApiClient:
    return ApiClient.objects.create(name="Pain diary", contact_email="diary@example.org")


def new_key(client: ApiClient, **more) -> str:
    return ApiKey.objects.create_key(client=client, **{"name": "server"} | more)[1]


def the_key(client: ApiClient) -> ApiKey:
    return ApiKey.objects.get(client=client)


class TestReading:
    def test_a_key_is_known_by_its_policy(self, read, diary):
        response = read(AMPS, X_Api_Key=new_key(diary))
        assert (response.status_code, response["RateLimit-Policy"]) == (200, '"keyed";q=1000000;w=60')

    def test_the_answer_is_the_same_as_without_one_and_stays_public(self, read, diary):
        with_key, without = read(AMPS, X_Api_Key=new_key(diary)), read(AMPS)
        same = ("ETag", "Cache-Control", "Vary", "Last-Modified", "Content-Release")
        assert with_key.content == without.content
        assert [with_key[name] for name in same] == [without[name] for name in same]
        assert with_key["Cache-Control"].startswith("public")

    def test_a_key_costs_one_query_and_once_a_day_what_notes_its_use(self, read, diary, django_assert_num_queries):
        key = new_key(diary)
        read(AMPS, X_Api_Key=key)
        assert the_key(diary).last_used_on == timezone.now().date()
        with django_assert_num_queries(3):
            read(AMPS, X_Api_Key=key)

    def test_a_key_that_was_used_yesterday_is_noted_today(self, read, diary):
        key = new_key(diary)
        ApiKey.objects.update(last_used_on=timezone.now().date() - datetime.timedelta(days=1))
        read(AMPS, X_Api_Key=key)
        assert the_key(diary).last_used_on == timezone.now().date()

    def test_without_a_key_nothing_more_is_asked(self, read, django_assert_num_queries):
        with django_assert_num_queries(2):
            assert read(AMPS)["RateLimit-Policy"] == '"anonymous";q=1000000;w=60'

    def test_only_the_hash_is_kept(self, diary):
        key = new_key(diary)
        stored = str(list(ApiKey.objects.values_list()))
        assert key not in stored
        assert key.partition(".")[2] not in stored

    @pytest.mark.parametrize("token", ["a.b.c", "a" * 8 + "." + "b" * 31, "", "eyJhbGciOiJFUzM4NCJ9.e30.c2ln"])
    def test_other_credentials_are_not_ours_to_look_at(self, read, token):
        assert read(AMPS, Authorization=f"Bearer {token}").status_code == 200

    @pytest.mark.parametrize("scheme", ["Bearer", "bearer"])
    @pytest.mark.parametrize("address", [AMPS, "/cds-services", "/fhir/metadata"])
    def test_a_key_may_come_as_a_bearer_token(self, read, diary, scheme, address):
        key = new_key(diary)
        with_header, as_token = read(address, X_Api_Key=key), read(address, Authorization=f"{scheme} {key}")
        assert as_token["RateLimit-Policy"] == with_header["RateLimit-Policy"] != read(address)["RateLimit-Policy"]


class TestRefusals:
    def refused(self, read, key, **headers) -> dict:
        response = read(AMPS, X_Api_Key=key, **headers)
        assert (response.status_code, response["Cache-Control"]) == (401, "no-store")
        assert response["WWW-Authenticate"].startswith("Api-Key ")
        assert response.json()["type"].endswith("/problems/key-not-usable/")
        return response.json()

    @pytest.mark.parametrize("key", ["", "nonsense", "a" * 8 + "." + "b" * 32, "x" * 5000, "ünïcode", "' OR 1=1 --"])
    def test_what_is_no_key_here_is_refused(self, read, key):
        assert "not known" in self.refused(read, key)["detail"]

    def test_a_prefix_alone_tells_nothing(self, read, diary):
        key = new_key(diary, revoked=True)
        assert "not known" in self.refused(read, key[:-1] + ("a" if key[-1] != "a" else "b"))["detail"]

    def test_a_revoked_key_is_refused_at_once(self, read, diary):
        key = new_key(diary)
        assert read(AMPS, X_Api_Key=key).status_code == 200
        ApiKey.objects.update(revoked=True)
        assert "revoked" in self.refused(read, key)["detail"]

    def test_an_expired_key_is_refused(self, read, diary):
        key = new_key(diary, expiry_date=timezone.now() - datetime.timedelta(seconds=1))
        assert "expired" in self.refused(read, key)["detail"]

    def test_a_key_works_until_it_expires(self, read, diary):
        assert (
            read(AMPS, X_Api_Key=new_key(diary, expiry_date=timezone.now() + datetime.timedelta(hours=1))).status_code
            == 200
        )

    def test_keys_of_a_client_that_is_switched_off_are_refused(self, read, diary):
        key = new_key(diary)
        ApiClient.objects.update(is_active=False)
        assert "switched off" in self.refused(read, key)["detail"]

    def test_a_key_in_authorization_is_not_taken_for_none(self, read, diary):
        response = read(AMPS, Authorization=f"Api-Key {new_key(diary)}")
        assert response.status_code == 401
        assert "X-Api-Key" in response.json()["detail"]

    @pytest.mark.parametrize("address", ["/fhir/CodeSystem/amps", "/cds-services"])
    def test_fhir_and_cds_hooks_say_it_as_an_outcome(self, read, address):
        response = read(address, X_Api_Key="nonsense")
        assert response.status_code == 401
        assert response.json()["issue"][0]["code"] == "login"

    def test_a_page_for_people_looks_at_no_key(self, read):
        assert read("/", X_Api_Key="nonsense").status_code == 200

    def test_a_browser_of_another_origin_may_send_one_and_read_what_is_said(self, client, first_content):
        asked = {"origin": "https://app.example", "access-control-request-method": "GET"}
        allowed = client.options(AMPS, headers=asked | {"access-control-request-headers": "x-api-key"})
        assert "x-api-key" in allowed["Access-Control-Allow-Headers"]
        refused = client.get(AMPS, headers={"origin": "https://app.example", "x-api-key": "nonsense"})
        assert (refused.status_code, refused["Access-Control-Allow-Origin"]) == (401, "*")
        assert {"RateLimit", "RateLimit-Policy", "Deprecation", "Sunset"} <= set(
            refused["Access-Control-Expose-Headers"].split(", ")
        )


def test_no_read_waits_to_note_that_a_key_was_used(diary, tmp_path):
    """On SQLite one writes at a time: a key that is used while somebody publishes is noted another time."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL locks rows")
    with connection.cursor() as cursor:
        before = cursor.execute("PRAGMA busy_timeout").fetchone()
        api_keys._note_use(new_key_number := ApiKey.objects.create_key(client=diary, name="server")[0].pk, "2026-01-01")
        assert cursor.execute("PRAGMA busy_timeout").fetchone() == before
    assert str(ApiKey.objects.get(pk=new_key_number).last_used_on) == "2026-01-01"


class TestAdmin:
    @pytest.fixture
    def desk(self, people) -> Client:
        client = Client()
        people.nobody.groups.add(Group.objects.get(name="Key administrator"))
        client.force_login(self.staff(people.nobody))
        return client

    def staff(self, person):
        person.is_staff = True
        person.save()
        return person

    def made(self, desk, client: ApiClient, name="server, 2026-11", **more):
        fields = fields_of(desk.get(f"{KEYS}add/?client={client.pk}"), "apikey_form")
        return desk.post(f"{KEYS}add/", fields | {"name": name} | more)

    def shown_key(self, response) -> str:
        return response.context["key"]

    def test_a_key_is_shown_once_and_is_nowhere_else(self, desk, diary, caplog):
        with caplog.at_level(logging.DEBUG):
            response = self.made(desk, diary)
        key = self.shown_key(response)
        assert response.status_code == 200
        assert f'value="{key}"' in response.content.decode()
        assert "no-store" in response["Cache-Control"]
        secret = key.partition(".")[2]
        later = desk.get(f"{KEYS}{the_key(diary).pk}/change/"), desk.get(KEYS), desk.get(f"{CLIENTS}{diary.pk}/change/")
        assert not any(secret in page.content.decode() for page in later)
        assert secret not in caplog.text
        assert secret not in str(response.cookies)
        for model in apps.get_models():
            assert secret not in str(list(model._default_manager.values_list())), model
        assert not any(secret in str(session.get_decoded()) for session in Session.objects.all())

    def test_the_key_that_is_shown_works(self, desk, diary, read):
        assert read(AMPS, X_Api_Key=self.shown_key(self.made(desk, diary))).status_code == 200

    def test_a_form_that_is_sent_again_makes_no_second_key(self, desk, diary):
        self.made(desk, diary)
        again = self.made(desk, diary)
        assert "Choose a different name" in again.content.decode()
        assert ApiKey.objects.count() == 1

    def test_a_client_may_have_an_old_and_a_new_key(self, desk, diary, read):
        old, new = (self.shown_key(self.made(desk, diary, name)) for name in ("old", "new"))
        assert [read(AMPS, X_Api_Key=key).status_code for key in (old, new)] == [200, 200]

    def test_a_key_that_has_expired_already_is_not_made(self, desk, diary):
        response = self.made(desk, diary, expiry_date_0="2020-01-01", expiry_date_1="00:00:00")
        assert "The expiry date must be in the future." in response.content.decode()
        assert not ApiKey.objects.exists()

    def test_revoking_is_for_ever(self, desk, diary):
        self.made(desk, diary)
        address = f"{KEYS}{the_key(diary).pk}/change/"
        fields = fields_of(desk.get(address), "apikey_form")
        desk.post(address, fields | {"revoked": "on"})
        assert the_key(diary).revoked
        assert "revoked" not in fields_of(desk.get(address), "apikey_form")
        desk.post(address, fields)
        assert the_key(diary).revoked

    def test_neither_keys_nor_clients_are_deleted(self, desk, diary):
        self.made(desk, diary)
        assert desk.post(f"{KEYS}{the_key(diary).pk}/delete/", {"post": "yes"}).status_code == 403
        assert desk.post(f"{CLIENTS}{diary.pk}/delete/", {"post": "yes"}).status_code == 403

    @pytest.mark.parametrize("role", ["author", "reviewer", "publisher", "nobody"])
    def test_others_than_key_administrators_have_nothing_to_do_with_keys(self, people, diary, role):
        client = Client()
        client.force_login(self.staff(getattr(people, role)))
        assert [client.get(page).status_code for page in (CLIENTS, KEYS, f"{KEYS}add/")] == [403] * 3

    def test_the_keys_of_the_library_itself_have_no_page(self, people):
        client = Client()
        client.force_login(people.superuser)
        assert client.get("/admin/rest_framework_api_key/apikey/").status_code == 404
