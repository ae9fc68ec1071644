"""Limits: whom they count, what they say, how they refuse, and that no cache that is away stands in a reader's way."""

import signal
import time
from contextlib import closing
from itertools import chain

import pytest
from django.core.cache import caches
from django.test import RequestFactory

from content_app import fallback_cache
from content_app.delivery.gate import quotas
from content_app.delivery.gate.quotas import Policy, count
from content_app.delivery.http.client_address import address_of
from content_app.fallback_cache import SteadyRedisCache
from tests import redis_server
from tests.first_content import AMPS
from tests.together import all_at_once

TYPE = "https://iana.org/assignments/http-problem-types#quota-exceeded"


@pytest.fixture(autouse=True)
def nothing_counted():
    quotas.own().clear()


def told(response) -> tuple[str, int, int]:
    """The policy, what is left, and for how long, as `RateLimit` says."""
    name, left, seconds = response["RateLimit"].split(";")
    return name.strip('"'), int(left.removeprefix("r=")), int(seconds.removeprefix("t="))


class TestWhatIsSaid:
    def test_every_request_counts_as_one(self, read, settings):
        settings.LIMIT_ANONYMOUS = 10
        first, second = read(AMPS), read(AMPS)
        assert first["RateLimit-Policy"] == '"anonymous";q=10;w=60'
        assert [told(answer)[:2] for answer in (first, second)] == [("anonymous", 9), ("anonymous", 8)]
        assert 0 < told(first)[2] <= 60

    @pytest.mark.parametrize(
        "address",
        [
            "/api/v1/", "/api/v1/nothing/", "/api/v1/conditions/?unknown=1", "/api/v1/conditions/AMPS/",
            "/fhir/metadata", "/fhir/nothing", "/infobutton", "/cds-services", "/feeds/releases.atom", "/sandbox/",
            "/openapi.json",
            "/api/v1/" + "a" * 9000,
        ],
    )  # fmt: skip
    def test_every_answer_says_it_problems_too(self, read, address):
        assert told(read(address))[0] == "anonymous"

    def test_304_says_it_and_counts(self, read, settings):
        settings.LIMIT_ANONYMOUS = 10
        response = read(AMPS, If_None_Match=read(AMPS)["ETag"])
        assert (response.status_code, told(response)[1]) == (304, 8)

    @pytest.mark.parametrize("address", ["/", "/docs/", "/library/", "/nothing/", "/robots.txt"])
    def test_pages_are_counted_too(self, read, first_content, address):
        assert told(read(address))[:2] == ("anonymous", 999_999)

    @pytest.mark.parametrize(
        ("address", "cost"),
        [("/llms.txt", 5), ("/sitemap.xml", 5), ("/api/v1/library.ttl", 5), ("/api/v1/releases/1/export.zip", 20)],
    )
    def test_what_takes_far_more_work_counts_as_more(self, read, first_content, address, cost):
        with closing(read(address)) as response:
            assert told(response)[1] == 1_000_000 - cost

    @pytest.mark.parametrize("address", ["/livez", "/readyz", "/problems/", "/deprecations/"])
    def test_probes_and_what_explains_a_refusal_are_not_limited(self, read, settings, address):
        settings.LIMIT_ANONYMOUS = 1
        assert [read(address).status_code for _ in range(3)] == [200] * 3
        assert not read(address).has_header("RateLimit")

    def test_nought_means_no_limit(self, read, settings):
        settings.LIMIT_ANONYMOUS = 0
        assert not read(AMPS).has_header("RateLimit")


class TestAboveTheLimit:
    @pytest.fixture
    def above(self, read, settings):
        """Reads an address as one who has asked for all there was."""
        settings.LIMIT_ANONYMOUS = 1
        read(AMPS)
        return read

    def test_it_is_429_with_how_long_to_wait(self, above):
        response = above(AMPS)
        body = response.json()
        assert (response.status_code, body["type"], body["violated-policies"]) == (429, TYPE, ["anonymous"])
        assert response["Retry-After"] == str(told(response)[2])
        assert told(response)[:2] == ("anonymous", 0)
        assert response["Cache-Control"] == "no-store"

    def test_it_fills_no_log(self, above, caplog):
        assert above(AMPS).status_code == 429
        assert caplog.records == []

    def test_nothing_is_read_for_it(self, above, django_assert_num_queries):
        with django_assert_num_queries(0):
            assert above(AMPS).status_code == 429

    @pytest.mark.parametrize("address", ["/fhir/CodeSystem/amps", "/cds-services"])
    def test_fhir_and_cds_hooks_say_it_as_an_outcome(self, above, address):
        response = above(address)
        assert (response.status_code, response.json()["issue"][0]["code"]) == (429, "throttled")
        assert int(response["Retry-After"]) > 0

    def test_infobutton_shows_a_page_to_a_browser(self, above):
        response = above("/infobutton", Accept="text/html")
        assert (response.status_code, response["Content-Type"]) == (429, "text/html; charset=utf-8")

    def test_a_key_has_a_limit_of_its_own(self, above, settings, db):
        from tests.admin.test_api_keys import ApiClient, new_key

        settings.LIMIT_KEYED = 2
        diary = ApiClient.objects.create(name="Pain diary", contact_email="diary@example.org")
        old, new = new_key(diary, name="old"), new_key(diary, name="new")
        assert [above(AMPS, X_Api_Key=old).status_code for _ in range(3)] == [200, 200, 429]
        assert above(AMPS, X_Api_Key=new).status_code == 200

    def test_guessing_keys_is_limited_by_address(self, above):
        response = above(AMPS, X_Api_Key="a" * 8 + "." + "b" * 32)
        assert (response.status_code, told(response)[0]) == (429, "anonymous")

    def test_what_it_means_stands_on_a_page(self, read):
        assert "Too many requests" in read("/problems/quota-exceeded/").content.decode()


class TestWhoIsCounted:
    @pytest.mark.parametrize(
        ("proxies", "peer", "forwarded", "counted"),
        [
            (0, "203.0.113.5", "198.51.100.1", "203.0.113.5"),  # nobody in front: what the client says is nothing
            (1, "10.0.0.1", "198.51.100.1", "198.51.100.1"),
            (1, "10.0.0.1", "1.2.3.4, 198.51.100.1", "198.51.100.1"),  # what it made up stands to the left
            (2, "10.0.0.1", "1.2.3.4, 198.51.100.1, 10.0.0.2", "198.51.100.1"),
            (2, "10.0.0.1", "198.51.100.1", "198.51.100.1"),
            (1, "10.0.0.1", "", "10.0.0.1"),
            (1, "10.0.0.1", "unknown", "10.0.0.1"),
            (1, "10.0.0.1", "198.51.100.1:5000", "198.51.100.1"),
            (1, "10.0.0.1", "[2001:db8::1]:5000", "2001:db8::/64"),
            (0, "2001:db8::1", "", "2001:db8::/64"),
            (0, "2001:db8::ffff:1:2", "", "2001:db8::/64"),  # one client has a network of 64 bits
            (0, "::ffff:203.0.113.5", "", "203.0.113.5"),
            (0, "fe80::1%eth0", "", "fe80::/64"),
            (0, "", "", ""),
        ],
    )
    def test_the_address_that_our_own_proxies_vouch_for(self, settings, proxies, peer, forwarded, counted):
        settings.TRUSTED_PROXIES = proxies
        headers = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
        assert address_of(RequestFactory().get("/", REMOTE_ADDR=peer, **headers).META) == counted

    def test_making_up_an_address_gets_no_further(self, read, settings):
        settings.LIMIT_ANONYMOUS = 2
        answers = [read(AMPS, X_Forwarded_For=f"198.51.100.{n}").status_code for n in range(4)]
        assert answers == [200, 200, 429, 429]

    def test_two_addresses_do_not_share_a_limit(self, read, settings):
        settings.LIMIT_ANONYMOUS, settings.TRUSTED_PROXIES = 1, 1
        assert [read(AMPS, X_Forwarded_For=f"198.51.100.{n}").status_code for n in (1, 2, 1)] == [200, 200, 429]

    def test_no_address_is_kept(self, settings):
        settings.SECRET_KEY = "a secret"
        count(Policy("anonymous", 5), "203.0.113.5")
        assert b"203.0.113.5" not in bytes(quotas.own().memory)

    def test_a_new_minute_counts_anew(self, monkeypatch):
        policy, now = Policy("anonymous", 1), time.time()
        monkeypatch.setattr(quotas.time, "time", lambda: now)
        standing = [count(policy, "somebody") for _ in range(2)][1]
        assert standing.is_exceeded
        monkeypatch.setattr(quotas.time, "time", lambda: now + standing.reset)
        assert not count(policy, "somebody").is_exceeded

    def test_of_many_at_once_each_counts(self):
        def ask():
            return [count(Policy("anonymous", 5), "somebody").used for _ in range(50)]

        counted = chain.from_iterable(all_at_once([ask] * 8, with_database=False))
        assert sorted(counted) == list(range(1, 401))


class TestSharedCache:
    """The counters in a real server, that goes away."""

    @pytest.fixture
    def cache(self, tmp_path, settings, monkeypatch):
        now = time.time()
        monkeypatch.setattr(quotas.time, "time", lambda: now)  # no minute ends meanwhile
        with redis_server.running(tmp_path) as server:
            backend = "content_app.fallback_cache.SteadyRedisCache"
            patient = {"socket_connect_timeout": 0.5, "socket_timeout": 0.5}  # with a busy machine
            settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": server.url, "OPTIONS": patient}}
            monkeypatch.setattr(fallback_cache, "PAUSE", 600)
            caches["default"].own.clear()
            SteadyRedisCache.try_again_at.clear()
            yield server
            server.process.send_signal(signal.SIGCONT)
            caches["default"].close()

    def used(self) -> int:
        return count(Policy("anonymous", 1000), "somebody").used

    def test_processes_count_together(self, cache):
        first = [self.used(), self.used()]
        caches["default"].own.clear()
        del caches["default"]  # as another process would: without memory of its own
        assert [*first, self.used()] == [1, 2, 3]

    def test_what_is_counted_goes_away_by_itself(self, cache):
        self.used()
        client = caches["default"]._cache.get_client()
        assert [0 < client.ttl(key) <= 120 for key in client.keys("*limit:*")] == [True]

    def test_one_that_was_killed_blocks_nobody(self, cache, read, settings, caplog):
        settings.LIMIT_ANONYMOUS = 1000
        assert told(read(AMPS))[1] == 999
        cache.process.kill()
        cache.process.wait(10)
        answers = [read(AMPS) for _ in range(20)]
        assert {answer.status_code for answer in answers} == {200}
        assert [told(answer)[1] for answer in answers] == list(range(999, 979, -1))  # counted here meanwhile
        assert [r.getMessage().startswith("The cache cannot be reached") for r in caplog.records] == [True]

    @pytest.fixture
    def asked(self, cache, monkeypatch) -> list[str]:
        """What the cache is asked; it is there first, and then hangs."""
        methods = []
        ask = SteadyRedisCache._asked
        monkeypatch.setattr(SteadyRedisCache, "_asked", lambda *said: methods.append(said[1]) or ask(*said))
        self.used()
        cache.process.send_signal(signal.SIGSTOP)
        methods.clear()
        return methods

    def test_for_one_that_hangs_only_the_first_request_waits(self, asked):
        used = [self.used() for _ in range(5)]
        assert (len(asked), used) == (1, [1, 2, 3, 4, 5])

    def test_what_one_thread_finds_away_no_other_waits_for(self, asked):
        self.used()
        counted = all_at_once([self.used] * 8, with_database=False)
        assert (len(asked), sorted(counted)) == (1, list(range(2, 10)))

    def test_one_that_comes_back_is_found_again(self, cache):
        counted = [self.used(), self.used()]
        cache.process.send_signal(signal.SIGSTOP)
        alone = self.used()
        cache.process.send_signal(signal.SIGCONT)
        away = SteadyRedisCache.try_again_at
        assert list(away) == [cache.url]
        away[cache.url] = 0
        assert (counted, alone) == ([1, 2], 1)
        assert self.used() >= 3
        assert away == {}

    def test_limits_hold_while_it_is_away(self, cache, read, settings):
        settings.LIMIT_ANONYMOUS = 2
        cache.process.kill()
        cache.process.wait(10)
        assert [read(AMPS).status_code for _ in range(3)] == [200, 200, 429]
