"""What a load balancer and monitoring ask: `/livez` and `/readyz`."""

import mmap

import pytest
from django.db import OperationalError
from django.test import Client

from content_app.delivery.store import reading
from content_app.operation import stopping

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def a_server_of_its_own(monkeypatch, settings, tmp_path):
    monkeypatch.setattr(stopping, "_shared", mmap.mmap(-1, 1))
    settings.VAR_DIR = tmp_path


@pytest.mark.parametrize("address", ["/livez", "/readyz"])
def test_a_probe_may_call_the_server_what_it_likes_and_use_plain_http(first_content, settings, address):
    settings.SECURE_SSL_REDIRECT = settings.HTTPS = True
    response = Client().get(address, headers={"host": "10.0.0.7:8000"})

    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"


def test_readiness_tells_the_release_and_how_the_background_work_stands(first_content):
    told = Client().get("/readyz").json()

    assert told["status"] == "ready"
    assert told["release"] == 1
    assert told["worker"] == {
        "status": "unknown",
        "seen_at": None,
        "due": {"schedules": 0, "webhooks": 0, "imports": 0},
        "late_seconds": {"schedules": 0, "webhooks": 0, "imports": 0},
    }


def test_a_server_that_is_stopping_is_alive_but_not_ready(first_content):
    stopping.begin()

    assert Client().get("/livez").status_code == 200
    response = Client().get("/readyz")
    assert response.status_code == 503
    assert response.json()["detail"] == "The server is stopping."


def test_a_database_that_is_away_makes_a_server_unready(first_content, monkeypatch):
    def away():
        raise OperationalError("gone")

    monkeypatch.setattr(reading, "current_moment", away)

    assert Client().get("/readyz").status_code == 503
    assert Client().get("/livez").status_code == 200


def test_a_probe_is_only_read(first_content):
    assert Client().post("/readyz").status_code == 405


def test_other_addresses_are_still_checked_for_their_host(first_content):
    assert Client().get("/api/v1/", headers={"host": "elsewhere.example"}).status_code == 400
