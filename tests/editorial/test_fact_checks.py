"""Fact checks: a specialist without an account comments by a link, and the author answers like any other comment."""

import datetime

import pytest
from django.contrib.auth.models import User
from django.test import override_settings
from django.utils import timezone

from content_app.editorial import fact_checks, previews, review_comments, workflow
from content_app.editorial.transitions import TransitionNotAllowed
from content_app.models import AuditEntry, Comment, PreviewLink, Thread
from tests import library
from tests.library import concept, condition, relation, statement

pytestmark = pytest.mark.both_databases
HOSTILE = "<script>alert(1)</script> {{ 7|add:7 }} מלה 😀"
SPECIALIST = {"name": "Dr Jo Bell", "role": "Paediatric rheumatologist"}


@pytest.fixture
def desk(people):
    User.objects.update(is_staff=True)
    return people


@pytest.fixture
def item(desk):
    other = concept("a-gap", topic="knowledge_gap")
    texts = [statement("One."), statement("Two.")]
    documents = [other, condition(statements=texts, relations=[relation("has_knowledge_gap", other)])]
    return library.bring_in(documents, desk.author)[1]


@pytest.fixture
def address(item, desk):
    """The page of a fact check that the reviewer asked for."""
    return "/preview/{}/".format(
        previews.make_link(item=item, by=desk.reviewer, is_fact_check=True, question="Is “two” so?")[1]
    )


def anchor(item, text: str) -> str:
    return review_comments.statement_anchor(item.statements.get(clinical=text).uuid)


def send(client, address, **values):
    return client.post(f"{address}answer/", SPECIALIST | values)


# The page


def test_the_page_shows_every_statement_with_a_box_and_the_question_and_is_kept_by_nobody(client, item, address):
    page = client.get(address)
    text = page.content.decode()
    assert all(f'name="{anchor(item, said)}"' in text for said in ("One.", "Two."))
    assert all(f'name="{name}"' in text for name in ("summary_plain", "relations", "whole", "name", "role"))
    assert "Is “two” so?" in text
    assert "Statement 2 of 2" in text
    assert '<meta name="robots" content="noindex">' in text
    assert (page["Cache-Control"], page["Referrer-Policy"]) == ("private, no-store", "no-referrer")
    assert "noindex" in page["X-Robots-Tag"]
    assert "sessionid" not in str(page.cookies)
    assert "<script" not in text


def test_the_page_names_nobody_of_the_desk(client, address):
    assert "the-reviewer" not in client.get(address).content.decode()


# What is sent


def test_an_answer_lands_at_its_places_with_the_name_and_role_and_waits_for_the_author(client, desk, item, address):
    answer = send(client, address, **{anchor(item, "Two."): "No: three.", "summary_plain": "Too vague."})
    assert (answer.status_code, answer["Location"]) == (303, f"{address}?sent=2")
    assert "2\n  comments reached the editors" in client.get(answer["Location"]).content.decode()
    comments = Comment.objects.order_by("thread__anchor")
    assert [(c.thread.anchor, c.text) for c in comments] == [
        (anchor(item, "Two."), "No: three."), ("summary_plain", "Too vague."),
    ]  # fmt: skip
    assert {c.who for c in comments} == {"Dr Jo Bell, Paediatric rheumatologist"}
    client.force_login(desk.author)
    page = client.get(f"/admin/content_app/condition/{item.pk}/change/").content.decode()
    assert "Dr Jo Bell, Paediatric rheumatologist</b> (fact\n    check)" in page
    waiting = client.get("/admin/content_app/item/", {"queue": "comments-for-me"})
    assert [one.pk for one in waiting.context["cl"].result_list] == [item.pk]


def test_the_author_answers_and_resolves_it_and_until_then_nobody_signs_off(client, desk, item, address):
    send(client, address, **{anchor(item, "One."): "Not so."})
    workflow.submit(item=item, by=desk.author, change_note="New.")
    content = workflow.content_sha256(item)
    with pytest.raises(TransitionNotAllowed, match="1 comment is open"):
        workflow.approve(item=item, by=desk.reviewer, content=content)
    thread = Thread.objects.get()
    review_comments.reply(thread=thread, by=desk.author, text="Right, I looked it up.")
    review_comments.resolve(thread=thread, by=desk.author)
    workflow.approve(item=item, by=desk.reviewer, content=content)


def test_that_nothing_is_wrong_is_a_comment_that_holds_nothing_up(client, desk, item, address):
    send(client, address, is_all_right="on")
    comment = Comment.objects.get()
    assert (comment.text, comment.thread.anchor) == (fact_checks.NOTHING_WRONG, "")
    assert review_comments.open_comments(item) is None


def test_what_was_sent_is_shown_again_and_not_kept_twice(client, item, address):
    said = {anchor(item, "One."): "Not so."}
    send(client, address, **said)
    assert send(client, address, **said)["Location"] == f"{address}?sent=0"
    assert send(client, address, **said | {"whole": "Also this."})["Location"] == f"{address}?sent=1"
    assert "<q>Not so.</q>" in client.get(address).content.decode()


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"name": " "}, "Enter your name."),
        ({"role": ""}, "Enter your role"),
        ({"role": "x" * 121}, "The limit is 120"),
        ({"whole": ""}, "Write at least one comment"),
        ({"is_all_right": "on"}, "Choose one"),
        ({"whole": "x" * 5001}, "The limit is 5,000"),
        ({"whole": "A \u202e turn"}, "reverses the direction"),
    ],
)
def test_a_refused_answer_says_why_and_keeps_everything_that_was_typed(values, sentence, client, item, address):
    typed = {"whole": HOSTILE} | values
    answer = send(client, address, **typed)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert sentence in page
    assert "Nothing was sent yet." in page
    assert "alert(1)&lt;/script&gt;" in page or values.get("whole") is not None
    assert "<script" not in page
    assert (typed | SPECIALIST | values)["name"].strip() in page
    assert answer["Cache-Control"] == "private, no-store"
    assert not Comment.objects.exists()


def test_a_comment_on_a_statement_that_has_gone_meanwhile_is_about_the_item(client, desk, item, address):
    gone = anchor(item, "Two.")
    library.bring_in([condition(statements=[statement("One.")])], desk.author)
    send(client, address, **{gone: "No."})
    comment = Comment.objects.get()
    assert comment.thread.anchor == ""
    assert comment.text == "No.\n\n(About a statement that has been deleted since.)"


@pytest.mark.parametrize("end", ["revoked", "expired"])
def test_what_was_typed_while_the_link_ended_is_shown_to_be_copied_and_not_kept(end, client, desk, item, address):
    link = PreviewLink.objects.get()
    if end == "revoked":
        previews.revoke(link=link, by=desk.author)
    else:
        long_ago = timezone.now() - datetime.timedelta(days=9)
        PreviewLink.objects.update(made_at=long_ago, expires_at=long_ago + datetime.timedelta(days=1))
    answer = send(client, address, whole=HOSTILE)
    assert answer.status_code == 404
    assert "&lt;script&gt;alert(1)" in answer.content.decode()
    assert not Comment.objects.exists()


@pytest.mark.parametrize("token", ["nothing", "x.y"])
def test_a_forged_link_shows_nothing_of_what_is_sent_to_it(token, client, address):
    answer = send(client, f"/preview/{token}/", whole="Echo.")
    assert answer.status_code == 404
    assert "Echo." not in answer.content.decode()


def test_a_link_that_only_shows_takes_no_comment(client, desk, item):
    _, token = previews.make_link(item=item, by=desk.author)
    assert send(client, f"/preview/{token}/", whole="Hello.").status_code == 404
    assert not Comment.objects.exists()


@override_settings(LIMIT_ANONYMOUS=10)
def test_too_much_at_once_is_refused_with_everything_that_was_typed(client, item, address):
    def sent(text: str):
        return client.post(f"{address}answer/", SPECIALIST | {"whole": text}, REMOTE_ADDR="198.51.100.7")

    assert [sent(text).status_code for text in ("One.", "Two.")] == [303, 303]
    answer = sent("Three.")
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) <= 60
    assert "Three." in answer.content.decode()
    assert client.get(address, REMOTE_ADDR="198.51.100.7").status_code == 429


def test_one_link_brings_a_limited_number_of_comments(item, address, monkeypatch):
    monkeypatch.setattr(fact_checks, "MOST_COMMENTS", 1)
    link = PreviewLink.objects.get()
    fact_checks.keep(link=link, answer=fact_checks.Answer("Jo", "Nurse", {"": "One."}))
    with pytest.raises(fact_checks.Refused, match="already has 1 comments"):
        fact_checks.keep(link=link, answer=fact_checks.Answer("Jo", "Nurse", {"": "Two."}))


# What is kept of it


def test_making_opening_and_answering_are_in_the_audit_without_the_name_that_was_given(client, item, address):
    client.get(address)
    client.get(address)
    send(client, address, whole="Hm.")
    entries = AuditEntry.objects.filter(act__startswith="fact_check").order_by("pk")
    assert [(entry.act, entry.actor_name) for entry in entries] == [
        ("fact_check_made", "the-reviewer"), ("fact_check_opened", ""), ("fact_check_answered", ""),
    ]  # fmt: skip
    assert entries[2].data == {"link": PreviewLink.objects.get().pk, "comments": 1}
    assert not any("Bell" in str(entry.__dict__) for entry in entries)


def test_the_address_of_a_fact_check_is_never_logged(client, address, caplog):
    send(client, address)
    send(client, address, whole="Hm.")
    assert address.split("/")[2] not in caplog.text


# At the desk


def test_an_editor_asks_for_a_fact_check_and_revokes_it(client, desk, item):
    client.force_login(desk.author)
    links = f"/admin/preview/{item.pk}/links/"
    made = client.post(links, {"is_fact_check": "1", "question": "Is it so?", "days": "14"})
    assert "comment on it" in made.content.decode()
    link = PreviewLink.objects.get()
    assert (link.is_fact_check, link.question) == (True, "Is it so?")
    client.post(f"{links}{link.pk}/revoke/")
    assert client.get(made.context["address"].removeprefix("http://testserver")).status_code == 404


def test_a_question_that_is_too_long_is_refused_and_given_back(client, desk, item):
    client.force_login(desk.author)
    question = "x" * 2001
    page = client.post(f"/admin/preview/{item.pk}/links/", {"is_fact_check": "1", "question": question, "days": "7"})
    assert "The limit is 2,000." in page.content.decode()
    assert question in page.content.decode()
