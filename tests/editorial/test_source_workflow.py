"""The workflow of sources: who may do what, what a sign-off covers, and what readers get of a source when."""

import json
from datetime import date

import pytest
from django.contrib.auth.models import Group

from content_app.editorial import source_history, source_workflow, workflow
from content_app.editorial.transitions import TransitionNotAllowed
from content_app.manuscripts import rows, writing
from content_app.models import Source, SourceRevision
from tests import library
from tests.library import condition, item_of, public, source

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

CORRECTED = {"year": 1999, "evidence_level": "guideline"}


def row() -> Source:
    return Source.objects.get(slug="a-text")


def edit(by, **changes) -> Source:
    before = rows.source_document(row())
    stored = writing.write_source(before | changes)
    source_history.record(source=stored, by=by, verb="edit", before=before)
    return row()


def submit(by, **said):
    return source_workflow.submit(source=row(), by=by, **{"change_note": "Corrected."} | said)


def approve(by):
    return source_workflow.approve(source=row(), by=by, content=source_history.version_of(row()))


RETRACTION = {"reason": "Invented data.", "retracted_on": date(2026, 5, 3), "notice": "10.1000/notice"}


def retract(by) -> Source:
    return source_workflow.retract(source=row(), by=by, **RETRACTION)


def shown(document) -> dict:
    return json.loads(bytes(public(document).body))


@pytest.fixture(scope="module")
def condition_published(library_of_a_module):
    library.publish([condition()], library_of_a_module)


@pytest.fixture
def published(condition_published, people):
    """A condition that readers have, and the source that it cites."""
    return people


def test_an_edit_of_a_source_does_not_go_along_with_an_item_that_cites_it(published):
    """The hole that this workflow closes."""
    edit(published.author, **CORRECTED)
    other = library.bring_in([condition("another")], published.author)[0]
    workflow.submit(item=other, by=published.author, change_note="New.")
    workflow.approve(item=other, by=published.reviewer, content=workflow.content_sha256(other))
    workflow.publish(items=[other], by=published.publisher)
    for document in (condition(), condition("another")):
        assert shown(document)["sources"][0]["year"] is None
        assert shown(document)["statements"][0]["evidence"] == "unreferenced_lay_text"
    assert public(source()).version == 1


def test_a_source_that_is_signed_off_brings_along_what_cites_it(published):
    edit(published.author, **CORRECTED)
    submit(published.author, significance="safety")
    approve(published.reviewer)
    release = workflow.publish(sources=[row()], by=published.publisher)
    assert release.significance == "safety"
    assert shown(source())["year"] == 1999
    assert shown(condition())["sources"][0]["year"] == 1999
    assert shown(condition())["statements"][0]["evidence"] == "guideline"
    assert row().status == "published"
    assert (public(source()).significance, public(source()).change_note) == ("safety", "Corrected.")


def test_readers_keep_the_signed_off_form_while_a_later_one_is_a_draft(published):
    edit(published.author, year=1999)
    submit(published.author)
    approve(published.reviewer)
    edit(published.author, year=2001)
    item = library.bring_in([condition(name="Renamed")], published.author)[0]
    workflow.submit(item=item, by=published.author, change_note="Renamed.")
    workflow.approve(item=item, by=published.reviewer, content=workflow.content_sha256(item))
    workflow.publish(items=[item], by=published.publisher)
    assert shown(source())["year"] == shown(condition())["sources"][0]["year"] == 1999
    assert row().status == "draft"


def test_nobody_signs_off_a_source_that_they_edited_last(published):
    published.author.groups.add(Group.objects.get(name="Reviewer"))
    edit(published.author, year=1999)
    submit(published.second_author)
    with pytest.raises(TransitionNotAllowed, match="You made the last edit"):
        approve(published.author)
    assert source_workflow.obstacles_to("approve", row(), published.author).startswith("You made the last edit")


def test_nobody_signs_off_a_change_note_of_their_own(published):
    published.second_author.groups.add(Group.objects.get(name="Reviewer"))
    edit(published.author, year=1999)
    submit(published.second_author)
    with pytest.raises(TransitionNotAllowed, match="wrote its change note"):
        approve(published.second_author)


def test_a_sign_off_is_for_what_the_reviewer_has_read(published):
    read = source_history.version_of(edit(published.author, year=1999))
    edit(published.author, year=2001)
    submit(published.author)
    with pytest.raises(TransitionNotAllowed, match="Read it again"):
        source_workflow.approve(source=row(), by=published.reviewer, content=read)


def test_an_edit_makes_a_source_a_draft_that_needs_another_sign_off(published):
    edit(published.author, year=1999)
    submit(published.author)
    edit(published.author, year=2001)
    assert row().status == "draft"
    with pytest.raises(TransitionNotAllowed, match="must be “In review”"):
        approve(published.reviewer)


def test_an_import_makes_a_source_a_draft_too(published):
    library.bring_in([source(year=1999)], published.author)
    assert row().status == "draft"
    assert row().signed_revision.document.get("year") is None


def test_a_sign_off_that_is_sent_back_no_longer_counts(published):
    edit(published.author, year=1999)
    submit(published.author)
    approve(published.reviewer)
    source_workflow.request_changes(source=row(), by=published.reviewer, comment="I misread it.")
    assert row().status == "draft"
    assert row().signed_revision == row().published_revision
    assert row().signed_revision.document.get("year") is None


def test_a_source_signed_off_as_readers_have_it_needs_no_release(published):
    edit(published.author, year=1999)
    edit(published.author, year=None)
    submit(published.author)
    assert approve(published.reviewer).status == "published"


def test_a_source_is_published_with_the_first_item_that_cites_it_and_not_before(people):
    library.bring_in([condition()], people.author)
    submit(people.author)
    approve(people.reviewer)
    with pytest.raises(TransitionNotAllowed, match="Nothing that is published cites this source yet"):
        workflow.publish(sources=[row()], by=people.publisher)
    item = library.sign_off(item_of(condition()), people)
    workflow.publish(items=[item], sources=[row()], by=people.publisher)
    assert row().status == "published"


def test_an_item_is_not_published_while_nobody_has_signed_off_its_source(people):
    item = library.bring_in([condition()], people.author)[0]
    workflow.submit(item=item, by=people.author, change_note="New.")
    workflow.approve(item=item, by=people.reviewer, content=workflow.content_sha256(item))
    with pytest.raises(workflow.NotPublishable, match="has not been signed off"):
        workflow.publish(items=[item], by=people.publisher)


def test_a_source_signed_off_after_an_item_that_cites_it_leaves_the_sign_off_of_the_item(people):
    item = library.bring_in([condition()], people.author)[0]
    workflow.submit(item=item, by=people.author, change_note="New.")
    workflow.approve(item=item, by=people.reviewer, content=workflow.content_sha256(item))
    submit(people.author)
    approve(people.reviewer)
    assert workflow.publish(items=[item], by=people.publisher).number == 1


@pytest.mark.parametrize(
    ("act", "sentence"),
    [
        (lambda p: submit(p.reviewer), "Only an author can send a source for review."),
        (lambda p: submit(p.author, change_note=" "), "Describe what has changed"),
        (lambda p: submit(p.author, significance="huge"), "Choose how significant"),
        (lambda p: approve(p.reviewer), "To sign off a source, its status must be “In review”."),
        (lambda p: workflow.publish(sources=[row()], by=p.publisher), "To publish a source, its status must be"),
        (lambda p: source_workflow.request_changes(source=row(), by=p.reviewer, comment=""), "Tell the author"),
    ],
)
def test_a_refusal_is_a_sentence(act, sentence, people):
    library.bring_in([condition()], people.author)
    with pytest.raises(TransitionNotAllowed, match=sentence):
        act(people)


def test_the_trail_of_a_source_tells_its_whole_story(published):
    edit(published.author, year=1999)
    submit(published.author)
    approve(published.reviewer)
    workflow.publish(sources=[row()], by=published.publisher)
    trail = SourceRevision.objects.filter(source_uuid=row().uuid).order_by("number")
    assert [(act.verb, act.created_by.username) for act in trail][-4:] == [
        ("edit", "the-author"), ("submit", "the-author"), ("approve", "the-reviewer"), ("publish", "the-publisher"),
    ]  # fmt: skip


def test_a_retraction_reaches_readers_as_a_matter_of_safety_with_everything_that_rests_on_the_source(published):
    assert retract(published.author).status == "in_review"
    assert "retracted" not in shown(source()) or not shown(source())["retracted"], "nobody has signed it off"
    approve(published.reviewer)
    release = workflow.publish(sources=[row()], by=published.publisher)
    assert release.significance == "safety"
    assert {document.slug for document in release.documents.all()} == {"a-text", "a-condition"}
    told = shown(source())
    assert told["retracted"] is True
    assert told["note"].startswith("Retracted on 3 May 2026: Invented data. Notice: 10.1000/notice")
    assert "Retracted on 3 May 2026" in release.note
    acts = [kept.verb for kept in SourceRevision.objects.filter(slug="a-text").order_by("number")]
    assert acts[-4:] == ["retract", "submit", "approve", "publish"]


def test_who_retracts_does_not_sign_that_off_and_nobody_retracts_twice(published):
    Group.objects.get(name="Reviewer").user_set.add(published.author)
    retract(published.author)
    with pytest.raises(TransitionNotAllowed, match="last edit"):
        approve(published.author)
    with pytest.raises(TransitionNotAllowed, match="already"):
        retract(published.second_author)


@pytest.mark.parametrize("who", ["reviewer", "publisher", "nobody"])
def test_only_an_author_retracts(published, who):
    with pytest.raises(TransitionNotAllowed):
        retract(getattr(published, who))
