"""What the read plane keeps: the same for everybody, no more than it may, counted like every request."""

import pytest
from django.conf import settings

from content_app.delivery.gate import quotas
from content_app.delivery.read_plane.application import ReadPlane, before
from content_app.models import ApiClient, ApiKey
from tests.delivery.read_plane.conftest import Both
from tests.first_content import AMPS

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def asked_twice(both, address: str, method: str = "GET", **headers: str):
    both.ask(address, method, **headers)
    return both.ask(address, method, **headers)


@pytest.mark.parametrize(
    "address",
    [
        AMPS, AMPS[:-1] + ".html", AMPS[:-1] + ".md", "/api/v1/conditions/AMPS/", "/api/v1/concepts/",
        "/openapi.json", "/api/v1/search/?q=cold", "/api/v1/suggest/?q=hy", "/api/v1/relations/",
        "/api/v1/codings/?code=M79.7", "/api/v1/releases/", "/api/v1/vocabulary/", "/feeds/releases.atom",
        "/api/v1/conditions/nothing/", AMPS + "?release=1", AMPS + "?as_of=2026-11-03",
    ],
)  # fmt: skip
def test_what_was_read_once_is_answered_without_django(first_content, both, address):
    assert not asked_twice(both, address).was_django_asked


def test_head_is_answered_from_what_get_has_left(first_content, both):
    both.ask(AMPS)
    assert not both.ask(AMPS, "HEAD").was_django_asked


def test_a_condition_that_was_asked_before_is_answered_without_django(first_content, both):
    tag = both.ask(AMPS).header("ETag")
    answer = asked_twice(both, AMPS, if_none_match=tag)
    assert (answer.status[:3], answer.body, answer.was_django_asked) == ("304", b"", False)


@pytest.mark.parametrize(
    "headers",
    [
        {"cookie": f"{settings.SESSION_COOKIE_NAME}=abc"}, {"cookie": f"{settings.CSRF_COOKIE_NAME}=abc"},
        {"authorization": "Api-Key x"}, {"x_api_key": "x"},
        {"range": "bytes=0-3"}, {"if_match": "*"}, {"if_unmodified_since": "Mon, 02 Nov 2026 09:00:00 GMT"},
        {"transfer_encoding": "chunked"},
    ],
)  # fmt: skip
def test_who_brings_a_key_a_session_or_a_part_is_answered_by_django(first_content, both, headers):
    both.ask(AMPS)
    assert asked_twice(both, AMPS, **headers).was_django_asked


def test_a_key_that_works_is_counted_as_a_key(first_content, both, settings):
    settings.LIMIT_KEYED = 6000
    _, key = ApiKey.objects.create_key(
        name="test", client=ApiClient.objects.create(name="An app", contact_email="a@example.org")
    )
    both.ask(AMPS)
    assert asked_twice(both, AMPS, x_api_key=key).header("RateLimit").startswith('"keyed"')
    assert both.ask(AMPS).header("RateLimit").startswith('"anonymous"')


@pytest.mark.parametrize(
    "address",
    [
        AMPS + "?nonsense=1", "/", "/livez", "/readyz", "/docs/", "/admin/login/", "/api/v1/signing-keys/",
        "/fhir/metadata", "/api/v1/releases/1/export/", "/api/v1/library.ttl", "/preview/nothing/",
        "/sandbox/ordinary/", AMPS + "?as_of=2099-01-01", "/api/v1/conditions/?page_size=0",
        "/api/v1/concepts/" + "a" * 2000,
    ],
)  # fmt: skip
def test_what_may_not_be_kept_is_not(first_content, both, address):
    assert asked_twice(both, address).was_django_asked


def test_every_request_counts_wherever_it_is_answered(first_content, both):
    left = [both.ask(AMPS).header("RateLimit").partition(";r=")[2].partition(";")[0] for _ in range(4)]
    assert left == ["599", "598", "597", "596"]


def test_above_the_limit_django_refuses(first_content, both, settings):
    settings.LIMIT_ANONYMOUS = 2
    quotas.own().clear()
    assert [both.ask(AMPS).status[:3] for _ in range(4)] == ["200", "200", "429", "429"]


def test_clients_are_told_apart(first_content, both, settings):
    settings.LIMIT_ANONYMOUS, settings.TRUSTED_PROXIES = 1, 1
    asked = [both.ask(AMPS, x_forwarded_for=f"198.51.100.{number}").status[:3] for number in (1, 2, 1)]
    assert asked == ["200", "200", "429"]


def test_no_more_is_kept_than_may_be(first_content):
    both = Both(most_bytes=300_000)
    seen = []
    for number in range(60):
        both.ask(f"/api/v1/concepts/?page_size={number + 1}")
        kept = {**both.plane.kept.before, **both.plane.kept.lately}
        seen.append(sum(answer.size for answer in kept.values()))
    assert 150_000 < max(seen) <= 300_000


def test_what_is_asked_for_again_and_again_stays(first_content):
    both = Both(most_bytes=300_000)
    both.ask("/api/v1/concepts/")
    for number in range(40):
        both.ask(f"/api/v1/concepts/?page_size={number + 1}")
        assert not both.ask("/api/v1/concepts/").was_django_asked


def test_an_answer_larger_than_one_may_be_is_not_kept(first_content, both, monkeypatch):
    monkeypatch.setattr("content_app.delivery.read_plane.kept.MOST_BYTES_OF_ONE", 1000)
    assert asked_twice(both, AMPS).was_django_asked


def test_it_can_be_switched_off(settings, both):
    assert isinstance(before(both.handler), ReadPlane)
    settings.READ_PLANE = False
    assert before(both.handler) is both.handler
