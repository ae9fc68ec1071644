"""Two people at one item: what they change in different places is joined; only what both changed is asked."""

import pytest
from django.contrib.auth.models import User

from content_app.editorial import workflow
from content_app.manuscripts import rows
from content_app.models import Item
from tests import library
from tests.admin_forms import fields_of
from tests.library import condition, item_of, statement


@pytest.fixture
def desk(people):
    """Everybody may sign in to the desk."""
    User.objects.update(is_staff=True)
    return people


def drafted(desk, *statements) -> Item:
    """A draft with these statements."""
    return library.bring_in([condition(statements=list(statements) or [statement()])], desk.author)[0]


def page_of(item: Item) -> str:
    return f"/admin/content_app/condition/{item.pk}/change/"


def opened(client, item: Item) -> dict:
    return fields_of(client.get(f"{page_of(item)}?open=all"), "condition_form")


def test_saving_over_a_newer_save_is_refused_with_both_versions_and_nothing_typed_is_lost(client, desk):
    item = drafted(desk)
    client.force_login(desk.author)
    mine = opened(client, item) | {"summary_plain": ["My words."], "name": ["My name"]}
    library.bring_in([condition(statements=[statement()], name="Their name")], desk.second_author)
    response = client.post(page_of(item), mine)
    page = response.content.decode()
    assert "Not saved: somebody changed this while you were editing" in page
    assert "the-second_author" in page
    assert "Their name" in page
    clashes = {c.difference.label: c.whose for c in response.context["conflict"].clashes}
    assert clashes == {"Name": "Changed by both of you"}
    again = fields_of(response, "condition_form")
    assert again["summary_plain"] == ["My words."]
    assert rows.to_document(item)["name"] == "Their name"
    client.post(page_of(item), again)
    assert rows.to_document(item)["name"] == "My name"
    assert rows.to_document(item)["statements"], "what only the other changed stays"


def test_a_row_that_somebody_deleted_meanwhile_stands_as_a_new_one_in_the_refused_form(client, desk):
    item = drafted(desk, statement("One."), statement("Two."))
    client.force_login(desk.author)
    mine = opened(client, item) | {"statements-0-plain": ["One, in my words."]}
    library.bring_in([condition(statements=[statement("Two."), statement("Three.")])], desk.second_author)
    response = client.post(page_of(item), mine)
    again = fields_of(response, "condition_form")
    assert "One, in my words." in str(again)
    client.post(page_of(item), again)
    texts = {s["clinical"]: s["plain"] for s in rows.to_document(item)["statements"]}
    assert texts == {"One.": "One, in my words.", "Two.": "Two.", "Three.": "Three."}


def test_what_two_people_change_in_different_places_is_joined(client, desk):
    item = drafted(desk, statement("One."), statement("Two."))
    client.force_login(desk.author)
    mine = opened(client, item) | {"statements-0-clinical": ["One, mine."], "name": ["My name"]}
    client.force_login(desk.second_author)
    other = opened(client, item) | {"statements-0-plain": ["1, theirs."], "statements-1-DELETE": ["on"]}
    client.post(page_of(item), other | {"caution": ["Their caution."]})
    client.force_login(desk.author)
    page = client.post(page_of(item), mine, follow=True).content.decode()
    assert "It includes what the-second_author saved while you were editing." in page
    document = rows.to_document(item)
    assert (document["name"], document["caution"]) == ("My name", "Their caution.")
    assert [(s["clinical"], s["plain"]) for s in document["statements"]] == [("One, mine.", "1, theirs.")]


def test_what_one_deletes_and_the_other_changes_is_asked(client, desk):
    item = drafted(desk, statement("One."))
    client.force_login(desk.author)
    mine = opened(client, item) | {"statements-0-DELETE": ["on"]}
    client.post(page_of(item), opened(client, item) | {"statements-0-plain": ["1, theirs."]})
    response = client.post(page_of(item), mine)
    assert [c.difference.after for c in response.context["conflict"].clashes] == ["Deleted"]
    client.post(page_of(item), fields_of(response, "condition_form"))
    assert "statements" not in rows.to_document(item)


def test_only_what_is_open_is_sent_and_the_rest_stays(client, desk):
    item = drafted(desk, statement("One."), statement("Two."), statement("Three."))
    client.force_login(desk.author)
    second = item.statements.get(clinical="Two.")
    fields = fields_of(client.get(f"{page_of(item)}?open=statements-{second.pk}"), "condition_form")
    assert fields["statements-TOTAL_FORMS"] == ["1"]
    client.post(page_of(item), fields | {"statements-0-clinical": ["Two, mended."]})
    assert [s["clinical"] for s in rows.to_document(item)["statements"]] == ["One.", "Two, mended.", "Three."]


@pytest.mark.parametrize("version", ["", "x", "0-0", "999999999999999-1", "\0"])
@pytest.mark.parametrize("seen", ["", "x", "[]", '{"name": 1}'])
def test_a_form_that_does_not_say_truly_what_was_seen_is_refused(version, seen, client, desk):
    item = drafted(desk)
    client.force_login(desk.author)
    forged = {"opened_at": [version], "name": ["Mine"], "seen": [seen]}
    response = client.post(page_of(item), opened(client, item) | forged)
    assert response.status_code == 200
    assert rows.to_document(item)["name"] == "A condition"


def test_an_item_sent_on_meanwhile_is_not_pulled_back_unasked(client, desk):
    item = drafted(desk)
    client.force_login(desk.author)
    mine = opened(client, item) | {"name": ["Mine"]}
    workflow.submit(item=item, by=desk.second_author, change_note="Ready.")
    assert "sent for review" in client.post(page_of(item), mine).content.decode()
    assert item_of(condition()).status == "in_review"
