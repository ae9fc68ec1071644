"""Comments of a review: who may say what where, what stays, and that no document ever holds a word of them."""

import pytest

from content_app.editorial import review_comments, workflow
from content_app.editorial.transitions import TransitionNotAllowed
from content_app.manuscripts import rows
from content_app.models import Comment, Document, Revision
from tests import library
from tests.library import condition, statement

pytestmark = pytest.mark.both_databases


@pytest.fixture
def item(people):
    return library.bring_in([condition(statements=[statement("One."), statement("Two.")])], people.author)[0]


def anchor_of(item, text: str) -> str:
    return review_comments.statement_anchor(item.statements.get(clinical=text).uuid)


def test_a_thread_keeps_what_was_said_in_order_and_who_spoke_last(item, people):
    thread = review_comments.start(item=item, by=people.reviewer, anchor="summary_plain", text="Too long.")
    review_comments.reply(thread=thread, by=people.author, text="Shortened.")
    thread.refresh_from_db()
    said = [(comment.text, comment.written_by, comment.revision.number) for comment in thread.comments.all()]
    assert said == [("Too long.", people.reviewer, 1), ("Shortened.", people.author, 1)]
    assert (thread.started_by, thread.last_by, thread.is_open) == (people.reviewer, people.author, True)


def test_an_author_resolves_and_a_reviewer_opens_again(item, people):
    thread = review_comments.start(item=item, by=people.reviewer, text="Where from?")
    review_comments.resolve(thread=thread, by=people.author, text="Cited.")
    with pytest.raises(TransitionNotAllowed, match="already resolved"):
        review_comments.reply(thread=thread, by=people.author, text="And more.")
    with pytest.raises(TransitionNotAllowed, match="Only reviewers"):
        review_comments.reopen(thread=thread, by=people.author)
    review_comments.reopen(thread=thread, by=people.reviewer, text="Not there.")
    thread.refresh_from_db()
    assert thread.is_open
    assert list(thread.comments.values_list("act", flat=True)) == ["say", "resolve", "reopen"]


def test_whoever_has_no_role_says_nothing(item, people):
    thread = review_comments.start(item=item, by=people.publisher, text="A question.")
    for act in (review_comments.reply, review_comments.resolve):
        with pytest.raises(TransitionNotAllowed, match="editorial role"):
            act(thread=thread, by=people.nobody, text="I too.")
    with pytest.raises(TransitionNotAllowed, match="editorial role"):
        review_comments.start(item=item, by=people.nobody, text="I too.")
    assert Comment.objects.count() == 1


@pytest.mark.parametrize(("text", "sentence"), [("  \n", "Enter a comment"), ("x" * 5001, "5,001 characters")])
def test_a_comment_that_is_empty_or_too_long_is_refused(text, sentence, item, people):
    with pytest.raises(TransitionNotAllowed, match=sentence):
        review_comments.start(item=item, by=people.reviewer, text=text)
    assert not item.threads.exists()


def test_a_comment_stays_with_its_statement_when_statements_are_ordered_anew_and_restored(item, people):
    anchor = anchor_of(item, "Two.")
    review_comments.start(item=item, by=people.reviewer, anchor=anchor, text="Is it?")
    library.bring_in([condition(statements=[statement("Two."), statement("One.")])], people.author)
    assert anchor_of(item, "Two.") == anchor == item.threads.get().anchor


def test_a_comment_on_a_statement_of_another_item_is_refused(item, people):
    other = library.bring_in([condition("other", statements=[statement("Other.")])], people.author)[0]
    with pytest.raises(TransitionNotAllowed, match="has been deleted"):
        review_comments.start(item=item, by=people.reviewer, anchor=anchor_of(other, "Other."), text="Is it?")


def test_no_comment_is_ever_part_of_a_document_or_voids_a_sign_off(item, people):
    before = rows.to_document(item)
    library.sign_off(item, people)
    thread = review_comments.start(item=item, by=people.reviewer, anchor="name", text="A secret word.")
    review_comments.resolve(thread=thread, by=people.author)
    assert rows.to_document(item) == before
    workflow.publish(items=[item], by=people.publisher)
    assert not any(b"secret" in bytes(body) for body in Document.objects.values_list("body", flat=True))
    assert "secret" not in str(list(Revision.objects.values_list("document", flat=True)))


def test_an_open_comment_holds_up_sign_off_and_publishing(item, people):
    library.sign_off_sources(item, people)
    thread = review_comments.start(item=item, by=people.reviewer, text="Is it?")
    workflow.submit(item=item, by=people.author, change_note="Ready.")
    item.refresh_from_db()
    content = workflow.content_sha256(item)
    with pytest.raises(TransitionNotAllowed, match="1 comment is open on “A condition”. Resolve"):
        workflow.approve(item=item, by=people.reviewer, content=content)
    assert "1 comment is open" in (workflow.obstacles_to("approve", item, people.reviewer) or "")
    review_comments.resolve(thread=thread, by=people.author)
    workflow.approve(item=item, by=people.reviewer, content=content)
    item.refresh_from_db()
    review_comments.start(item=item, by=people.author, text="One more thing.")
    with pytest.raises(TransitionNotAllowed, match="1 comment is open"):
        workflow.publish(items=[item], by=people.publisher)
    assert not Document.objects.exists()


def test_a_comment_that_is_kept_open_with_a_reason_holds_nothing_up(item, people):
    library.sign_off_sources(item, people)
    thread = review_comments.start(item=item, by=people.reviewer, text="A picture would help.")
    with pytest.raises(TransitionNotAllowed, match="Say why"):
        review_comments.keep_open(thread=thread, by=people.author, text=" ")
    review_comments.keep_open(thread=thread, by=people.author, text="Next year.")
    assert review_comments.open_comments(item) is None
    review_comments.resolve(thread=thread, by=people.author)
    review_comments.reopen(thread=thread, by=people.reviewer)
    assert "1 comment is open" in (review_comments.open_comments(item) or "")
