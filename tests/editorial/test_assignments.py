"""Who is asked to review an item, by when, where that is shown, and what survives a request for changes."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from content_app.editorial import workflow
from content_app.editorial.transitions import TransitionNotAllowed
from content_app.models import Assignment, Item
from tests import library
from tests.admin_forms import fields_of
from tests.library import condition, statement

pytestmark = pytest.mark.both_databases
TODAY = timezone.now().date()


@pytest.fixture
def desk(people):
    User.objects.update(is_staff=True)
    return people


@pytest.fixture
def second_reviewer(desk):
    person = User.objects.create(username="the-second-reviewer", is_staff=True)
    person.groups.set(desk.reviewer.groups.all())
    return person


@pytest.fixture
def item(desk):
    return library.bring_in([condition(statements=[statement("One.")])], desk.author)[0]


def page_of(item, end: str = "change/") -> str:
    return f"/admin/content_app/condition/{item.pk}/{end}"


def opened(client, item) -> dict:
    return fields_of(client.get(page_of(item)), "condition_form")


def submit(item, desk, **asked):
    return workflow.submit(item=item, by=desk.author, change_note="Clearer.", **asked)


def waiting_for(client, person) -> list:
    client.force_login(person)
    return [(task.name, task.why, task.due_on) for task in client.get("/admin/").context["tasks"]]


def test_who_is_asked_and_by_when_stands_in_their_list_and_in_nobody_elses(client, desk, item, second_reviewer):
    submit(item, desk, reviewer=desk.reviewer, due_on=TODAY)
    assert waiting_for(client, desk.reviewer) == [("A condition", "You are asked to review it", TODAY)]
    assert waiting_for(client, second_reviewer) == []
    page = client.get("/admin/content_app/item/", {"status__exact": "in_review"}).content.decode()
    assert f'<div class="asked">the-reviewer, by {TODAY.day} {TODAY:%b %Y}</div>' in page


def test_nobody_in_particular_by_a_day_waits_for_every_reviewer(client, desk, item, second_reviewer):
    submit(item, desk, due_on=TODAY)
    for person in (desk.reviewer, second_reviewer):
        assert waiting_for(client, person) == [("A condition", "Waiting for my review", TODAY)]


def test_whoever_is_not_asked_may_still_sign_off_and_then_nobody_is_asked(desk, item, second_reviewer):
    submit(library.sign_off_sources(item, desk), desk, reviewer=desk.reviewer)
    workflow.approve(item=item, by=second_reviewer, content=workflow.content_sha256(item))
    assert not Assignment.objects.exists()


@pytest.mark.parametrize(
    ("who", "days", "sentence"),
    [("author", 0, "somebody else must"), ("publisher", 0, "is not a reviewer"), ("reviewer", -1, "has passed")],
)
def test_who_cannot_review_and_a_day_that_has_passed_are_refused(who, days, sentence, desk, item):
    with pytest.raises(TransitionNotAllowed, match=sentence):
        submit(item, desk, reviewer=getattr(desk, who), due_on=TODAY + timedelta(days=days))
    item.refresh_from_db()
    assert item.status == "draft"


def test_note_reviewer_and_day_are_there_again_after_changes_were_requested_and_made(client, desk, item):
    submit(item, desk, significance="safety", reviewer=desk.reviewer, due_on=TODAY)
    workflow.request_changes(item=item, by=desk.reviewer, comment="Say at which age.")
    library.edit(Item.objects.get(pk=item.pk), desk.author, summary_plain="From ten on.")
    client.force_login(desk.author)
    page = client.get(page_of(item))
    form = page.context["send_form"]
    assert {name: form[name].value() for name in form.fields} == {
        "change_note": "Clearer.", "significance": "safety", "reviewer": desk.reviewer.pk, "due_on": TODAY,
    }  # fmt: skip
    assert page.context["sent_back"].note == "Say at which age."


def test_what_was_published_begins_with_a_new_note(desk, item):
    library.publish([condition()], desk)
    library.edit(Item.objects.get(pk=item.pk), desk.author, summary_plain="From ten on.")
    assert Item.objects.get(pk=item.pk).change_note == ""


def test_an_item_is_saved_and_sent_for_review_in_one_step(client, desk, item):
    client.force_login(desk.author)
    sent = {
        "caution": "Now with a caution.", "_submit": "", "send-change_note": "A caution.",
        "send-significance": "substantive", "send-reviewer": desk.reviewer.pk, "send-due_on": TODAY.isoformat(),
    }  # fmt: skip
    answer = client.post(page_of(item), opened(client, item) | sent, follow=True)
    assert [str(message) for message in answer.context["messages"]][-1] == "“A condition” was sent for review."
    item.refresh_from_db()
    assert (item.status, item.caution, item.change_note) == ("in_review", "Now with a caution.", "A caution.")
    assert (item.assignment.person, item.assignment.due_on) == (desk.reviewer, TODAY)


def test_what_cannot_be_sent_yet_is_saved_and_asked_for_with_everything_that_was_typed(client, desk, item):
    client.force_login(desk.author)
    sent = {"caution": "New.", "_submit": "", "send-change_note": "", "send-due_on": "2001-01-01"}
    answer = client.post(page_of(item), opened(client, item) | sent)
    page = answer.content.decode()
    assert "Describe what has changed." in page
    assert "2001-01-01" in page
    item.refresh_from_db()
    assert (item.status, item.caution) == ("draft", "New.")
