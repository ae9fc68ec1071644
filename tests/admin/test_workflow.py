"""The workflow's buttons in the admin pages: who may press which, what stands in the way, and lost updates."""

import pytest
from django.contrib.auth.models import User

from content_app.admin.items.transitions import VERBS
from content_app.editorial import withdrawal, workflow
from content_app.models import Document, Item, Release, Revision, SignOff
from tests import library
from tests.admin_forms import fields_of
from tests.library import concept, condition, item_of, relation, statement

pytestmark = pytest.mark.both_databases
one_database = pytest.mark.one_database

FILLED = {
    "submit": {"change_note": "A clearer sentence.", "significance": "editorial"},
    "request_changes": {"comment": "Cite it."},
    "approve": {"reviewer_role": "Paediatrician"},
    "publish": {"confirmed": "yes"},
    "request_withdrawal": {"reason": "gone", "note": "It was wrong."},
    "withdraw": {},
    "decline_withdrawal": {"note": "It is right."},
}
MAY = {
    "submit": "author",
    "request_changes": "reviewer",
    "approve": "reviewer",
    "publish": "publisher",
    "request_withdrawal": "author",
    "withdraw": "publisher",
    "decline_withdrawal": "publisher",
}
STATUS_FOR = {
    "submit": "draft",
    "request_changes": "in_review",
    "approve": "in_review",
    "publish": "approved",
    "request_withdrawal": "published",
    "withdraw": "published",
    "decline_withdrawal": "published",
}
STATUSES = ("draft", "in_review", "approved", "published")
BECOMES = {
    "submit": "in_review",
    "request_changes": "draft",
    "approve": "approved",
    "publish": "published",
    "request_withdrawal": "published",
    "withdraw": "withdrawn",
    "decline_withdrawal": "published",
}


@pytest.fixture
def desk(people):
    """Everybody may sign in to the desk."""
    User.objects.update(is_staff=True)
    return people


@pytest.fixture(scope="module")
def items(library_of_a_module) -> dict[str, Item]:
    """A condition in each status."""
    return {
        status: in_status(status, library_of_a_module, slug=f"in-{status.replace('_', '-')}") for status in STATUSES
    }


def in_status(status: str, desk, slug: str = "a-condition") -> Item:
    """A condition in the status, brought there as in production; a published one with a request to withdraw it."""
    item = library.bring_in([condition(slug, statements=[statement(f"About {slug}.")])], desk.author)[0]
    library.sign_off_sources(item, desk)
    if status != "draft":
        workflow.submit(item=item, by=desk.author, change_note="Written.")
    if status in ("approved", "published"):
        workflow.approve(item=item, by=desk.reviewer, content=workflow.content_sha256(item))
    if status == "published":
        workflow.publish(items=[item], by=desk.publisher)
        withdrawal.request(item=Item.objects.get(pk=item.pk), by=desk.author, note="It is old.")
    return Item.objects.get(pk=item.pk)


def page_of(item: Item) -> str:
    return f"/admin/content_app/{item.kind.replace('_', '')}/{item.pk}/change/"


def verb_of(item: Item, verb: str) -> str:
    return page_of(item).replace("change", f"verb/{verb}")


def status_of(item: Item) -> str:
    return Item.objects.get(pk=item.pk).status


def form_for(client, item: Item, verb: str) -> dict:
    """What the button on the item's page would send, filled in. For publishing, what the page after it would send."""
    if verb == "publish":
        page = client.post(verb_of(item, verb))
        sent = fields_of(page, verb_of(item, verb)) if b"Publish release" in page.content else {}
    else:
        page = (
            client.get(f"{page_of(item)}?open=all")
            if verb_of(item, verb).encode() in client.get(page_of(item)).content
            else None
        )
        sent = fields_of(page, verb_of(item, verb)) if page else {}
    return sent | FILLED[verb]


@one_database
@pytest.mark.parametrize("verb", list(MAY))
def test_who_may_does_it_with_the_button_of_the_page(verb, client, desk, items):
    item = items[STATUS_FOR[verb]]
    client.force_login(getattr(desk, MAY[verb]))
    response = client.post(verb_of(item, verb), form_for(client, item, verb), follow=True)
    assert response.status_code == 200
    assert status_of(item) == BECOMES[verb]
    assert item.events.first().done_by == getattr(desk, MAY[verb])


@one_database
@pytest.mark.parametrize("verb", list(MAY))
def test_a_forged_post_by_the_wrong_person_changes_nothing(verb, client, desk, items):
    item = items[STATUS_FOR[verb]]
    client.force_login(getattr(desk, MAY[verb]))
    sent = form_for(client, item, verb)
    for who in {"author", "reviewer", "publisher", "nobody"} - {MAY[verb]}:
        client.force_login(getattr(desk, who))
        response = client.post(verb_of(item, verb), sent)
        assert response.status_code in (403, 409), who
        assert status_of(item) == STATUS_FOR[verb], who


@one_database
@pytest.mark.parametrize("verb", list(MAY))
@pytest.mark.parametrize("status", STATUSES)
def test_in_any_status_the_page_offers_the_verb_or_says_why_not(verb, status, client, desk, items):
    item = items[status]
    person = getattr(desk, MAY[verb])
    client.force_login(person)
    page = client.get(page_of(item)).content.decode()
    reason = VERBS[verb].obstacle(verb, item, person)
    offered = f'action="{verb_of(item, verb)}"' in page
    if verb == "submit" and not reason:  # sent together with a save
        offered = 'name="_submit"' in page
    assert offered == (reason is None)
    if reason:
        assert reason.replace("'", "&#x27;") in page
        response = client.post(verb_of(item, verb), FILLED[verb] | {"content": "0" * 64, "seen": "1-1"})
        assert response.status_code == 409
        assert status_of(item) == status


def test_verbs_need_a_post_with_the_token_of_the_page(client, desk):
    item = in_status("draft", desk)
    strict = type(client)(enforce_csrf_checks=True)
    strict.force_login(desk.author)
    assert strict.post(verb_of(item, "submit"), FILLED["submit"]).status_code == 403
    assert strict.get(verb_of(item, "submit"), FILLED["submit"]).status_code == 200
    assert status_of(item) == "draft"


@pytest.mark.parametrize(
    ("verb", "field"), [("submit", "change_note"), ("request_changes", "comment"), ("request_withdrawal", "note")]
)
def test_what_a_verb_asks_for_is_asked_again_at_its_field(verb, field, client, desk, items):
    item = items[STATUS_FOR[verb]]
    client.force_login(getattr(desk, MAY[verb]))
    for text in ("  ", "a\0b"):
        response = client.post(verb_of(item, verb), FILLED[verb] | {field: text})
        assert field in response.context["offer"].form.errors
    assert status_of(item) == STATUS_FOR[verb]


def test_a_verb_of_an_item_that_is_not_there_is_not_found(client, desk):
    client.force_login(desk.author)
    for address in ("condition/999/verb/submit/", "condition/x%00/verb/submit/", "concept/1/verb/explode/"):
        assert client.get(f"/admin/content_app/{address}").status_code == 404


def test_a_page_opened_before_an_edit_cannot_sign_off_what_came_after_it(client, desk):
    item = in_status("in_review", desk)
    client.force_login(desk.reviewer)
    stale = form_for(client, item, "approve")
    library.bring_in([condition(statements=[statement("Another sentence.")])], desk.second_author)
    workflow.submit(item=item, by=desk.second_author, change_note="Changed.")
    response = client.post(verb_of(item, "approve"), stale)
    assert response.status_code == 409
    assert "The item has changed since you opened it" in response.content.decode()
    assert not SignOff.objects.exists()


def test_nobody_signs_off_their_own_last_edit(client, desk):
    item = in_status("in_review", desk)
    desk.author.groups.add(desk.reviewer.groups.get())
    client.force_login(desk.author)
    assert "You made the last edit" in client.get(f"{page_of(item)}?open=all").content.decode()
    sent = {"content": workflow.content_sha256(item), "reviewer_role": "Reviewer"}
    assert client.post(verb_of(item, "approve"), sent).status_code == 409


def test_a_sign_off_says_in_what_capacity(client, desk):
    item = in_status("in_review", desk)
    client.force_login(desk.reviewer)
    client.post(verb_of(item, "approve"), form_for(client, item, "approve"))
    assert SignOff.objects.get().reviewer_role == "Paediatrician"


def test_a_replacement_is_named_if_and_only_if_it_replaces(client, desk):
    item = in_status("published", desk)
    library.publish([condition("another")], desk)
    client.force_login(desk.author)
    sent = FILLED["request_withdrawal"] | {"reason": "replaced"}
    assert client.post(verb_of(item, "request_withdrawal"), sent).status_code == 409
    other = item_of(condition("another"))
    client.post(verb_of(item, "request_withdrawal"), sent | {"replaced_by": other.pk})
    client.force_login(desk.publisher)
    page = client.get(verb_of(item, "withdraw")).content.decode()
    assert "Replaced by “Another”" in page
    assert "It was wrong." in page
    client.post(verb_of(item, "withdraw"))
    assert Item.objects.get(pk=item.pk).replaced_by_id == other.pk


def test_the_page_before_a_release_lists_every_obstacle_with_its_field(client, desk):
    item = library.bring_in([condition(citations=None, summary=None)], desk.author)[0]
    workflow.submit(item=item, by=desk.author, change_note="Written.")
    workflow.approve(item=item, by=desk.reviewer, content=workflow.content_sha256(item))
    client.force_login(desk.publisher)
    page = client.post(verb_of(item, "publish")).content.decode()
    assert f'<a href="{page_of(item)}#id_citations">Cite a source for the summary.</a>' in page
    assert "Publish release" not in page
    response = client.post(verb_of(item, "publish"), {"confirmed": "yes", "seen": f"{item.pk}-3"})
    assert response.status_code == 409
    assert "Cite a source for the summary." in response.content.decode()
    assert not Release.objects.exists()


def test_showing_the_page_before_a_release_releases_nothing(client, desk):
    item = in_status("approved", desk)
    client.force_login(desk.publisher)
    page = client.post(verb_of(item, "publish")).content.decode()
    assert "Publish release 1" in page
    assert "Not published before." in page
    assert not Release.objects.exists()
    assert not Document.objects.exists()
    assert status_of(item) == "approved"


def test_a_release_shows_what_changes_and_what_is_compiled_again(client, desk):
    gap = concept("a-gap", topic="knowledge_gap")
    library.publish([gap, condition(relations=[relation("has_knowledge_gap", gap)])], desk)
    library.bring_in([gap | {"name": "A wide gap"}], desk.author)
    item = item_of(gap)
    library.sign_off(item, desk)
    client.force_login(desk.publisher)
    page = client.post(verb_of(item, "publish")).content.decode()
    assert "<ins> wide</ins>" in page
    assert "Also published" in page
    assert "<small>condition, version 2</small>" in page
    assert page.count("<ins> wide</ins>") == 2  # in the item itself, and in the condition that shows its name


def test_selected_items_are_published_as_one_release_after_a_page_that_shows_them(client, desk):
    documents = [concept("one"), concept("two")]
    keys = [item.pk for item in library.approved(documents, desk)]
    client.force_login(desk.publisher)
    page = client.post("/admin/content_app/item/", {"action": "publish_selected", "_selected_action": keys})
    assert not Release.objects.exists()
    sent = fields_of(page, "/admin/content_app/item/release/") | {"confirmed": "yes"}
    response = client.post("/admin/content_app/item/release/", sent, follow=True)
    assert Release.objects.get().note == "Written."
    assert set(Item.objects.values_list("status", flat=True)) == {"published"}
    assert "Release 1 was published, with 2 items." in response.content.decode()


def test_the_page_before_a_release_shows_what_readers_will_be_told_of_it(client, desk):
    item = library.sign_off(library.bring_in([concept()], desk.author)[0], desk, change_note="Said more clearly.")
    client.force_login(desk.publisher)
    assert "Said more clearly." in client.post(verb_of(item, "publish")).content.decode()


@pytest.mark.parametrize("address", ["/admin/content_app/item/", "/admin/content_app/concept/"])
def test_a_selection_with_a_draft_says_so_and_releases_nothing(address, client, desk):
    approved = library.approved([concept("one")], desk)
    draft = library.bring_in([concept("two")], desk.author)
    client.force_login(desk.publisher)
    keys = [item.pk for item in (*approved, *draft)]
    page = client.post(address, {"action": "publish_selected", "_selected_action": keys}).content.decode()
    assert "“Two” has the status “Draft”. To publish an item, its status must be “Approved”." in page
    assert "Publish release" not in page


def test_only_publishers_are_offered_to_publish_a_selection(client, desk):
    keys = [item.pk for item in library.approved([concept("one")], desk)]
    forged = {"action": "publish_selected", "_selected_action": keys}
    for who in (desk.author, desk.reviewer):
        client.force_login(who)
        assert b"publish_selected" not in client.get("/admin/content_app/item/").content
        client.post("/admin/content_app/item/", forged)
        client.post("/admin/content_app/item/release/", {"item": keys, "confirmed": "yes", "seen": f"{keys[0]}-3"})
    assert not Release.objects.exists()


def test_a_page_shown_before_a_change_publishes_nothing(client, desk):
    item = in_status("approved", desk)
    client.force_login(desk.publisher)
    stale = form_for(client, item, "publish")
    workflow.request_changes(item=item, by=desk.reviewer, comment="One more thing.")
    response = client.post(verb_of(item, "publish"), stale)
    assert response.status_code == 409
    assert "something has changed since you opened this page" in response.content.decode()
    assert not Release.objects.exists()


# What is written once


@one_database
@pytest.mark.parametrize("who", ["author", "superuser"])
@pytest.mark.parametrize("model", ["document", "release", "revision", "event", "signoff", "item"])
def test_what_is_written_once_is_only_shown(model, who, client, desk, items):
    item = items["published"]
    client.force_login(getattr(desk, who))
    row = {
        "document": Document.objects.first(), "release": Release.objects.first(), "revision": Revision.objects.first(),
        "event": item.events.first(), "signoff": SignOff.objects.first(), "item": item,
    }[model]  # fmt: skip
    address = f"/admin/content_app/{model}/"
    assert client.get(f"{address}{row.pk}/change/").status_code == (302 if model == "item" else 200)
    if model != "item":
        assert client.post(f"{address}{row.pk}/change/", {"note": "x"}).status_code == 403
    assert client.post(f"{address}{row.pk}/delete/", {"post": "yes"}).status_code == 403
    assert client.post(f"{address}add/", {}).status_code == 403
    client.post(address, {"action": "delete_selected", "_selected_action": [str(row.pk)], "post": "yes"})
    assert type(row).objects.filter(pk=row.pk).exists()


def test_a_document_shows_its_body_as_it_was_published(client, desk):
    in_status("published", desk)
    client.force_login(desk.reviewer)
    page = client.get(f"/admin/content_app/document/{Document.objects.get(kind='condition').pk}/change/")
    assert "&quot;slug&quot;: &quot;a-condition&quot;" in page.content.decode()
