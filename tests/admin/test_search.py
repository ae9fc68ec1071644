"""The search of the desk finds drafts by whatever an editor knows of them."""

import pytest
from django.contrib.auth.models import User

from content_app.admin import search
from tests import library
from tests.library import coding, concept, condition, source, statement

ADDRESS = "/admin/search/"


@pytest.fixture(scope="module")
def drafts(library_of_a_module):
    """Two conditions that are easily taken for each other, a concept, and sources with accents, all of them drafts."""
    User.objects.update(is_staff=True)
    amps = condition(
        "amplified-musculoskeletal-pain-syndrome",
        name="Amplified musculoskeletal pain syndrome",
        abbreviation="AMPS",
        names=[{"text": "Growing pain that stays", "type": "everyday_wording"}],
        statements=[statement("The brain may respond to a tiny injury.", plain="A tiny injury can hurt a lot.")],
        codings=[coding(code="M79.7", match="broad")],
    )
    other = condition("fibromyalgia", name="Fibromyalgia", codings=[coding(code="M79.7", match="exact")])
    form = concept("amps-like-form", name="AMPS-like form")
    sherry = source("sherry-2020", title="Pain in children", authors=["Sherry DD"], doi="10.1000/abc")
    haeuser = source("haeuser-2017", title="Leitlinie", authors=["Häuser W", "Maihöfner C"])
    library.bring_in([amps, other, form, sherry, haeuser], library_of_a_module.author)


@pytest.fixture
def desk(drafts, people):
    return people


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("AMPS", "Amplified musculoskeletal pain syndrome"),
        ("amplified", "Amplified musculoskeletal pain syndrome"),
        ("growing pain", "Amplified musculoskeletal pain syndrome"),
        ("syndrome pain", "Amplified musculoskeletal pain syndrome"),
        ("amplifyed pain", "Amplified musculoskeletal pain syndrome"),
        ("fibromialgia", "Fibromyalgia"),
        ("M79.7", "Fibromyalgia"),
        ("m797", "Fibromyalgia"),
        ("respond to a tiny injury", "Amplified musculoskeletal pain syndrome"),
        ("tiny injuries brain", ""),
        ("sherry", "Pain in children"),
        ("10.1000/abc", "Pain in children"),
        ("Häuser", "Leitlinie"),
        ("hauser", "Leitlinie"),
        ("maihofner", "Leitlinie"),
        ("xyzzy", ""),
        ("", ""),
        ("\0", ""),
        ("%", ""),
    ],
)
def test_what_was_meant_comes_first(typed, first, desk):
    found = search.search(typed).found
    assert (found[0].name if found else "") == first


def test_a_code_or_a_sentence_leads_to_the_part_that_has_it(client, desk):
    client.force_login(desk.reviewer)
    page = client.get(ADDRESS, {"q": "respond to a tiny"}).content.decode()
    assert '/change/#statements-0" dir="auto">Amplified' in page
    assert '/change/#codings-0"' in client.get(ADDRESS, {"q": "M79.7"}).content.decode()


def test_a_spelling_that_was_corrected_is_said(client, desk):
    client.force_login(desk.author)
    page = client.get(ADDRESS, {"q": "fibromialgia"}).content.decode()
    assert "with the spelling “fibromyalgia”" in page


def test_every_page_has_the_search_for_those_who_may_see_items(client, desk):
    client.force_login(desk.publisher)
    for address in ("/admin/", "/admin/content_app/source/", ADDRESS):
        assert 'id="desk-search"' in client.get(address).content.decode()
    client.force_login(desk.nobody)
    assert 'id="desk-search"' not in client.get("/admin/").content.decode()


def test_lists_and_choices_are_searched_alike(client, desk):
    client.force_login(desk.author)
    listed = client.get("/admin/content_app/condition/", {"q": "amps"}).context["cl"].result_list
    assert [item.name for item in listed] == ["Amplified musculoskeletal pain syndrome"]
    sources = client.get("/admin/content_app/source/", {"q": "Maihofner"}).context["cl"].result_list
    assert [found.slug for found in sources] == ["haeuser-2017"]
    query = {"term": "AMPS", "app_label": "content_app", "model_name": "relation", "field_name": "object"}
    answer = client.get("/admin/content_app/item/choices/", query).json()
    assert [one["text"] for one in answer["results"]] == [
        "Amplified musculoskeletal pain syndrome (condition)", "AMPS-like form (concept)",
    ]  # fmt: skip


def test_hostile_text_is_shown_to_the_letter(client, desk):
    client.force_login(desk.author)
    page = client.get(ADDRESS, {"q": "<script>alert(1)</script>"}).content.decode()
    assert "<script>alert" not in page


def test_a_search_asks_the_database_a_fixed_number_of_times(desk, django_assert_max_num_queries):
    library.bring_in([concept(f"pain-{number}") for number in range(30)], desk.author)
    with django_assert_max_num_queries(9):
        assert len(search.search("pain").found) > 20
