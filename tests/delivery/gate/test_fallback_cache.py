"""A shared cache that is away neither opens the door of the desk nor locks it; one that is there is
shared, and not trusted."""

import pickle
import subprocess
import sys

import pytest
import redis
from django.core.cache import caches
from django.test import Client

from content_app.fallback_cache import SteadyRedisCache
from tests import redis_server
from tests.live import free_port
from tests.sign_in import is_in, sign_in


@pytest.fixture
def shared(settings):
    """The settings of a shared cache; yields its port, on which nothing listens yet."""
    port = free_port()
    settings.CACHES = {
        "default": {
            "BACKEND": "content_app.fallback_cache.SteadyRedisCache",
            "LOCATION": f"redis://127.0.0.1:{port}/0",
        }
    }
    caches["default"].own.clear()
    SteadyRedisCache.try_again_at.clear()
    return port


def test_a_redis_address_in_the_environment_gives_a_cache_that_may_be_away(settings):
    told = "from django.core.cache import caches; print(type(caches['default']))"
    environment = {
        "DJANGO_SETTINGS_MODULE": "amps_api.settings",
        "SECRET_KEY": "x" * 32,
        "CACHE_URL": "redis://127.0.0.1:1/0",
    }
    done = subprocess.run(
        [sys.executable, "-c", told],
        env=environment, cwd=settings.BASE_DIR, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert SteadyRedisCache.__name__ in done.stdout


def test_while_the_cache_is_away_the_right_password_opens_and_the_wrong_one_is_still_counted(shared, author):
    client = Client()
    sign_in(client)
    assert is_in(client)
    stranger = Client()
    for _ in range(5):
        sign_in(stranger, password="wrong")
    assert "Too many failed login attempts" in sign_in(stranger).content.decode()
    assert not is_in(stranger)


def test_a_cache_that_is_there_counts_for_all_processes(shared, author, tmp_path):
    with redis_server.running(tmp_path, shared):
        stranger = Client()
        for _ in range(5):
            sign_in(stranger, password="wrong")
        del caches["default"]  # as another process would: without memory of its own
        sign_in(stranger)
        assert not is_in(stranger)


def test_a_cache_that_comes_back_is_used_again(shared, tmp_path):
    cache = caches["default"]
    cache.set("word", "own")
    assert cache.get("word") == "own"
    with redis_server.running(tmp_path, shared):
        SteadyRedisCache.try_again_at[cache.server] = 0
        assert cache.get("word") is None
        cache.set("word", "shared")
        assert caches["default"].get("word") == "shared"
    assert cache.get("word") == "own"


class Code:
    """Runs code when it is unpickled."""

    def __reduce__(self):
        return print, ("Code from the cache was run.",)


@pytest.fixture
def poisoned(shared, tmp_path):
    """A function that writes bytes past Django, and the cache that reads them."""
    with redis_server.running(tmp_path, shared):
        cache = caches["default"]
        SteadyRedisCache.try_again_at.clear()
        client = redis.Redis(port=shared)
        yield lambda key, value: client.set(cache.make_key(key), value), cache
        client.close()


@pytest.mark.parametrize("value", [pickle.dumps(Code()), b"{", b"\xff", b"[" * 100_000], ids=repr)
def test_what_a_stranger_has_written_to_the_cache_runs_no_code_and_counts_as_absent(poisoned, capsys, value):
    poison, cache = poisoned
    poison("key", value)

    assert cache.get("key") is None
    assert cache.get("key", "otherwise") == "otherwise"
    assert cache.get_many(["key"]) == {}
    assert capsys.readouterr().out == ""


def test_a_counter_that_is_no_number_begins_anew_and_the_cache_is_not_taken_for_away(poisoned):
    poison, cache = poisoned
    cache.set("key", 1)
    poison("key", pickle.dumps(Code()))

    with pytest.raises(ValueError, match="not found"):
        cache.incr("key")
    assert cache.add("key", 1, 60)
    assert cache.incr("key") == 2
    assert SteadyRedisCache.try_again_at == {}


@pytest.mark.parametrize("value", [0, 7, True, None, "text", 1.5, [1.5, 2.5], {"a": [1]}])
def test_what_is_put_in_comes_out(poisoned, value):
    _, cache = poisoned
    cache.set("key", value)

    assert cache.get("key", "otherwise") == value
