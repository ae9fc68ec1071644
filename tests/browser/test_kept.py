"""What somebody sends while they are signed out comes back to them, in a real browser: unsaved, and to nobody else."""

import pytest
from django.contrib.sessions.models import Session

from content_app.models import Item
from tests import library
from tests.desk_browser import Desk
from tests.library import condition, statement

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.widens]
NOTE = "Say it in plainer words,\nand cite a source."
BACK = "Everything you typed is still here"


@pytest.fixture
def item(desk):
    return library.bring_in([condition(statements=[statement()])], desk.author)[0]


def page_of(item: Item) -> str:
    return f"/admin/content_app/condition/{item.pk}/change/"


def sign_in(person: Desk, name: str) -> None:
    person.page.fill("[name=login]", name)
    person.page.fill("[name=password]", "a long pass phrase")
    person.press("Sign in")


def type_into(person: Desk, item: Item) -> None:
    """Change a text, and add a statement with two lines."""
    person.go(page_of(item))
    person.page.get_by_label("Summary in plain words").fill("Typed for an hour.")
    person.page.get_by_role("link", name="Add a statement", exact=True).click()
    person.page.locator("#id_statements-0-clinical").fill("New.\nWith two lines.")
    person.page.locator("#id_statements-0-plain").fill("New.")
    person.page.locator("#id_statements-0-aspect").select_option("overview")
    person.page.locator("#id_statements-0-assertion").select_option("hedged")


def expect_all_of_it(person: Desk) -> None:
    person.page.get_by_text(BACK).wait_for()
    assert person.page.get_by_label("Summary in plain words").input_value() == "Typed for an hour."
    assert person.page.locator("#id_statements-0-clinical").input_value() == "New.\nWith two lines."


def test_a_save_after_the_session_has_ended_comes_back_unsaved_and_can_be_saved(sit_down, item):
    author = sit_down("author")
    type_into(author, item)
    Session.objects.all().delete()
    author.press("Save")
    assert author.page.get_by_role("heading", name="Sign in").is_visible()
    author.check("signed-out")
    sign_in(author, "the-author")
    expect_all_of_it(author)
    author.check("given-back")
    assert Item.objects.get(pk=item.pk).revisions.count() == 1

    author.press("Save")
    assert author.page.get_by_text("was saved as draft revision 2").is_visible()
    stored = Item.objects.get(pk=item.pk)
    assert stored.summary_plain == "Typed for an hour."
    assert [row.clinical for row in stored.statements.order_by("position")] == ["It lasts.", "New.\nWith two lines."]
    author.go("/admin/")
    author.go(page_of(item))
    assert author.page.get_by_text(BACK).count() == 0


def test_nobody_else_who_signs_in_gets_to_see_it(sit_down, item):
    author = sit_down("author")
    type_into(author, item)
    Session.objects.all().delete()
    author.press("Save")
    sign_in(author, "the-second_author")
    assert author.page.get_by_label("Summary in plain words").input_value() != "Typed for an hour."
    assert author.page.get_by_text("Typed for an hour.").count() == 0
    author.press("Sign out")
    sign_in(author, "the-author")
    author.go(page_of(item))
    assert author.page.evaluate("sessionStorage.getItem('kept')") is None


def test_a_form_whose_token_is_old_as_somebody_signed_in_anew_in_another_tab_comes_back(sit_down, item):
    author = sit_down("author")
    type_into(author, item)
    other = author.page.context.new_page()
    other.goto(f"{author.base}/account/logout/")
    other.locator("#content [type=submit]").click()
    other.fill("[name=login]", "the-author")
    other.fill("[name=password]", "a long pass phrase")
    other.get_by_role("button", name="Sign in", exact=True).click()
    other.wait_for_url("**/admin/")
    author.press("Save")
    assert author.page.get_by_text("You are not allowed to do that").is_visible()
    author.check("old-token")
    author.follow("Open the page again with your changes")
    expect_all_of_it(author)


def test_a_note_typed_into_a_step_of_the_workflow_comes_back_and_nothing_is_done_before_it_is_sent(
    sit_down,
    item,
    desk,
):
    library.workflow.submit(item=item, by=desk.author, change_note="Written.")
    reviewer = sit_down("reviewer")
    reviewer.go(page_of(item))
    reviewer.page.get_by_text("Request changes", exact=True).first.click()
    reviewer.page.get_by_label("Requested changes").fill(NOTE)
    Session.objects.all().delete()
    reviewer.press("Request changes")
    sign_in(reviewer, "the-reviewer")
    reviewer.page.get_by_text(BACK).wait_for()
    assert reviewer.page.get_by_label("Requested changes").input_value() == NOTE
    assert Item.objects.get(pk=item.pk).status == "in_review"
    reviewer.check("note-given-back")
    reviewer.press("Request changes")
    assert Item.objects.get(pk=item.pk).events.first().note == NOTE
