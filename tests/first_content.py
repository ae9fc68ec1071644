"""The first content, published through the workflow for tests in a row, and read through Django's client.

In: `fixtures/`. Out: fixtures for pytest, which `conftest` hands on. What a test changes is rolled back after it; the
library itself before the next test that does not want it.
"""

import datetime
import io
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

FIXTURES = Path(__file__).parent.parent / "fixtures"
PUBLISHED_AT = datetime.datetime(2026, 11, 2, 9, 0, tzinfo=datetime.UTC)
AMPS = "/api/v1/conditions/amplified-musculoskeletal-pain-syndrome/"


class Shared:
    """The transaction in which the first content is published, open as long as tests in a row want it."""

    def __init__(self, blocker):
        self.blocker = blocker
        self.transaction = None

    def open(self):
        if self.transaction is not None:
            return
        real_now = timezone.now
        self.transaction = transaction.atomic()
        with self.blocker.unblock():
            self.transaction.__enter__()
            timezone.now = lambda: PUBLISHED_AT
            try:
                call_command("publish_first_content", FIXTURES, stdout=io.StringIO())
            finally:
                timezone.now = real_now

    def close(self):
        if self.transaction is None:
            return
        with self.blocker.unblock():
            transaction.set_rollback(True)
            self.transaction.__exit__(None, None, None)
        self.transaction = None


@pytest.fixture(scope="session", autouse=True)
def shared_first_content(request):
    """Whoever wants the first content next to somebody who wants it too finds it published already."""
    if not any("first_content" in item.fixturenames for item in request.session.items):
        yield None
        return
    request.getfixturevalue("django_db_setup")
    request.config.shared_first_content = shared = Shared(request.getfixturevalue("django_db_blocker"))
    yield shared
    shared.close()


@pytest.fixture(scope="module")
def first_content(shared_first_content):
    """Release 1: the first content, published at `PUBLISHED_AT`."""
    shared_first_content.open()


@pytest.fixture
def read(first_content, db, client):
    """A function that reads an address of the published first content and returns the response."""

    def get(address: str, **headers):
        return client.get(address, headers={name.replace("_", "-"): value for name, value in headers.items()})

    return get
