"""Suggested texts: made by a reviewer, taken by the author with one act or declined with a word."""

import pytest
from django.contrib.auth.models import User

from content_app.editorial import review_comments, suggestions, workflow
from content_app.editorial.review_comments import statement_anchor
from content_app.editorial.transitions import TransitionNotAllowed
from content_app.manuscripts import rows
from content_app.models import AuditEntry, Comment, Thread
from tests import library
from tests.library import condition, example, statement

pytestmark = pytest.mark.both_databases


@pytest.fixture
def desk(people):
    User.objects.update(is_staff=True)
    return people


@pytest.fixture
def item(desk):
    return library.bring_in([condition(statements=[statement("One."), statement("Two.")])], desk.author)[0]


def anchor(item, text: str = "Two.") -> str:
    return statement_anchor(item.statements.get(clinical=text).uuid)


def suggested(item, desk, text: str = "", **after) -> Comment:
    return suggestions.suggest(item=item, by=desk.reviewer, anchor=anchor(item), text=text, after=after).comments.get()


def edit_statement(item, by) -> None:
    item.statements.filter(clinical="Two.").update(clinical="Two and a half.")
    workflow.record_edit(item=item, by=by)


def page_of(item, end: str = "change/") -> str:
    return f"/admin/content_app/condition/{item.pk}/{end}"


# In the library


def test_an_accepted_text_is_the_next_draft_of_the_item_and_resolves_the_thread(desk, item):
    comment = suggested(item, desk, "Plainer.", clinical="Two, in short.")
    before = rows.to_document(item)
    saved = suggestions.accept(comment=comment, by=desk.author)
    after = rows.to_document(item)
    assert [s["clinical"] for s in after["statements"]] == ["One.", "Two, in short."]
    after["statements"][1]["clinical"] = "Two."
    assert after == before
    assert (saved.revision.number, saved.revision.created_by) == (2, desk.author)
    thread = Thread.objects.get()
    assert not thread.is_open
    assert [c.act for c in thread.comments.all()] == ["say", "accept"]
    assert thread.comments.last().revision == saved.revision


def test_a_declined_text_changes_nothing_and_leaves_the_thread_open_with_the_reason(desk, item):
    comment = suggested(item, desk, clinical="Three.")
    suggestions.decline(comment=comment, by=desk.author, text="The source says two.")
    assert item.revisions.count() == 1
    thread = Thread.objects.get()
    assert thread.is_open
    assert thread.comments.last().text == "The source says two."
    assert review_comments.open_suggestions(thread) == []


@pytest.mark.parametrize("name", ["summary_plain", "caution"])
def test_the_texts_of_the_item_itself_can_be_suggested_too(name, desk, item):
    thread = suggestions.suggest(item=item, by=desk.reviewer, anchor=name, text="", after={name: "A better text."})
    suggestions.accept(comment=thread.comments.get(), by=desk.author)
    item.refresh_from_db()
    assert getattr(item, name) == "A better text."


def test_a_text_that_only_one_kind_has_can_be_suggested(desk):
    story = library.bring_in([example(trigger="It began.")], desk.author)[0]
    assert "trigger" in suggestions.own_texts("example")
    thread = suggestions.suggest(
        item=story, by=desk.reviewer, anchor="trigger", text="", after={"trigger": "It started."}
    )
    suggestions.accept(comment=thread.comments.get(), by=desk.author)
    assert rows.to_document(story)["trigger"] == "It started."


def test_both_texts_of_a_statement_are_two_suggestions_and_the_last_one_resolves_the_thread(desk, item):
    after = {"clinical": "A.", "plain": "B."}
    thread = suggestions.suggest(item=item, by=desk.reviewer, anchor=anchor(item), text="Both.", after=after)
    one, other = review_comments.open_suggestions(thread)
    suggestions.accept(comment=one, by=desk.author)
    assert Thread.objects.get().is_open
    suggestions.accept(comment=other, by=desk.author)
    assert not Thread.objects.get().is_open


def test_a_text_that_has_changed_since_is_not_replaced_unseen(desk, item):
    comment = suggested(item, desk, clinical="Three.")
    edit_statement(item, desk.author)
    with pytest.raises(TransitionNotAllowed, match="has changed since"):
        suggestions.accept(comment=comment, by=desk.author)
    assert rows.to_document(item)["statements"][1]["clinical"] == "Two and a half."


def test_a_suggestion_is_settled_once(desk, item):
    comment = suggested(item, desk, clinical="Three.")
    suggestions.decline(comment=comment, by=desk.author, text="No.")
    for settle in (
        lambda: suggestions.accept(comment=comment, by=desk.author),
        lambda: suggestions.decline(comment=comment, by=desk.author, text="No."),
    ):
        with pytest.raises(TransitionNotAllowed, match="already been settled"):
            settle()


def test_only_an_author_accepts(desk, item):
    comment = suggested(item, desk, clinical="Three.")
    with pytest.raises(TransitionNotAllowed, match="Only an author"):
        suggestions.accept(comment=comment, by=desk.reviewer)
    assert Comment.objects.count() == 1


def test_an_empty_text_is_no_suggestion_and_the_same_text_is_only_a_comment(desk, item):
    with pytest.raises(TransitionNotAllowed, match="cannot be empty"):
        suggested(item, desk, clinical=" ")
    assert suggested(item, desk, "Hm.", clinical="Two.").after == ""


def test_an_item_in_review_is_a_draft_again_when_a_suggestion_is_accepted(desk, item):
    workflow.submit(item=item, by=desk.author, change_note="New.")
    suggestions.accept(comment=suggested(item, desk, clinical="Three."), by=desk.author)
    item.refresh_from_db()
    assert item.status == "draft"


def test_what_becomes_of_a_suggestion_is_in_the_audit(desk, item):
    suggestions.decline(comment=suggested(item, desk, clinical="Three."), by=desk.author, text="No.")
    suggestions.accept(comment=suggested(item, desk, clinical="Four."), by=desk.author)
    acts = AuditEntry.objects.filter(act__startswith="suggestion").order_by("pk").values_list("act", "actor_name")
    assert list(acts) == [("suggestion_declined", "the-author"), ("suggestion_accepted", "the-author")]


# At the desk


def test_a_reviewer_opens_the_text_changes_it_and_the_author_takes_it_with_one_click(client, desk, item):
    client.force_login(desk.reviewer)
    shown = client.get(page_of(item, "comment/"), {"about": anchor(item)})
    assert shown.context["form"]["suggest-clinical"].value() == "Two."
    values = {"anchor": anchor(item), "text": "", "suggest-clinical": "Two, at least.", "suggest-plain": "Plain Two."}
    client.post(page_of(item, "comment/"), values | {"suggest-plain": shown.context["form"]["suggest-plain"].value()})
    comment = Comment.objects.get()
    assert (comment.field, comment.before, comment.after) == ("clinical", "Two.", "Two, at least.")
    client.force_login(desk.author)
    page = client.get(page_of(item)).content.decode()
    assert "Two<ins>, at least</ins>." in page
    assert f'form="accept-{comment.pk}"' in page
    done = client.post(page_of(item, "comment/"), {"act": "accept", "comment": comment.pk}, follow=True)
    assert "The suggested text is in the draft now." in done.content.decode()
    assert item.statements.filter(clinical="Two, at least.").exists()


def test_what_cannot_be_suggested_is_refused_at_its_box_with_what_was_typed(client, desk, item):
    client.force_login(desk.reviewer)
    values = {"anchor": anchor(item), "suggest-clinical": "A \u202e turn.", "suggest-plain": "Mine."}
    answer = client.post(page_of(item, "comment/"), values)
    assert answer.status_code == 409
    assert "suggest-clinical" in answer.context["form"].errors
    assert "Mine." in answer.content.decode()


def test_a_refused_decline_keeps_what_was_typed_and_can_be_sent_again(client, desk, item):
    comment = suggested(item, desk, clinical="Three.")
    client.force_login(desk.author)
    refused = client.post(page_of(item, "comment/"), {"act": "decline", "comment": comment.pk, "text": " "})
    assert (refused.status_code, "Say briefly why" in refused.content.decode()) == (409, True)
    assert f'name="comment" value="{comment.pk}"' in refused.content.decode()


def test_a_suggestion_of_another_item_is_not_settled_here(client, desk, item):
    comment = suggested(item, desk, clinical="Three.")
    other = library.bring_in([condition("other")], desk.author)[0]
    client.force_login(desk.author)
    answer = client.post(page_of(other, "comment/"), {"act": "accept", "comment": comment.pk})
    assert "no longer exists" in answer.content.decode()
    assert item.revisions.count() == 1


def test_a_suggestion_whose_text_has_changed_offers_no_acceptance(client, desk, item):
    comment = suggested(item, desk, clinical="Three.")
    edit_statement(item, desk.author)
    client.force_login(desk.author)
    page = client.get(page_of(item)).content.decode()
    assert f"accept-{comment.pk}" not in page
    assert "The text has changed since this was suggested" in page
