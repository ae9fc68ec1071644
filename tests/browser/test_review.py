"""Review as a conversation, in a real browser: a fact check from outside, a suggested text, a preview that follows."""

import pytest

from content_app.editorial import previews, workflow
from content_app.models import Comment
from tests import library
from tests.chromium import accessibility_problems
from tests.library import condition, statement

pytestmark = [
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def item(desk):
    return library.bring_in([condition(statements=[statement("One."), statement("Two.")])], desk.author)[0]


def page_of(item) -> str:
    return f"/admin/content_app/condition/{item.pk}/change/"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_specialist_without_an_account_or_scripts_answers_a_fact_check(scheme, browser, live_server, item, desk):
    _, token = previews.make_link(item=item, by=desk.author, is_fact_check=True, question="Is it so?")
    context = browser.new_context(
        java_script_enabled=False, color_scheme=scheme, viewport={"width": 420, "height": 900}
    )
    page = context.new_page()
    page.goto(f"{live_server.url}/preview/{token}/")
    page.locator(".statement summary").first.click()
    page.get_by_label("What is wrong, missing or unclear in statement 1?").fill("Not quite.")
    page.get_by_role("button", name="Send to the editors").click()
    assert page.get_by_text("Nothing was sent yet.").is_visible()
    page.get_by_label("Your name").fill("Jo Bell")
    page.get_by_label("Your role").fill("Nurse")
    page.get_by_role("button", name="Send to the editors").click()
    assert page.get_by_text("1 comment reached the editors.").is_visible()
    assert Comment.objects.get().text == "Not quite."
    seen = browser.new_context(color_scheme=scheme).new_page()  # axe is a script
    seen.goto(f"{live_server.url}/preview/{token}/")
    seen.locator(".statement summary").first.click()
    assert accessibility_problems(seen) == []


def test_a_reviewer_suggests_a_text_and_the_author_takes_it_with_one_click(sit_down, item):
    reviewer, author = sit_down("reviewer"), sit_down("author")
    reviewer.go(page_of(item))
    reviewer.page.get_by_role("link", name="Suggest a text for statement 2").click()
    reviewer.page.get_by_label("Suggested text: for clinicians").fill("Two, at least.")
    reviewer.check("suggest-a-text")
    reviewer.press("Add comment")
    author.go(page_of(item))
    author.tab("Comments")
    author.check("a-suggested-text")
    author.page.locator("#statements-1").get_by_role("button", name="Accept this text").click()
    author.page.wait_for_load_state("load")
    assert item.statements.filter(clinical="Two, at least.").exists()


def test_the_preview_beside_the_form_follows_what_is_typed(sit_down, desk, item):
    workflow.publish(items=[library.sign_off(item, desk)], by=desk.publisher)
    author = sit_down("author")
    author.go(page_of(item))
    author.tab("Preview")
    author.page.locator("#statements-1").click()
    author.page.locator("#id_statements-0-clinical").fill("Two or three.")
    author.page.locator("#live ins", has_text="or three").wait_for()
    assert author.page.locator("#live .here").inner_text().count("or three") == 1
    author.check("live-preview")
    author.go(page_of(item))
    author.page.locator("#live .live").wait_for()  # it stays open while one works on the item


def test_an_author_reads_the_style_guide_and_practises(sit_down):
    author = sit_down("author")
    author.go("/admin/style-guide/")
    author.check("style-guide")
    author.press("Open my practice item")
    assert author.page.get_by_role("heading", name="Practice:").first.is_visible()
    author.check("practice")
