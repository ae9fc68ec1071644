"""An item's page as its document, in a real browser: small, opened in place, kept while somebody types."""

import pytest

from content_app.models import Item, WorkingCopy
from content_app.vocabulary.terms import ASSERTIONS
from tests import library
from tests.library import coding, concept, condition, relation, statement
from tests.live import wait_until

pytestmark = [
    pytest.mark.django_db(transaction=True),
]
COUNTS = """() => {
    const seen = (node) => node.checkVisibility({visibilityProperty: true});
    const all = (wanted) => [...document.querySelectorAll(wanted)].filter(seen);
    const stops = all('a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]');
    return {
        height: document.documentElement.scrollHeight,
        controls: all("button, input:not([type=hidden]), select, textarea").length,
        stops: stops.indexOf(document.querySelector("[name=_save]")),
        bytes: new TextEncoder().encode(document.documentElement.outerHTML).length,
    };
}"""


def page_of(item: Item) -> str:
    return f"/admin/content_app/condition/{item.pk}/change/"


def large(desk) -> Item:
    """A condition as large as that of the first content: 44 statements, 45 relations, 20 codings."""
    text = "Pain that lasts and is felt far more strongly than would be expected from what set it off, part {}."
    aspects = ("overview", "mechanism", "cause", "symptoms")
    gaps = [concept(f"gap-{number}", topic="knowledge_gap") for number in range(45)]
    parts = {
        "statements": [statement(text.format(n), plain=text.format(n), aspect=aspects[n % 4]) for n in range(44)],
        "relations": [relation("has_knowledge_gap", gap) for gap in gaps],
        "codings": [coding(code=f"M79.{number}") for number in range(20)],
    }
    library.bring_in([*gaps, condition(**parts)], desk.author)
    return Item.objects.get(kind="condition")


def test_the_page_of_a_large_item_is_small(sit_down, desk):
    author = sit_down("author")
    author.page.set_viewport_size({"width": 1440, "height": 900})
    author.go(page_of(large(desk)))
    counts = author.page.evaluate(COUNTS)
    assert counts["height"] <= 6_000
    assert counts["controls"] <= 150
    assert counts["stops"] <= 60
    assert counts["bytes"] <= 150_000
    author.check("document")


def test_a_part_opens_in_place_by_key_is_checked_and_saved_with_a_key(sit_down, desk):
    item = library.bring_in([condition(statements=[statement("One."), statement("Two.", citations=[])])], desk.author)[
        0
    ]
    author = sit_down("author")
    author.go(page_of(item))
    page = author.page
    page.get_by_role("link", name="Edit statement 1").focus()
    page.keyboard.press("Enter")
    page.locator("#id_statements-0-clinical").fill("One, mended.")
    assert page.locator("#statements-1 textarea").count() == 0
    page.get_by_role("link", name="Cite a source for the statement “Two.…”").click()
    page.locator("#id_statements-1-citations").fill("a-text; page 2")
    page.locator("#found").get_by_role("link", name="Cite a source for the statement").wait_for(state="detached")
    author.check("document-open")
    page.keyboard.press("Control+s")
    page.get_by_text("was saved as draft revision 2").wait_for()
    kept = [(row.clinical, row.citations.count()) for row in item.statements.order_by("position")]
    assert kept == [("One, mended.", 1), ("Two.", 1)]


def test_a_part_in_which_nothing_was_typed_closes_again(sit_down, desk):
    item = library.bring_in([condition(statements=[statement("One."), statement("Two.")])], desk.author)[0]
    author = sit_down("author")
    author.go(page_of(item))
    page = author.page
    page.locator("#statements-1").click()
    page.locator("#id_statements-0-clinical").wait_for()
    page.locator("#statements-0").click()
    page.locator("#id_statements-1-clinical").wait_for()
    page.locator("#statements-0").get_by_role("button", name="Close").click()
    assert page.get_by_role("link", name="Edit statement 1").is_visible()
    assert page.locator("#id_statements-0-clinical").input_value() == "Two."
    assert page.locator("#id_statements-TOTAL_FORMS").input_value() == "1"


def test_what_is_typed_is_there_again_after_the_browser_was_killed(sit_down, desk):
    item = library.bring_in([condition(statements=[statement("One.")])], desk.author)[0]
    author = sit_down("author")
    author.go(page_of(item))
    author.page.locator("#statements-0").click()
    author.page.locator("#id_statements-0-clinical").click()
    author.page.keyboard.press("Control+a")
    author.page.keyboard.type("Typed for a while and never sa", delay=100)  # without a pause
    wait_until(lambda: "and never sa" in str(WorkingCopy.objects.values_list()))
    author.context.close()
    assert item.revisions.count() == 1

    again = sit_down("author")
    again.go(page_of(item))
    assert again.page.locator("#id_statements-0-clinical").input_value() == "Typed for a while and never sa"
    again.check("document-brought-back")
    again.press("Save")
    assert item.statements.get().clinical == "Typed for a while and never sa"
    assert not WorkingCopy.objects.exists()


def test_every_part_can_be_written_without_javascript(browser, sit_down, desk, live_server):
    item = library.bring_in([condition(statements=[statement("One."), statement("Two.")])], desk.author)[0]
    cookies = sit_down("author").context.cookies()
    context = browser.new_context(java_script_enabled=False)
    context.add_cookies(cookies)
    page = context.new_page()
    page.goto(live_server.url + page_of(item))
    page.get_by_role("link", name="Edit statement 2").click()
    page.locator("[name=statements-0-clinical]").fill("Two, mended.")
    page.locator("[name=statements-0-place]").fill("1")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("link", name="Add a statement", exact=True).click()
    page.locator("[name=statements-0-clinical]").fill("Three.")
    page.locator("[name=statements-0-plain]").fill("3.")
    page.locator("[name=statements-0-aspect]").select_option("overview")
    page.get_by_role("button", name="Save", exact=True).click()
    assert page.get_by_text("was saved as draft revision 3").is_visible()
    assert [row.clinical for row in item.statements.order_by("position")] == ["Two, mended.", "One.", "Three."]


def test_the_search_leads_to_the_part_in_which_something_is_said(sit_down, desk):
    library.bring_in([condition(statements=[statement("One."), statement("A tiny injury hurts.")])], desk.author)
    author = sit_down("author")
    author.page.get_by_label("Search the desk").fill("tiny injury")
    author.page.keyboard.press("Enter")
    author.page.get_by_role("link", name="A condition").wait_for()
    author.check("search")
    author.follow("A condition")
    assert author.page.url.endswith("#statements-1")


def test_after_a_save_the_page_is_where_it_was_and_the_first_fault_has_the_focus(sit_down, desk):
    item = large(desk)
    author = sit_down("author")
    author.go(page_of(item))
    page = author.page
    group = page.locator("#statements-group details", has_text="Symptoms")
    group.locator("summary").click()
    group.get_by_role("link", name="Edit statement").first.click()
    page.locator("#id_statements-0-plain").fill("It hurts.")
    before = page.evaluate("window.scrollY")
    page.keyboard.press("Control+s")
    page.get_by_text("was saved as draft revision 2").wait_for()
    assert before > 500
    assert abs(page.evaluate("window.scrollY") - before) < 400
    assert group.get_by_text("It hurts.").is_visible()
    group.get_by_role("link", name="Edit statement").first.click()
    page.locator("#id_statements-0-citations").fill("a-txt")
    page.keyboard.press("Control+s")
    page.locator(".errornote").wait_for()
    assert page.evaluate("document.activeElement.id") == "id_statements-0-citations"
    author.check("document-refused")


def test_the_chosen_word_is_explained_below_its_choice(sit_down, desk):
    item = library.bring_in([condition(statements=[statement("One.")])], desk.author)[0]
    author = sit_down("author")
    author.go(page_of(item))
    author.page.locator("#statements-0").click()
    author.page.locator("#id_statements-0-assertion").select_option("hedged")
    shown = author.page.locator("#id_statements-0-assertion_meaning")
    assert shown.inner_text() == ASSERTIONS["hedged"].meaning
    assert shown.get_attribute("id") in author.page.locator("#id_statements-0-assertion").get_attribute(
        "aria-describedby"
    )
