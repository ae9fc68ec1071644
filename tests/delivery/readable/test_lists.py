"""The lists that lead people to items, and the signposts of programs: complete, strict, of one release, bounded."""

import re
import xml.etree.ElementTree as ET

import pytest

from content_app.delivery.pages import library as views
from content_app.delivery.pages import shelves, signposts, site_map
from content_app.vocabulary.terms import COLLECTIONS
from tests.delivery.readable.test_page import HOSTILE, Reader, spaced
from tests.first_content import AMPS, PUBLISHED_AT
from tests.library import concept, condition, relation, uuid_of
from tests.shelf import saying

LISTS = ("/library/", "/library/concepts/", "/library/search/?q=pain")
SIGNPOSTS = ("/llms.txt", "/sitemap.xml")
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def published(read) -> set[str]:
    """The addresses of everything that is published."""
    return {href for collection in COLLECTIONS.values() for href in published_in(read, collection)}


def published_in(read, collection: str) -> set[str]:
    """The addresses of everything in a collection, page by page."""
    found, address = set(), f"/api/v1/{collection}/?page_size=100"
    while address:
        page = read(address).json()
        found |= {entry["href"] for entry in page["results"]}
        address = page["next"]
    return found


def links(response) -> list[str]:
    return Reader(response.content).links


def test_the_library_leads_to_everything_that_is_published(read):
    shown = set(links(read("/library/")))
    sources = published_in(read, "sources")
    assert published(read) - sources <= shown
    assert len(sources & shown) == views.MOST_OF_A_KIND < len(sources)  # the rest is one link away
    assert "/library/sources/" in shown


def test_items_stand_under_the_word_that_sorts_their_kind(read):
    text = Reader(read("/library/").content).text
    assert text.index("Knowledge gap") < text.index("Exact cause unknown") < text.index("Body site")


def test_home_leads_to_the_library_and_from_there_to_amps(read):
    assert "/library/" in links(read("/"))
    assert AMPS in links(read("/library/"))


def test_the_library_can_show_what_cites_a_source(read):
    cited = read("/library/?source=sherry-2020")
    wanted = {
        entry["href"]
        for collection in ("conditions", "concepts", "symptom-types", "examples")
        for entry in read(f"/api/v1/{collection}/?source=sherry-2020&page_size=100").json()["results"]
    }
    assert wanted
    assert {link for link in links(cited) if re.match("/api/v1/.*/.+/", link)} - {
        "/api/v1/sources/sherry-2020/"
    } == wanted


def test_the_library_can_show_what_leads_to_an_item(read):
    skin = read("/api/v1/symptom-types/skin-cold/").json()
    assert AMPS in links(read(f"/library/?object={skin['id']}"))
    assert f"/library/?object={skin['id']}" in links(read(skin["links"]["self"], Accept=BROWSER))


def test_a_list_of_one_kind_goes_on_where_it_ended(read, monkeypatch):
    monkeypatch.setattr(views, "PAGE", 20)
    seen, address = [], "/library/concepts/"
    while address:
        page = Reader(read(address).content)
        seen += [link for link in page.links if link.startswith("/api/v1/concepts/")]
        address = next((link for link in page.links if "cursor=" in link), None)
    assert len(seen) == len(set(seen)) == 46


def test_a_search_works_without_scripts(read):
    page = Reader(read("/library/").content)
    assert {"form", "input", "button", "label"} <= set(page.tags)
    found = Reader(read("/library/search/?q=hand+ice+cold").content)
    assert "/api/v1/symptom-types/skin-cold/" in found.links
    assert "not a diagnosis" in found.text
    assert "hand ice cold" in found.text


def test_a_search_tells_how_it_took_the_words(read):
    text = Reader(read("/library/search/?q=allodinia").content).text
    assert "Showing results for allodynia instead of “allodinia”." in text


def test_a_search_that_finds_nothing_says_what_that_means(read):
    text = Reader(read("/library/search/?q=zzzzqqqq").content).text
    assert "No results for “ zzzzqqqq ”" in text
    assert "This only means that none of our content uses these words" in text


def test_a_search_keeps_its_words_and_goes_on_where_it_ended(read):
    first = Reader(read("/library/search/?q=pain&kind=concept").content)
    following = next(link for link in first.links if "cursor=" in link)
    assert "q=pain" in following
    assert "Searching concepts only." in first.text
    second = Reader(read(following).content)
    hits = [{link for link in page.links if link.startswith("/api/v1/concepts/")} for page in (first, second)]
    assert hits[0]
    assert hits[1]
    assert not hits[0] & hits[1]


@pytest.mark.parametrize("words", ["", "+", "%3F%21"])
def test_a_search_without_a_word_asks_for_one(read, words):
    page = Reader(read(f"/library/search/?q={words}").content)
    assert "Give at least one letter or digit" in page.text


def test_what_was_searched_for_is_shown_as_it_was_typed(read, client):
    page = Reader(client.get("/library/search/", {"q": HOSTILE}).content)
    assert "script" not in page.tags
    assert spaced(HOSTILE).split(" {{")[0] in page.text


NOBODY = "00000000-0000-4000-8000-000000000000"
REFUSED = [
    "/library/?kind=concept", "/library/nothing/", "/library/?source=nothing", "/library/?object=x",
    f"/library/?object={NOBODY}", f"/library/?source=sherry-2020&object={NOBODY}", f"/library/history/{NOBODY}/",
    "/library/concepts/?cursor=x", "/library/search/?q=a&kind=nothing", "/library/search/?q=a&q=b",
    "/library/search/?q=a&cursor=x", "/llms.txt?full=1", "/sitemap.xml?release=1", "/library/?release=7",
    "/library/?release=x", "/library/?release=1&as_of=2026-11-02", "/library/?source=%00",
]  # fmt: skip


@pytest.mark.parametrize("address", REFUSED)
def test_what_is_not_known_is_refused_in_the_form_that_was_asked_for(read, address):
    response = read(address)
    assert response.status_code in (400, 404)
    assert response["Content-Type"] == "application/problem+json"
    page = read(address, Accept=BROWSER)
    assert page.status_code == response.status_code
    assert page["Content-Type"].startswith("text/html")


def test_an_address_with_nothing_there_leads_to_the_search(read):
    page = Reader(read("/library/nothing/", Accept=BROWSER).content)
    assert "form" in page.tags
    assert "/library/" in page.links


@pytest.mark.parametrize("address", [*LISTS, *SIGNPOSTS])
def test_a_list_has_the_headers_that_caches_live_by(read, address):
    response = read(address, Accept=BROWSER)
    assert response.status_code == 200
    assert response["Content-Release"] == "1"
    assert "stale-while-revalidate" in response["Cache-Control"]
    assert read(address, If_None_Match=response["ETag"]).status_code == 304


@pytest.mark.parametrize("address", ["/library/?", "/library/concepts/?", "/library/search/?q=pain&", "/llms.txt?"])
def test_a_list_of_a_release_keeps_to_it(read, address):
    response = read(f"{address}release=1")
    assert "immutable" not in response["Cache-Control"] or address == "/llms.txt?"
    ours = re.findall(
        r"/api/v1/(?:conditions|concepts|symptom-types|examples|sources)/[a-z0-9-]+(?:/|\.md)\S?",
        response.content.decode(),
    )
    assert ours
    assert [link for link in ours if not link.endswith("?")] == []


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_lists_are_for_reading_only(read, client, method):
    assert getattr(client, method)("/library/").status_code == 405
    assert getattr(client, method)("/llms.txt").status_code == 405


QUERIES = {
    "/library/": 6, "/library/?source=sherry-2020": 9, "/library/?object=653d25e6-fa47-540b-8794-806228c3ea64": 9,
    "/library/concepts/": 2, "/library/search/": 1,
    "/library/search/?q=pain": 6, "/llms.txt": 6, "/sitemap.xml": 2, "/robots.txt": 0,
}  # fmt: skip


@pytest.mark.parametrize("address", QUERIES)
def test_a_list_costs_few_queries(read, django_assert_max_num_queries, address):
    with django_assert_max_num_queries(QUERIES[address]):
        assert read(address).status_code == 200


# /llms.txt, as the parser of its authors reads it: a title, a summary, notes, sections of links.

LINK = re.compile(r"-\s*\[(?P<title>[^\]]+)\]\((?P<url>[^\)]+)\)(?::\s*(?P<desc>.*))?")


def sections(text: str) -> dict[str, list[re.Match]]:
    """The links of each section. Fails on a line that is none."""
    head, *rest = re.split(r"^## +(.+)$", text, flags=re.MULTILINE)
    assert re.match(r"# .+\n\n> .+\n\n", head)
    found = {}
    for title, body in zip(rest[::2], rest[1::2], strict=True):
        found[title.strip()] = [LINK.fullmatch(line) for line in body.strip().splitlines()]
        assert None not in found[title.strip()]
    return found


def test_llms_txt_has_the_form_that_its_authors_describe(read):
    found = sections(read("/llms.txt").content.decode())
    assert list(found) == ["Conditions", "Concepts", "Symptom types", "Examples", "Sources", "API", "Optional"]


def test_llms_txt_leads_to_the_markdown_of_everything_that_is_published(read):
    found = sections(read("/llms.txt").content.decode())
    listed = {link["url"] for title in list(found)[:5] for link in found[title]}
    assert listed == {f"http://testserver{address.rstrip('/')}.md" for address in published(read)}


def test_every_link_of_llms_txt_leads_somewhere(read):
    found = sections(read("/llms.txt").content.decode())
    checked = [link["url"] for title in ("Conditions", "API", "Optional") for link in found[title]]
    answers = {url: read(url.removeprefix("http://testserver")).status_code for url in checked if "export" not in url}
    assert {url: status for url, status in answers.items() if status != 200} == {}


def test_llms_txt_says_by_which_rules_it_may_be_used(read):
    head = read("/llms.txt").content.decode().split("## ")[0]
    for rule in (
        "Quote this content with its citation",
        "not a diagnosis",
        "not covered",
        "review is pending or overdue",
        "CC-BY-4.0",
    ):
        assert rule in head
    assert f"Release 1 of {PUBLISHED_AT:%Y-%m-%d}" in head


def test_llms_txt_is_bounded_and_says_where_the_rest_is(read, monkeypatch):
    monkeypatch.setattr(signposts, "MOST_OF_A_KIND", 3)
    concepts = sections(read("/llms.txt").content.decode())["Concepts"]
    assert len(concepts) == 4
    assert concepts[-1]["url"] == "http://testserver/api/v1/concepts/"
    assert "first 3" in concepts[-1]["desc"]


def test_the_library_is_bounded_and_says_where_the_rest_is(read, monkeypatch):
    monkeypatch.setattr(views, "MOST_OF_A_KIND", 3)
    page = Reader(read("/library/").content)
    assert len([link for link in page.links if link.startswith("/api/v1/concepts/")]) == 3
    assert "/library/concepts/" in page.links
    assert "See all 46 concepts" in page.text


def test_crawlers_may_read_all_but_the_desk_and_find_the_site_map(read):
    lines = read("/robots.txt").content.decode().splitlines()
    assert lines[:2] == ["User-agent: *", "Disallow: /admin/"]
    assert lines[-1] == "Sitemap: http://testserver/sitemap.xml"


def test_the_site_map_names_every_page_with_the_day_it_last_changed(read):
    name = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    entries = ET.fromstring(read("/sitemap.xml").content)  # noqa: S314 - our own
    found = {entry.findtext(f"{name}loc"): entry.findtext(f"{name}lastmod") for entry in entries}
    assert set(found) == {f"http://testserver{address}" for address in (*published(read), "/library/")}
    assert set(found.values()) == {PUBLISHED_AT.date().isoformat()}


def test_the_site_map_of_a_large_library_comes_in_parts_that_name_every_page_once(read, monkeypatch):
    monkeypatch.setattr(site_map, "LARGEST", 10)
    name = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    index = ET.fromstring(read("/sitemap.xml").content)  # noqa: S314 - our own
    assert index.tag == f"{name}sitemapindex"
    parts = [entry.findtext(f"{name}loc").removeprefix("http://testserver") for entry in index]
    found = [
        entry.findtext(f"{name}loc")
        for part in parts
        for entry in ET.fromstring(read(part).content)  # noqa: S314 - our own
    ]
    assert len(parts) > 1
    assert sorted(found) == sorted(f"http://testserver{address}" for address in (*published(read), "/library/"))


def test_a_part_that_the_site_map_does_not_have_is_not_there(read):
    assert read("/sitemap-0.xml").status_code == 404


# What has been withdrawn, and what has not been published


def test_a_withdrawn_item_is_on_no_list(shelf, client):
    shelf.publish(saying("first", "It lasts."), saying("second", "It ends."))
    shelf.withdraw(condition("first"))
    for address in ("/library/", "/library/conditions/", "/library/search/?q=first", "/llms.txt", "/sitemap.xml"):
        body = client.get(address).content.decode()
        assert "/conditions/first" not in body, address
    assert "/conditions/second" in client.get("/sitemap.xml").content.decode()
    assert "/conditions/first/?release=1" in client.get("/library/?release=1").content.decode()


def test_the_history_of_an_item_says_what_changed_when(shelf, client):
    shelf.publish(saying("first", "It lasts."))
    shelf.publish(saying("first", "It lasts long."), change_note="Said {{ more }} <b>clearly</b>.")
    shelf.withdraw(condition("first"))
    address = f"/library/history/{uuid_of('condition', 'first')}/"
    page = Reader(client.get(address).content)
    order = ["Withdrawn", "Taken back.", "Version 2", "Said {{ more }} <b>clearly</b>.", "Version 1"]
    assert [page.text.index(part) for part in order] == sorted(page.text.index(part) for part in order)
    assert {"/api/v1/conditions/first/?release=1", "/api/v1/conditions/first/?release=2"} <= set(page.links)
    assert "Version 2" not in Reader(client.get(f"{address}?release=1").content).text


def test_before_the_first_release_every_list_says_so(db, client):
    for address in ("/library/", "/library/concepts/", "/library/search/?q=pain", "/llms.txt", "/sitemap.xml"):
        response = client.get(address)
        assert response.status_code == 404, address
        assert "Nothing has been published yet." in response.json()["detail"]
    assert client.get("/robots.txt").status_code == 200


def test_names_that_look_like_markup_are_shown_as_they_are(shelf, client):
    name = "A <b>name</b> [x](y) {{ z }}"
    shelf.publish(concept("first", name=name, relations=[relation("part_of", "concept/second")]), concept("second"))
    assert name in Reader(client.get("/library/").content).text
    assert r"[A \<b\>name\</b\> \[x\](y) {{ z }}](http://testserver/api/v1/concepts/first.md)" in (
        client.get("/llms.txt").content.decode()
    )


def test_entries_without_a_known_group_are_shown_all_the_same():
    assert shelves.grouped("condition", [], None)[0]["entries"] == []
