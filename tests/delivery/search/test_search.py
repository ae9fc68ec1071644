"""Searching the first content: order, excerpts, facets, pages, releases, and what is refused."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from content_app.delivery.search import question
from content_app.delivery.search.finding import NOTICE
from content_app.models import Condition
from content_app.publication.index import indexing
from tests.first_content import AMPS
from tests.library import condition
from tests.search_library import ask, shown, slugs
from tests.width import examples

pytestmark = pytest.mark.django_db
TIERS = ["exact", "name", "text"]


def get(client, **query):
    return client.get("/api/v1/search/", query)


def test_exact_names_come_first_then_names_then_texts(search):
    tiers = [hit["match"]["tier"] for hit in search("fibromyalgia", page_size=100)["results"]]
    assert tiers == sorted(tiers, key=TIERS.index)
    assert set(tiers) == set(TIERS)


@pytest.mark.parametrize("page_size", [1, 3, 100])
@pytest.mark.parametrize(("q", "slug"), [("CRPS", "complex-regional-pain-syndrome"), ("Joints", "joints")])
def test_the_exact_match_is_first_whatever_the_page_size(search, q, slug, page_size):
    assert slugs(search(q, page_size=page_size))[0] == slug


def test_a_code_leads_to_what_it_means_before_what_it_is_wider_than(search):
    hits = search("M79.7")["results"]
    assert [hit["match"]["field"] for hit in hits] == ["code_exact", "code_broad", "code_related"]
    assert shown(hits[0]) == "[M79.7]"


def test_a_hit_is_the_item_as_lists_show_it(search, client):
    hit = search("allodynia")["results"][0]
    listed = client.get("/api/v1/symptom-types/?page_size=100").json()["results"]
    assert hit["item"] in listed


def test_a_hit_says_which_field_matched_and_where(search):
    hits = {hit["item"]["slug"]: hit for hit in search("allodynia")["results"]}
    assert hits["touch-evoked-pain"]["match"]["field"] == "clinical_term"
    in_text = hits["amplified-musculoskeletal-pain-syndrome"]["match"]
    assert (in_text["tier"], in_text["field"]) == ("text", "statement")
    assert [piece["text"] for piece in in_text["excerpt"] if piece["is_match"]] == ["allodynia"]


def test_a_statement_that_matched_can_be_read_by_its_identifier(search, client):
    match = search("loudspeaker volume too high")["results"][0]["match"]
    assert match["statement"] is None
    statements = [hit["match"]["statement"] for hit in search("allodynia")["results"]]
    found = client.get(f"/api/v1/statements/{next(s for s in statements if s)}/").json()
    assert "allodynia" in found["clinical"].lower() + found["plain"].lower()


def test_every_hit_shows_the_words_that_were_typed(search):
    for hit in search("gentle touch", page_size=100)["results"]:
        assert any(piece["is_match"] for piece in hit["match"]["excerpt"])
        assert sum(len(piece["text"]) for piece in hit["match"]["excerpt"]) <= 300


@pytest.mark.parametrize("q", ["pain", "skin", "touch", "fibromyalgia", "children"])
def test_facets_count_as_many_as_the_narrowed_search_finds(search, q):
    answer = search(q)
    for facet, values in answer["facets"].items():
        for value in values:
            narrowed = search(q, **{facet: value["value"]})
            assert narrowed["total"] == {"value": value["count"], "is_exact": True}


def test_a_search_that_is_narrowed_has_only_what_the_list_has(search, client):
    listed = client.get("/api/v1/concepts/?topic=body_site&aspect=presentation&page_size=100").json()["results"]
    found = search("pain", kind="concept", topic="body_site", aspect="presentation", page_size=100)
    assert set(slugs(found)) <= {entry["slug"] for entry in listed}
    assert found["results"]


def test_pages_give_every_hit_once_in_the_same_order(search, client):
    whole = slugs(search("pain", page_size=100))
    paged, address = [], "/api/v1/search/?q=pain&page_size=7"
    while address:
        page = client.get(address).json()
        paged += slugs(page)
        address = page["next"]
    assert paged == whole


def test_a_cursor_belongs_to_its_question(client, search):
    cursor = search("pain", page_size=2)["next"].partition("cursor=")[2]
    assert get(client, q="pain", page_size=2, cursor=cursor).status_code == 200
    assert get(client, q="skin", page_size=2, cursor=cursor).status_code == 400
    assert get(client, q="pain", kind="concept", cursor=cursor).status_code == 400
    assert get(client, q="pain", cursor="bm9uc2Vuc2U").status_code == 400


def test_a_page_with_a_cursor_never_changes(client, search):
    response = client.get(search("pain", page_size=2)["next"])
    assert "immutable" in response["Cache-Control"]


def test_conditions_that_match_in_their_texts_alone_stand_last_by_name(search):
    hits = search("pain skin", page_size=100)["results"]
    in_text = [hit for hit in hits if hit["match"]["tier"] == "text"]
    kinds = [hit["item"]["kind"] == "condition" for hit in in_text]
    assert kinds == sorted(kinds)
    names = [hit["item"]["name"] for hit in in_text if hit["item"]["kind"] == "condition"]
    assert len(names) > 1
    assert names == sorted(names)


def test_some_of_many_words_are_enough_and_conditions_are_still_not_ranked(search):
    answer = search("burning pain, puffy hand, hug, backpack, volume")
    assert answer["interpreted_as"]["words"] == "some"
    kinds = [hit["item"]["kind"] == "condition" for hit in answer["results"]]
    assert kinds == sorted(kinds)


def test_every_answer_says_that_search_is_not_diagnosis(search, client):
    assert search("pain")["notice"] == search("xyzzy")["notice"] == NOTICE
    assert "not a diagnosis" in NOTICE
    assert client.get("/api/v1/suggest/?q=pain").json()["notice"] == NOTICE


def test_a_misspelt_word_is_corrected_and_that_is_said(search):
    answer = search("fibromialgya and allodinya")
    assert answer["interpreted_as"] == {
        "q": "fibromyalgia allodynia",
        "corrected": [
            {"from": "fibromialgya", "to": "fibromyalgia"},
            {"from": "allodinya", "to": "allodynia"},
        ],
        "left_out": [],
        "words": "all",
    }


def test_a_word_that_nobody_uses_is_left_out_and_that_is_said(search):
    answer = search("allodynia xylophone")
    assert answer["interpreted_as"]["left_out"] == ["xylophone"]
    assert slugs(answer)[0] == "touch-evoked-pain"


def found_by(search, **narrowed) -> set[str]:
    return {result["item"]["slug"] for result in search("pain", page_size="100", **narrowed)["results"]}


@pytest.mark.parametrize("facet", question.FACETS)
def test_several_values_of_a_facet_find_what_has_any_of_them(search, facet):
    first, second = [offered["value"] for offered in search("pain")["facets"][facet]][:2]
    either = found_by(search, **{facet: first}) | found_by(search, **{facet: second})
    assert found_by(search, **{facet: f"{first},{second}"}) == either


def test_facets_of_two_names_both_have_to_fit(search):
    either = found_by(search, kind="condition,concept", aspect="cause,mechanism")
    assert either == found_by(search, kind="condition,concept") & found_by(search, aspect="cause,mechanism")


@pytest.mark.parametrize("q", ["M79.8", "HP:0012599", "MG30.05", "icd-10-cm|Z99.9"])
def test_a_code_is_never_corrected_into_another(search, q):
    answer = search(q)
    assert answer["results"] == []
    assert answer["interpreted_as"] is None


def test_an_empty_answer_has_the_shape_of_a_full_one(search):
    full, empty = search("pain"), search("xyzzy")
    assert full.keys() == empty.keys()
    assert full["facets"].keys() == empty["facets"].keys()
    assert empty["total"] == {"value": 0, "is_exact": True}


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ({}, "q"), ({"q": ""}, "q"), ({"q": "   "}, "q"), ({"q": "***"}, "q"), ({"q": "“”…"}, "q"),
        ({"q": "pain", "kinds": "concept"}, "kinds"), ({"q": "pain", "kind": "concepts"}, "kind"),
        ({"q": "pain", "topic": "x"}, "topic"), ({"q": "pain", "page_size": "0"}, "page_size"),
        ({"q": "p" * 501}, "q"), ({"q": "pain\x00"}, "q"), ({"q": " ".join(f"w{n}" for n in range(33))}, "q"),
        ({"q": "pain", "release": "1", "as_of": "2026-11-03"}, "as_of"),
    ],
)  # fmt: skip
def test_what_is_not_right_is_refused_and_named(client, first_content, db, query, parameter):
    response = get(client, **query)
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"
    assert parameter in [error["parameter"] for error in response.json()["errors"]]


def test_a_misspelt_filter_is_answered_with_the_right_one(client, first_content, db):
    assert "did you mean “symptom_type”" in get(client, q="pain", kind="symptom_tpye").json()["detail"]


@pytest.mark.parametrize("q", ["the", "of the", "I am", "to be or not to be", "a"])
def test_stop_words_alone_are_searched_in_names(search, q):
    answer = search(q)
    assert answer["http"] == 200
    assert {hit["match"]["tier"] for hit in answer["results"]} <= {"exact", "name", "text"}


HOSTILE = st.one_of(
    st.text(max_size=80),
    st.lists(
        st.sampled_from(
            ["pain", "AND", "OR", "NOT", "NEAR(", ")", '"', "*", "^", "-", ":", "names:", "'", "|", "&", "!", "<->",
             "\\", "%", "_", "{", "}", "\ud800", "\x00", "💥", "ﬁbro", "𝐩𝐚𝐢𝐧", "é", "ß", "İ", "ﷺ"]
        ),
        max_size=30,
    ).map(" ".join),
    st.integers(1, 1000).map(lambda n: " ".join(f"w{k}" for k in range(n))),
    st.integers(1, 10_000).map("x".__mul__),
)  # fmt: skip


@pytest.mark.widens
@settings(max_examples=examples(15, 60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(q=HOSTILE, address=st.sampled_from(["search", "suggest"]))
def test_whatever_is_typed_is_answered_or_refused_never_an_error(client, first_content, db, q, address):
    q = q.encode("utf-8", "surrogatepass").decode("utf-8", "replace") if "\ud800" in q else q
    response = client.get(f"/api/v1/{address}/", {"q": q})
    assert response.status_code in (200, 400, 414)
    if response.status_code == 200:
        json.loads(response.content)


def test_markup_in_a_question_comes_back_as_text(client, first_content, db):
    response = get(client, q="<script>alert(1)</script> pain")
    assert response["Content-Type"] == "application/json"
    for hit in response.json()["results"]:
        assert all(set(piece) == {"text", "is_match"} for piece in hit["match"]["excerpt"])


@pytest.mark.parametrize(
    ("q", "most"), [("pain", 7), ("fibromyalgia", 7), ("M79.7", 6), ("pain skin touch", 7), ("xyzzy of", 6)]
)
def test_a_search_makes_a_fixed_number_of_queries(client, search, q, most):
    search(q)  # the dictionary of words is read once in each process
    with CaptureQueriesContext(connection) as queries:
        search(q, page_size=100)
    assert len(queries) <= most


def test_who_has_the_answer_already_gets_304(client, first_content, db):
    first = get(client, q="pain")
    again = client.get("/api/v1/search/", {"q": "pain"}, headers={"if-none-match": first["ETag"]})
    assert again.status_code == 304
    assert first["Content-Release"] == "1"


def test_only_get_and_head_are_possible(client, first_content, db):
    assert client.head("/api/v1/search/", {"q": "pain"}).status_code == 200
    assert client.post("/api/v1/search/").status_code == 405


def test_a_draft_is_never_found(search, client):
    before = client.get("/api/v1/search/?q=pain&page_size=100").content
    Condition.objects.filter(slug=AMPS.split("/")[-2]).update(name="Draftword syndrome")
    indexing.rebuild()
    assert client.get("/api/v1/search/?q=pain&page_size=100").content == before
    assert search("draftword")["results"] == []


def test_an_old_release_is_searched_by_number_and_by_day(search, client):
    assert search("pain", release=1)["results"] == search("pain")["results"]
    assert "immutable" in get(client, q="pain", release=1)["Cache-Control"]
    assert get(client, q="pain", release=2).status_code == 404
    assert ask(client, "pain", as_of="2026-11-02")["results"]


@pytest.mark.parametrize("typed", ["纤维肌痛", "肌痛综合征", "纤维肌痛综合征"])
def test_a_name_in_a_script_without_spaces_is_found_by_a_part_of_it(shelf, client, typed):
    name = {"text": "纤维肌痛综合征", "type": "synonym", "language": "zh"}
    shelf.publish(condition("first", names=[name]), condition("second"))
    assert [hit["item"]["slug"] for hit in get(client, q=typed).json()["results"]] == ["first"]
