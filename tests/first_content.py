"""The first content, published, and read through Django's client.

In: the prepared library. Out: fixtures for pytest, which `conftest` hands on. What a test changes is rolled back
after it.
"""

import pytest

from tests.prepared import FIXTURES, PUBLISHED_AT  # noqa: F401 - where the first content is from, and when it came

AMPS = "/api/v1/conditions/amplified-musculoskeletal-pain-syndrome/"


@pytest.fixture(scope="session")
def first_content(django_db_setup):
    """Release 1: the first content, published at `PUBLISHED_AT`. Whoever asks for this finds it in the database."""


@pytest.fixture
def read(first_content, db, client):
    """A function that reads an address of the published first content and returns the response."""

    def get(address: str, **headers):
        return client.get(address, headers={name.replace("_", "-"): value for name, value in headers.items()})

    return get
