"""Every version that an item has had, from outside."""

import pytest

from content_app.models.publication import Document
from tests.library import condition, public, uuid_of
from tests.shelf import saying

FIRST = uuid_of("condition", "first")
ADDRESS = f"/api/v1/items/{FIRST}/versions/"
FIELDS = [
    "version", "release", "published_at", "superseded_in", "name", "slug", "sha256", "significance", "change_note",
    "withdrawn", "reason", "href", "compare",
]  # fmt: skip


@pytest.fixture(scope="module")
def published(shelf_of_a_module):
    shelf = shelf_of_a_module
    shelf.publish(saying("first", "It hurts."))
    shelf.publish(saying("other", "It is another."))
    shelf.publish(saying("first", "It hurts a lot."), significance="safety", change_note="How much it hurts.")
    shelf.withdraw(condition("first"))
    return shelf


@pytest.fixture
def history(published, db):
    return published


def test_versions_come_newest_first_with_what_changed(history, client):
    results = client.get(ADDRESS).json()["results"]
    assert [list(entry) for entry in results] == [FIELDS] * 3
    told = [(e["version"], e["release"], e["superseded_in"], e["significance"], e["withdrawn"]) for e in results]
    assert told == [
        (3, 4, None, "substantive", True),
        (2, 3, 4, "safety", False),
        (1, 1, 3, "substantive", False),
    ]
    assert results[1]["change_note"] == "How much it hurts."
    assert results[0]["reason"] == "withdrawn"


def test_each_version_can_be_read_for_ever(history, client):
    for entry in client.get(ADDRESS).json()["results"]:
        response = client.get(entry["href"])
        assert response.status_code == (410 if entry["withdrawn"] else 200)
        assert response.json()["meta"]["sha256"] == entry["sha256"]


def test_each_change_leads_to_its_comparison(history, client):
    entries = client.get(ADDRESS).json()["results"]
    assert entries[-1]["compare"] is None
    changes = client.get(entries[1]["compare"]).json()["results"]
    assert [change["id"] for change in changes] == [FIRST]


def test_a_past_release_knows_nothing_of_what_came_later(history, client):
    before = client.get(ADDRESS, {"release": 3})
    assert [entry["superseded_in"] for entry in before.json()["results"]] == [None, 3]
    assert "immutable" in before["Cache-Control"]
    assert client.get(ADDRESS, {"release": 1}).json()["results"][0]["superseded_in"] is None


def test_versions_are_paged_in_one_release(history, client):
    first = client.get(ADDRESS, {"page_size": 2}).json()
    history.publish(saying("first", "It is back."))
    second = client.get(first["next"]).json()
    assert [e["version"] for e in first["results"] + second["results"]] == [3, 2, 1]
    assert second["next"] is None


def test_a_cursor_of_another_item_is_refused(history, client):
    address = client.get(ADDRESS, {"page_size": 1}).json()["next"]
    response = client.get(address.replace(FIRST, uuid_of("condition", "other")))
    assert response.status_code == 400


def test_an_unknown_item_a_source_and_a_strange_parameter_are_problems(history, client):
    source = Document.objects.filter(kind="source").first().item_uuid
    assert client.get(f"/api/v1/items/{source}/versions/").status_code == 404
    assert client.get(f"/api/v1/items/{uuid_of('nothing')}/versions/").status_code == 404
    assert client.get(ADDRESS, {"pagesize": 2}).json()["errors"][0]["parameter"] == "pagesize"
    assert client.get(ADDRESS, {"release": 9}).status_code == 404


def test_the_queries_do_not_grow_with_the_versions(history, client, django_assert_num_queries):
    with django_assert_num_queries(2):
        client.get(ADDRESS)
    assert public(condition("first")).version == 3


def test_a_client_that_has_it_gets_304(history, client):
    tag = client.get(ADDRESS)["ETag"]
    assert client.get(ADDRESS, headers={"If-None-Match": tag}).status_code == 304
