"""Markdown of documents: what it shows is what was published, whatever the words are made of."""

import copy
import datetime
import html
import re
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from content_app.delivery.readable import markdown
from content_app.delivery.store.place import Place
from tests.delivery.readable.test_page import EVERY_KIND, TOMBSTONE
from tests.first_content import AMPS
from tests.golden_files import assert_golden
from tests.width import examples

WHERE = Place("https://library.example", 1, False, datetime.date(2026, 11, 23))
SHOWN_BY = {"h1", "h2", "h3", "p", "ul", "ol", "li", "a", "strong", "br"}


def rendered(text: str) -> str:
    """What somebody else's CommonMark parser makes of it."""
    return MarkdownIt("commonmark").render(text)


def words(made: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", made)).split())


def tags(made: str) -> set[str]:
    return set(re.findall(r"<(\w+)", made))


@pytest.mark.parametrize("address", EVERY_KIND)
def test_the_markdown_is_as_agreed(read, address):
    text = markdown.text(read(address).json(), WHERE)
    assert_golden(f"readable/{address.strip('/').split('/')[-1]}.md", text)


def test_the_markdown_of_a_withdrawn_item_is_as_agreed():
    assert_golden("readable/withdrawn.md", markdown.text(TOMBSTONE, WHERE))


def test_everything_that_must_be_shown_is_in_the_markdown(read):
    amps = read(AMPS).json()
    told = words(rendered(markdown.text(amps, WHERE)))
    parts = [statement[audience] for statement in amps["statements"] for audience in ("clinical", "plain")]
    parts += [entry["text"] for part in ("notices", "not_covered") for entry in amps[part]]
    parts += [relation["note"] for relation in amps["relations"] if relation["note"]]
    parts += [coding["note"] for coding in amps["codings"] if coding["note"]]
    parts += [amps["review"]["reviewer_role"], amps["meta"]["sha256"], amps["licence"]["attribution"]]
    assert [part for part in parts if " ".join(part.split()) not in told] == []


def test_the_state_stands_below_the_title(read):
    head = markdown.text(read(AMPS).json(), WHERE).split("\n")[:3]
    assert head[0] == "# Amplified musculoskeletal pain syndrome (AMPS)"
    assert "release 1 · version 1 of 2 November 2026" in head[2]
    assert "clinical review pending" in head[2]
    assert head[2].endswith(f"<https://library.example{AMPS}?release=1>")


def test_an_overdue_review_is_called_so(read):
    late = replace(WHERE, today=datetime.date(2030, 1, 1))
    assert "The review is overdue" in markdown.text(read(AMPS).json(), late)
    assert "overdue" not in markdown.text(read(AMPS).json(), replace(WHERE, today=None))


def test_links_keep_the_release_that_a_reader_named(read):
    text = markdown.text(read(AMPS).json(), replace(WHERE, is_pinned=True))
    ours = re.findall(r"\]\((https://library\.example/[^)]*)\)", text)
    assert ours
    assert [link for link in ours if not link.endswith("release=1")] == []


def test_the_numbers_of_marks_are_those_of_the_list_of_sources(read):
    text = markdown.text(read(AMPS).json(), WHERE)
    listed = re.findall(r"^([0-9]+)\. ", text.split("## Sources")[1], re.MULTILINE)
    used = {int(number) for number in re.findall(r"\\\[([0-9]+)[,\\]", text)}
    assert listed == [str(number) for number in range(1, len(listed) + 1)]
    assert used <= set(range(1, len(listed) + 1))


LINES = st.text(st.sampled_from("ab 1.#-+=*_[]()<>&`\\~|!>\"'\n:/"), min_size=1, max_size=40)
TEXTS = (LINES | st.text(min_size=1, max_size=20)).map(
    lambda text: re.sub(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]", " ", text)
)
ONE_ITEM = {
    "id": "6a1f7f0e-0000-4000-8000-000000000002", "kind": "concept", "slug": "a", "name": "N", "topic": "feature",
    "subtopic": None, "names": [{"text": "N", "type": "preferred", "language": "en", "note": None, "citations": []}],
    "summary": {"clinical": "c", "plain": "p", "citations": [{"source": "s", "locator": "l"}]},
    "statements": [], "relations": [], "codings": [],
    "sources": [{"id": "i", "slug": "s", "type": "article", "evidence_level": "cohort", "title": "T", "authors": [],
                 "organisation": None, "container": None, "year": None, "url": None, "doi": None, "pmid": None,
                 "volume": None, "issue": None, "pages": None, "accessed_on": None,
                 "isbn": None, "licence": None, "retracted": False, "note": None, "href": "/api/v1/sources/s/"}],
    "review": {
        "state": "clinically_reviewed", "reviewed_on": "2026-11-02", "review_due_on": "2027-11-02",
        "reviewer_role": "R", "cycle_months": 12,
    },
    "not_covered": [], "notices": [{"type": "safety", "text": "n"}],
    "licence": {"name": "L", "spdx": "L", "url": "https://l.example/", "attribution": "A"},
    "links": {"self": "/api/v1/concepts/a/"},
    "meta": {"version": 1, "release": 1, "published_at": "2026-11-02T09:00:00Z", "sha256": "0" * 64},
}  # fmt: skip
STATEMENT = {
    "id": "6a1f7f0e-0000-4000-8000-000000000003", "aspect": "overview", "assertion": "hedged",
    "likelihood": "likely", "evidence": "cohort", "layer": "source_text",
    "population": None, "frequency": "can",
    "citations": [{"source": "s", "locator": None}],
}  # fmt: skip
RELATION = {
    "id": "r", "predicate": "part_of", "label": "is part of", "modality": "asserted", "likelihood": None,
    "frequency": None, "ambiguous": False, "attributed": False, "display_with": None,
    "object": {"id": "o", "kind": "concept", "slug": "b", "href": "/api/v1/concepts/b/"},
    "citations": [{"source": "s", "locator": None}],
}  # fmt: skip


@pytest.mark.widens
@settings(max_examples=examples(60, 300), deadline=None, suppress_health_check=list(HealthCheck))
@given(text=TEXTS)
def test_whatever_the_words_are_they_are_shown_and_nothing_else(text):
    document = copy.deepcopy(ONE_ITEM)
    document["name"] = document["summary"]["plain"] = document["sources"][0]["title"] = text
    document["notices"][0]["text"] = document["summary"]["citations"][0]["locator"] = text
    document["statements"] = [STATEMENT | {"clinical": text, "plain": text}]
    document["relations"] = [RELATION | {"note": text, "object": RELATION["object"] | {"name": text}}]
    made = rendered(markdown.text(document, WHERE))
    assert tags(made) <= SHOWN_BY
    assert words(made).count(" ".join(text.split())) >= 7 or not text.strip()
    hrefs = re.findall(r'href="([^"]*)"', made)
    assert [href for href in hrefs if not href.startswith("https://library.example/")] == []


def test_an_address_cannot_leave_its_link():
    for address in (
        "https://a.example/)[x](https://evil.example",
        "https://a.example/> <script>",
        "https://a.example/\n",
    ):
        made = rendered(markdown.link("words", address))
        assert made.count("<a ") == 1
        assert tags(made) == {"p", "a"}
