"""The workflow of sources at the desk: buttons, what is shown before a release, and what a release then holds."""

import pytest
from django.contrib.auth.models import User

from content_app.editorial import source_history, source_workflow, workflow
from content_app.manuscripts import rows, writing
from content_app.models import Release, Source
from tests import library
from tests.admin_forms import fields_of
from tests.library import condition, public, source

RELEASE = "/admin/content_app/item/release/"


@pytest.fixture(scope="module")
def published_condition(library_of_a_module):
    """Everybody may sign in to the desk; readers have a condition and the source that it cites."""
    User.objects.update(is_staff=True)
    library.publish([condition()], library_of_a_module)


@pytest.fixture
def desk(published_condition, people):
    return people


def row() -> Source:
    return Source.objects.get(slug="a-text")


def page_of(end: str = "change/") -> str:
    return f"/admin/content_app/source/{row().pk}/{end}"


def corrected(desk, **changes) -> Source:
    before = rows.source_document(row())
    stored = writing.write_source(before | {"title": "A better Text", "evidence_level": "guideline"} | changes)
    source_history.record(source=stored, by=desk.author, verb="edit", before=before)
    return row()


def approved(desk, **changes) -> Source:
    corrected(desk, **changes)
    return library.sign_off_source(rows.source_document(row()), desk)


def press(client, person, verb: str, **typed):
    """What the button on the page of the source sends, filled in."""
    client.force_login(person)
    address = page_of(f"verb/{verb}/")
    return client.post(address, fields_of(client.get(page_of()), address) | typed, follow=True)


def test_a_source_goes_through_its_workflow_by_the_buttons_of_its_page(client, desk):
    corrected(desk)
    press(client, desk.author, "submit", change_note="Corrected.", significance="substantive")
    assert row().status == "in_review"
    press(client, desk.reviewer, "approve")
    assert row().status == "approved"
    client.force_login(desk.publisher)
    page = client.post(page_of("verb/publish/"))
    sent = fields_of(page, page_of("verb/publish/")) | {"confirmed": "yes"}
    told = client.post(page_of("verb/publish/"), sent, follow=True).content.decode()
    assert "Release 2 was published, with 1 source." in told
    assert row().status == "published"
    assert public(source()).version == public(condition()).version == 2


def test_the_page_says_what_a_reviewer_asked_for(client, desk):
    corrected(desk)
    press(client, desk.author, "submit", change_note="Corrected.", significance="editorial")
    page = press(client, desk.reviewer, "request_changes", comment="Name the year.").content.decode()
    assert row().status == "draft"
    assert "the-reviewer requested changes:" in page
    assert "Name the year." in page


def test_the_page_before_a_release_shows_the_difference_in_the_source_and_in_what_cites_it(client, desk):
    approved(desk)
    client.force_login(desk.publisher)
    page = client.post(page_of("verb/publish/")).content.decode()
    assert page.count("<ins>better </ins>") + page.count("<ins> better</ins>") >= 2
    assert "Also published" in page
    assert "<small>condition, version 2</small>" in page
    assert "Not published before" not in page
    assert Release.objects.count() == 1


def test_the_page_before_a_release_of_an_item_shows_the_source_that_goes_along(client, desk):
    approved(desk)
    item = library.sign_off(library.bring_in([condition("another")], desk.author)[0], desk)
    client.force_login(desk.publisher)
    page = client.post(f"/admin/content_app/condition/{item.pk}/verb/publish/").content.decode()
    assert "<small>source, version 2</small>" in page
    assert "<small>condition, version 2</small>" in page


def test_a_release_that_would_differ_from_what_was_shown_is_not_made(client, desk):
    item = library.sign_off(library.bring_in([condition("another")], desk.author)[0], desk)
    client.force_login(desk.publisher)
    address = f"/admin/content_app/condition/{item.pk}/verb/publish/"
    sent = fields_of(client.post(address), address) | {"confirmed": "yes"}
    response = client.post(address, sent | {"shown": "0" * 64})
    assert response.status_code == 409
    assert "something has changed since you opened this page" in response.content.decode()
    assert Release.objects.count() == 1


def test_selected_sources_are_published_as_one_release(client, desk):
    approved(desk)
    client.force_login(desk.publisher)
    page = client.post("/admin/content_app/source/", {"action": "publish_selected", "_selected_action": [row().pk]})
    client.post(RELEASE, fields_of(page, RELEASE) | {"confirmed": "yes"}, follow=True)
    assert Release.objects.count() == 2


def test_a_source_alone_cannot_be_scheduled(client, desk):
    approved(desk)
    client.force_login(desk.publisher)
    page = client.post(page_of("verb/publish/"))
    assert b"Schedule it for later" not in page.content
    sent = fields_of(page, page_of("verb/publish/")) | {"scheduled": "yes", "at": "2099-01-01T00:00"}
    assert client.post(page_of("verb/publish/"), sent).status_code == 409


@pytest.mark.parametrize("verb", ["submit", "request_changes", "approve", "publish"])
def test_a_forged_post_by_the_wrong_person_changes_nothing(verb, client, desk):
    corrected(desk)
    if verb != "submit":
        source_workflow.submit(source=row(), by=desk.author, change_note="Corrected.")
    before = row().status
    client.force_login(desk.publisher if verb in ("submit", "approve") else desk.author)
    sent = {"change_note": "x", "significance": "editorial", "comment": "x", "confirmed": "yes"}
    sent["content"] = source_history.version_of(row())
    assert client.post(page_of(f"verb/{verb}/"), sent).status_code in (403, 409)
    assert row().status == before
    assert Release.objects.count() == 1


def test_the_home_counts_the_sources_that_wait(client, desk):
    corrected(desk)
    source_workflow.submit(source=row(), by=desk.author, change_note="Corrected.")
    client.force_login(desk.reviewer)
    home = client.get("/admin/").content.decode()
    assert "Sources waiting for my review" in home
    found = client.get("/admin/content_app/source/?queue=waiting-for-my-review")
    assert [one.slug for one in found.context["cl"].result_list] == ["a-text"]


def test_what_the_page_of_an_item_signs_off_is_the_signed_form_of_its_sources(client, desk):
    item = library.bring_in([condition("another")], desk.author)[0]
    before = workflow.content_sha256(item)
    corrected(desk)
    assert workflow.content_sha256(item) == before
