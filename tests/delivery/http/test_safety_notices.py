"""An active safety notice in the headers: of every answer that shows it, at no cost, and of no other.

A standing caution is shown like a notice, and is none: it is no news.
"""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content_app.canonical import compact_json
from content_app.delivery.http import safety
from content_app.delivery.http.responses import LIVE
from content_app.editorial import workflow
from content_app.models import Item
from content_app.models.publication import Document
from tests import library

PLAIN, WARNED = library.condition("plain"), library.condition("warned", safety_notice="Read this first.")
CAUTION = "These signs occur in other illnesses too."
CAREFUL = library.condition("careful", caution=CAUTION, statements=[library.statement()], codings=[library.coding()])
HERE = "/api/v1/conditions/warned/"
REVALIDATE = "public, no-cache"
SHOWING_A_CAUTION = [
    "/api/v1/conditions/careful/", "/api/v1/conditions/careful/?fields=slug", f"/api/v1/items/?ids={CAREFUL['uuid']}",
    "/api/v1/conditions/plain/compare/careful/", f"/api/v1/statements/{CAREFUL['statements'][0]['uuid']}/",
    "/api/v1/conditions/careful.html", "/api/v1/conditions/careful.md", "/api/v1/conditions/careful.jsonld",
    "/api/v1/conditions/careful.ttl", f"/fhir/Composition/{CAREFUL['uuid']}",
    f"/fhir/Composition/{CAREFUL['uuid']}/$document",
    "/infobutton?mainSearchCriteria.v.cs=2.16.840.1.113883.6.90&mainSearchCriteria.v.c=M79.7",
]  # fmt: skip


@pytest.fixture(scope="module")
def published(library_of_a_module):
    related = [library.relation("related_to", PLAIN)]
    library.publish([PLAIN, WARNED | {"relations": related}, CAREFUL], library_of_a_module)


def links_of(response) -> str:
    """The `Link` header without the other forms of the document, which are none of a notice's business."""
    values = re.split(r", (?=<)", response.headers.get("Link", ""))
    return ", ".join(value for value in values if 'rel="alternate"' not in value)


def link_to(address: str) -> str:
    return f'<{address}?fields=notices>; rel="{safety.RELATION}"; title="Safety alert"'


@pytest.mark.django_db
class TestWhatShowsIt:
    @pytest.mark.parametrize(
        "address",
        [
            HERE, f"{HERE}?fields=summary", f"{HERE}?audience=plain&text=html", f"{HERE}?include=related",
            f"/api/v1/items/?ids={PLAIN['uuid']},{WARNED['uuid']}", "/api/v1/conditions/plain/compare/warned/",
            "/api/v1/conditions/warned/compare/plain/", f"/fhir/Composition/{WARNED['uuid']}",
            f"/fhir/Bundle/{WARNED['uuid']}", f"/fhir/Composition/{WARNED['uuid']}/$document",
            "/fhir/Composition",
        ],
    )  # fmt: skip
    def test_says_so_and_is_asked_for_again_each_time(self, published, client, address):
        response = client.get(address)
        assert (response.status_code, response["Cache-Control"]) == (200, REVALIDATE)
        assert links_of(response) == link_to(HERE)

    def test_the_item_says_so_at_its_own_address(self, published, client):
        here = f"/api/v1/items/{WARNED['uuid']}/"
        assert links_of(client.get(here)) == link_to(here)

    def test_the_link_leads_to_the_notice(self, published, client):
        address = client.get(HERE)["Link"].partition(">")[0].removeprefix("<")
        assert client.get(address).json()["notices"][0] == {"type": "safety", "text": "Read this first."}

    def test_304_says_so_too(self, published, client):
        got = client.get(HERE)
        again = client.get(HERE, headers={"if-none-match": got["ETag"]})
        assert (again.status_code, again["Cache-Control"], again["Link"]) == (304, REVALIDATE, got["Link"])

    def test_a_statement_of_it_says_so(self, people, client):
        stated = WARNED | {"statements": [library.statement()]}
        library.publish([stated], people)
        response = client.get(f"/api/v1/statements/{stated['statements'][0]['uuid']}/")
        assert (response["Cache-Control"], links_of(response)) == (REVALIDATE, link_to(HERE))

    def test_infobutton_says_so_for_the_one_who_asked(self, people, client):
        library.publish([WARNED | {"codings": [library.coding()]}], people)
        asked = "/infobutton?mainSearchCriteria.v.cs=2.16.840.1.113883.6.90&mainSearchCriteria.v.c=M79.7"
        response = client.get(asked)
        assert (response["Cache-Control"], links_of(response)) == ("private, no-cache", link_to(HERE))

    def test_it_costs_no_query(self, published, client, django_assert_num_queries):
        with django_assert_num_queries(2):
            client.get(HERE)


@pytest.mark.django_db
class TestWhatDoesNot:
    @pytest.mark.parametrize(
        "address",
        [
            "/api/v1/conditions/plain/", "/api/v1/conditions/", "/api/v1/search/?q=warned",
            f"/fhir/Composition/{PLAIN['uuid']}", "/api/v1/releases/1/",
        ],
    )  # fmt: skip
    def test_is_fresh_as_ever(self, published, client, address):
        response = client.get(address)
        assert response.status_code == 200
        assert "max-age" in response["Cache-Control"]
        assert links_of(response) == ""

    @pytest.mark.parametrize("address", SHOWING_A_CAUTION)
    def test_shows_a_caution_and_is_fresh_as_ever(self, published, client, address):
        response = client.get(address)
        assert CAUTION in response.content.decode()
        assert "max-age" in response["Cache-Control"]
        assert links_of(response) == ""

    def test_when_the_notice_is_taken_back_so_is_the_header(self, published, people, client):
        item = Item.objects.get(slug="warned")
        library.edit(item, people.author, safety_notice="")
        library.sign_off(Item.objects.get(pk=item.pk), people)
        workflow.publish(items=[Item.objects.get(pk=item.pk)], by=people.publisher)
        assert "max-age" in client.get(HERE)["Cache-Control"]


@pytest.mark.django_db
class TestPinned:
    def test_stays_as_it_was_and_leads_to_what_is_now(self, published, client):
        response = client.get(f"{HERE}?release=1")
        assert "immutable" in response["Cache-Control"]
        assert links_of(response) == f'<{HERE}>; rel="latest-version", {link_to(HERE)}'

    def test_without_a_notice_it_leads_there_too(self, published, client):
        here = "/api/v1/conditions/plain/"
        assert links_of(client.get(f"{here}?release=1")) == f'<{here}>; rel="latest-version"'


def test_every_condition_of_the_first_content_has_a_caution_and_can_be_kept(read):
    for slug in Document.objects.filter(kind="condition").values_list("slug", flat=True):
        response = read(f"/api/v1/conditions/{slug}/")
        assert "caution" in [notice["type"] for notice in response.json()["notices"][:2]]
        assert response["Cache-Control"] == LIVE
        assert links_of(response) == ""


TEXT = st.text() | st.sampled_from(
    ['"notices":[{"type":"safety",', '{"notices":[{"type":"safety","text":""}]}', "safety"]
)
NOTICE = st.fixed_dictionaries({"type": st.sampled_from(["caution", "analogy", "information_only"]), "text": TEXT})


@given(text=TEXT, others=st.lists(NOTICE), is_warned=st.booleans())
def test_no_text_that_somebody_writes_looks_like_a_notice(text, others, is_warned):
    safety_notice = [{"type": "safety", "text": text}] if is_warned else []
    document = {
        "kind": "condition",
        "slug": "x",
        "name": text,
        "notices": safety_notice + others,
        "links": {"self": text},
    }
    try:
        body = compact_json(document)
    except UnicodeEncodeError:
        return  # a lone surrogate is in no document
    assert (safety.IN_BYTES in body) == is_warned
    assert safety.addresses_in(body) == (["/api/v1/conditions/x/"] if is_warned else [])
