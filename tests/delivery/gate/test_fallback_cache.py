"""A shared cache that is away neither opens the door of the desk nor locks it; one that is there is shared."""

import subprocess
import sys

import pytest
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
    told = "import django; django.setup(); from django.core.cache import caches; print(type(caches['default']))"
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
