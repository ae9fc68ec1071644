"""Libraries to search: the first content, and a made-up one of three releases, each indexed as publishing does.

In: nothing. Out: fixtures, and functions that ask and shorten answers.
"""

import json
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from bench.search_corpus import documents, publish
from content_app.delivery.search import finding
from content_app.publication.index import engines, frequent, indexing

SIZE = 150


@pytest.fixture
def search(first_content, db, client):
    """A function that searches the first content and returns the answer, parsed."""
    return lambda q, **more: ask(client, q, **more)


@pytest.fixture
def suggest(first_content, db, client):
    return lambda q, **more: ask(client, q, "suggest", **more)


@pytest.fixture(scope="module")
def made_up(django_db_setup, django_db_blocker):
    """Three releases of made-up documents. Bounds are small, so that common words and blocks matter."""
    patch = pytest.MonkeyPatch()
    for module, name, value in (
        (frequent, "COMMON", 20), (frequent, "KEPT", 35), (frequent, "LONGEST", 50), (finding, "MOST", 30),
        (engines, "BLOCK", 4), (engines, "FIRST_BLOCKS", 2), (indexing, "CHUNK", 40),
    ):  # fmt: skip
        patch.setattr(module, name, value)
    with django_db_blocker.unblock(), transaction.atomic():
        for batch, withdrawn in releases():
            indexing.index_release(publish(batch, withdrawn).number)
        yield
        transaction.set_rollback(True)
    patch.undo()


def releases() -> list[tuple[list[dict[str, Any]], tuple[str, ...]]]:
    """Release 1 has two thirds, 2 the rest, 3 other texts for every tenth, and withdraws five."""
    made = list(documents(SIZE))
    others = list(documents(SIZE, seed=2))
    changed = [
        others[n] | {key: made[n][key] for key in ("id", "slug", "kind", "links")}
        for n in range(0, SIZE, 10)
        if others[n]["kind"] == made[n]["kind"]
    ]
    third = SIZE * 2 // 3
    return [(made[:third], ()), (made[third:], ()), (changed, tuple(made[n]["id"] for n in range(1, 50, 10)))]


@pytest.fixture
def search_made_up(made_up, db, client):
    return lambda q, **more: ask(client, q, **more)


def ask(client: Client, q: str, where: str = "search", **more) -> dict[str, Any]:
    response = client.get(f"/api/v1/{where}/", {"q": q, **more})
    return json.loads(response.content) | {"http": response.status_code}


def slugs(answer: dict[str, Any]) -> list[str]:
    return [hit["item"]["slug"] for hit in answer["results"]]


def shown(hit: dict[str, Any]) -> str:
    """The excerpt with square brackets around what matched."""
    return "".join(f"[{p['text']}]" if p["is_match"] else p["text"] for p in hit["match"]["excerpt"])
