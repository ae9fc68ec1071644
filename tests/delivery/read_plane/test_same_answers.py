"""Through the read plane every answer is the one that Django gives: status, headers in their order, every byte."""

import json
import random
from urllib.parse import urlencode

import pytest
from django.conf import settings

from tests.first_content import AMPS
from tests.width import examples

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

SLUGS = {
    "conditions": "fibromyalgia", "concepts": None, "symptom-types": None, "examples": None,
    "sources": None,
}  # fmt: skip
TAG = '"1-140f03f0d07034392571dd4f079ed15a"'
ACCEPTS = (
    "", "*/*", "application/json", "text/html", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "application/ld+json", "text/turtle", "text/markdown", "image/png", "application/json;q=0", "nonsense", ",,",
    "application/problem+json", "text/*;q=0.3, application/*", "application/json; charset=utf-8", "é",
)  # fmt: skip
ENCODINGS = ("", "gzip", "gzip, deflate, br", "gzip;q=0", "identity", "*", "*;q=0", "br", "GZIP", "gzip;q=0.0, *")
CONDITIONS = ("*", TAG, f"W/{TAG}", f'"a", {TAG}', '"nothing"', "nonsense", "", "{tag}", "W/{tag}", '"x", {tag}')
DATES = ("Mon, 02 Nov 2026 09:00:00 GMT", "Mon, 02 Nov 2020 09:00:00 GMT", "yesterday", "Fri, 01 Jan 2100 00:00:00 GMT")
RANGES = ("bytes=0-9", "bytes=-5", "bytes=9999999-", "pages=1-2")
QUERIES = (
    "", "release=1", "release=2", "release=x", "as_of=2026-11-03", "as_of=2020-01-01", "as_of=2099-01-01",
    "lang=en-GB", "lang=de", "fields=name,notices",
    "labels=beside", "must_show=reference", "must_show=no", "fields=nothing", "audience=plain", "text=plain",
    "include=sources", "utm_source=mail", "page_size=2", "page_size=0", "page_size=2&page_size=3", "topic=mechanism",
    "topic=mechanisms", "q=hand+ice+cold", "q=%00", "q=fiver", "q=%FF", "q=fever", "ordering=-name",
    "system=icd-10-cm&code=M79.7", "cursor=x", "%E2%82%AC=1", "a" * 3000,
)  # fmt: skip
OTHERS = (
    {"host": "example.org"}, {"host": "LOCALHOST:8000"}, {"host": "127.0.0.1"}, {"origin": "https://app.example"},
    {"origin": "null"}, {"origin": "http://[::1"}, {"cookie": "theme=dark"},
    {"cookie": f"{settings.SESSION_COOKIE_NAME}=abc"},
    {"authorization": "Bearer x"}, {"x_api_key": "nothing"}, {"x_forwarded_proto": "https"},
    {"content_type": "text/plain"}, {"content_type": "text/plain; charset=latin-1"}, {"accept_language": "de"},
    {"if_match": TAG}, {"user_agent": "curl"}, {"if_unmodified_since": DATES[1]},
    {"if_range": TAG, "range": "bytes=0-3"}, {"x_http_method_override": "DELETE"},
)  # fmt: skip
PATHS = (
    "/api/v1/", AMPS, "/api/v1/conditions/AMPS/", "/api/v1/conditions/AMPS/selected/",
    "/api/v1/conditions/fibromyalgia/selected/", "/api/v1/items/selected/", "/api/v1/conditions/fibromialgia/",
    "/api/v1/conditions/fibromyalgia", "/api/v1/conditions/fibromyalgia.html", "/api/v1/conditions/fibromyalgia.md",
    "/api/v1/conditions/fibromyalgia.ttl", "/api/v1/conditions/fibromyalgia.jsonld",
    "/api/v1/conditions/fibromyalgia.json", "/api/v1/conditions/AMPS.html", "/api/v1/conditions/fibromyalgia.pdf",
    "/api/v1/concepts/", "/api/v1/symptom-types/", "/api/v1/examples/", "/api/v1/sources/", "/api/v1/items/",
    "/api/v1/items/0b6e1f0c-5a3d-4c58-9d0e-3a8b2f4c6d7e/", "/api/v1/relations/", "/api/v1/codings/",
    "/api/v1/search/", "/api/v1/suggest/", "/api/v1/vocabulary/", "/api/v1/releases/", "/api/v1/releases/1/",
    "/api/v1/releases/7/", "/api/v1/changes/", "/api/v1/contexts/1.jsonld", "/api/v1/library.ttl", "/api/v1/nothing/",
    "/feeds/releases.atom", "/feeds/changes.atom", "/openapi.json", "/library/", "/llms.txt", "/sitemap.xml", "/",
    "/livez", "/api/v1/signing-keys/", "/api/v1/releases/1/export/", "/api/v1/conditions/é/",
    "/library/conditions/", "/problems/not-found/", "/admin/", "/api/v1//concepts/",
)  # fmt: skip


def filled(both, path: str) -> str:
    """An address of the description with something that is there in its place."""
    for collection, slug in SLUGS.items():
        if path.startswith(f"/api/v1/{collection}/{{slug}}"):
            slug = slug or json.loads(both.reference(f"/api/v1/{collection}/").body)["results"][0]["slug"]
            return path.replace("{slug}", slug)
    amps = json.loads(both.reference(AMPS).body)
    values = {"item_id": amps["id"], "statement_id": amps["statements"][0]["id"], "number": "1",
        "collection": "conditions", "slug": "fibromyalgia", "a": "1", "b": "1"}  # fmt: skip
    if "conditions/{a}" in path:
        values |= {"a": "fibromyalgia", "b": "juvenile-fibromyalgia"}
    return path.format_map(values)


def described(both) -> list[str]:
    """Every address that can be read, as it is described: bare, and with each example of a parameter."""
    addresses = []
    for path, operations in json.loads(both.reference("/openapi.json").body)["paths"].items():
        if "get" not in operations or not path.startswith(("/api", "/feeds")):
            continue
        address = filled(both, path)
        needed = {}
        choices = []
        for parameter in operations["get"].get("parameters", []):
            schema = parameter["schema"]
            values = schema.get("examples") or schema.get("enum") or [schema.get("default", "1")]
            if parameter["in"] == "query":
                choices += [{parameter["name"]: value} for value in values[:3]]
                needed |= {parameter["name"]: values[0]} if parameter.get("required") else {}
        asked = [needed, *(needed | choice for choice in choices)]
        addresses += [f"{address}?{urlencode(each)}".rstrip("?") for each in asked]
    return list(dict.fromkeys(addresses))


def test_whatever_the_description_names_is_answered_as_by_django(first_content, both):
    answers = {address: both.compare(address) for address in described(both)}
    assert len(answers) > 100
    kept = [address for address, answer in answers.items() if not answer.was_django_asked]
    assert len(kept) > 80


@pytest.mark.one_database
def test_a_document_in_every_form_and_encoding_is_answered_as_by_django(first_content, both):
    for accept in ACCEPTS:
        for encoding in ENCODINGS:
            both.compare(AMPS, accept=accept, accept_encoding=encoding)


@pytest.mark.one_database
def test_every_condition_on_a_document_is_judged_as_by_django(first_content, both):
    for encoding in ("", "gzip"):
        tag = both.reference(AMPS, accept_encoding=encoding).header("ETag")
        for condition in CONDITIONS:
            answer = both.compare(AMPS, accept_encoding=encoding, if_none_match=condition.format(tag=tag))
            assert answer.status[:3] == ("304" if condition == "*" or "{tag}" in condition else answer.status[:3])
        for date in DATES:
            both.compare(AMPS, accept_encoding=encoding, if_modified_since=date)


@pytest.mark.one_database
@pytest.mark.parametrize(
    "path", [AMPS, "/api/v1/conditions/AMPS/", "/api/v1/conditions/nothing/", "/api/v1/search/?q=%C3%A9cran"]
)
def test_what_one_request_leaves_is_not_given_to_another(first_content, both, path):
    for others in OTHERS:
        both.compare(path)
        both.compare(path, **others)
    both.compare(path)


@pytest.mark.one_database
@pytest.mark.parametrize("seed", range(examples(3, 60)))
def test_a_hundred_odd_requests_are_answered_as_by_django(first_content, both, seed):
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    tags = {path: dict(both.reference(path).headers).get("ETag", TAG) for path in PATHS[:12]}
    for _ in range(100):
        path, query = chance.choice(PATHS), chance.choice(QUERIES) if chance.random() < 0.5 else ""
        headers = {"accept_encoding": chance.choice(ENCODINGS)}
        if chance.random() < 0.6:
            headers["accept"] = chance.choice(ACCEPTS)
        if chance.random() < 0.3:
            headers["if_none_match"] = chance.choice(CONDITIONS).format(tag=tags.get(path, TAG))
        if chance.random() < 0.15:
            headers["if_modified_since"] = chance.choice(DATES)
        if chance.random() < 0.1:
            headers["range"] = chance.choice(RANGES)
        if chance.random() < 0.3:
            headers |= chance.choice(OTHERS)
        method = chance.choices(("GET", "HEAD", "POST", "OPTIONS"), (75, 15, 5, 5))[0]
        both.compare(f"{path}?{query}" if query else path, method, **headers)


def test_documents_that_nobody_has_read_are_answered_from_the_store_as_by_django(first_content, both):
    for encoding in ("gzip", "identity"):
        read = {"accept": "application/json", "accept_encoding": encoding}
        both.compare("/api/v1/conditions/fibromyalgia/", **read)
        for collection in SLUGS:
            for entry in json.loads(both.reference(f"/api/v1/{collection}/?page_size=100").body)["results"]:
                if entry["slug"] != "fibromyalgia":
                    address = f"/api/v1/{collection}/{entry['slug']}/"
                    right = both.reference(address, **read)
                    got = both.ask(address, **read)
                    assert not got.was_django_asked
                    assert [h for h in got.headers if h[0] != "RateLimit"] == [
                        h for h in right.headers if h[0] != "RateLimit"
                    ]
                    assert (got.status, got.body) == (right.status, right.body)


TEXTS = (
    "hand", "hand+cold", "hand%20ice%20cold", "fevr", "alodynia", "M79.7", "touch-evoked", "the", "treatment+of+AMPS",
    "nothing-like-it", "AND", "pain", "of+the", "x1", "chest+pain", "fib", "f",
)  # fmt: skip
ANSWERED_BY_DJANGO = ("M79.7",)  # a text with a dot is not plain words


@pytest.mark.parametrize("address", ["/api/v1/search/", "/api/v1/suggest/"])
@pytest.mark.parametrize("text", TEXTS)
def test_a_text_that_nobody_has_searched_for_is_answered_as_by_django(first_content, both, address, text):
    read = {"accept": "application/json", "accept_encoding": "gzip"}
    both.compare(f"{address}?q=knee", **read)
    right = both.reference(f"{address}?q={text}", **read)
    got = both.ask(f"{address}?q={text}", **read)
    assert got.was_django_asked == (text in ANSWERED_BY_DJANGO)
    assert [h for h in got.headers if h[0] != "RateLimit"] == [h for h in right.headers if h[0] != "RateLimit"]
    assert (got.status, got.body) == (right.status, right.body)


@pytest.mark.parametrize("query", ["q=", "q=---", "q=pain&kind=concept", "q=pain&page_size=3", "q=pain&q=hand"])
def test_other_questions_to_search_are_answered_by_django(first_content, both, query):
    both.compare("/api/v1/search/?q=knee")
    both.compare("/api/v1/search/?q=sleep")
    assert both.ask(f"/api/v1/search/?{query}").was_django_asked
