"""What all tests share: the people, the first content, and a database as each test wants it.

In: the prepared libraries. Out: fixtures.
"""

import gc
from contextlib import ExitStack
from dataclasses import dataclass

import pytest
from django.conf import settings
from django.contrib.auth.models import AbstractUser, Group, User
from django.core.cache import cache
from django.db import connection, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.template import Template
from django.test import TransactionTestCase, override_settings
from hypothesis import is_hypothesis_test
from hypothesis import settings as hypothesis_settings

from content_app.delivery.gate import quotas
from content_app.delivery.gate.machine_counts import MachineCounts
from tests.databases import Databases, Files, Templates
from tests.prepared import EMPTY, FILLED
from tests.width import SCALE, THOROUGH, examples

# Modules whose fixtures every test may ask for.
pytest_plugins = [
    f"tests.{name}"
    for name in (
        "chromium", "desk_browser", "fhir_client", "first_content", "linked_data", "live", "search_library", "shelf",
        "sign_in", "webhook_receiver",
    )
]  # fmt: skip
DATABASES = pytest.StashKey[Databases]()
# No example has a deadline: on a busy machine a correct one may take long.
hypothesis_settings.register_profile("busy", deadline=None, max_examples=examples(30, 150))
hypothesis_settings.load_profile("busy")
OPEN = pytest.StashKey[ExitStack]()  # the transaction in which a module keeps its library


def pytest_configure(config):
    config.stash[DATABASES] = Databases()


def pytest_make_parametrize_id(config, val, argname):
    """Bytes that are no text are called by their argument and, where there are several, by their place.

    All workers must collect the same names, and what is in such bytes may differ: gzip writes the time into its own.
    """
    return argname if isinstance(val, bytes) and not (val.isascii() and val.decode().isprintable()) else None


def pytest_ignore_collect(collection_path, config):
    """Where only tests with one marker are asked for, a file that does not have it is not read."""
    marker = config.option.markexpr.partition(" ")[0]
    if marker == "both_databases" and collection_path.name.startswith("test_"):
        return marker not in collection_path.read_text(encoding="utf-8") or None
    return None


def pytest_itemcollected(item):
    """Where Hypothesis makes up examples, it makes up more in `make test-thorough`."""
    if is_hypothesis_test(getattr(item, "obj", None)):
        item.add_marker("widens")


def pytest_collection_modifyitems(config, items):
    """In each file, the tests that share a library come first. Some run only in `make test-thorough`."""
    files = {path: place for place, path in enumerate(dict.fromkeys(item.path for item in items))}
    shared = ("first_content", "library_of_a_module")
    items.sort(key=lambda item: (files[item.path], *(name not in item.fixturenames for name in shared)))
    others = [name for name, is_wanted in (("thorough", THOROUGH), ("scale", SCALE)) if not is_wanted]
    left_out = [item for item in items if any(map(item.get_closest_marker, others))]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in set(left_out)]


def pytest_collection_finish():
    """What was imported stays: looking through it for garbage, again and again, took an eighth of the time of tests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 100)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    """A test finds the first content or the library of its module if it wants it, and else an empty library."""
    if OPEN in item.config.stash and "library_of_a_module" not in item.fixturenames:
        item.config.stash[OPEN].close()
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
def people(request, db) -> People:
    """Everybody, each in their group: those of the library of the module, if the test wants one."""
    if "library_of_a_module" not in request.fixturenames:
        return gathered()
    everybody = {person.username: person for person in User.objects.all()}  # anew: a person remembers what they may
    return People(**{name: everybody[f"the-{name}"] for name in People.__dataclass_fields__})


def gathered() -> People:
    """Everybody in three statements, as a thousand tests ask for them."""
    cast = {name: User(username=f"the-{name}") for name in People.__dataclass_fields__}
    cast["superuser"].is_superuser = cast["superuser"].is_staff = True
    for person in cast.values():
        person.set_unusable_password()
    User.objects.bulk_create(cast.values())
    groups = {group.name.lower(): group for group in Group.objects.all()}
    members = [(cast[name], name.split("_")[-1]) for name in ("author", "second_author", "reviewer", "publisher")]
    Membership = User.groups.through
    Membership.objects.bulk_create(Membership(user=person, group=groups[role]) for person, role in members)
    return People(**cast)


@pytest.fixture(scope="module")
def library_of_a_module(request, django_db_setup, django_db_blocker):
    """The people, in a transaction that many tests look at, and that is rolled back before one that does not want it.

    A fixture of the module publishes in it what those tests share. What a test adds by itself is rolled back after it,
    if it asks for `db`.
    """
    with ExitStack() as stack:
        stack.enter_context(django_db_blocker.unblock())
        stack.enter_context(transaction.atomic())
        stack.callback(transaction.set_rollback, True)
        request.config.stash[OPEN] = stack
        yield gathered()


@pytest.fixture(autouse=True, scope="session")
def quick_settings(tmp_path_factory):
    """Passwords hashed without effort, limits far away, and no collected static files.

    Those of a run in this checkout would be listed again for every client of a test, which takes a tenth of a second.
    """
    with override_settings(
        STATIC_ROOT=tmp_path_factory.mktemp("static"),
        LIMIT_ANONYMOUS=1_000_000,
        LIMIT_KEYED=1_000_000,
        CACHES={"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
        STORAGES=settings.STORAGES
        | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}},
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    ):
        yield


@pytest.fixture(autouse=True, scope="session")
def widgets_are_drawn_without_a_note(django_test_environment):
    """Django notes each template that is drawn, for tests to look at: for widgets, an eighth of the time of a page."""
    noted = Template._render

    def draw(self, context):
        is_widget = (self.name or "").startswith("django/forms/")
        return self.nodelist.render(context) if is_widget else noted(self, context)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Template, "_render", draw)
        yield


@pytest.fixture(autouse=True)
def nothing_cached():
    cache.clear()


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
def counted_in_this_process_alone():
    """Requests of tests that run beside each other are not added up."""
    with pytest.MonkeyPatch.context() as patch:
        own = MachineCounts(None)
        patch.setattr(quotas, "own", lambda: own)
        yield


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
