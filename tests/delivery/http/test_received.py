"""What clients send is brought into one form: bodies without a length, packed bodies, queries with invisible marks."""

import gzip
import io
import json

import pytest
from django.http import QueryDict

from content_app.delivery.http.received import NotReceived, as_seen, body_of
from tests.library import uuid_of

MOST = 1_000
JSON, FHIR_JSON = "application/json", "application/fhir+json"
CHECK = json.dumps({"items": [{"id": uuid_of("condition", "x"), "version": 1}]})
EXPAND = json.dumps({"resourceType": "Parameters", "parameter": [{"name": "filter", "valueString": "juvenile"}]})
HOOK = json.dumps({"hook": "patient-view", "hookInstance": uuid_of("hook"), "context": {}})
QUESTION = "mainSearchCriteria.v.dn=Fibromyalgia&knowledgeResponseType=application/json"
# Every door that reads a body: its address, a body, and the type of that body.
DOORS = [
    ("/api/v1/check/", CHECK, JSON),
    ("/fhir/ValueSet/conditions/$expand", EXPAND, FHIR_JSON),
    ("/cds-services/amps-patient-view", HOOK, JSON),
    ("/infobutton", QUESTION, "application/x-www-form-urlencoded"),
]


class Endless(io.RawIOBase):
    """A stream that never ends; how much is read of it is counted."""

    given = 0

    def read(self, size: int = -1) -> bytes:
        assert 0 < size <= MOST + 1
        self.given += size
        return b"x" * size


def told(response):
    data = response.json()
    for changing in ("timestamp", "identifier"):
        data.get("expansion", {}).pop(changing, None)
    data.get("feed", {}).pop("link", None)
    return response.status_code, data


@pytest.mark.parametrize(("address", "body", "kind"), DOORS)
def test_a_packed_body_is_answered_like_a_plain_one_at_every_door(client, db, first_content, address, body, kind):
    plain = client.post(address, body, content_type=kind)
    packed = client.post(
        address, gzip.compress(body.encode(), mtime=0), content_type=kind, HTTP_CONTENT_ENCODING="gzip"
    )
    assert told(packed) == told(plain)


@pytest.mark.parametrize(("address", "body", "kind"), DOORS)
def test_a_body_without_a_length_is_answered_like_one_with_it(client, db, first_content, address, body, kind):
    plain = client.post(address, body, content_type=kind)
    chunks = {"wsgi.input": io.BytesIO(body.encode()), "wsgi.input_terminated": True, "CONTENT_LENGTH": ""}
    chunked = client.generic("POST", address, CONTENT_TYPE=kind, HTTP_TRANSFER_ENCODING="chunked", **chunks)
    assert told(chunked) == told(plain)


@pytest.mark.parametrize(("address", "body", "kind"), DOORS)
def test_a_server_that_cannot_tell_where_a_body_ends_asks_for_its_length(
    client, db, first_content, address, body, kind
):
    response = client.generic("POST", address, body, content_type=kind, HTTP_TRANSFER_ENCODING="chunked")
    assert response.status_code == 411


@pytest.mark.parametrize(("address", "body", "kind"), DOORS)
def test_a_coding_that_is_not_read_is_refused_with_the_one_that_is(client, db, first_content, address, body, kind):
    response = client.post(address, body, content_type=kind, HTTP_CONTENT_ENCODING="br")
    assert (response.status_code, response["Accept-Encoding"]) == (415, "gzip")


def test_a_bomb_is_unpacked_only_as_far_as_bodies_go():
    with pytest.raises(NotReceived, match="more than 1000 bytes"):
        body_of(io.BytesIO(gzip.compress(b"0" * 50_000, mtime=0)), "gzip", MOST)


def test_no_more_is_read_than_bodies_may_have():
    stream = Endless()
    with pytest.raises(NotReceived, match="more than 1000 bytes"):
        body_of(stream, "", MOST)
    assert stream.given == MOST + 1


@pytest.mark.parametrize("body", [b"{}", gzip.compress(b"{}", mtime=0)[:-4], gzip.compress(b"{}", mtime=0) + b"rest"])
def test_what_is_not_whole_gzip_is_refused(body):
    with pytest.raises(NotReceived) as refused:
        body_of(io.BytesIO(body), "gzip", MOST)
    assert refused.value.slug == "bad-request"


def test_gzip_in_several_members_is_read_to_its_end():
    assert body_of(io.BytesIO(gzip.compress(b"ab", mtime=0) + gzip.compress(b"cd", mtime=0)), "GZIP", MOST) == b"abcd"


@pytest.mark.parametrize(
    ("sent", "seen"),
    [("fibro\u200bmyalgia", "fibromyalgia"), ("\ufeffpain", "pain"), ("Sjo\u0308gren", "Sj\u00f6gren"), ("a b", "a b")],
)
def test_values_of_queries_are_tidied_as_stored_texts_are(sent, seen):
    query = QueryDict(mutable=True)
    query["q"] = sent
    assert as_seen(query)["q"] == seen


@pytest.mark.parametrize("address", ["/api/v1/search/", "/api/v1/suggest/", "/library/search/"])
def test_an_invisible_character_changes_no_answer(client, db, first_content, address):
    clean, marked = (client.get(address, {"q": q}) for q in ("fibromyalgia", "fibro\u2060myal\u00adgia"))
    assert marked.status_code == 200
    if address.startswith("/api"):
        assert marked.json()["results"] == clean.json()["results"] != []


def test_the_name_of_a_parameter_is_not_tidied(client, db, first_content):
    assert client.get("/api/v1/search/", {"q\u200b": "pain"}).status_code == 400


def test_a_character_that_is_not_allowed_stays_refused(client, db, first_content):
    assert client.get("/api/v1/search/", {"q": "pain\x00"}).status_code == 400
