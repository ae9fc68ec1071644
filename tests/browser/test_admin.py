"""The desk in a real browser: one text from its first word to its release, by three people.

In: Debian's chromium. Every page is held to the strict Content-Security-Policy and to the rules of axe.
"""

import datetime

import pytest

from content_app.editorial import scheduling, withdrawal
from content_app.manuscripts.reading_level import automated_readability_index
from content_app.models import Document, Item, Release
from tests import library
from tests.chromium import keep_picture
from tests.library import concept, condition, relation, statement

pytestmark = [
    pytest.mark.django_db(transaction=True),
]


def test_an_author_writes_a_reviewer_signs_off_and_a_publisher_publishes(sit_down, desk):
    library.bring_in([], desk.author)
    library.sign_off_source(library.source(), desk)

    author = sit_down("author")
    author.check("index")
    author.go("/admin/content_app/concept/add/")
    author.page.get_by_label("Name:", exact=True).fill("Pain that moves")
    author.page.get_by_label("Topic:", exact=True).select_option("feature")
    author.page.get_by_label("Summary for clinicians").fill("The pain changes its place.")
    author.page.get_by_label("Summary in plain words").fill("The pain moves around.")
    author.page.get_by_role("link", name="Add a statement", exact=True).click()
    author.page.locator("#id_statements-0-clinical").fill("The pain changes its place.")
    author.page.locator("#id_statements-0-plain").fill("The pain moves around.")
    author.page.locator("#id_statements-0-aspect").select_option("symptoms")
    author.page.locator("#id_statements-0-assertion").select_option("hedged")
    author.check("add")
    author.press("Save")
    item = Item.objects.get()
    assert (item.slug, item.status) == ("pain-that-moves", "draft")

    author.page.get_by_role("link", name="Cite a source for the statement").click()
    author.page.locator("#id_statements-0-citations").fill("a-text; page 2")
    author.page.locator("#id_citations").fill("a-txt")
    author.tab("Status")
    assert author.page.get_by_text("You have unsaved changes").is_visible()
    author.press("Save")
    assert author.page.locator(".errorlist", has_text="did you mean “a-text” (A Text)?").is_visible()
    author.page.get_by_role("link", name="did you mean “a-text” (A Text)?").click()
    assert author.page.url.endswith("#id_citations")
    author.check("refused")
    author.page.locator("#id_citations").fill("a-text")
    author.press("Save")
    author.open("Save and send for review")
    author.page.get_by_label("Change note").fill("Written.")
    author.check("edit")
    author.press("Save and send")
    assert author.page.get_by_text("was sent for review").is_visible()

    reviewer = sit_down("reviewer")
    reviewer.go("/admin/content_app/item/?queue=waiting-for-my-review")
    reviewer.check("list")
    reviewer.follow("Pain that moves")
    reviewer.page.get_by_text("Sign off", exact=True).first.click()
    reviewer.page.get_by_label("Your role as reviewer").fill("Paediatrician")
    reviewer.check("review")
    reviewer.press("Sign off")

    publisher = sit_down("publisher")
    publisher.go("/admin/content_app/item/?queue=ready-to-publish")
    publisher.page.get_by_role("checkbox", name="Select this object for an action").first.check()
    publisher.page.get_by_label("Action:").select_option("publish_selected")
    publisher.press("Go")
    publisher.check("release")
    publisher.press("Publish release 1")
    publisher.check("released")
    assert Release.objects.get().note == "Written."
    assert Document.objects.filter(name="Pain that moves").exists()


def test_two_authors_at_one_item_lose_nothing(sit_down, desk):
    item = library.bring_in([condition(statements=[statement()])], desk.author)[0]
    address = f"/admin/content_app/condition/{item.pk}/change/"
    first, second = sit_down("author"), sit_down("second_author")
    first.go(address)
    second.go(address)
    second.page.get_by_label("Summary in plain words").fill("Their words.")
    second.press("Save")
    first.page.get_by_label("Summary in plain words").fill("My words.")
    first.press("Save")
    assert first.page.get_by_text("Not saved: somebody changed this while you were editing").is_visible()
    assert first.page.get_by_role("cell", name="Their words.").is_visible()
    assert first.page.get_by_label("Summary in plain words").input_value() == "My words."
    first.check("conflict")
    first.press("Save")
    assert Item.objects.get(pk=item.pk).summary_plain == "My words."


def test_every_other_page_keeps_to_its_policy_and_to_axe(sit_down, desk):
    gap = concept("a-gap", topic="knowledge_gap")
    library.publish([gap, condition(statements=[statement()], relations=[relation("has_knowledge_gap", gap)])], desk)
    item, document = Item.objects.get(kind="condition"), Document.objects.get(kind="condition")
    author, publisher = sit_down("author"), sit_down("publisher")
    for address, picture in (
        (f"condition/{item.pk}/change/", "condition"),
        ("source/", "sources"),
        ("source/add/", "source-add"),
        (f"condition/{item.pk}/verb/submit/", "submit"),
        (f"document/{document.pk}/change/", "document"),
        ("release/1/change/", "release-shown"),
        (f"revision/{item.revisions.get().pk}/change/", "revision"),
        ("event/", "events"),
    ):
        author.go(f"/admin/content_app/{address}")
        author.check(picture)
    withdrawal.request(item=item, by=desk.author, note="It was wrong.")
    publisher.go(f"/admin/content_app/condition/{item.pk}/verb/withdraw/")
    publisher.check("withdraw")
    author.go(f"/admin/content_app/condition/{item.pk}/verb/request_withdrawal/")
    author.check("request-withdrawal")


def test_statements_move_by_key_and_by_drag_and_new_rows_keep_their_text(sit_down, desk):
    texts = ["One.", "Two.", "Three."]
    item = library.bring_in([condition(statements=[statement(text) for text in texts])], desk.author)[0]
    author = sit_down("author")
    author.go(f"/admin/content_app/condition/{item.pk}/change/")
    page = author.page
    page.get_by_role("link", name="Edit statement 3").focus()
    page.keyboard.press("Alt+ArrowUp")
    assert page.get_by_role("status").filter(has_text="Moved to position 2 of 3.").count() == 1
    page.keyboard.press("Alt+ArrowUp")
    page.keyboard.press("Alt+ArrowUp")
    assert page.get_by_role("status").filter(has_text="Already first.").count() == 1

    page.get_by_role("link", name="Add a statement to Overview").click()
    page.locator("#id_statements-0-clinical").fill("Not kept.")
    page.keyboard.press("Control+Enter")
    for field, text in (("clinical", "Four."), ("plain", "4.")):
        page.locator(f"#id_statements-1-{field}").fill(text)
    assert page.locator("#id_statements-1-aspect").input_value() == "overview"
    page.locator("#id_statements-1-assertion").select_option("hedged")
    page.get_by_role("button", name="Move up").last.click()
    page.get_by_role("button", name="Move up").first.click()
    page.get_by_role("button", name="Remove").last.click()
    assert page.locator("#id_statements-0-clinical").input_value() == "Four."
    page.locator("#statements-2").hover()
    page.locator("#statements-2 .handle").drag_to(page.locator("#statements-0"))
    author.check("order")
    author.press("Save")
    kept = [row.clinical for row in Item.objects.get(pk=item.pk).statements.order_by("position")]
    assert kept == ["One.", "Three.", "Four.", "Two."]


def test_the_reading_level_follows_what_is_typed(sit_down, desk):
    item = library.bring_in([concept("one")], desk.author)[0]
    author = sit_down("author")
    author.go(f"/admin/content_app/concept/{item.pk}/change/")
    text = (
        "Nociceptive hypersensitisation characteristically necessitates interdisciplinary rehabilitation. It’s naïve."
    )
    author.page.get_by_label("Summary in plain words").fill(text)
    shown = author.page.locator("#line-summary_plain .grade").inner_text()
    assert int(shown) == round(automated_readability_index(text))
    assert author.page.locator("#line-summary_plain .level.far-above").count() == 1


def test_an_author_looks_at_the_home_compares_revisions_and_restores_one(sit_down, desk):
    library.publish([condition(name="First")], desk)
    item = library.bring_in([condition(name="Second", statements=[statement()])], desk.author)[0]
    author = sit_down("author")
    author.check("home")
    author.follow("1 My drafts")
    author.follow("Second")
    author.check("changed")
    author.tab("History")
    author.follow("All revisions and activity")
    author.check("history")
    author.press("Compare revisions")
    author.check("compare")
    author.follow("Revisions")
    author.follow("Restore revision 1…")
    author.check("restore")
    author.press("Restore revision 1")
    assert Item.objects.get(pk=item.pk).name == "First"


def test_a_moment_that_stands_there_keeps_its_time_zone_and_a_new_one_gets_the_browsers(sit_down, desk):
    items = library.approved([concept("one"), concept("other")], desk)
    due_at = datetime.datetime(2030, 7, 1, 9, 0, tzinfo=datetime.UTC)
    schedule = scheduling.schedule_publication(items=items[:1], by=desk.publisher, due_at=due_at)
    publisher = sit_down("publisher")
    publisher.go(f"/admin/content_app/schedule/{schedule.pk}/change/")
    assert publisher.page.locator("[name=at]").input_value() == "2030-07-01T09:00"
    assert publisher.page.locator("[name=time_zone]").input_value() == "UTC"
    publisher.go(f"/admin/content_app/concept/{items[1].pk}/verb/publish/")
    assert publisher.page.locator("[name=time_zone]").input_value() == "Europe/London"


def test_the_home_uses_a_wide_screen(sit_down, desk):
    author = sit_down("author")
    author.page.set_viewport_size({"width": 1920, "height": 1000})
    keep_picture(author.page, "home-1920")
    boxes = [author.page.locator(place).first.bounding_box() for place in (".home", "#content-related")]
    assert sum(box["width"] for box in boxes) > 1700
    assert author.page.evaluate("document.documentElement.scrollWidth") <= 1920
