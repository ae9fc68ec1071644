"""Who may do what to an item in which status, what a sign-off is bound to, and what is left in the trail."""

import datetime

import pytest
from django.contrib.auth.models import Group

from content_app.editorial import source_history, withdrawal, workflow
from content_app.editorial.transitions import TransitionNotAllowed
from content_app.editorial.workflow import NotPublishable
from content_app.manuscripts import writing
from content_app.models import Event, Item, Release, Revision, SignOff
from tests import library
from tests.library import ACTS, concept, condition, edit, item_in, item_of, public, relation

pytestmark = pytest.mark.both_databases


def test_a_refusal_says_in_a_sentence_who_could(people):
    item = item_in("in_review", people)
    assert workflow.obstacles_to("approve", item, people.author) == "Only a reviewer can sign off an item."
    assert workflow.obstacles_to("publish", item, people.publisher) == (
        "“A condition” has the status “In review”. To publish an item, its status must be “Approved”."
    )


def test_nobody_signs_off_their_own_last_edit(people):
    people.author.groups.add(Group.objects.get(name="Reviewer"))
    item = item_in("in_review", people)
    with pytest.raises(TransitionNotAllowed, match="You made the last edit"):
        ACTS["approve"](item, people.author)


def test_not_even_a_superuser_signs_off_their_own_last_edit(people):
    item = item_in("draft", people)
    edit(item, people.superuser)
    ACTS["submit"](item, people.superuser)
    with pytest.raises(TransitionNotAllowed, match="You made the last edit"):
        ACTS["approve"](item, people.superuser)


def test_superuser_powers_stand_in_the_trail_only_where_they_were_needed(people):
    people.superuser.groups.add(Group.objects.get(name="Reviewer"))
    item = item_in("in_review", people)
    ACTS["approve"](item, people.superuser)
    ACTS["publish"](item, people.superuser)
    used = dict(item.events.values_list("verb", "as_superuser"))
    assert (used["approve"], used["publish"]) == (False, True)


def test_a_sign_off_is_refused_if_the_content_is_not_what_the_reviewer_has_read(people):
    item = item_in("in_review", people)
    read = workflow.content_sha256(item)
    edit(item, people.second_author)
    ACTS["submit"](item, people.second_author)
    with pytest.raises(TransitionNotAllowed, match="Read it again"):
        workflow.approve(item=item, by=people.reviewer, content=read)
    assert not SignOff.objects.exists()


def test_an_edit_makes_an_approved_item_a_draft_that_needs_another_sign_off(people):
    item = item_in("approved", people)
    edit(item, people.author)
    ACTS["submit"](item, people.author)
    with pytest.raises(TransitionNotAllowed, match="must be “Approved”"):
        ACTS["publish"](item, people.publisher)


def test_rows_changed_past_the_workflow_void_the_sign_off(people):
    item = item_in("approved", people)
    Item.objects.filter(pk=item.pk).update(summary_plain="Changed behind the scenes.")
    with pytest.raises(TransitionNotAllowed, match="changed since it was signed off"):
        ACTS["publish"](item, people.publisher)


def test_a_new_form_of_a_cited_source_voids_the_sign_off_once_it_is_signed_off_itself(people):
    item = item_in("approved", people)
    stored = writing.write_source(library.source(note="Found to be wrong."))
    source_history.record(source=stored, by=people.author, verb="edit", before=library.source())
    library.sign_off_source(library.source(), people)
    with pytest.raises(TransitionNotAllowed, match="changed since it was signed off"):
        ACTS["publish"](item, people.publisher)


def test_a_corrected_source_reaches_readers_by_another_review_of_what_cites_it(people):
    item = item_in("published", people)
    writing.write_source(library.source(retracted=True))
    library.sign_off(item, people, significance="safety")
    release = ACTS["publish"](item, people.publisher)
    assert release.significance == "safety"
    assert b'"retracted":true' in bytes(public(library.source()).body)
    assert b"based on work that has been retracted" in bytes(public(condition()).body)


def test_nobody_signs_off_a_change_note_of_their_own(people):
    people.second_author.groups.add(Group.objects.get(name="Reviewer"))
    item = item_in("draft", people)
    ACTS["submit"](item, people.second_author)
    assert "wrote its change note" in workflow.obstacles_to("approve", item_of(condition()), people.second_author)
    with pytest.raises(TransitionNotAllowed, match="wrote its change note"):
        ACTS["approve"](item, people.second_author)


def test_a_changed_caution_is_not_sent_for_review_as_an_editorial_change(people):
    item = item_in("published", people)
    edit(item, people.author, caution="It can also be something else.")
    with pytest.raises(
        TransitionNotAllowed, match="The standing caution has changed, so this is not an editorial change"
    ):
        workflow.submit(item=item, by=people.author, change_note="Words.", significance="editorial")
    assert workflow.submit(item=item, by=people.author, change_note="Added.", significance="safety")


def test_what_is_published_can_be_reviewed_again_as_it_stands(people):
    item = item_in("published", people)
    revisions = item.revisions.count()
    library.sign_off(item, people)
    ACTS["publish"](item, people.publisher)
    assert item.revisions.count() == revisions


def test_saving_without_a_change_leaves_no_revision_and_no_draft(people):
    item = item_in("published", people)
    assert workflow.record_edit(item=item, by=people.author) is None
    item.refresh_from_db()
    assert item.status == "published"


def test_every_change_appends_a_revision_with_the_next_number(people):
    item = item_in("draft", people)
    edit(item, people.second_author, name="Second")
    edit(item, people.author, name="Third")
    assert [(r.number, r.document["name"], r.created_by) for r in item.revisions.order_by("number")] == [
        (1, "A condition", people.author),
        (2, "Second", people.second_author),
        (3, "Third", people.author),
    ]


def test_the_trail_of_an_item_tells_its_whole_story(people):
    item = item_in("withdrawn", people)
    trail = item.events.order_by("id").values_list("verb", "from_status", "to_status", "done_by")
    assert list(trail) == [
        ("create", "", "draft", people.author.pk),
        ("submit", "draft", "in_review", people.author.pk),
        ("approve", "in_review", "approved", people.reviewer.pk),
        ("publish", "approved", "published", people.publisher.pk),
        ("request_withdrawal", "published", "published", people.author.pk),
        ("withdraw", "published", "withdrawn", people.publisher.pk),
    ]


@pytest.mark.parametrize(
    ("act", "sentence"),
    [
        (lambda i, p: workflow.submit(item=i, by=p.author, change_note=" "), "change note"),
        (lambda i, p: workflow.submit(item=i, by=p.author, change_note="x", significance="huge"), "significant"),
        (lambda i, p: workflow.request_changes(item=i, by=p.reviewer, comment=""), "what to change"),
        (lambda i, p: workflow.approve(item=i, by=p.reviewer, content="", reviewer_role=" "), "role as reviewer"),
        (lambda i, p: workflow.approve(item=i, by=p.reviewer, content="", reviewer_role="x" * 121), "at most 120"),
        (lambda i, p: withdrawal.request(item=i, by=p.author, note=""), "Say why"),
        (lambda i, p: withdrawal.request(item=i, by=p.author, note="x", reason="bored"), "Choose a reason"),
        (lambda i, p: withdrawal.request(item=i, by=p.author, note="x", reason="replaced"), "Choose a replacement"),
        (lambda i, p: withdrawal.request(item=i, by=p.author, note="x", replaced_by=i), "Choose a replacement"),
        (lambda i, p: workflow.publish(items=[], by=p.publisher), "Choose at least one item"),
        (lambda i, p: workflow.publish(items=[i, i], by=p.publisher), "selected twice"),
    ],
)
def test_what_readers_will_need_to_know_has_to_be_said(act, sentence, people):
    item = item_in("draft", people)
    with pytest.raises(TransitionNotAllowed, match=sentence):
        act(item, people)


def test_an_item_that_is_gone_is_refused_in_a_sentence(people):
    item = Item(pk=999_999, name="Gone")
    with pytest.raises(TransitionNotAllowed, match="“Gone” no longer exists"):
        workflow.submit(item=item, by=people.author, change_note="x")


def test_every_item_that_cannot_be_published_is_named_at_once(people):
    one, other = library.bring_in([condition("one"), condition("other")], people.author)
    with pytest.raises(TransitionNotAllowed, match=r"“One” has the status “Draft”.*“Other” has the status “Draft”"):
        workflow.publish(items=[one, other], by=people.publisher)


def test_every_obstacle_of_every_item_is_reported_and_nothing_is_published(people):
    target = concept("never-published")
    library.bring_in([target], people.author)
    documents = [
        condition("one", citations=None),
        condition("other", relations=[relation("has_feature", target)]),
    ]
    items = library.approved(documents, people)
    with pytest.raises(NotPublishable) as refused:
        workflow.publish(items=items, by=people.publisher)
    assert [(str(item), finding.pointer) for item, finding in refused.value.obstacles] == [
        ("One", "/citations"),
        ("Other", "/relations/0/object"),
    ]
    assert not Release.objects.exists()
    assert {item.status for item in Item.objects.filter(kind="condition")} == {"approved"}


def test_items_that_name_each_other_are_published_together(people):
    one, other = condition("one"), condition("other")
    one["relations"] = [relation("related_to", other)]
    assert library.publish([one, other], people).number == 1


def test_an_item_that_was_never_published_cannot_be_withdrawn(people):
    item = item_in("approved", people)
    with pytest.raises(TransitionNotAllowed, match="not published"):
        ACTS["withdraw"](item, people.publisher)


def test_an_item_is_not_withdrawn_while_published_items_point_to_it(people):
    target = concept("pointed-at")
    library.publish([target, condition("the-pointer", relations=[relation("has_feature", target)])], people)
    with pytest.raises(TransitionNotAllowed, match="link to it: The pointer"):
        ACTS["withdraw"](item_of(target), people.publisher)


def test_an_item_is_replaced_only_by_another_published_one(people):
    draft = condition("a-draft")
    library.bring_in([draft], people.author)
    item = item_in("published", people)
    for replacement, sentence in ((item_of(draft), "“A draft” is not published"), (item, "replace itself")):
        with pytest.raises(TransitionNotAllowed, match=sentence):
            library.withdraw(
                item=item, by=people.publisher, reason="replaced", replaced_by=replacement, note="See the other."
            )


def test_what_was_withdrawn_is_published_again_with_the_next_version(people):
    item = item_in("withdrawn", people)
    library.sign_off(item, people)
    item.refresh_from_db()
    assert (item.withdrawal_reason, item.replaced_by) == ("", None)
    assert public(condition()).tombstone_reason == "withdrawn"
    ACTS["publish"](item, people.publisher)
    assert (public(condition()).version, public(condition()).tombstone_reason) == (3, "")


@pytest.mark.parametrize(
    ("reviewed_on", "months", "due"),
    [
        ("2026-11-23", 12, "2027-11-23"),
        ("2026-01-31", 1, "2026-02-28"),
        ("2027-08-31", 6, "2028-02-29"),
        ("2026-12-01", 60, "2031-12-01"),
    ],
)
def test_a_review_is_due_on_the_same_day_so_many_months_later(reviewed_on, months, due):
    assert workflow.review_due(datetime.date.fromisoformat(reviewed_on), months).isoformat() == due


def test_a_slug_changed_under_a_review_asks_for_another_look(people):
    target = concept("old-slug")
    library.publish([target], people)
    item = library.bring_in([condition(relations=[relation("has_feature", target)])], people.author)[0]
    library.sign_off(item, people)
    library.bring_in([target | {"slug": "new-slug"}], people.author)
    with pytest.raises(TransitionNotAllowed, match="changed since it was signed off"):
        workflow.publish(items=[item], by=people.publisher)
    workflow.request_changes(item=item, by=people.reviewer, comment="A name has changed.")
    library.sign_off(item, people)
    workflow.publish(items=[item], by=people.publisher)
    assert b'"slug":"old-slug"' in bytes(public(condition()).body)


def test_trail_and_revisions_are_kept_when_a_verb_is_refused_half_way(people):
    item = item_in("approved", people)
    before = (Event.objects.count(), Revision.objects.count())
    Item.objects.filter(pk=item.pk).update(summary_plain="")
    with pytest.raises(TransitionNotAllowed):
        ACTS["publish"](item, people.publisher)
    assert (Event.objects.count(), Revision.objects.count(), Release.objects.count()) == (*before, 0)
