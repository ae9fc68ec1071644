"""An item is withdrawn by two people: one asks for it in the words that readers will see, the other confirms them."""

import json

import pytest

from content_app.editorial import withdrawal
from content_app.editorial.transitions import TransitionNotAllowed
from content_app.models import AuditEntry, Release, WithdrawalRequest
from tests import library
from tests.library import condition, item_in, item_of, public

pytestmark = pytest.mark.both_databases


@pytest.fixture
def published(people):
    return item_in("published", people)


@pytest.fixture
def requested(published, people):
    withdrawal.request(item=published, by=people.author, note="It was wrong.")
    return item_of(condition())


def test_a_request_changes_nothing_for_readers_and_stands_in_the_trail_and_the_audit(requested, people):
    assert requested.status == "published"
    assert not public(condition()).tombstone_reason
    event = requested.events.first()
    assert (event.verb, event.done_by, event.note) == ("request_withdrawal", people.author, "It was wrong.")
    assert AuditEntry.objects.filter(act="item_request_withdrawal", what_id=str(requested.uuid)).exists()


def test_readers_get_the_words_of_the_request(requested, people):
    withdrawal.withdraw(item=requested, by=people.publisher)
    assert json.loads(bytes(public(condition()).body))["note"] == "It was wrong."
    assert Release.objects.first().note == "It was wrong."
    assert not WithdrawalRequest.objects.exists()


@pytest.mark.parametrize("who", ["author", "superuser"])
def test_nobody_confirms_their_own_request(who, published, people):
    person = getattr(people, who)
    person.groups.add(people.publisher.groups.get())
    withdrawal.request(item=published, by=person, note="It was wrong.")
    assert withdrawal.obstacles_to("withdraw", item_of(condition()), person) == withdrawal.REQUEST_IS_YOURS
    with pytest.raises(TransitionNotAllowed, match="somebody else must confirm it"):
        withdrawal.withdraw(item=published, by=person)
    assert not public(condition()).tombstone_reason


def test_nothing_is_withdrawn_that_nobody_asked_for(published, people):
    with pytest.raises(TransitionNotAllowed, match="Nobody has requested this withdrawal"):
        withdrawal.withdraw(item=published, by=people.publisher)


@pytest.mark.parametrize("who", ["reviewer", "publisher", "nobody"])
def test_authors_ask(who, published, people):
    with pytest.raises(TransitionNotAllowed, match="Only an author can request a withdrawal"):
        withdrawal.request(item=published, by=getattr(people, who), note="It was wrong.")


def test_a_later_request_takes_the_place_of_an_earlier_one(requested, people):
    withdrawal.request(item=requested, by=people.second_author, note="It was quite wrong.")
    asked = WithdrawalRequest.objects.get()
    assert (asked.requested_by, asked.note) == (people.second_author, "It was quite wrong.")


def test_a_declined_request_leaves_the_item_with_readers_and_says_why(requested, people):
    withdrawal.decline(item=requested, by=people.publisher, note="It is right.")
    assert not WithdrawalRequest.objects.exists()
    assert requested.events.first().note == "It is right."
    with pytest.raises(TransitionNotAllowed, match="Nobody has requested this withdrawal"):
        withdrawal.decline(item=requested, by=people.publisher, note="It is right.")


def test_the_publisher_finds_it_among_what_is_next(requested, people, client):
    people.publisher.is_staff = True
    people.publisher.save()
    client.force_login(people.publisher)
    tasks = client.get("/admin/").context["tasks"]
    assert [(task.name, task.why) for task in tasks] == [("A condition", "Withdrawal requested")]


def test_an_edit_meanwhile_keeps_the_request(requested, people):
    library.edit(requested, people.author)
    withdrawal.withdraw(item=item_of(condition()), by=people.publisher)
    assert item_of(condition()).status == "withdrawn"
