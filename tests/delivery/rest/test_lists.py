"""Lists: pages that keep their release, filters that fit, an order without ties."""

import json

import pytest

from content_app.models import Item
from tests.delivery.rest.test_documents import republish
from tests.first_content import AMPS

pytestmark = pytest.mark.both_databases
KIND_LISTS = {"conditions": 4, "concepts": 46, "symptom-types": 24, "examples": 9}


def walk(read, address):
    """All entries of a list, page by page."""
    entries = []
    while address:
        page = read(address).json()
        entries += page["results"]
        address = page["next"]
    return entries


@pytest.mark.parametrize("collection", KIND_LISTS)
def test_a_list_counts_what_is_there(read, collection):
    page = read(f"/api/v1/{collection}/?page_size=100").json()
    assert page["count"] == len(page["results"]) == KIND_LISTS[collection]


@pytest.mark.parametrize("ordering", ["name", "-name", "updated", "-updated"])
@pytest.mark.parametrize("page_size", [1, 7, 46])
def test_paging_gives_every_entry_once_whatever_the_page_size(read, ordering, page_size):
    whole = walk(read, f"/api/v1/concepts/?page_size=100&ordering={ordering}")
    paged = walk(read, f"/api/v1/concepts/?page_size={page_size}&ordering={ordering}")
    assert [entry["id"] for entry in paged] == [entry["id"] for entry in whole]


def test_descending_is_ascending_backwards(read):
    names = [entry["name"] for entry in walk(read, "/api/v1/concepts/?ordering=name")]
    assert [entry["name"] for entry in walk(read, "/api/v1/concepts/?ordering=-name")] == names[::-1]


def test_a_list_keeps_its_release_while_it_is_paged(read):
    first = read("/api/v1/conditions/?page_size=1").json()
    republish(Item.objects.get(slug="fibromyalgia").condition, name="Aaa renamed meanwhile")
    rest = walk(read, first["next"])
    assert [entry["name"] for entry in first["results"] + rest] == [
        "Amplified musculoskeletal pain syndrome",
        "Complex regional pain syndrome",
        "Fibromyalgia",
        "Juvenile fibromyalgia",
    ]


def test_a_page_behind_a_cursor_never_changes(read):
    following = read("/api/v1/concepts/?page_size=5").json()["next"]
    assert "immutable" in read(following)["Cache-Control"]


def test_an_entry_of_a_list_is_the_short_form_of_its_document(read):
    entry = read("/api/v1/conditions/").json()["results"][0]
    document = read(entry["href"]).json()
    for field in ("id", "kind", "slug", "name", "abbreviation", "cause_status", "meta"):
        assert entry[field] == document[field]
    assert entry["review_due_on"] == document["review"]["review_due_on"]


@pytest.mark.parametrize(
    ("address", "fits"),
    [
        ("concepts/?topic=mechanism", lambda d: d["topic"] == "mechanism"),
        ("concepts/?subtopic=onset", lambda d: d["subtopic"] == "onset"),
        ("symptom-types/?category=autonomic_sign", lambda d: d["category"] == "autonomic_sign"),
        ("symptom-types/?observation=function", lambda d: d["observation"] == "function"),
        ("examples/?form=analogy", lambda d: d["form"] == "analogy"),
        ("conditions/?cause_status=unknown", lambda d: d["cause_status"] == "unknown"),
        ("concepts/?aspect=cause", lambda d: any(s["aspect"] == "cause" for s in d["statements"])),
        ("conditions/?code=m79.7", lambda d: any(c["code"] == "M79.7" for c in d["codings"])),
        (
            "conditions/?code=mesh|D005356",
            lambda d: any((c["system"], c["code"]) == ("mesh", "D005356") for c in d["codings"]),
        ),
        ("concepts/?source=what-is-amps", lambda d: any(s["slug"] == "what-is-amps" for s in d["sources"])),
        (
            "conditions/?predicate=has_mechanism",
            lambda d: any(r["predicate"] == "has_mechanism" for r in d["relations"]),
        ),
    ],
)
def test_a_filter_gives_those_and_only_those_that_fit(read, address, fits):
    collection = address.partition("/")[0]
    everything = [read(entry["href"]).json() for entry in walk(read, f"/api/v1/{collection}/?page_size=100")]
    expected = {document["id"] for document in everything if fits(document)}
    assert expected
    assert {entry["id"] for entry in walk(read, f"/api/v1/{address}")} == expected


def test_related_finds_both_directions(read):
    amps = read(AMPS).json()
    related = walk(read, f"/api/v1/symptom-types/?related={amps['id']}")
    outgoing = {r["object"]["id"] for r in amps["relations"] if r["object"]["kind"] == "symptom_type"}
    assert {entry["id"] for entry in related} == outgoing
    incoming = walk(read, "/api/v1/concepts/?related=conditions/fibromyalgia&predicate=resembles")
    assert [entry["slug"] for entry in incoming] == ["fibromyalgia-like-phenotype"]


def test_updated_since_gives_what_changed_since(read):
    republish(Item.objects.get(slug="fibromyalgia").condition, summary_plain="Pain in muscles and joints.")
    changed = walk(read, "/api/v1/conditions/?updated_since=2026-11-03")
    assert [entry["slug"] for entry in changed] == ["fibromyalgia"]
    assert len(walk(read, "/api/v1/conditions/?updated_since=2026-11-02")) == 4


@pytest.mark.parametrize(
    "address",
    [
        "conditions/",
        "concepts/?topic=mechanism&aspect=cause&source=what-is-amps",
        "symptom-types/?related=conditions/amplified-musculoskeletal-pain-syndrome&predicate=has_symptom",
        "relations/?item=conditions/fibromyalgia",
        "codings/?code=M79.7",
        "releases/",
        "releases/1/",
        "",
    ],
)
def test_a_list_costs_at_most_four_queries(read, django_assert_max_num_queries, address):
    with django_assert_max_num_queries(4):
        assert read(f"/api/v1/{address}").status_code == 200


def test_relations_name_both_their_ends(read):
    edges = walk(read, "/api/v1/relations/?predicate=has_mechanism&page_size=3")
    assert edges
    assert {edge["subject"]["slug"] for edge in edges} == {"amplified-musculoskeletal-pain-syndrome"}
    assert all(edge["display_with"]["slug"] == "cause-unknown" for edge in edges)


def test_all_relations_together_are_those_of_all_documents(read):
    edges = walk(read, "/api/v1/relations/?page_size=100")
    from_documents = [
        relation["id"]
        for collection in KIND_LISTS
        for entry in walk(read, f"/api/v1/{collection}/?page_size=100")
        for relation in read(entry["href"]).json()["relations"]
    ]
    assert len(edges) >= 111
    assert sorted(edge["id"] for edge in edges) == sorted(from_documents)


@pytest.mark.parametrize("page_size", [1, 2, 50])
def test_relations_of_one_item_are_paged_without_gap_or_repeat(read, page_size):
    item = "conditions/amplified-musculoskeletal-pain-syndrome"
    paged = [edge["id"] for edge in walk(read, f"/api/v1/relations/?item={item}&page_size={page_size}")]
    assert paged == [edge["id"] for edge in walk(read, f"/api/v1/relations/?item={item}&page_size=100")]
    assert len(set(paged)) == len(paged)


def test_a_code_names_the_items_that_answer_to_it_and_how_well(read):
    page = read("/api/v1/codings/?system=icd-10-cm&code=M79.7").json()
    assert page["outcome"] == "found"
    assert {entry["item"]["slug"]: entry["match"] for entry in page["results"]} == {
        "amplified-musculoskeletal-pain-syndrome": "related",
        "fibromyalgia": "exact",
        "juvenile-fibromyalgia": "broad",
    }


@pytest.mark.parametrize("system", ["icd-10-cm", "http://hl7.org/fhir/sid/icd-10-cm", "urn:oid:2.16.840.1.113883.6.90"])
def test_a_code_system_may_be_named_by_key_address_or_oid(read, system):
    assert read(f"/api/v1/codings/?system={system}&code=M79.7").json()["system"]["key"] == "icd-10-cm"


def test_a_known_system_with_an_unknown_code_is_said_as_such(read):
    page = read("/api/v1/codings/?system=icd-10-cm&code=A00").json()
    assert (page["outcome"], page["results"]) == ("unknown_code", [])
    assert "does not mean that the code does not exist" in page["detail"]


def test_that_no_code_exists_is_data(read):
    entries = walk(read, "/api/v1/codings/?system=icd-10-cm&page_size=100")
    none = {entry["item"]["slug"] for entry in entries if entry["match"] == "none"}
    assert {"amplified-musculoskeletal-pain-syndrome", "juvenile-fibromyalgia"} <= none


def test_the_manifest_names_every_document_and_its_hash_chain_can_be_followed(read):
    import hashlib

    release = read("/api/v1/releases/1/").json()
    fields = ("id", "kind", "sha256", "slug", "version", "withdrawn")
    new = [{field: entry[field] for field in fields} for entry in release["documents"] if entry["first_release"] == 1]
    chained = {
        "documents": sorted(new, key=lambda entry: entry["id"]),
        "previous": release["previous_manifest_sha256"],
        "release": 1,
    }
    canonical = json.dumps(chained, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    assert hashlib.sha256(canonical).hexdigest() == release["manifest_sha256"]
    assert len(release["documents"]) == sum(release["counts"].values())


def test_every_address_in_a_manifest_answers_with_the_hash_it_names(read):
    for entry in read("/api/v1/releases/1/").json()["documents"]:
        assert read(entry["href"]).json()["meta"]["sha256"] == entry["sha256"]


def test_every_link_at_the_entrance_answers(read):
    document = read(AMPS).json()
    for name, address in read("/api/v1/").json()["links"].items():
        identifier = document["statements"][0]["id"] if name == "statement" else document["id"]
        asked = address.format(q="pain", id=identifier, ids=identifier)
        assert read(asked).status_code == (405 if name in ("check", "mcp") else 200), address


def test_every_link_in_a_document_answers(read):
    for address in read(AMPS).json()["links"].values():
        assert read(address).status_code == 200, address
