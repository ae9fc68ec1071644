"""Citing at the desk: a source is named as people name it, and the words that support a part stay with editors."""

import pytest
from django.contrib.auth.models import User

from content_app.manuscripts import rows
from tests import library
from tests.admin_forms import fields_of
from tests.library import condition, item_of, public, source, statement

CHOICES = "/admin/content_app/source/choices/"


@pytest.fixture
def desk(people):
    """Everybody may sign in to the desk, and there are three sources."""
    User.objects.update(is_staff=True)
    sources = [
        source("one", title="Exercise treats pain", authors=["Sherry DD", "Wallace CA"], year=1999, doi="10.1000/one"),
        source("two", title="Children with pain", authors=["Sherry DD"], year=2013, pmid="1234567"),
        source("three", title="Fibromyalgie", authors=["Häuser W", "Maihöfner C"], year=2017),
    ]
    library.bring_in([*sources, condition(statements=[statement("One."), statement("Two.")])], people.author)
    return people


def page() -> str:
    return f"/admin/content_app/condition/{item_of(condition()).pk}/change/"


def saved_with(client, typed: str):
    fields = fields_of(client.get(f"{page()}?open=all"), "condition_form")
    return client.post(page(), fields | {"statements-0-citations": [typed]})


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("one", "one"),
        ("Sherry 1999", "one"),
        ("sherry children", "two"),
        ("https://doi.org/10.1000/ONE", "one"),
        ("PMID: 1234567", "two"),
        ("Hauser", "three"),
        ("maihöfner 2017", "three"),
        ("exercise treats", "one"),
    ],
)
def test_a_source_is_named_by_its_author_year_title_or_identifier(typed, meant, client, desk):
    client.force_login(desk.author)
    assert saved_with(client, f"{typed}; page 3").status_code == 302
    assert rows.to_document(item_of(condition()))["statements"][0]["citations"] == [
        {"source": meant, "locator": "page 3"}
    ]
    first = client.get(CHOICES, {"q": typed}).json()["results"][0]
    assert first["slug"] == meant


def test_a_name_that_several_sources_have_is_asked(client, desk):
    client.force_login(desk.author)
    response = saved_with(client, "Sherry")
    assert "can mean several sources: “Children with pain (2013)”; “Exercise treats pain (1999)”" in str(
        [formset.errors for formset in response.context["inline_admin_formsets"][1].formset]
    )


def test_an_identifier_that_is_not_here_begins_a_new_source(client, desk):
    client.force_login(desk.author)
    for typed, field, value in (
        ("https://doi.org/10.1000/NEW", "doi", "10.1000/new"),
        ("pubmed.ncbi.nlm.nih.gov/7654321/", "pmid", "7654321"),
    ):
        only = client.get(CHOICES, {"q": typed}).json()["results"]
        assert [one["new"] for one in only] == [{field: value}]
        form = client.get("/admin/content_app/source/dialog/", only[0]["new"]).content.decode()
        assert f'value="{value}"' in form


def test_the_words_that_support_a_part_are_kept_for_editors_and_never_published(client, desk):
    client.force_login(desk.author)
    saved_with(client, "Sherry 1999; page 3\n> Exercise is\n> what helped them.")
    item = item_of(condition())
    kept = rows.to_document(item)["statements"][0]["citations"]
    assert kept == [{"source": "one", "locator": "page 3", "passage": "Exercise is what helped them."}]
    fields = fields_of(client.get(f"{page()}?open=all"), "condition_form")
    assert fields["statements-0-citations"] == ["one; page 3\n> Exercise is what helped them."]
    document = rows.to_document(item)
    library.publish([document | {"caution": "Careful."}], desk)
    assert b"what helped them" not in bytes(public(document).body)


def test_a_page_says_its_sources_by_name(client, desk):
    client.force_login(desk.author)
    saved_with(client, "one; page 3")
    shown = client.get(f"{page()}?open=all").content.decode()
    assert "Sherry 1999</a>" in shown
    assert '<span dir="auto">Exercise treats pain</span>' in shown
