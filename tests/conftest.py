"""What all tests share: the people, the first content, and a database as each test wants it.

In: the prepared libraries. Out: fixtures.
"""

import importlib
from dataclasses import dataclass
from pkgutil import iter_modules

import pytest
from django.contrib.auth.models import AbstractUser, Group, User
from django.core.cache import cache
from django.db import connection, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import TransactionTestCase

from content_app import migrations
from tests.browser import chromium  # noqa: F401 - a fixture
from tests.databases import Databases, Files, Templates
from tests.desk_browser import browser, desk, sit_down  # noqa: F401 - fixtures
from tests.first_content import first_content, read  # noqa: F401 - fixtures
from tests.live import live_library  # noqa: F401 - a fixture
from tests.prepared import EMPTY, FILLED
from tests.webhook_receiver import anywhere, authority, receiver, trusting  # noqa: F401 - fixtures

guards = importlib.import_module("content_app.migrations.0002_guards")
MIGRATIONS = [importlib.import_module(f"{migrations.__name__}.{one.name}") for one in iter_modules(migrations.__path__)]
EVERY_GUARD = dict(guard for one in MIGRATIONS for guard in getattr(one, "GUARDS", {}).items())


DATABASES = pytest.StashKey[Databases]()


def pytest_configure(config):
    config.stash[DATABASES] = Databases()


def pytest_collection_modifyitems(items):
    """In each file, the tests that want the first content come first."""
    files = {path: place for place, path in enumerate(dict.fromkeys(item.path for item in items))}
    items.sort(key=lambda item: (files[item.path], "first_content" not in item.fixturenames))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    """A test finds the first content if it wants it, and else an empty library."""
    item.config.stash[DATABASES].use(FILLED if "first_content" in item.fixturenames else EMPTY)


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
def django_db_setup(request, django_test_environment, tmp_path_factory):
    """Copies of the prepared libraries for this process."""
    process = getattr(request.config, "workerinput", {}).get("workerid", "main")
    sqlite = connection.vendor == "sqlite"
    copies = Files(tmp_path_factory.mktemp("database")) if sqlite else Templates(process)
    request.config.stash[DATABASES].open(copies)
    yield
    connections.close_all()


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
def a_new_copy_instead_of_the_flush(request):
    """Tests with `transaction=True` are followed by a new copy, as the guards would rightly refuse to empty tables."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda self: request.config.stash[DATABASES].renew())
        yield
