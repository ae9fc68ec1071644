"""The pages for people in a real browser, wide and narrow: they work under a strict policy and pass axe."""

import pytest

from tests.chromium import NARROW, WIDE, accessibility_problems, keep_picture, watched_page

pytestmark = pytest.mark.widens

# Swagger UI puts a button in a clickable row, tags (h3) straight below its title (h1), and its introduction outside
# its main landmark: its markup is not ours to change. The page is operable by keyboard all the same.
KNOWN_IN_SWAGGER_UI = ("nested-interactive:", "heading-order:", "region:")


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("path", ["/", "/problems/", "/problems/withdrawn/", "/docs/"])
def test_a_page_has_no_violation_of_policy_or_accessibility(live_library, chromium, path, viewport):
    page, complaints = watched_page(chromium, viewport)
    page.goto(live_library + path)
    if path == "/docs/":
        page.wait_for_selector(".opblock")
    problems = accessibility_problems(page)
    keep_picture(page, f"page{path.replace('/', '-')}{viewport['width']}")
    page.close()
    assert complaints == []
    assert [problem for problem in problems if not problem.startswith(KNOWN_IN_SWAGGER_UI)] == []


def test_no_page_is_wider_than_a_narrow_screen(live_library, chromium):
    page, _ = watched_page(chromium, NARROW)
    for path in ("/", "/problems/", "/problems/withdrawn/"):
        page.goto(live_library + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"], path
    page.close()


def test_an_address_can_be_tried_out_in_the_documentation(live_library, chromium):
    page, complaints = watched_page(chromium)
    page.goto(f"{live_library}/docs/")
    page.click("#operations-library-get_library .opblock-summary-control")
    page.click("#operations-library-get_library .execute")
    page.wait_for_selector("#operations-library-get_library .live-responses-table")
    assert '"name": "AMPS API"' in page.inner_text("#operations-library-get_library .live-responses-table")
    page.close()
    assert complaints == []


def test_the_way_in_works_by_keyboard(live_library, chromium):
    page, _ = watched_page(chromium)
    page.goto(live_library + "/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to content"
    for _ in range(3):  # past the name of the product and the library
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector(".opblock")
    page.close()
