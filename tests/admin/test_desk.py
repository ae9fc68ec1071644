"""The desk around the forms: its home, revisions, comparison, restoring, where things are used, reading level."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from content_app.admin.history import comparison
from content_app.editorial import review_comments, scheduling, warning_counts, workflow
from content_app.manuscripts import rows
from content_app.models import Concept, Item, Release, Source, WorkingCopy
from tests import library
from tests.admin_forms import fields_of
from tests.library import concept, condition, item_of, relation, statement


@pytest.fixture
def desk(people):
    """Everybody may sign in to the desk."""
    User.objects.update(is_staff=True)
    return people


def page_of(item: Item, end: str = "change/") -> str:
    return f"/admin/content_app/{item.kind.replace('_', '')}/{item.pk}/{end}"


def numbers_of(response) -> dict[str, int]:
    return {number.label: number.count for number in response.context["numbers"]}


# Home


def test_the_home_counts_what_waits_and_each_number_leads_to_its_list(client, desk):
    library.bring_in([concept("draft")], desk.author)
    sent = library.bring_in([concept("sent")], desk.author)[0]
    workflow.submit(item=sent, by=desk.author, change_note="Written.")
    back = library.bring_in([concept("back")], desk.author)[0]
    workflow.submit(item=back, by=desk.author, change_note="Written.")
    workflow.request_changes(item=back, by=desk.reviewer, comment="Cite it.")
    ready = library.approved([concept("ready")], desk)
    tomorrow = timezone.now() + timedelta(days=1)
    scheduling.schedule_publication(items=ready, by=desk.publisher, due_at=tomorrow)
    review_comments.start(item=back, by=desk.reviewer, text="Where from?")
    Source.objects.update(retracted=True)
    warning_counts.refresh()
    client.force_login(desk.author)
    home = client.get("/admin/")
    assert numbers_of(home) == {
        "My drafts": 2,
        "Sent back for changes": 1,
        "Waiting for my review": 0,
        "Waiting for other reviewers": 0,
        "Ready to publish": 1,
        "Withdrawal requested": 0,
        "Scheduled": 1,
        "Scheduling failed": 0,
        "Comments for me": 1,
        "Codes changed": 0,
        "With warnings": 4,
        "Review overdue": 0,
        "Review due within 30 days": 0,
        "Citing retracted sources": 4,
        "Published, with unpublished changes": 0,
        "Sources waiting for my review": 0,
        "Sources ready to publish": 1,
        "Sources not signed off": 0,
    }
    for number in home.context["numbers"]:
        assert client.get(number.href).context["cl"].result_count == number.count
    for row in home.context["by_status"] + home.context["by_review"]:
        for cell in row.cells:
            assert client.get(cell.href).context["cl"].result_count == cell.count
    client.force_login(desk.reviewer)
    assert next(iter(numbers_of(client.get("/admin/")).items())) == ("Waiting for my review", 1)


def test_the_home_says_what_has_become_overdue_and_what_rests_on_retracted_work(client, desk):
    library.publish([concept("old"), concept("soon")], desk)
    Concept.objects.filter(slug="old").update(reviewed_on="2020-01-01", review_due_on="2021-01-01")
    Source.objects.update(retracted=True)
    client.force_login(desk.publisher)
    home = client.get("/admin/")
    assert numbers_of(home)["Review overdue"] == 1
    assert numbers_of(home)["Citing retracted sources"] == 2
    assert "Release 1" in home.content.decode()


def test_whoever_may_see_no_item_sees_no_numbers(client, desk):
    library.bring_in([concept("secret")], desk.author)
    client.force_login(desk.nobody)
    home = client.get("/admin/")
    assert home.status_code == 200
    assert "numbers" not in home.context
    assert "Secret" not in home.content.decode()


# Comparison


def test_two_documents_are_compared_word_by_word_and_part_by_part():
    one, two, three = statement("One is first."), statement("Two."), statement("Three.")
    before = condition(
        statements=[one, two, three],
        names=[{"text": "Old", "type": "synonym"}],
        relations=[relation("related_to", "condition/b", note="Why.")],
    )
    after = condition(
        name="Another name",
        statements=[three, one | {"clinical": "One is second."}, statement("Four.")],
        names=[{"text": "New", "type": "synonym"}],
        relations=[relation("related_to", "condition/b", ambiguous=True)],
    )
    found = [(d.sort, d.section, d.label) for d in comparison.compare(before, after)]
    assert found == [
        ("changed", "The item", "Name"),
        ("removed", "Names", "Synonym “Old”"),
        ("added", "Names", "Synonym “New”"),
        ("changed", "Statements", "Overview “One is second.”: for clinicians"),
        ("removed", "Statements", "Overview “Two.”"),
        ("added", "Statements", "Overview “Four.”"),
        ("changed", "Statements", "Order of statements"),
        ("removed", "Relationships", "related to b (condition): note"),
        ("added", "Relationships", "related to b (condition): ambiguous"),
    ]
    assert comparison.compare(before, before) == []


# Revisions


@pytest.fixture(scope="module")
def revised_in_a_module(library_of_a_module):
    """A condition that readers have in its first revision, with two revisions since."""
    people, gap = library_of_a_module, concept("a-gap", topic="knowledge_gap")
    library.publish([gap, condition(name="First", relations=[relation("has_knowledge_gap", gap)])], people)
    library.bring_in([condition(name="Second", statements=[statement("Added.")])], people.author)
    library.bring_in([condition(name="Third")], people.second_author)


@pytest.fixture
def revised(revised_in_a_module, desk) -> Item:
    return item_of(condition())


def test_revisions_say_who_when_why_and_which_one_readers_have(client, desk, revised):
    client.force_login(desk.reviewer)
    response = client.get(page_of(revised, "history/"))
    assert [(line.revision.number, line.is_public) for line in response.context["lines"]] == [
        (3, False), (2, False), (1, True),
    ]  # fmt: skip
    page = response.content.decode()
    assert "Sent for review by the-author" in page
    assert "Restore" not in page


def test_any_two_revisions_are_compared_and_without_a_choice_readers_one_with_the_last(client, desk, revised):
    client.force_login(desk.reviewer)
    address = page_of(revised, "history/compare/")
    assert "<del>First</del><ins>Third</ins>" in client.get(address).content.decode()
    page = client.get(address, {"before": "2", "after": "3"}).content.decode()
    assert "<del>Second</del><ins>Third</ins>" in page
    assert "Added." in page
    for odd in ("x", "99", "\0", "9" * 40, "-1"):
        assert client.get(address, {"before": odd}).status_code == 200


def test_the_page_of_an_item_shows_what_differs_from_what_readers_have(client, desk, revised):
    client.force_login(desk.reviewer)
    page = client.get(page_of(revised)).content.decode()
    assert "Changes since the published version" in page
    assert "<del>First</del><ins>Third</ins>" in page


def test_a_revision_is_restored_as_the_new_draft_after_a_page_that_shows_what_changes(client, desk, revised):
    client.force_login(desk.author)
    address = page_of(revised, "history/1/restore/")
    page = client.get(address)
    assert "<del>Third</del><ins>First</ins>" in page.content.decode()
    assert rows.to_document(revised)["name"] == "Third"
    response = client.post(address, fields_of(page, ""), follow=True)
    assert "Revision 1 was restored. It was saved as draft revision 4." in response.content.decode()
    assert rows.to_document(revised) == revised.revisions.get(number=1).document
    assert revised.events.first().verb == "restore"
    assert Release.objects.count() == 1


def test_restoring_is_refused_to_whoever_may_not_write_and_after_a_newer_save(client, desk, revised):
    address = page_of(revised, "history/1/restore/")
    client.force_login(desk.author)
    stale = fields_of(client.get(address), "")
    for who in (desk.reviewer, desk.publisher, desk.nobody):
        client.force_login(who)
        assert client.post(address, stale).status_code == 403
    library.bring_in([condition(name="Fourth")], desk.second_author)
    client.force_login(desk.author)
    assert "somebody has changed the item" in client.post(address, stale).content.decode()
    assert rows.to_document(revised)["name"] == "Fourth"


def test_a_revision_that_names_what_is_gone_is_not_restored_and_the_page_says_why(client, desk):
    item = library.bring_in([condition(citations=[{"source": "a-text"}]), library.source("gone")], desk.author)[0]
    library.bring_in([condition(citations=[{"source": "gone"}])], desk.author)
    library.bring_in([condition(citations=[{"source": "a-text"}], name="Now")], desk.author)
    Source.objects.get(slug="gone").delete()
    client.force_login(desk.author)
    address = page_of(item, "history/2/restore/")
    page = client.post(address, fields_of(client.get(address), "")).content.decode()
    assert "Nothing was restored." in page
    assert "gone" in page
    assert rows.to_document(item)["name"] == "Now"


@pytest.mark.parametrize("end", ["history/99/restore/", "history/99999999999999999999/restore/"])
def test_a_revision_that_is_not_there_is_not_found(end, client, desk, revised):
    client.force_login(desk.author)
    assert client.get(page_of(revised, end)).status_code == 404
    assert client.get(f"/admin/content_app/concept/{revised.pk}/history/").status_code == 404


# Where used, reading level


def test_an_item_shows_what_points_to_it_in_drafts_and_for_readers(client, desk):
    gap = concept("a-gap", topic="knowledge_gap")
    library.publish([gap, condition(relations=[relation("has_knowledge_gap", gap)])], desk)
    client.force_login(desk.author)
    assert "A condition</a> (has knowledge gap)" in client.get(page_of(item_of(gap))).content.decode()
    library.bring_in([condition()], desk.author)
    assert "in the published version only" in client.get(page_of(item_of(gap))).content.decode()


def test_each_plain_text_says_how_hard_it_is_to_read(client, desk):
    hard = "Nociceptive hypersensitisation characteristically necessitates interdisciplinary rehabilitation."
    item = library.bring_in([condition(statements=[statement(plain=hard)])], desk.author)[0]
    client.force_login(desk.author)
    page = client.get(f"{page_of(item)}?open=all").content.decode()
    assert 'class="level far-above"' in page
    assert "(target: 6 to 8)" in page


def test_the_home_lists_what_waits_for_whoever_opens_it_in_one_order(client, desk):
    library.bring_in([concept("mine", name="Mine"), concept("sent", name="Sent")], desk.author)
    workflow.submit(item=Item.objects.get(slug="sent"), by=desk.author, change_note="Ready.")
    mine = Item.objects.get(slug="mine")
    saved_at = timezone.now()
    WorkingCopy.objects.create(person=desk.author, kind="condition", fields={}, saved_at=saved_at)
    client.force_login(desk.author)
    told = [(task.name, task.href) for task in client.get("/admin/").context["tasks"]]
    assert told == [("New condition", "/admin/content_app/condition/add/"), ("Mine", page_of(mine))]
    client.force_login(desk.reviewer)
    page = client.get("/admin/")
    assert [(task.name, task.why) for task in page.context["tasks"]] == [("Sent", "Waiting for my review")]
    client.force_login(desk.second_author)
    assert "Nothing is waiting for you." in client.get("/admin/").content.decode()
