"""The sandbox: every state as promised, in the shapes of the real thing, and never among the real things."""

import json

import jsonschema
import pytest

from content_app.canonical import sha256_of
from content_app.delivery.sandbox import states
from content_app.models.publication import Document, IndexTerm
from tests.first_content import AMPS
from tests.golden_files import assert_golden
from tests.sandbox_documents import documents

REAL, ITEM = "/api/v1/concepts/cause-unknown/", "/sandbox/ordinary/"


@pytest.mark.parametrize("state", documents())
def test_its_documents_are_what_the_compiler_makes(state):
    assert_golden(states.DOCUMENTS / f"{state}.json", documents()[state])


@pytest.mark.parametrize("state", states.STATES, ids=lambda state: state.name)
def test_every_state_is_answered_as_the_index_says(client, state):
    assert client.get(state.href).status_code == state.status


def test_the_index_lists_all_and_says_that_they_are_invented(client):
    index = client.get("/sandbox/").json()
    assert [entry["name"] for entry in index["states"]] == [state.name for state in states.STATES]
    assert "Made up" in index["notice"]


def test_it_needs_no_library_and_no_database(client):
    assert client.get(ITEM).status_code == 200  # a test without `db` may not ask one


@pytest.mark.parametrize("state", ["ordinary", "overdue", "safety-notice"])
def test_items_have_the_shape_and_the_headers_of_real_ones(client, read, state):
    schemas = read("/openapi.json").json()
    shape = schemas["components"]["schemas"]["Concept"] | {"components": schemas["components"]}
    got, real = client.get(f"/sandbox/{state}/"), read(REAL)
    jsonschema.Draft202012Validator(shape, format_checker=jsonschema.FormatChecker()).validate(got.json())
    assert list(got.json()) == list(real.json())
    assert set(real.headers) - {"Link"} <= set(got.headers)  # which names the other forms: these have none


@pytest.mark.parametrize("state", documents())
def test_each_says_that_it_is_invented_and_its_hash_holds(state):
    document = json.loads(states.stored(state).body)
    assert document["name"].startswith("Sandbox: ")
    assert document["slug"].startswith("sandbox-")
    meta = document.pop("meta")
    assert sha256_of(document) == meta["sha256"]


def test_links_of_an_item_lead_somewhere(client):
    for state in ("ordinary", "overdue", "safety-notice"):
        document = client.get(f"/sandbox/{state}/").json()
        targets = [*document["links"].values(), *(source["href"] for source in document["sources"])]
        assert {client.get(target).status_code for target in targets} == {200}


class TestStates:
    def test_overdue(self, client):
        assert client.get("/sandbox/overdue/").json()["review"]["review_due_on"] == "2021-01-01"

    def test_safety_notice(self, client):
        response = client.get("/sandbox/safety-notice/")
        assert response["Cache-Control"] == "public, no-cache"
        assert response["Link"].startswith("</sandbox/safety-notice/?fields=notices>; rel=")
        assert client.get("/sandbox/safety-notice/?fields=notices").json()["notices"][0]["type"] == "safety"

    @pytest.mark.parametrize("reason", ["withdrawn", "replaced", "gone"])
    def test_withdrawn(self, client, reason):
        body = client.get(f"/sandbox/{reason}/").json()
        assert (body["reason"], body["type"]) == (reason, "/problems/withdrawn/")
        assert (body["replaced_by"]["href"] if reason == "replaced" else body.get("replaced_by")) in (ITEM, None)

    def test_moved(self, client):
        assert client.get("/sandbox/moved/?fields=summary")["Location"] == f"{ITEM}?fields=summary"

    def test_too_many_requests(self, client):
        response = client.get("/sandbox/too-many-requests/")
        assert (response["Retry-After"], response["RateLimit"]) == ("5", '"sandbox";r=0;t=5')
        assert response.json()["violated-policies"] == ["sandbox"]

    def test_unavailable(self, client):
        response = client.get("/sandbox/unavailable/")
        assert (response["Retry-After"], response["Cache-Control"]) == ("10", "no-store")

    def test_304(self, client):
        assert client.get(ITEM, headers={"if-none-match": client.get(ITEM)["ETag"]}).status_code == 304

    @pytest.mark.parametrize(
        ("address", "status"),
        [
            ("/sandbox/nothing/", 404),
            (f"{ITEM}?release=1", 400),
            (f"{ITEM}?fields=nothing", 400),
            (f"{ITEM}?lang=de", 400),
        ],
    )
    def test_mistakes_are_told_as_everywhere(self, client, address, status):
        response = client.get(address)
        assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json")

    def test_fields_and_audience_are_chosen_as_of_real_items(self, client):
        chosen = client.get(f"{ITEM}?fields=summary&audience=plain").json()
        assert "clinical" not in chosen["summary"]
        assert "notices" in chosen


class TestNeverAmongTheRealThings:
    def test_no_table_knows_of_it(self, first_content, db):
        assert not Document.objects.filter(slug__startswith="sandbox").exists()
        assert not IndexTerm.objects.filter(value__contains="sandbox").exists()

    @pytest.mark.parametrize(
        "address",
        [
            "/api/v1/concepts/?page_size=100",
            "/api/v1/changes/?page_size=100",
            "/api/v1/releases/1/",
            "/feeds/changes.atom",
        ],
    )
    def test_nothing_that_lists_names_it(self, read, address):
        assert b"andbox-" not in read(address).content

    def test_search_finds_none(self, read):
        assert read("/api/v1/search/?q=sandbox").json()["results"] == []

    def test_it_has_no_address_among_items(self, read):
        item = json.loads(states.stored("ordinary").body)["id"]
        assert read(f"/api/v1/items/{item}/").status_code == 404
        assert read("/api/v1/concepts/sandbox-ordinary/").status_code == 404
        assert AMPS not in read("/sandbox/").content.decode()
