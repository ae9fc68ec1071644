"""Importing and adding sources in a real browser, with and without JavaScript, held to the policy and to axe."""

import re
import threading

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from content_app.editorial.exchange import archives, uploads
from content_app.models import Import, Item, Source
from tests import library
from tests.library import concept, condition, source, statement

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.widens]


def zipped(*documents: dict) -> bytes:
    return b"".join(archives.stream(documents))


def sent(person, content: bytes, name: str = "content.zip") -> None:
    person.go("/admin/content_app/import/add/")
    person.page.get_by_label("File:").set_input_files({"name": name, "mimeType": "application/zip", "buffer": content})
    person.press("Check the file")


def test_an_author_sees_what_a_file_changes_and_imports_it(sit_down, desk):
    library.bring_in([condition(statements=[statement("It lasts long.")])], desk.author)
    author = sit_down("author")
    author.go("/admin/content_app/condition/")
    author.check("list-with-ways")
    author.follow("Import…")
    author.check("import-upload")
    changed = statement("It lasts long.") | {"clinical": "It lasts for <b>years</b>."}
    sent(author, zipped(condition(statements=[changed]), concept("new"), source()))
    author.check("import-ready")
    assert author.page.get_by_text("1 new, 1 changed, 1 unchanged.").is_visible()
    assert author.page.locator("ins", has_text="years").is_visible()
    author.press("Import 2 as drafts")
    author.check("import-applied")
    assert author.page.get_by_text("Imported as drafts by the-author").is_visible()
    assert Item.objects.filter(slug="new").exists()
    author.go("/admin/content_app/import/")
    author.check("imports")


def test_what_is_refused_says_where_and_what_would_be_right(sit_down, desk):
    author = sit_down("author")
    sent(author, zipped(condition(cause_status="unknwon"), concept(topic="featur")))
    author.check("import-refused")
    assert author.page.get_by_text("did you mean “unknown”?").is_visible()


@pytest.mark.parametrize("has_javascript", [True, False])
def test_a_long_import_shows_how_far_it_is_until_a_worker_has_done_it(has_javascript, sit_down, desk, browser):
    author = sit_down("author")
    sent(author, zipped(source(), concept(summary={"clinical": "word " * 35_000, "plain": "Plain."})))
    author.check("import-progress")
    assert author.page.get_by_role("progressbar").is_visible()
    page = author.page
    if not has_javascript:
        bare = browser.new_context(java_script_enabled=False, storage_state=page.context.storage_state())
        address, page = page.url, bare.new_page()
        page.goto(address)
        assert page.locator("noscript p").is_visible()
    done = in_thread(lambda: call_command("work", once=True))
    page.get_by_role("button", name="Import 2 as drafts").wait_for()
    done.join()
    page.get_by_role("button", name="Import 2 as drafts").click()
    done = in_thread(lambda: call_command("work", once=True))
    page.get_by_text("Imported as drafts by").wait_for()
    done.join()
    page.close()  # it would load itself again
    assert Import.objects.get().state == "applied"
    assert uploads.work_on_next() == 0


def in_thread(work) -> threading.Thread:
    def run():
        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def test_a_source_is_added_by_keyboard_without_leaving_what_is_typed(sit_down, desk):
    item = library.bring_in([condition(statements=[statement()])], desk.author)[0]
    author = sit_down("author")
    author.go(f"/admin/content_app/condition/{item.pk}/change/")
    page = author.page
    page.get_by_label("Summary in plain words").fill("Typed and not saved.")
    page.get_by_role("link", name="Edit statement 1").click()
    finder = page.locator("#id_statements-0-citations")
    finder.press_sequentially("https://doi.org/10.1000/ABC")
    page.get_by_role("option", name="Add a source with the DOI 10.1000/abc").wait_for()
    author.check("citing-a-doi")
    finder.press("ArrowDown")
    finder.press("Enter")
    dialog = page.get_by_role("dialog", name="Add a source")
    dialog.get_by_label("Title").wait_for()
    assert dialog.get_by_label("DOI").input_value() == "10.1000/abc"
    author.check("source-dialog")
    dialog.get_by_label("Title").fill("A pasted book")
    dialog.get_by_role("button", name="Add and cite").click()
    dialog.get_by_text("The source was not added").wait_for()
    author.check("source-dialog-refused")
    assert dialog.get_by_label("Title").input_value() == "A pasted book"

    page.keyboard.press("Escape")
    assert not dialog.is_visible()
    finder.fill("")
    finder.press_sequentially("10.1000/abc")
    page.get_by_role("option", name="Add a source with the DOI 10.1000/abc").click()
    assert dialog.get_by_label("Title").input_value() == "A pasted book"
    dialog.get_by_label("Type", exact=False).first.select_option("book")
    dialog.get_by_label("Evidence level").select_option("expert_opinion")
    dialog.get_by_label("Title").press("Enter")
    dialog.wait_for(state="hidden")
    assert page.get_by_role("status").filter(has_text="was added and is now cited here").count() == 1
    page.keyboard.type("page 4")
    assert page.locator("[name='statements-0-citations']").input_value() == (
        "a-text; paragraph 1\na-pasted-book; page 4"
    )
    assert page.get_by_label("Summary in plain words").input_value() == "Typed and not saved."
    assert Source.objects.get(slug="a-pasted-book").doi == "10.1000/abc"
    author.press("Save")
    item.refresh_from_db()
    assert item.summary_plain == "Typed and not saved."
    assert item.statements.get().citations.last().locator == "page 4"


def test_a_source_that_is_here_is_chosen_by_author_and_title_and_cited_again_below(sit_down, desk):
    library.bring_in([source("a-book", title="The book of pain", authors=["Sherry DD"], year=1999)], desk.author)
    item = library.bring_in([condition(statements=[statement("One."), statement("Two.")])], desk.author)[0]
    author = sit_down("author")
    author.go(f"/admin/content_app/condition/{item.pk}/change/")
    page = author.page
    page.get_by_role("link", name="Edit statement 1").click()
    page.locator("#id_statements-0-citations").press_sequentially("sherry book")
    page.get_by_role("option", name="Sherry 1999").click()
    page.keyboard.type("page 4")
    page.get_by_label("Words of Sherry 1999 that support this").fill("It hurts.")
    author.check("citing")
    page.get_by_role("link", name="Edit statement 2").click()
    page.locator("#id_statements-1-citations").wait_for()
    page.locator("#statements-1").get_by_label("Remove").click()
    page.get_by_role("button", name="Same as above").last.click()
    written = page.locator("[name='statements-1-citations']")
    assert written.input_value() == "a-text; paragraph 1\na-book; page 4\n> It hurts."
    author.press("Save")
    kept = [c.passage for c in item.statements.get(clinical="Two.").citations.all()]
    assert kept == ["", "It hurts."]


def test_a_new_source_that_is_here_already_leads_to_it(sit_down, desk):
    library.bring_in([source("a-book", doi="10.1000/abc")], desk.author)
    author = sit_down("author")
    author.go("/admin/content_app/condition/add/")
    page = author.page
    page.get_by_role("link", name="Add a statement", exact=True).click()
    page.locator("#id_statements-0-citations").press_sequentially("The same book")
    page.get_by_role("option", name="Add “The same book”").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("DOI").fill("10.1000/ABC")
    dialog.get_by_role("button", name="Add and cite").click()
    link = dialog.get_by_role("link", name="A Book")
    link.wait_for()
    assert re.search(r"/admin/content_app/source/\d+/change/$", link.get_attribute("href"))
    assert link.get_attribute("target") == "_blank"


def test_whoever_was_signed_out_meanwhile_loses_nothing_in_the_dialog(sit_down, desk):
    library.bring_in([condition()], desk.author)
    author = sit_down("author")
    author.go("/admin/content_app/condition/add/")
    page = author.page
    page.locator("#id_citations").press_sequentially("Not here")
    page.get_by_role("option", name="Add “Not here”").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Title").fill("Not lost")
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    dialog.get_by_role("button", name="Add and cite").click()
    dialog.get_by_text("You have been signed out").wait_for()
    assert dialog.get_by_label("Title").input_value() == "Not lost"


def test_without_javascript_a_new_source_opens_in_a_tab_of_its_own(sit_down, desk, browser):
    author = sit_down("author")
    bare = browser.new_context(java_script_enabled=False, storage_state=author.page.context.storage_state())
    page = bare.new_page()
    page.goto(f"{author.base}/admin/content_app/condition/add/")
    with bare.expect_page() as opened:
        page.get_by_role("link", name="Add a source").first.click()
    assert opened.value.url.endswith("/admin/content_app/source/add/")


def test_pages_of_sources_and_of_deleting_keep_to_the_policy_and_to_axe(sit_down, desk):
    library.publish([concept(), condition()], desk)
    library.importing.apply(library.planned(source(title="Corrected")), by=desk.second_author)
    kept = Source.objects.get()
    first, second = sit_down("author"), sit_down("second_author")
    address = f"/admin/content_app/source/{kept.pk}/change/"
    for person in (first, second):
        person.go(address)
    second.page.get_by_label("Title").fill("Theirs")
    second.press("Save")
    second.check("source-trail")
    first.page.get_by_label("Title").fill("Mine")
    first.press("Save")
    assert first.page.get_by_role("cell", name="Theirs").is_visible()
    first.check("source-conflict")
    first.go(f"/admin/content_app/source/{kept.pk}/delete/")
    first.check("source-delete")
    first.go("/admin/content_app/sourcerevision/")
    first.check("source-revisions")
    first.page.locator("#result_list a").first.click()
    first.page.wait_for_load_state("load")
    first.check("source-revision")
    publisher = sit_down("publisher")
    publisher.go(f"/admin/content_app/condition/{Item.objects.get(kind='condition').pk}/delete/")
    publisher.check("item-delete")
