"""Previews: what publishing would write, to the byte, and links to it that hold for one item and a while."""

import datetime
import json
import re

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from content_app.editorial import previews, workflow
from content_app.editorial.transitions import TransitionNotAllowed
from content_app.models import Document, PreviewLink, Release
from content_app.preview.representations import MARK, REPRESENTATIONS
from tests import library
from tests.library import concept, condition, item_of, public, relation, statement
from tests.permission_lines import clients_of_roles

pytestmark = pytest.mark.both_databases
NOW = datetime.datetime(2027, 1, 4, 9, 0, tzinfo=datetime.UTC)


@pytest.fixture
def desk(people):
    User.objects.update(is_staff=True)
    return people


@pytest.fixture(scope="module")
def drafted_in_a_module(library_of_a_module):
    """A condition that readers have, with a newer draft."""
    gap = concept("a-gap", topic="knowledge_gap")
    library.publish([gap, condition(relations=[relation("has_knowledge_gap", gap)])], library_of_a_module)
    library.bring_in([condition(name="A new name", statements=[statement("New.")])], library_of_a_module.author)


@pytest.fixture
def drafted(drafted_in_a_module, desk):
    return item_of(condition())


@pytest.fixture
def shared(drafted, desk):
    """A link to the draft: its address."""
    _, token = previews.make_link(item=drafted, by=desk.author)
    return f"/preview/{token}/"


# What it shows


@pytest.mark.parametrize("published_before", [False, True])
def test_a_preview_is_what_publishing_then_writes_to_the_byte(published_before, people, monkeypatch):
    gap = concept("a-gap", topic="knowledge_gap")
    library.publish([gap, *([condition()] if published_before else [])], people)
    document = condition(name="Now", statements=[statement()], relations=[relation("has_knowledge_gap", gap)])
    item = library.approved([document], people)[0]
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    seen = previews.preview(item)
    workflow.publish(items=[item], by=people.publisher)
    assert seen.body == bytes(public(document).body)
    assert seen.obstacles == []
    assert previews.preview(item).body == seen.body


def test_a_preview_stores_nothing_and_says_what_is_in_the_way(drafted):
    library.edit(drafted, User.objects.get(username="the-author"), summary_plain="Short.")
    before = [model.objects.count() for model in (Document, Release)]
    seen = previews.preview(drafted)
    assert [model.objects.count() for model in (Document, Release)] == before
    assert seen.document["name"] == "A new name"
    assert seen.document["review"] == {
        "state": "not_clinically_reviewed", "reviewed_on": None, "review_due_on": None,
        "reviewer_role": "Not reviewed yet", "cycle_months": 12,
    }  # fmt: skip


def test_a_draft_that_names_an_unpublished_item_is_shown_with_its_name_and_the_obstacle(people):
    gap = concept("a-gap", topic="knowledge_gap")
    library.bring_in([gap, condition(relations=[relation("has_knowledge_gap", gap)])], people.author)
    seen = previews.preview(item_of(condition()))
    assert seen.document["relations"][0]["object"]["name"] == "A gap"
    assert any("is not published" in sentence for sentence in seen.obstacles)


def test_a_draft_that_lacks_too_much_says_what(people):
    item = library.bring_in([condition(summary=None)], people.author)[0]
    with pytest.raises(previews.NotPreviewable) as missing:
        previews.preview(item)
    assert "Write a summary for clinicians." in missing.value.sentences


# At the desk


@pytest.mark.parametrize("who", ["author", "reviewer", "publisher"])
def test_everybody_who_may_see_the_item_sees_its_preview_in_every_representation(who, client, desk, drafted):
    client.force_login(getattr(desk, who))
    page = client.get(f"/admin/preview/{drafted.pk}/")
    assert page.status_code == 200
    assert "Readers cannot see it yet." in page.content.decode()
    for name, entry in REPRESENTATIONS.items():
        assert client.get(f"/admin/preview/{drafted.pk}/", {"as": name}).status_code == 200
        answer = client.get(f"/admin/preview/{drafted.pk}/{name}/")
        assert answer["Content-Type"] == entry.media_type
        assert "A new name" in answer.content.decode()
        assert MARK not in answer.content.decode()
    assert json.loads(client.get(f"/admin/preview/{drafted.pk}/json/").content)["meta"]["version"] == 2


def test_the_fhir_preview_is_what_the_fhir_server_then_answers(client, desk, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    library.publish([concept("before")], desk)
    item = library.approved([condition(statements=[statement()])], desk)[0]
    client.force_login(desk.reviewer)
    seen = [json.loads(client.get(f"/admin/preview/{item.pk}/{name}/").content) for name in ("fhir", "fhir-concept")]
    workflow.publish(items=[item], by=desk.publisher)
    lookup = {"system": "urn:uuid:5b8a9ba2-0d0b-4f0e-9c1d-7a6f0e1c93d4", "code": "a-condition"}
    after = [client.get(f"/fhir/Bundle/{item.uuid}").json(), client.get("/fhir/CodeSystem/$lookup", lookup).json()]
    assert seen == after


def test_the_page_and_the_markdown_in_a_preview_are_what_readers_then_get(client, desk, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    like = condition("alike", name="Alike", relations=[relation("not_the_same_as", condition(), note="Not that.")])
    library.publish([condition(), like], desk)
    item = library.approved([condition(name="A new name", statements=[statement()])], desk)[0]
    client.force_login(desk.reviewer)
    seen = [client.get(f"/admin/preview/{item.pk}/{name}/").content for name in ("html", "md")]
    workflow.publish(items=[item], by=desk.publisher)
    address = "/api/v1/conditions/a-condition"
    assert seen == [client.get(f"{address}.{suffix}").content for suffix in ("html", "md")]
    assert all(b"A new name" in text and b"Alike" in text for text in seen)


def test_nobody_else_sees_a_preview_or_makes_a_link(client, desk, drafted):
    links = f"/admin/preview/{drafted.pk}/links/"
    assert client.get(f"/admin/preview/{drafted.pk}/").status_code == 302
    client.force_login(desk.nobody)
    for address in (f"/admin/preview/{drafted.pk}/", f"/admin/preview/{drafted.pk}/json/"):
        assert client.get(address).status_code == 403
    assert client.post(links, {"days": "7"}).status_code == 403
    assert not PreviewLink.objects.exists()


@pytest.mark.parametrize("address", ["999999/", "99999999999999999999999/", "{}/xml/"])
def test_a_preview_that_is_not_there_is_not_found(address, client, desk, drafted):
    client.force_login(desk.author)
    assert client.get(f"/admin/preview/{address.format(drafted.pk)}").status_code == 404


# By link


def test_a_link_shows_the_item_marked_kept_by_nobody_and_found_by_no_search_engine(client, shared):
    for address in (shared, *(f"{shared}{name}/" for name in REPRESENTATIONS)):
        answer = client.get(address)
        assert answer.status_code == 200
        assert MARK in answer.content.decode()
        assert "A new name" in answer.content.decode()
        assert answer["Cache-Control"] == "private, no-store"
        assert "noindex" in answer["X-Robots-Tag"]
        assert answer["Referrer-Policy"] == "no-referrer"
        assert "ETag" not in answer
        assert "Access-Control-Allow-Origin" not in client.get(address, headers={"Origin": "https://a.example"})
    assert json.loads(client.get(f"{shared}json/").content)["preview"] == {"status": "draft", "text": MARK}
    composition = json.loads(client.get(f"{shared}fhir/").content)["entry"][0]["resource"]
    assert (composition["status"], composition["meta"]["tag"]) == ("preliminary", [{"display": MARK}])
    assert client.post(shared).status_code == 405


@pytest.mark.parametrize("name", ["", "html/"])
def test_the_page_of_a_link_sends_nobody_to_what_is_published_as_if_it_were_the_draft(name, client, shared):
    page = client.get(f"{shared}{name}").content.decode()
    addresses = re.findall(r'href="([^"]*)"', page)
    assert [
        address for address in addresses if "a-condition" in address or str(item_of(condition()).uuid) in address
    ] == []
    assert '<meta name="robots" content="noindex">' in page
    assert 'rel="canonical"' not in page
    assert "application/ld+json" not in page
    assert "not yet" in page  # signed off


def test_the_page_of_a_link_leads_to_the_other_representations(client, shared):
    page = client.get(shared).content.decode()
    for name in REPRESENTATIONS.keys() - {"html"}:
        assert f'href="{shared}{name}/"' in page


def test_a_link_shows_what_was_shared_whatever_is_edited_later(client, desk, drafted, shared):
    library.bring_in([condition(name="A secret name")], desk.author)
    assert "A new name" in client.get(shared).content.decode()
    assert "A secret name" not in client.get(f"{shared}json/").content.decode()


def test_a_link_opens_nothing_else(client, desk, drafted, shared):
    other = library.bring_in([concept("other")], desk.author)[0]
    for address in (f"{shared}{other.pk}/", f"{shared}json/x/", f"/admin/preview/{other.pk}/", f"{shared}xml/"):
        assert client.get(address).status_code in (302, 404)
    token = shared.split("/")[2]
    assert client.get(f"/api/v1/items/{other.uuid}/", headers={"Authorization": f"Bearer {token}"}).status_code == 404


@pytest.mark.parametrize("spoil", [lambda t: t[:-1], lambda t: t + "x", lambda t: "x" + t, lambda t: t.split(".")[0]])
def test_a_token_that_was_changed_or_copied_in_part_opens_nothing(spoil, client, shared, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = client.get(f"/preview/{spoil(shared.split('/')[2])}/")
    assert (answer.status_code, answer["Cache-Control"]) == (404, "private, no-store")


def test_a_link_expires_and_can_be_revoked_and_both_say_no_more_than_a_forged_one(client, desk, drafted, shared):
    forged = client.get("/preview/nothing/").json()["detail"]
    PreviewLink.objects.update(made_at=timezone.now() - datetime.timedelta(days=8))
    PreviewLink.objects.update(expires_at=timezone.now() - datetime.timedelta(seconds=1))
    assert (client.get(shared).status_code, client.get(shared).json()["detail"]) == (404, forged)
    link, token = previews.make_link(item=drafted, by=desk.reviewer, days=1)
    previews.revoke(link=link, by=desk.publisher)
    link.refresh_from_db()
    assert (link.revoked_by, bytes(link.body)) == (desk.publisher, b"")
    assert client.get(f"/preview/{token}/json/").status_code == 404
    assert not previews.live_links(drafted).exists()


def revoked(link, by):
    previews.revoke(link=link, by=by)


def expired(link, by):
    long_ago = timezone.now() - datetime.timedelta(days=8)
    PreviewLink.objects.filter(pk=link.pk).update(made_at=long_ago, expires_at=long_ago + datetime.timedelta(days=1))


# What is done to a link, and how its token is sent: what then opens, whoever asks.
STATES = {
    "live": (None, str, "A new name"),
    "revoked": (revoked, str, None),
    "expired": (expired, str, None),
    "forged": (None, lambda token: f"{token.partition('.')[0]}.{'A' * 43}", None),
    "of another item": (None, None, "Zebrafish"),
}


@pytest.mark.parametrize("state", STATES)
def test_what_a_link_opens_depends_on_the_link_and_never_on_who_holds_it(state, desk, drafted):
    spoil, sent, shown = STATES[state]
    link, token = previews.make_link(item=drafted, by=desk.author)
    other = library.bring_in([concept("zebrafish")], desk.author)[0]
    others = previews.make_link(item=other, by=desk.author)[1]
    if spoil:
        spoil(link, desk.author)
    address = f"/preview/{sent(token) if sent else others}/"
    for role, browser in clients_of_roles().items():
        for answer in (browser.get(address), *(browser.get(f"{address}{name}/") for name in REPRESENTATIONS)):
            assert (answer.status_code, answer["Cache-Control"]) == (200 if shown else 404, "private, no-store"), role
            text = answer.content.decode()
            assert {name for name in ("A new name", "Zebrafish") if name in text} == ({shown} if shown else set()), role
        assert browser.post(address).status_code == 405
    assert bool(PreviewLink.objects.get(pk=link.pk).uses) == (state == "live")


def test_the_address_of_a_link_is_never_logged(client, shared, caplog):
    client.get(f"{shared}xml/")
    client.post(shared)
    assert shared.split("/")[2] not in caplog.text


def test_only_the_hash_of_a_token_is_kept_and_every_use_is_counted(client, desk, drafted):
    link, token = previews.make_link(item=drafted, by=desk.author)
    assert not any(token.split(".")[0] in str(value) for value in PreviewLink.objects.values().get().values())
    client.get(f"/preview/{token}/")
    client.get(f"/preview/{token}/json/")
    link.refresh_from_db()
    assert link.uses == 2
    assert link.last_used_at


def test_a_link_is_made_at_the_desk_its_address_shown_once_and_revoked_there(client, desk, drafted):
    client.force_login(desk.reviewer)
    made = client.post(f"/admin/preview/{drafted.pk}/links/", {"days": "14"})
    address = made.context["address"]
    assert address.startswith("http://testserver/preview/")
    assert address in made.content.decode()
    link = PreviewLink.objects.get()
    assert link.expires_at - link.made_at == datetime.timedelta(days=14)
    page = client.get(f"/admin/content_app/condition/{drafted.pk}/change/").content.decode()
    assert "created by the-reviewer" in page
    assert address not in page
    client.post(f"/admin/preview/{drafted.pk}/links/{link.pk}/revoke/")
    assert client.get(address.removeprefix("http://testserver")).status_code == 404


@pytest.mark.parametrize("days", ["", "0", "3650", "-1", "x", "\0"])
def test_a_lifetime_that_is_not_offered_is_refused(days, client, desk, drafted):
    client.force_login(desk.author)
    answer = client.post(f"/admin/preview/{drafted.pk}/links/", {"days": days})
    assert "days" in answer.context["link_form"].errors
    assert not PreviewLink.objects.exists()


def test_an_item_has_a_limited_number_of_links(desk, drafted):
    for _ in range(previews.MOST_LINKS):
        previews.make_link(item=drafted, by=desk.author)
    with pytest.raises(TransitionNotAllowed, match="Revoke one first"):
        previews.make_link(item=drafted, by=desk.author)
