"""Signs people in at the desk by its form, as a browser would.

In: Django's test client. Out: functions, and a fixture for pytest, which `conftest` hands on.
"""

import pytest
from django.contrib.auth.models import User
from django.test import Client

PASSWORD, OTHER = "a long pass phrase", "another long pass phrase"
SIGN_IN, PASSWORD_PAGE = "/account/login/", "/account/password/"


@pytest.fixture
def author(people) -> User:
    """An author who may sign in to the desk."""
    people.author.is_staff = True
    people.author.set_password(PASSWORD)
    people.author.save()
    return people.author


def sign_in(client: Client, name: str = "the-author", password: str = PASSWORD, **more):
    return client.post(SIGN_IN, {"login": name, "password": password} | more)


def is_in(client: Client) -> bool:
    return client.get("/admin/").status_code == 200
