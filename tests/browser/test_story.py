"""The whole story in real browsers: a text from its first word to a scheduled release, by three people and a fourth.

An author writes and submits; a reviewer comments, requests a change and then signs off; a publisher looks at the
preview and releases; the author edits again, and meets another author at the same text; an earlier text is restored;
the next release is scheduled, moved and, once its moment has come, done by the worker. Every page that they visit is
held to the strict Content-Security-Policy and to the rules of axe, wide and narrow, and its picture kept.
"""

import datetime
import re

import pytest
from django.utils import timezone

from content_app.editorial import scheduling
from content_app.models import Document, Item, Release, Schedule, Thread
from tests import library

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.widens,
]


class Story:
    """The people at their desks, and the item that they write."""

    def __init__(self, give_a_desk):
        self.author, self.reviewer, self.publisher, self.second = map(
            give_a_desk, ("author", "reviewer", "publisher", "second_author")
        )

    @property
    def item(self) -> Item:
        return Item.objects.get()

    @property
    def page(self) -> str:
        return f"/admin/content_app/concept/{self.item.pk}/change/"


def test_the_whole_story(sit_down, desk):
    library.bring_in([], desk.author)
    library.sign_off_source(library.source(), desk)
    story = Story(sit_down)
    an_author_writes_and_submits(story)
    a_reviewer_comments_and_requests_a_change(story)
    the_author_answers_and_submits_again(story)
    the_reviewer_signs_off(story)
    a_publisher_looks_at_the_preview_shares_it_and_releases(story)
    the_author_edits_again_and_meets_another(story)
    one_is_told_when_the_other_leaves(story)
    an_earlier_text_is_restored(story)
    the_next_release_is_scheduled_and_comes(story)
    everybody_looks_at_the_home(story)


def an_author_writes_and_submits(story: Story) -> None:
    author = story.author
    author.check("story-01-home")
    author.go("/admin/content_app/concept/add/")
    page = author.page
    page.get_by_label("Name:", exact=True).fill("Pain that moves")
    page.get_by_label("Topic:", exact=True).select_option("feature")
    page.get_by_label("Summary for clinicians").fill("The pain changes its place.")
    page.locator("#found").get_by_text("Based on what you have typed. Not saved yet.").wait_for()
    assert page.get_by_role("link", name="Write a summary for the public").is_visible()
    page.get_by_label("Summary in plain words").fill("The pain moves around.")
    page.locator("#id_citations").fill("a-text; page 1")
    page.get_by_role("link", name="Add a statement", exact=True).click()
    page.locator("#id_statements-0-clinical").fill("It changes its place.")
    page.locator("#id_statements-0-plain").fill("It moves.")
    page.locator("#id_statements-0-aspect").select_option("symptoms")
    page.locator("#id_statements-0-assertion").select_option("hedged")
    page.get_by_role("link", name="Cite a source for the statement").click()
    assert page.evaluate("document.activeElement.id") == "id_statements-0-citations"
    assert not Item.objects.exists()
    author.check("story-02-add")
    page.locator("#id_statements-0-citations").fill("a-text; page 2")
    page.locator("#found").get_by_text("Nothing left to do.").wait_for()
    author.press("Save")
    author.open("Send for review")
    page.get_by_label("Change note").fill("Written.")
    author.check("story-03-submit")
    author.press("Save and send")
    assert story.item.status == "in_review"


def a_reviewer_comments_and_requests_a_change(story: Story) -> None:
    reviewer = story.reviewer
    reviewer.follow("AMPS API Editorial desk")
    reviewer.check("story-04-home-of-a-reviewer")
    reviewer.page.get_by_role("link", name=re.compile("Waiting for my review")).click()
    reviewer.follow("Pain that moves")
    statement = f"statements/{story.item.statements.get().uuid}"
    reviewer.tab("Comments")
    reviewer.open("Add a comment")
    reviewer.page.locator("#comment_anchor").select_option("summary_plain")
    reviewer.page.locator("#comment_text").fill("Whose pain?")
    reviewer.page.locator(".new-comment").get_by_role("button", name="Comment").click()
    reviewer.page.get_by_role("button", name="Comment on statement 1").click()
    assert reviewer.page.locator("#comment_anchor").input_value() == statement
    assert reviewer.page.evaluate("document.activeElement.id") == "comment_text"
    reviewer.page.keyboard.type("How often?")
    reviewer.page.locator(".new-comment").get_by_role("button", name="Comment").click()
    reviewer.page.wait_for_load_state("load")
    assert reviewer.page.locator("#statements-0 .comment-here").inner_text().endswith("How often?")
    reviewer.check("story-05-comments")
    reviewer.tab("Status")
    reviewer.open("Request changes")
    reviewer.page.get_by_label("Requested changes").fill("Nearly there.")
    reviewer.press("Request changes")
    assert "How often?" in story.item.events.first().note


def the_author_answers_and_submits_again(story: Story) -> None:
    author = story.author
    author.go("/admin/")
    author.page.get_by_role("link", name=re.compile("Comments for me")).click()
    author.follow("Pain that moves")
    author.page.locator("#line-summary_plain .comment-here a").click()
    assert "#thread-" in author.page.url
    author.page.locator("#id_summary_plain").fill("Their pain moves around.")
    author.press("Save")
    for _ in range(2):
        author.tab("Comments")
        author.open("Reply or resolve")
        author.page.get_by_label("Reply").first.fill("Done.")
        author.press("Resolve")
    assert not Thread.objects.filter(is_open=True).exists()
    author.open("Send for review")
    author.page.get_by_label("Change note").fill("Written, with whose pain.")
    author.check("story-06-answered")
    author.press("Save and send")


def the_reviewer_signs_off(story: Story) -> None:
    reviewer = story.reviewer
    reviewer.go(story.page)
    reviewer.tab("Comments")
    reviewer.page.locator("summary", has_text="Resolved").click()
    reviewer.tab("Status")
    reviewer.open("Sign off")
    reviewer.page.get_by_label("Your role as reviewer").fill("Paediatrician")
    reviewer.check("story-07-sign-off")
    reviewer.press("Sign off")
    assert story.item.status == "approved"


def a_publisher_looks_at_the_preview_shares_it_and_releases(story: Story) -> None:
    publisher = story.publisher
    publisher.go(story.page)
    publisher.tab("Preview")
    publisher.page.locator("#live .live").wait_for()
    publisher.check("story-08-preview-beside")
    publisher.follow("Preview this item")
    publisher.check("story-08-preview")
    publisher.follow("Page")
    publisher.check("story-09-preview-page")
    publisher.follow("Open the page")
    publisher.check("story-09-preview-page-opened")
    publisher.page.go_back()
    publisher.open("Share with people without an account")
    publisher.press("Create a link")
    publisher.check("story-10-link")
    address = publisher.page.get_by_label("Address").input_value()
    guest = publisher.page.context.browser.new_context().new_page()
    guest.goto(address)
    assert guest.get_by_text("Draft preview, not published").first.is_visible()
    guest.close()
    publisher.page.goto(address)
    publisher.check("story-11-shared")
    publisher.go(story.page)
    publisher.press("Publish")
    publisher.check("story-12-release")
    publisher.press("Publish release 1")
    publisher.check("story-13-released")
    assert Document.objects.filter(name="Pain that moves", version=1).exists()


def the_author_edits_again_and_meets_another(story: Story) -> None:
    author, second = story.author, story.second
    author.go(story.page)
    author.page.locator("#id_summary_clinical").fill("My words.")
    second.go(story.page)
    assert second.page.get_by_text(re.compile(r"the-author has had this page open since \d\d:\d\d UTC")).is_visible()
    second.check("story-14-somebody-is-here")
    second.page.locator("#id_summary_clinical").fill("Their words.")
    second.press("Save")
    assert second.page.locator("#present.somebody").is_visible()
    author.press("Save")
    assert author.page.get_by_text("Not saved: somebody changed this while you were editing").is_visible()
    assert author.page.locator("#id_summary_clinical").input_value() == "My words."
    author.check("story-15-conflict")
    author.press("Save")
    assert story.item.summary_clinical == "My words."


def one_is_told_when_the_other_leaves(story: Story) -> None:
    story.author.go("/admin/")
    story.second.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # asks now, not in 20 seconds
    story.second.page.get_by_text("Nobody else has this page open now.").wait_for()
    story.second.go("/admin/")


def an_earlier_text_is_restored(story: Story) -> None:
    author = story.author
    author.go(story.page)
    author.tab("History")
    author.follow("All revisions and activity")
    author.check("story-16-revisions")
    author.follow("Restore revision 3…")
    author.check("story-17-restore")
    author.press("Restore revision 3")
    assert story.item.summary_clinical == "Their words."
    author.open("Send for review")
    author.page.get_by_label("Change note").fill("Other words.")
    author.press("Save and send")
    story.reviewer.go(story.page)
    story.reviewer.open("Sign off")
    story.reviewer.press("Sign off")


def the_next_release_is_scheduled_and_comes(story: Story) -> None:
    publisher = story.publisher
    publisher.go(story.page)
    publisher.press("Publish")
    publisher.open("Schedule it for later")
    assert publisher.page.locator("#later_time_zone").input_value() == "Europe/London"
    publisher.page.locator("#later_at").fill("2030-10-27T01:30")
    publisher.press("Schedule the release")
    assert publisher.page.get_by_text("01:30 happens twice").is_visible()
    publisher.check("story-18-twice")
    publisher.page.get_by_label("The second time").check()
    publisher.press("Schedule the release")
    assert publisher.page.get_by_text("27 October 2030, 01:30 Europe/London").first.is_visible()
    publisher.check("story-19-scheduled")
    publisher.page.locator("[name=at]").fill("2030-07-01T09:00")
    publisher.press("Change")
    assert publisher.page.get_by_text("1 July 2030, 08:00 UTC").first.is_visible()
    publisher.go(story.page)
    publisher.check("story-20-waiting")
    Schedule.objects.update(due_at=timezone.now() - datetime.timedelta(minutes=1))
    assert scheduling.run_due() == 1
    assert Release.objects.get(number=2).documents.get(kind="concept").version == 2
    publisher.go(f"/admin/content_app/schedule/{Schedule.objects.get().pk}/change/")
    publisher.check("story-21-done")
    publisher.go("/admin/content_app/schedule/")
    publisher.check("story-22-schedules")


def everybody_looks_at_the_home(story: Story) -> None:
    for name in ("author", "reviewer", "publisher"):
        person = getattr(story, name)
        person.go("/admin/")
        person.check(f"story-23-home-of-the-{name}")
