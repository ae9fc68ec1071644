"""One document in several representations: chosen by `Accept` or by address, each with its own tag."""

import gzip
import json
from pathlib import Path

import pytest
from rdflib import Graph

from content_app.delivery.linked_data.words import OWN_WORDS
from content_app.delivery.openapi import schema
from content_app.delivery.representations.table import BY_SUFFIX, REPRESENTATIONS
from tests.first_content import AMPS
from tests.golden_files import assert_golden
from tests.library import condition
from tests.shelf import saying

FIBROMYALGIA = "/api/v1/conditions/fibromyalgia/"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
MEDIA_TYPES = [representation.media_type for representation in REPRESENTATIONS]
DERIVED = MEDIA_TYPES[1:]
ALL_KINDS = [
    AMPS, "/api/v1/concepts/cause-unknown/", "/api/v1/symptom-types/skin-cold/",
    "/api/v1/examples/loudspeaker-volume/", "/api/v1/sources/what-is-amps/",
]  # fmt: skip


def essence(response) -> str:
    return response["Content-Type"].partition(";")[0]


@pytest.mark.parametrize("media_type", MEDIA_TYPES)
@pytest.mark.parametrize("address", ALL_KINDS)
def test_every_document_answers_in_every_type(read, address, media_type):
    response = read(address, accept=media_type)
    assert (response.status_code, essence(response)) == (200, media_type)
    assert "Accept" in response["Vary"]
    assert response["Content-Release"] == "1"


@pytest.mark.parametrize(("accept", "media_type"), [("*/*", "application/json"), (BROWSER, "text/html")])
def test_a_program_gets_json_and_a_browser_the_page(read, accept, media_type):
    assert essence(read(FIBROMYALGIA, accept=accept)) == media_type
    identifier = read(FIBROMYALGIA).json()["links"]["item"]
    assert essence(read(identifier, accept=accept)) == media_type


@pytest.mark.parametrize("representation", REPRESENTATIONS, ids=lambda each: each.suffix)
def test_each_has_an_address_of_its_own_with_the_same_bytes(read, representation):
    own = read(f"/api/v1/conditions/fibromyalgia.{representation.suffix}")
    negotiated = read(FIBROMYALGIA, accept=representation.media_type)
    assert (own.content, own["ETag"], essence(own)) == (
        negotiated.content,
        negotiated["ETag"],
        representation.media_type,
    )
    opened = read(f"/api/v1/conditions/fibromyalgia.{representation.suffix}", accept=BROWSER)
    assert opened.content == own.content


def test_every_type_has_its_own_tag(read):
    tags = {read(FIBROMYALGIA, accept=media_type)["ETag"] for media_type in MEDIA_TYPES}
    assert len(tags) == len(MEDIA_TYPES)
    assert all(tag.startswith('"') for tag in tags)


@pytest.mark.parametrize("media_type", MEDIA_TYPES)
def test_what_is_held_is_not_sent_again_and_a_tag_of_another_type_holds_nothing(read, media_type):
    tag = read(FIBROMYALGIA, accept=media_type)["ETag"]
    held = read(FIBROMYALGIA, accept=media_type, if_none_match=tag)
    assert (held.status_code, held.content, held["ETag"]) == (304, b"", tag)
    assert "Accept" in held["Vary"]
    other = next(each for each in MEDIA_TYPES if each != media_type)
    assert read(FIBROMYALGIA, accept=other, if_none_match=tag).status_code == 200


@pytest.mark.parametrize("media_type", MEDIA_TYPES)
def test_head_says_what_get_would(client, read, media_type):
    got = read(FIBROMYALGIA, accept=media_type)
    head = client.head(FIBROMYALGIA, headers={"accept": media_type})
    names = ("ETag", "Content-Type", "Content-Length", "Cache-Control", "Vary", "Link", "Last-Modified")
    assert {name: head[name] for name in names} == {name: got[name] for name in names}
    assert head.content == b""


def test_the_link_header_names_all_others_and_they_are_there(read):
    response = read(f"{FIBROMYALGIA}?release=1", accept="text/turtle")
    alternates = {
        link.partition("; ")[0].strip(" <>"): link.rpartition("type=")[2].strip('"')
        for link in response["Link"].split(", ")
        if 'rel="alternate"' in link
    }
    assert set(alternates.values()) == set(MEDIA_TYPES) - {"text/turtle"}
    for address, media_type in alternates.items():
        assert address.endswith("?release=1")
        assert essence(read(address)) == media_type


@pytest.mark.parametrize("media_type", ["application/json", "application/ld+json", "text/turtle"])
def test_data_of_a_named_release_is_kept_for_ever(read, media_type):
    response = read(f"{FIBROMYALGIA}?release=1", accept=media_type)
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "max-age=300," in read("/api/v1/concepts/arm/", accept=media_type)["Cache-Control"]


def test_a_better_way_of_showing_a_named_release_reaches_readers(read):
    assert "immutable" not in read(f"{FIBROMYALGIA}?release=1", accept="text/html")["Cache-Control"]


def test_what_is_not_there_is_refused_with_what_is(read):
    response = read(FIBROMYALGIA, accept="image/png")
    assert (response.status_code, response.json()["available"]) == (406, MEDIA_TYPES)


@pytest.mark.parametrize("suffix", ["html", "jsonld", "md", "ttl"])
def test_an_address_that_names_a_form_answers_in_it_whatever_is_accepted(read, suffix):
    response = read(f"/api/v1/conditions/fibromyalgia.{suffix}", accept="application/json")
    assert response.status_code == 200
    assert response["Content-Type"].partition(";")[0] == BY_SUFFIX[suffix].media_type


def test_what_is_chosen_of_a_document_is_there_in_json(read):
    chosen = f"{FIBROMYALGIA}?fields=name"
    assert read(chosen, accept=BROWSER).json()["name"] == "Fibromyalgia"
    assert read(chosen, accept="text/turtle").json()["available"] == ["application/json"]
    response = read("/api/v1/conditions/fibromyalgia.ttl?fields=name")
    assert (response.status_code, response.json()["errors"][0]["parameter"]) == (400, "fields")


@pytest.mark.parametrize("media_type", ["text/html", "text/markdown"])
@pytest.mark.parametrize(("audience", "other"), [("plain", "clinical"), ("clinical", "plain")])
def test_a_page_for_one_audience_has_the_texts_for_it(read, media_type, audience, other):
    text = read(f"{FIBROMYALGIA}?audience={audience}", accept=media_type).content.decode()
    text = text.partition("<body")[2] or text  # the data in the head of the page is that of the whole item
    statement = read(FIBROMYALGIA).json()["statements"][0]
    assert statement[audience].split(",")[0] in text
    assert statement[other] not in text


@pytest.mark.parametrize("media_type", DERIVED)
def test_an_audience_that_is_none_is_refused(read, media_type):
    answer = read(f"{FIBROMYALGIA}?audience=nobody", accept=f"{media_type}, */*;q=0.1")
    assert answer.status_code == 400


@pytest.mark.parametrize("media_type", DERIVED)
def test_an_abbreviation_leads_to_the_same_type(read, media_type):
    response = read("/api/v1/conditions/AMPS/", accept=media_type)
    assert (response.status_code, response["Location"]) == (308, AMPS)
    response = read("/api/v1/conditions/AMPS.ttl?release=1")
    assert response["Location"] == f"{AMPS[:-1]}.ttl?release=1"


@pytest.mark.parametrize("address", ["nothing.ttl", "fibromyalgia.pdf", "amps.ttl.ttl", ".ttl", "a%00b.ttl", "x."])
def test_what_was_never_there_is_404(read, address):
    assert read(f"/api/v1/conditions/{address}").status_code == 404
    assert read(f"/api/v1/conditions/{address}/").status_code == 404


def test_a_form_that_there_is_not_is_told_with_those_there_are(read):
    assert ".json, .html, .jsonld, .md, .ttl" in read("/api/v1/conditions/fibromyalgia.pdf").json()["detail"]


def test_a_problem_is_a_page_for_a_browser_and_json_for_a_program(read):
    for address in (f"{FIBROMYALGIA}?relese=1", "/api/v1/conditions/nothing/", "/api/v1/concepts/?topic=x"):
        assert essence(read(address, accept=BROWSER)) == "text/html"
        assert essence(read(address, accept="application/json, text/html;q=0.9")) == "application/problem+json"
        assert essence(read(address, accept="image/png")) == "application/problem+json"


@pytest.mark.parametrize("media_type", MEDIA_TYPES)
def test_a_withdrawn_item_is_gone_in_every_type(shelf, client, media_type):
    shelf.publish(saying("first", "One."))
    shelf.withdraw(condition("first"))
    response = client.get("/api/v1/conditions/first/", headers={"accept": media_type})
    assert response.status_code == 410
    assert essence(response) == ("text/html" if media_type == "text/html" else "application/problem+json")
    assert b"Taken back." in response.content
    assert client.get("/api/v1/conditions/first/?release=1", headers={"accept": media_type}).status_code == 200


@pytest.mark.parametrize("media_type", MEDIA_TYPES)
def test_what_is_stored_costs_two_queries_and_what_is_derived_one_or_two_more(
    read, django_assert_num_queries, media_type
):
    """What is derived also says what other documents say of this one; what is for reading leads to examples."""
    costs = {"application/json": 2, "text/html": 4, "text/markdown": 4}
    with django_assert_num_queries(costs.get(media_type, 3)):
        read(FIBROMYALGIA, accept=media_type)


def test_every_type_names_the_version_and_its_hash(read):
    meta = read(FIBROMYALGIA).json()["meta"]
    for media_type in MEDIA_TYPES:
        assert meta["sha256"] in read(FIBROMYALGIA, accept=media_type).content.decode()


def test_the_json_ld_in_the_page_is_that_of_the_item(read):
    page = read(FIBROMYALGIA, accept="text/html").content.decode()
    block = page.partition('<script type="application/ld+json">')[2].partition("</script>")[0]
    embedded, own = json.loads(block), read(FIBROMYALGIA, accept="application/ld+json").json()
    assert {**embedded, "@context": None} == {**own, "@context": None}


@pytest.mark.parametrize("address", ["/api/v1/library.ttl", "/api/v1/mappings.sssom.tsv"])
def test_the_whole_library_is_kept_by_caches_and_asked_for_by_release(read, client, address):
    first = read(address)
    assert first.status_code == 200
    text = b"".join(first.streaming_content)
    held = read(address, if_none_match=first["ETag"])
    assert (held.status_code, held["ETag"]) == (304, first["ETag"])
    pinned = read(f"{address}?release=1")
    assert (pinned["Cache-Control"], pinned["ETag"]) == ("public, max-age=31536000, immutable", first["ETag"])
    assert b"".join(pinned.streaming_content) == text
    assert read(f"{address}?release=2").status_code == 404
    assert read(f"{address}?format=xml").status_code == 400
    assert client.head(address).status_code == 200


def test_the_whole_library_is_that_of_its_release(shelf, client):
    shelf.publish(saying("first", "One."))
    shelf.publish(saying("second", "Two."))
    counts = []
    for release in (1, 2):
        answer = client.get(f"/api/v1/library.ttl?release={release}")
        counts.append(b"".join(answer.streaming_content).count(b"a skos:Concept ;"))
    assert counts == [1, 2]


def test_the_context_is_for_ever_and_for_everybody(client, db):
    """Before the first release too: it says what names mean, not what is published."""
    response = client.get("/api/v1/contexts/1.jsonld", headers={"origin": "https://elsewhere.example"})
    assert (response.status_code, essence(response)) == (200, "application/ld+json")
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response["Access-Control-Allow-Origin"] == "*"
    held = client.get("/api/v1/contexts/1.jsonld", headers={"if-none-match": response["ETag"]})
    assert held.status_code == 304
    assert client.get("/api/v1/contexts/1.jsonld?release=1").status_code == 400
    assert client.get("/api/v1/contexts/2.jsonld").status_code == 404


def test_our_words_are_defined_where_they_lead_to(read):
    response = read("/api/v1/vocabulary/", accept="text/turtle")
    assert essence(response) == "text/turtle"
    words = {str(subject) for subject in Graph().parse(data=response.content, format="turtle").subjects()}
    assert f"{OWN_WORDS}aspects/red_flags" in words
    assert essence(read("/api/v1/vocabulary/")) == "application/json"


RECORDED = {
    "get_concept.jsonld": "/api/v1/concepts/cause-unknown.jsonld",
    "get_concept.md": "/api/v1/concepts/cause-unknown.md",
    "get_concept.ttl": "/api/v1/concepts/cause-unknown.ttl",
    "get_context.jsonld": "/api/v1/contexts/1.jsonld",
    "get_library_graph.ttl": "/api/v1/library.ttl",
    "list_mappings.tsv": "/api/v1/mappings.sssom.tsv",
}


@pytest.mark.parametrize("name", RECORDED)
def test_examples_in_the_documentation_are_real_answers(read, name):
    """Of whole libraries they are the first lines."""
    text = read(RECORDED[name]).getvalue().decode()
    if name.endswith(".jsonld"):
        text = json.dumps(json.loads(text), ensure_ascii=False, indent=2) + "\n"
    is_whole = name.startswith(("get_concept", "get_context"))
    assert_golden(Path(schema.EXAMPLES) / name, text if is_whole else "".join(text.splitlines(keepends=True)[:40]))


@pytest.mark.parametrize("media_type", [media_type for media_type in MEDIA_TYPES if media_type != "application/json"])
def test_what_is_derived_comes_compressed_to_whoever_takes_that(read, media_type):
    plain = read(FIBROMYALGIA, accept=media_type)
    small = read(FIBROMYALGIA, accept=media_type, accept_encoding="gzip")
    assert small["Content-Encoding"] == "gzip"
    assert gzip.decompress(small.content) == plain.content
    assert len(small.content) < len(plain.content) / 2
    assert all(response["Vary"].startswith("Accept, Accept-Encoding") for response in (plain, small))
    assert plain["ETag"] != small["ETag"]
