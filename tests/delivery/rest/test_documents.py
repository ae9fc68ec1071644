"""Reading one document: the bytes, the headers, what stands where something was renamed or withdrawn."""

import gzip
import hashlib
import json

import pytest
from django.contrib.auth import get_user_model

from content_app.canonical import canonical_json
from content_app.editorial import workflow
from content_app.manuscripts import rows, writing
from content_app.models import Condition, Item
from content_app.models.publication import Document
from tests import library
from tests.first_content import AMPS, PUBLISHED_AT

pytestmark = pytest.mark.both_databases
GAP = "/api/v1/concepts/cause-unknown/"  # has no safety notice

DETAIL_FIELDS = [
    "id", "kind", "slug", "name", "abbreviation", "cause_status", "names", "summary", "statements", "relations",
    "codings", "sources", "review", "not_covered", "notices", "licence", "links", "meta",
]  # fmt: skip


def person(role):
    return get_user_model().objects.get(groups__name=role)


def republish(item, **changes):
    """Change fields of an item and take it through the workflow."""
    type(item).objects.filter(pk=item.pk).update(**changes)
    workflow.record_edit(item=item, by=person("Author"))
    workflow.submit(item=item, by=person("Author"), change_note="Changed.")
    workflow.approve(item=item, by=person("Reviewer"), content=workflow.content_sha256(item))
    return workflow.publish(items=[Item.objects.get(pk=item.pk)], by=person("Publisher"))


def test_a_detail_has_exactly_the_documented_fields_in_order(read):
    assert list(read(AMPS).json()) == DETAIL_FIELDS


def test_the_body_is_the_stored_bytes(read):
    stored = Document.objects.get(kind="condition", slug="amplified-musculoskeletal-pain-syndrome")
    assert read(AMPS).content == bytes(stored.body)


def test_the_hash_can_be_recomputed_by_a_client_from_the_answer_alone(read):
    document = read(AMPS).json()
    meta = document.pop("meta")
    canonical = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    assert hashlib.sha256(canonical).hexdigest() == meta["sha256"]
    assert canonical == canonical_json(document)


def test_an_item_answers_the_same_bytes_by_its_identifier(read):
    document = read(AMPS)
    assert read(document.json()["links"]["item"]).content == document.content


def test_a_client_that_has_it_already_gets_304_without_a_body(read):
    tag = read(AMPS)["ETag"]
    response = read(AMPS, If_None_Match=f'"another", {tag}')
    assert (response.status_code, response.content) == (304, b"")
    assert response["ETag"] == tag
    assert response["Cache-Control"] == read(AMPS)["Cache-Control"]


def test_if_modified_since_answers_304(read):
    assert read(AMPS, If_Modified_Since=read(AMPS)["Last-Modified"]).status_code == 304


def test_last_modified_is_when_this_version_was_published(read):
    assert read(AMPS)["Last-Modified"] == PUBLISHED_AT.strftime("%a, %d %b %Y %H:%M:%S GMT")


def test_a_precondition_that_does_not_hold_is_a_problem(read):
    response = read(AMPS, If_Match='"something-else"')
    assert response.status_code == 412
    assert response.json()["type"].endswith("/problems/precondition-failed/")


def test_a_client_that_takes_gzip_gets_the_stored_variant_under_another_tag(read):
    plain, packed = read(AMPS), read(AMPS, Accept_Encoding="br;q=0.5, gzip")
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert packed["ETag"] != plain["ETag"]
    assert read(AMPS, Accept_Encoding="gzip", If_None_Match=packed["ETag"]).status_code == 304


@pytest.mark.parametrize("refusal", ["gzip;q=0", "identity", "gzip; q=0.0"])
def test_a_client_that_refuses_gzip_gets_plain_bytes(read, refusal):
    assert "Content-Encoding" not in read(AMPS, Accept_Encoding=refusal)


def test_vary_names_exactly_what_the_answer_depends_on(read):
    assert read(AMPS)["Vary"] == "Accept, Accept-Encoding, origin"
    assert read("/api/v1/conditions/")["Vary"] == "Accept, origin"


def test_head_has_the_headers_of_get_and_no_body(read, client):
    got, head = read(AMPS), client.head(AMPS)
    assert head.content == b""
    assert list(head.headers) == list(got.headers)
    assert [name for name in got.headers if head[name] != got[name]] in ([], ["RateLimit"])  # each counts as one


def test_a_live_answer_may_be_used_while_the_server_is_away(read):
    assert read(GAP)["Cache-Control"] == "public, max-age=300, stale-while-revalidate=600, stale-if-error=86400"


def test_an_answer_that_names_its_release_never_changes(read):
    response = read(f"{AMPS}?release=1")
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response["Content-Release"] == "1"
    assert response.content == read(AMPS).content


def test_another_origin_may_read_and_see_the_headers_that_matter(read):
    response = read(AMPS, Origin="https://app.example")
    assert response["Access-Control-Allow-Origin"] == "*"
    assert "ETag" in response["Access-Control-Expose-Headers"]


def test_a_page_on_another_origin_may_read_what_is_written_for_language_models(read):
    assert read("/llms.txt", Origin="https://app.example")["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Origin" not in read("/library/", Origin="https://app.example")


def test_a_preflight_for_a_conditional_read_is_allowed(read, client):
    asked = {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "if-none-match"}
    response = client.options(AMPS, headers={"Origin": "https://app.example"} | asked)
    assert response.status_code == 200
    assert "if-none-match" in response["Access-Control-Allow-Headers"]


@pytest.mark.parametrize("alias", ["AMPS", "amps"])
def test_an_abbreviation_leads_to_the_canonical_address_for_good(read, alias):
    response = read(f"/api/v1/conditions/{alias}/?release=1")
    assert (response.status_code, response["Location"]) == (308, f"{AMPS}?release=1")


def test_a_former_slug_leads_to_the_new_address(read):
    item = Condition.objects.get(slug="fibromyalgia")
    republish(item, slug="fibromyalgia-syndrome")
    response = read("/api/v1/conditions/fibromyalgia/")
    assert (response.status_code, response["Location"]) == (308, "/api/v1/conditions/fibromyalgia-syndrome/")


def test_a_former_slug_still_answers_in_the_release_where_it_was_the_slug(read):
    republish(Condition.objects.get(slug="fibromyalgia"), slug="fibromyalgia-syndrome")
    assert read("/api/v1/conditions/fibromyalgia/?release=1").status_code == 200


def test_an_unknown_slug_is_404_and_names_the_nearest(read):
    response = read("/api/v1/conditions/fibromialgia/")
    assert response.status_code == 404
    assert "Did you mean fibromyalgia" in response.json()["detail"]
    assert "near" not in response.json()


def test_the_page_of_an_unknown_slug_links_the_nearest(read):
    page = read("/api/v1/conditions/fibromialgia/", Accept="text/html")
    assert '<a href="/api/v1/conditions/fibromyalgia/">fibromyalgia</a>' in page.content.decode()
    assert page.content.decode().count("Did you mean") == 1
    assert read("/api/v1/conditions/fibromyalgia/").status_code == 200


def test_a_withdrawn_item_answers_410_with_reason_and_replacement(read):
    item, successor = Item.objects.get(slug="loudspeaker-volume"), Item.objects.get(slug="cut-finger")
    library.withdraw(
        item=item, by=person("Publisher"), reason="replaced", replaced_by=successor, note="It was not helpful."
    )
    response = read("/api/v1/examples/loudspeaker-volume/")
    assert response.status_code == 410
    assert response["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert (problem["reason"], problem["note"]) == ("replaced", "It was not helpful.")
    assert problem["replaced_by"]["href"] == "/api/v1/examples/cut-finger/"


def test_a_withdrawn_item_stays_readable_in_the_release_before(read):
    before = read("/api/v1/examples/loudspeaker-volume/").content
    item = Item.objects.get(slug="loudspeaker-volume")
    library.withdraw(item=item, by=person("Publisher"), reason="withdrawn", note="It was not helpful.")
    assert read("/api/v1/examples/loudspeaker-volume/?release=1").content == before


def test_a_draft_changes_no_byte_that_readers_see(read):
    addresses = [AMPS, "/api/v1/", "/api/v1/conditions/", "/api/v1/relations/", "/api/v1/releases/1/", "/"]
    before = [read(address).content for address in addresses]
    item = Condition.objects.get(abbreviation="AMPS")
    document = rows.to_document(item)
    document |= {"name": "Secret draft", "summary": {"clinical": "Secret draft.", "plain": "Secret draft."}}
    writing.write_items([document])
    workflow.record_edit(item=item, by=person("Author"))
    assert [read(address).content for address in addresses] == before


def test_as_of_a_day_is_answered_from_what_was_current_at_its_end(read):
    assert read(f"{AMPS}?as_of=2026-11-02")["Content-Release"] == "1"
    assert read(f"{AMPS}?as_of=2026-11-02T09:00:00%2B00:00")["Content-Release"] == "1"


def test_as_of_before_the_first_release_is_404(read):
    response = read(f"{AMPS}?as_of=2026-11-01")
    assert response.status_code == 404
    assert response.json()["type"].endswith("/problems/nothing-published/")


def test_as_of_a_time_to_come_is_not_called_immutable(read):
    assert "immutable" not in read(f"{AMPS}?as_of=2999-01-01")["Cache-Control"]


def test_a_detail_costs_at_most_two_queries(read, django_assert_max_num_queries):
    with django_assert_max_num_queries(2):
        read(AMPS)


def test_a_statement_is_found_by_its_identifier_with_what_must_be_shown_with_it(read):
    document = read(AMPS).json()
    unknown = next(s for s in document["statements"] if s["assertion"] == "unknown")
    found = read(f"/api/v1/statements/{unknown['id']}/").json()
    assert found["clinical"] == unknown["clinical"]
    assert found["item"]["slug"] == document["slug"]
    assert {c["source"] for c in found["citations"]} == {s["slug"] for s in found["sources"]}
    assert found["notices"] == document["notices"]


def test_an_unknown_identifier_is_404(read):
    nobody = "00000000-0000-4000-8000-000000000000"
    for address in (f"/api/v1/items/{nobody}/", f"/api/v1/statements/{nobody}/"):
        assert read(address).status_code == 404


@pytest.mark.parametrize(
    "header", ["Prefer", "Cache-Control", "X-Requested-With", "traceparent", "If-Match", "X-Api-Key", "X-Request-Id"]
)
def test_a_page_on_another_origin_may_send_what_its_libraries_add(client, header):
    asked = {"Origin": "https://app.example", "Access-Control-Request-Method": "GET"}
    response = client.options(AMPS, headers=asked | {"Access-Control-Request-Headers": header})
    assert header.lower() in response["Access-Control-Allow-Headers"].split(", ")
