"""The Atom feeds, read by a parser that is not ours."""

import xml.etree.ElementTree as ET

import feedparser
import pytest

from content_app.delivery.feeds import atom as feeds
from tests.shelf import saying

FEEDS = ("/feeds/releases.atom", "/feeds/changes.atom")
A = f"{{{feeds.ATOM}}}"


@pytest.fixture(scope="module")
def published(shelf_of_a_module):
    shelf = shelf_of_a_module
    shelf.publish(saying("first", "It hurts."))
    shelf.publish(saying("first", "It often <hurts> & stays."), significance="safety", change_note="a < b & c")
    shelf.withdraw(saying("first"))
    return shelf


@pytest.fixture
def history(published, db):
    return published


def parsed(response):
    feed = feedparser.parse(response.content)
    assert not feed.bozo, feed.bozo_exception
    assert feed.version == "atom10"
    return feed


def test_releases_come_newest_first(history, client):
    feed = parsed(client.get(FEEDS[0]))
    assert [entry.title for entry in feed.entries] == ["Release 3", "Release 2", "Release 1"]
    assert feed.entries[1].tags[0].term == "safety"
    assert [link.href for link in feed.entries[0].links] == [
        "http://testserver/library/?release=3",
        "http://testserver/api/v1/releases/3/",
    ]


@pytest.mark.parametrize("address", FEEDS)
def test_the_first_link_of_every_entry_opens_a_page(history, client, address):
    for entry in parsed(client.get(address)).entries:
        page = client.get(entry.link.removeprefix("http://testserver"))
        assert page.status_code in (200, 410)
        assert page["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("address", FEEDS)
@pytest.mark.parametrize("accept", ["application/rss+xml", "application/xml", "text/xml", "application/atom+xml;q=0.1"])
def test_a_feed_is_atom_whatever_a_feed_reader_accepts(history, client, address, accept):
    response = client.get(address, headers={"Accept": accept})
    assert (response.status_code, response["Content-Type"]) == (200, "application/atom+xml; charset=utf-8")


def test_changes_come_newest_first_with_their_notes(history, client):
    feed = parsed(client.get(FEEDS[1]))
    assert [entry.title for entry in feed.entries][:2] == ["Withdrawn: First", "Changed: First"]
    assert feed.entries[1].summary == "a < b & c"


@pytest.mark.parametrize("address", FEEDS)
def test_a_feed_has_what_rfc_4287_demands(history, client, address):
    response = client.get(address)
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    root = ET.fromstring(response.content)  # noqa: S314 - our own
    assert all(len(root.findall(A + name)) == 1 for name in ("id", "title", "updated", "author"))
    assert [link.get("href") for link in root.findall(A + "link") if link.get("rel") == "self"] == [
        f"http://testserver{address}"
    ]
    entries = root.findall(A + "entry")
    assert all(len(entry.findall(A + name)) == 1 for entry in entries for name in ("id", "title", "updated"))
    identifiers = [entry.findtext(A + "id") for entry in entries]
    assert len(set(identifiers)) == len(identifiers)
    assert root.findtext(A + "updated") == max(entry.findtext(A + "updated") for entry in entries)


@pytest.mark.parametrize("address", FEEDS)
def test_a_reader_that_has_it_gets_304_and_an_old_release_its_own_feed(history, client, address):
    tag = client.get(address)["ETag"]
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 304
    before = client.get(address, {"release": 1})
    history.publish(saying("second", "It is new."))
    assert client.get(address, {"release": 1}).content == before.content
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize("address", FEEDS)
def test_identifiers_stay_when_the_server_moves(history, client, address, settings):
    before = parsed(client.get(address))
    settings.PUBLIC_URL = "https://elsewhere.example"
    after = parsed(client.get(address))
    assert [entry.id for entry in before.entries] == [entry.id for entry in after.entries]
    assert after.entries[0].links[0].href.startswith("https://elsewhere.example/")


@pytest.mark.parametrize("address", FEEDS)
def test_a_feed_takes_three_queries_and_no_unknown_parameter(history, client, address, django_assert_num_queries):
    with django_assert_num_queries(3):
        client.get(address)
    assert client.get(address, {"relase": 1}).status_code == 400


def test_nothing_published_is_a_problem(db, client):
    assert client.get(FEEDS[0]).status_code == 404


def test_what_xml_cannot_hold_is_replaced():
    release = {"number": 1, "published_at": "2026-01-01T00:00:00Z", "note": "a\x00b\ud800", "significance": "safety"}
    xml = feeds.releases_feed([release | {"href": "/r/1/"}], base="https://x.example", path="/f", library="0")
    assert feedparser.parse(xml).entries[0].summary == "a\ufffdb\ufffd"
