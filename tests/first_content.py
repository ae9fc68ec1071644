"""The first content, published through the workflow once for a module of tests, and read through Django's client.

In: `fixtures/`. Out: fixtures for pytest, which `conftest` hands on. What a test changes is rolled back after it; the
library itself after the module.
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


@pytest.fixture(scope="module")
def first_content(django_db_setup, django_db_blocker):
    """Release 1: the first content, published at `PUBLISHED_AT`."""
    real_now = timezone.now
    with django_db_blocker.unblock(), transaction.atomic():
        timezone.now = lambda: PUBLISHED_AT
        try:
            call_command("publish_first_content", FIXTURES, stdout=io.StringIO())
        finally:
            timezone.now = real_now
        yield
        transaction.set_rollback(True)


@pytest.fixture
def read(first_content, db, client):
    """A function that reads an address of the published first content and returns the response."""

    def get(address: str, **headers):
        return client.get(address, headers={name.replace("_", "-"): value for name, value in headers.items()})

    return get
