"""Kept connections to SQLite read the file that lies at the path now."""

import sqlite3

import pytest
from django.conf import settings
from django.db.utils import ConnectionHandler

from content_app.models import sqlite_file

pytestmark = [pytest.mark.one_database, pytest.mark.django_db]


def make(path, word):
    with sqlite3.connect(path) as made:
        made.execute("CREATE TABLE said (word text)")
        made.execute("INSERT INTO said VALUES (?)", [word])
    made.close()


@pytest.fixture
def handler(tmp_path):
    make(tmp_path / "library.sqlite3", "before")
    handler = ConnectionHandler(
        {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": tmp_path / "library.sqlite3"}}
    )
    yield handler
    handler["default"].close()


def said(handler):
    with handler["default"].cursor() as cursor:
        return cursor.execute("SELECT word FROM said").fetchone()[0]


def test_a_connection_stays_open_while_its_file_stays(handler):
    assert said(handler) == "before"
    kept = handler["default"].connection

    sqlite_file.close_replaced(handler=handler)

    assert handler["default"].connection is kept


def test_a_connection_reads_the_new_file_after_a_restore_has_replaced_it(handler, tmp_path):
    assert said(handler) == "before"
    make(tmp_path / "restored.sqlite3", "after")
    (tmp_path / "restored.sqlite3").replace(tmp_path / "library.sqlite3")
    assert said(handler) == "before"  # the kept connection alone would never know

    sqlite_file.close_replaced(handler=handler)

    assert said(handler) == "after"


def test_a_connection_is_not_closed_within_a_transaction(handler, tmp_path):
    said(handler)
    handler["default"].in_atomic_block = True
    (tmp_path / "library.sqlite3").unlink()

    sqlite_file.close_replaced(handler=handler)

    assert handler["default"].connection is not None
    handler["default"].in_atomic_block = False


def test_connections_are_kept_open_on_every_database():
    assert settings.DATABASES["default"]["CONN_MAX_AGE"] is None or settings.DATABASES["default"]["CONN_MAX_AGE"] > 0
    assert settings.DATABASES["default"]["CONN_HEALTH_CHECKS"]


def test_the_file_is_for_its_owner_only_as_soon_as_it_is_opened(handler, tmp_path):
    (tmp_path / "library.sqlite3").chmod(0o644)

    assert said(handler) == "before"
    assert (tmp_path / "library.sqlite3").stat().st_mode & 0o777 == 0o600
