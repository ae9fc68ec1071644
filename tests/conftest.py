"""What all tests share: the people, the first content, and a database that can be emptied.

In: nothing. Out: fixtures. On SQLite the test database is a file, as in production, so that threads and processes
can meet in it.
"""

import importlib
from dataclasses import dataclass
from pkgutil import iter_modules

import pytest
from django.apps import apps
from django.contrib.auth.models import AbstractUser, Group, User
from django.core.cache import cache
from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import TransactionTestCase

from content_app import migrations
from content_app.editorial import roles
from tests.browser import chromium  # noqa: F401 - a fixture
from tests.desk_browser import browser, desk, sit_down  # noqa: F401 - fixtures
from tests.first_content import first_content, read, shared_first_content  # noqa: F401 - fixtures
from tests.live import live_library  # noqa: F401 - a fixture
from tests.webhook_receiver import anywhere, authority, receiver, trusting  # noqa: F401 - fixtures

guards = importlib.import_module("content_app.migrations.0002_guards")
MIGRATIONS = [importlib.import_module(f"{migrations.__name__}.{one.name}") for one in iter_modules(migrations.__path__)]
EVERY_GUARD = dict(guard for one in MIGRATIONS for guard in getattr(one, "GUARDS", {}).items())
first_rows = importlib.import_module("content_app.migrations.0003_groups_and_library")


def pytest_collection_modifyitems(items):
    """Tests that want the first content come one after the other."""
    items.sort(key=lambda item: "first_content" not in item.fixturenames)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    """A test that does not want the first content does not find it."""
    shared = getattr(item.config, "shared_first_content", None)
    if shared and "first_content" not in item.fixturenames:
        shared.close()


@dataclass(frozen=True)
class People:
    """The cast: one person in each role, a second author, a superuser, and somebody without any role."""

    author: AbstractUser
    second_author: AbstractUser
    reviewer: AbstractUser
    publisher: AbstractUser
    superuser: AbstractUser
    nobody: AbstractUser


@pytest.fixture
def people(db) -> People:
    """Everybody, each in their group."""
    return gathered()


def gathered() -> People:
    cast = {name: User.objects.create_user(f"the-{name}") for name in People.__dataclass_fields__}
    for name in ("author", "second_author", "reviewer", "publisher"):
        cast[name].groups.add(Group.objects.get(name=name.split("_")[-1].title()))
    User.objects.filter(pk=cast["superuser"].pk).update(is_superuser=True, is_staff=True)
    cast["superuser"].refresh_from_db()
    return People(**cast)


@pytest.fixture(scope="module")
def library_of_a_module(django_db_setup, django_db_blocker):
    """The people, in a transaction that is rolled back after the module: for what many tests only look at."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield gathered()
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def quick_settings(settings):
    """No manifest of static files, as nothing collects them, passwords hashed without effort, limits far away."""
    settings.LIMIT_ANONYMOUS = settings.LIMIT_KEYED = 1_000_000
    cache.clear()
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix, tmp_path_factory):
    """A file for SQLite, as threads that share a database in memory do not lock as they do in production."""
    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = str(tmp_path_factory.mktemp("database") / "test.sqlite3")


@pytest.fixture(autouse=True, scope="session")
def requests_leave_the_connection_open():
    """A request through the bare WSGI application is part of the test's transaction, as with Django's own client."""
    close = BaseDatabaseWrapper.close_if_unusable_or_obsolete

    def close_outside_of_tests(self):
        if not self.in_atomic_block:
            close(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseDatabaseWrapper, "close_if_unusable_or_obsolete", close_outside_of_tests)
        yield


@pytest.fixture(autouse=True, scope="session")
def guards_step_aside_for_the_flush():
    """Tests with `transaction=True` empty the database afterwards, which the guards would rightly refuse.

    So they are dropped before and created after, and the rows that migrations made are made again.
    """
    flush = TransactionTestCase._fixture_teardown

    def flush_without_guards(self):
        guards.drop_guards(connection, EVERY_GUARD)
        flush(self)
        guards.create_guards(connection, EVERY_GUARD)
        first_rows.create_roles(apps, None)
        roles.grant()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", flush_without_guards)
        yield
