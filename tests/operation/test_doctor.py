"""`manage.py doctor` finds what is wrong with a deployment, one fault at a time, and says what to do."""

import io
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError
from django.utils import timezone

from content_app.operation import examination
from content_app.worker import backlog, heartbeat

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def deployment(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    settings.SILENCED_SYSTEM_CHECKS = [*settings.SILENCED_SYSTEM_CHECKS, "amps.W007"]  # PostgreSQL without a cache
    heartbeat.place().parent.mkdir()
    heartbeat.write("", timezone.now())
    return tmp_path


def examined() -> tuple[str, bool]:
    """What the command printed, and whether it failed."""
    said = io.StringIO()
    try:
        call_command("doctor", stdout=said)
    except CommandError:
        return said.getvalue(), True
    return said.getvalue(), False


def test_a_deployment_in_order_passes(first_content):
    said, failed = examined()

    assert not failed, said
    assert "fix" not in said
    assert "Release 1 is current" in said


def open_secret(settings, monkeypatch):
    path = settings.VAR_DIR / "secret-key"
    path.write_text("secret")
    path.chmod(0o644)


def bad_signing_key(settings, monkeypatch):
    settings.SIGNING_KEY = "secret"


def clashing_settings(settings, monkeypatch):
    settings.PUBLIC_URL = "https://elsewhere.example"


def lost_folder(settings, monkeypatch):
    settings.VAR_DIR = settings.VAR_DIR / "not" / "there"


def dead_cache(settings, monkeypatch):
    backend = "content_app.fallback_cache.SteadyRedisCache"
    settings.CACHES = {"default": {"BACKEND": backend, "LOCATION": "redis://127.0.0.1:1/0"}}


def stopped_worker(settings, monkeypatch):
    monkeypatch.setattr(heartbeat, "SILENT", timedelta())


def full_disk(settings, monkeypatch):
    monkeypatch.setattr(examination, "LEAST_SPACE", 10**18)


def missing_migration(settings, monkeypatch):
    monkeypatch.setattr(examination.MigrationExecutor, "migration_plan", lambda self, targets: ["0002"])


def wrong_clock(settings, monkeypatch):
    monkeypatch.setattr(examination.timezone, "now", lambda: datetime(2020, 1, 1, tzinfo=UTC))


def lost_database(settings, monkeypatch):
    def away():
        raise DatabaseError("gone")

    monkeypatch.setattr(backlog, "standing", away)


@pytest.mark.parametrize(
    ("breaks", "sentence", "advice"),
    [
        (open_secret, "Other users of this machine can read", "chmod 600"),
        (bad_signing_key, "Exports cannot be signed", "Correct SIGNING_KEY"),
        (clashing_settings, "ALLOWED_HOSTS does not contain the host", "Add the host"),
        (lost_folder, "cannot be written to", "Change its owner"),
        (dead_cache, "The cache cannot be reached", "correct CACHE_URL"),
        (stopped_worker, "The background worker has stopped", "manage.py work"),
        (full_disk, "MB of free space", "Free some"),
        (missing_migration, "Migrations are missing: 1.", "manage.py migrate"),
        (wrong_clock, "this machine's clock is wrong", "NTP"),
        (lost_database, "The database cannot be used: gone", "DATABASE_URL"),
    ],
)
def test_it_says_what_is_wrong_and_what_to_do(first_content, settings, monkeypatch, breaks, sentence, advice):
    breaks(settings, monkeypatch)

    said, failed = examined()
    assert failed
    assert sentence in said
    assert advice in said
