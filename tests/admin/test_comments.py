"""The desk's pages for comments: said beside a field or a statement, answered, resolved, gathered."""

import pytest
from django.contrib.auth.models import User

from content_app.editorial import review_comments
from content_app.models import Comment, Thread
from tests import library
from tests.library import concept, condition, statement

HOSTILE = "<script>alert(1)</script> {{ 7|add:7 }} מלה 😀"


@pytest.fixture
def desk(people):
    """Everybody may sign in to the desk."""
    User.objects.update(is_staff=True)
    return people


@pytest.fixture
def item(desk):
    return library.bring_in([condition(statements=[statement("One."), statement("Two.")])], desk.author)[0]


def page_of(item, end: str = "change/") -> str:
    return f"/admin/content_app/{item.kind.replace('_', '')}/{item.pk}/{end}"


def say(client, item, **values):
    return client.post(page_of(item, "comment/"), values, follow=True)


def test_a_reviewer_comments_on_a_field_and_a_statement_and_the_author_sees_it_beside_them(client, desk, item):
    uuid = item.statements.get(clinical="Two.").uuid
    client.force_login(desk.reviewer)
    say(client, item, anchor="summary_plain", text="Too long.")
    say(client, item, anchor=f"statements/{uuid}", text="Is it?")
    client.force_login(desk.author)
    response = client.get(page_of(item))
    page = response.content.decode()
    assert 'Open comments <span class="count">2</span>' in page
    beside = page[page.index('id="line-summary_plain"') : page.index('id="line-citations"')]
    assert "Too long." in beside
    second = page[page.index('id="statements-1"') : page.index('id="relations-heading"')]
    assert "Is it?" in second
    threads = response.context["threads"]
    assert [(one.label, one.href) for one in threads] == [
        ("Summary in plain words", "#line-summary_plain"), ("Overview “Two.”", "#statements-1"),
    ]  # fmt: skip


def test_an_author_answers_and_resolves_and_only_a_reviewer_opens_again(client, desk, item):
    thread = review_comments.start(item=item, by=desk.reviewer, text="Where from?")
    client.force_login(desk.author)
    say(client, item, thread=thread.pk, text="From the text.")
    assert "The comment was resolved." in say(client, item, thread=thread.pk, act="resolve").content.decode()
    refused = say(client, item, thread=thread.pk, act="reopen", text="My words.")
    assert refused.status_code == 409
    assert "Only reviewers" in refused.content.decode()
    assert "My words." in refused.content.decode()
    client.force_login(desk.reviewer)
    say(client, item, thread=thread.pk, act="reopen")
    assert Thread.objects.get().is_open
    assert Comment.objects.count() == 4


def test_comments_wait_for_whoever_is_to_speak_next(client, desk, item):
    thread = review_comments.start(item=item, by=desk.reviewer, text="Where from?")

    def waits_for() -> list[str]:
        found = []
        for name in ("author", "second_author", "reviewer"):
            client.force_login(getattr(desk, name))
            if client.get("/admin/content_app/item/", {"queue": "comments-for-me"}).context["cl"].result_count:
                found.append(name)
        return found

    assert waits_for() == ["author"]
    review_comments.reply(thread=thread, by=desk.author, text="From the text.")
    assert waits_for() == ["reviewer"]
    review_comments.reply(thread=thread, by=desk.second_author, text="From another.")
    assert waits_for() == ["author", "reviewer"]
    review_comments.resolve(thread=thread, by=desk.author)
    assert waits_for() == []


def test_hostile_text_in_a_comment_is_shown_to_the_letter_and_null_bytes_and_turned_text_are_refused(
    client, desk, item
):
    client.force_login(desk.reviewer)
    say(client, item, anchor="name", text=HOSTILE)
    page = client.get(page_of(item)).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{ 7|add:7 }}" in page
    assert "<script>alert" not in page
    for bad in ("a\0b", "a\u202eb", " ", "x" * 6000):
        assert say(client, item, text=bad).status_code == 409
    assert say(client, item, anchor="no_such_field", text="x").status_code == 409
    assert say(client, item, thread="99999", text="x").status_code == 409
    assert Comment.objects.count() == 1


def test_a_thread_of_another_item_is_not_answered_here_and_nobody_without_a_role_comments(client, desk, item):
    other = library.bring_in([concept("other")], desk.author)[0]
    thread = review_comments.start(item=other, by=desk.reviewer, text="Here.")
    client.force_login(desk.author)
    assert say(client, item, thread=thread.pk, text="There.").status_code == 409
    client.force_login(desk.nobody)
    assert client.post(page_of(item, "comment/"), {"text": "I too."}).status_code == 403
    assert Comment.objects.count() == 1


def test_requesting_changes_gathers_the_open_comments(client, desk, item):
    library.workflow.submit(item=item, by=desk.author, change_note="Written.")
    review_comments.start(item=item, by=desk.reviewer, anchor="summary_plain", text="Too long.")
    done = review_comments.start(item=item, by=desk.reviewer, text="Settled.")
    review_comments.resolve(thread=done, by=desk.author)
    client.force_login(desk.reviewer)
    address = page_of(item, "verb/request_changes/")
    assert client.post(address, {"comment": ""}).status_code == 200
    client.post(address, {"comment": "Nearly there.", "gather": "on"})
    assert item.events.first().note == "Nearly there.\n\nSummary in plain words: Too long."
    item.refresh_from_db()
    assert item.status == "draft"
