"""The pages of the library in a real browser, wide and narrow: a strict policy, axe, keyboard, paper, hostile text."""

import json
import re

import pytest

from tests.chromium import accessibility_problems, keep_picture, watched_page
from tests.first_content import AMPS
from tests.library import coding, concept, condition, relation
from tests.shelf import saying

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 360, "height": 740}
WATCH = "document.addEventListener('securitypolicyviolation', (e) => console.error('CSP:' + e.violatedDirective))"
PAGES = {
    "condition": AMPS,
    "concept-for-clinicians": "/api/v1/concepts/pain-amplification/?audience=clinical",
    "concept-of-a-release": "/api/v1/concepts/pain-amplification/?release=1",
    "concept": "/api/v1/concepts/pain-amplification/",
    "symptom": "/api/v1/symptom-types/skin-cold/",
    "example": "/api/v1/examples/loudspeaker-volume/",
    "source": "/api/v1/sources/sherry-2020/",
    "library": "/library/",
    "library-cited": "/library/?source=sherry-2020",
    "library-leading-here": "/library/?object=653d25e6-fa47-540b-8794-806228c3ea64",
    "history": "/library/history/653d25e6-fa47-540b-8794-806228c3ea64/",
    "collection": "/library/concepts/",
    "search": "/library/search/?q=hand+ice+cold",
    "search-corrected": "/library/search/?q=allodinia",
    "search-empty": "/library/search/?q=",
    "search-nothing": "/library/search/?q=zzzzqqqq",
    "nothing-there": "/api/v1/concepts/pain-amplificator/",
}
HOSTILE = (
    "</script><script>window.hacked = 1</script> <img src=x onerror='window.hacked = 1'> {{ 7|add:1 }} {% now 'Y' %} "
    "{# x #} abc שלום עולם 🦴👩\u200d⚕️ ]]> --> &amp; " + "a" * 300
)


def visit(browser, address):
    """The page at an address, and everything that the browser complains about."""
    page, complaints = watched_page(browser, WIDE)
    page.add_init_script(WATCH)
    page.goto(address)
    return page, complaints


def faults(page, complaints: list[str], name: str) -> list[str]:
    """What is wrong with a page, first wide and then narrow. Pictures are kept of both."""
    found = accessibility_problems(page)
    for viewport in (WIDE, NARROW):
        page.set_viewport_size(viewport)
        keep_picture(page, f"library-{name}-{viewport['width']}")
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            found.append(f"wider than {viewport['width']}")
    # A browser notes every answer that is an error. Those of the page itself are meant.
    return found + [text for text in complaints if not re.search(r"status of (400|404|410)", text)]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_keeps_the_policy_passes_axe_and_fits_every_screen(live_library, chromium, name):
    page, complaints = visit(chromium, live_library + PAGES[name])
    assert page.locator("h1").count() == 1
    assert faults(page, complaints, name) == []
    page.close()


def test_a_person_finds_an_item_and_reads_it_without_scripts(live_library, chromium):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(live_library + "/")
    page.click("text=Read the library")
    page.fill("input[name=q]", "hand ice cold")
    page.press("input[name=q]", "Enter")
    page.click("text=Cold skin")
    assert page.url == f"{live_library}/api/v1/symptom-types/skin-cold/"
    assert page.inner_text("h1") == "Cold skin"
    page.click(".choice >> text=in plain words")
    assert page.locator(".text.clinical").count() == 0
    assert page.locator(".text.plain").count() > 0
    context.close()


def test_a_citation_mark_leads_to_its_source_by_keyboard(live_library, chromium):
    page, _ = visit(chromium, live_library + AMPS)
    page.focus("#mechanism .mark a >> nth=0")
    page.keyboard.press("Enter")
    assert page.url.endswith("#source-what-is-amps")
    assert page.locator("#source-what-is-amps").evaluate("e => e.matches(':target')")
    page.close()


def test_a_fragment_of_an_infobutton_answer_lands_at_its_section(live_library, chromium):
    for fragment in ("onset-and-course", "red-flags"):
        page, _ = visit(chromium, f"{live_library}{AMPS}#{fragment}")
        top = page.evaluate("document.querySelector(':target').getBoundingClientRect().top")
        assert 0 <= top < WIDE["height"], fragment
        page.close()


def test_the_embedded_data_is_read_and_not_run(live_library, chromium):
    page, complaints = visit(chromium, live_library + AMPS)
    data = json.loads(page.text_content("script[type='application/ld+json']"))
    assert "Amplified musculoskeletal pain syndrome" in json.dumps(data)
    page.close()
    assert complaints == []


def test_on_paper_there_is_the_text_and_nothing_to_click(live_library, chromium):
    page, _ = visit(chromium, live_library + AMPS)
    page.emulate_media(media="print")
    for gone in ("nav.contents", "nav.crumbs", ".choice", ".skip"):
        assert not page.locator(gone).first.is_visible(), gone
    assert page.locator("#not-covered").is_visible()
    assert page.pdf().startswith(b"%PDF")
    page.close()


def test_in_the_dark_there_is_enough_contrast(live_library, chromium):
    for address in (PAGES["concept"], PAGES["search"]):
        page, _ = visit(chromium, live_library + address)
        page.emulate_media(color_scheme="dark")
        page.reload()
        assert accessibility_problems(page) == []
        page.close()


# Pages of a library that was written to break them


@pytest.fixture
def hostile(live_server, shelf):
    """A server whose texts are hostile, and one item of which is withdrawn."""
    long = "word " * 500
    shelf.publish(
        saying(
            "hostile", HOSTILE, long, name=HOSTILE[:200], safety_notice=HOSTILE, abbreviation="<i>A</i>",
            names=[{"text": HOSTILE[:300], "type": "everyday_wording"}],
            codings=[
                coding(
                    "mesh", "D999998", verification="corroborated", verified_by=["x"],
                    match="related", note=HOSTILE, display=HOSTILE[:200],
                )  # fmt: skip
            ],
            relations=[relation("not_the_same_as", "condition/other", note=HOSTILE)],
        ),
        condition("other"),
        concept("gone", name=HOSTILE[:150]),
    )  # fmt: skip
    shelf.withdraw(concept("gone"), note=HOSTILE)
    return live_server.url


@pytest.mark.django_db(transaction=True)
def test_hostile_text_is_shown_and_does_nothing(hostile, chromium):
    addresses = {
        "hostile": "/api/v1/conditions/hostile/",
        "withdrawn": "/api/v1/concepts/gone/",
        "hostile-library": "/library/",
        "hostile-search": "/library/search/?q=hacked",
    }
    for name, address in addresses.items():
        page, complaints = visit(chromium, hostile + address)
        assert "<script>window.hacked = 1</script>" in page.inner_text("main"), name
        assert page.evaluate("window.hacked") is None, name
        assert faults(page, complaints, name) == [], name
        page.close()


@pytest.mark.django_db(transaction=True)
def test_a_withdrawn_item_is_a_page_with_its_status(hostile, chromium):
    page, _ = watched_page(chromium)
    response = page.goto(f"{hostile}/api/v1/concepts/gone/")
    assert response.status == 410
    assert "Do not use its earlier content." in page.inner_text(".warning")
    page.click("text=the page in release 1")
    assert page.locator("text=You are reading release 1").is_visible()
    page.close()
