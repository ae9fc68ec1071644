"""The page of a document: what must be shown is there, nothing of it becomes markup, links keep a release."""

import datetime
import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from content_app.delivery.query.selection import for_audience
from content_app.delivery.representations import page
from content_app.delivery.store import reading, symmetric, symmetric_query
from content_app.delivery.store.place import Place
from content_app.vocabulary.terms import ASPECTS, ASSERTIONS, LIKELIHOODS
from tests.first_content import AMPS

BASE = "https://library.example"
TODAY = datetime.date(2026, 11, 23)
HERE = Place(BASE, 1, False, TODAY)
HOSTILE = "</script><script>alert(1)</script> {{ 7|add:1 }} {% now 'Y' %} \u202eabc\u202c שלום & <b>x</b> 🦴 \"' `"
EVERY_KIND = (
    AMPS,
    "/api/v1/concepts/pain-amplification/",
    "/api/v1/symptom-types/skin-cold/",
    "/api/v1/examples/loudspeaker-volume/",
    "/api/v1/sources/sherry-2020/",
)


class Reader(HTMLParser):
    """What a page holds: its text, its elements, its identifiers and its links."""

    def __init__(self, body: bytes):
        super().__init__()
        self.texts, self.tags, self.ids, self.links, self.unclosed, self.attributes = [], [], [], [], [], set()
        self.feed(body.decode())
        self.close()
        self.text = " ".join(" ".join(self.texts).split())

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}
        held = dict(attrs)
        self.ids += [held["id"]] if "id" in held else []
        self.links += [held["href"]] if tag == "a" else []
        if tag not in ("meta", "link", "input", "br"):
            self.unclosed.append(tag)

    def handle_endtag(self, tag):
        assert self.unclosed.pop() == tag

    def handle_data(self, data):
        if "script" not in self.unclosed:
            self.texts.append(data)


def shown(document, *, chosen=None, **changes) -> Reader:
    return Reader(page.html(document, replace(HERE, **changes), chosen=chosen))


@pytest.fixture
def document(read):
    """A function that gives the public document at an address."""
    return lambda address=AMPS: read(address).json()


def spaced(text):
    return " ".join(text.split())


def test_every_text_of_an_item_is_on_its_page(document):
    amps = document()
    text = shown(amps).text
    told = [amps["name"], amps["abbreviation"], *(amps["summary"][audience] for audience in ("clinical", "plain"))]
    told += [statement[audience] for statement in amps["statements"] for audience in ("clinical", "plain")]
    told += [notice["text"] for notice in amps["notices"]]
    told += [name["text"] for name in amps["names"]]
    told += [relation["note"] for relation in amps["relations"] if relation["note"]]
    told += [relation["object"]["name"] for relation in amps["relations"]]
    told += [coding[field] for coding in amps["codings"] for field in ("code", "display", "note") if coding[field]]
    told += [source["title"] for source in amps["sources"]]
    told += [source["note"] for source in amps["sources"] if source["note"]]
    told += [entry[field] for entry in amps["not_covered"] for field in ("label", "covers")]
    told += [amps["review"]["reviewer_role"], amps["meta"]["sha256"], amps["id"], amps["licence"]["attribution"]]
    assert [part for part in told if spaced(part) not in text] == []


@pytest.mark.parametrize("address", EVERY_KIND)
def test_a_page_of_every_kind_is_well_formed_and_has_no_inline_style_or_script(document, address):
    reader = shown(document(address))
    assert reader.unclosed == []
    assert "script" not in reader.tags
    assert "style" not in reader.tags
    assert [name for name in reader.attributes if name == "style" or name.startswith("on")] == []
    assert len(reader.ids) == len(set(reader.ids))
    assert reader.tags.count("h1") == 1


@pytest.mark.parametrize("address", EVERY_KIND)
def test_every_link_within_a_page_leads_somewhere(document, address):
    reader = shown(document(address))
    assert [link for link in reader.links if link.startswith("#") and link[1:] not in reader.ids] == []


def test_every_aspect_stated_or_not_covered_has_its_fragment(document):
    amps = document()
    aspects = [entry["aspect"] for part in ("statements", "not_covered") for entry in amps[part]]
    assert {aspect.replace("_", "-") for aspect in aspects} <= set(shown(amps).ids)
    assert set(aspects) <= set(ASPECTS)


def test_what_families_need_first_stands_first_and_words_and_classifications_last(document):
    amps = document()
    order = ["overview", "symptoms", "impact", "related_conditions", "cause", "mechanism", "treatment", "terminology"]
    stated = {statement["aspect"] for statement in amps["statements"]}
    expected = [aspect.replace("_", "-") for aspect in order if aspect in stated]
    assert len(expected) > 4
    assert [identifier for identifier in shown(amps).ids if identifier in expected] == expected


def test_statements_say_how_sure_they_are_and_lead_to_their_sources(document):
    amps = document()
    reader = shown(amps)
    marks = [link for link in reader.links if link.startswith("#source-")]
    cited = [citation for statement in amps["statements"] for citation in statement["citations"]]
    assert len(marks) >= len(cited)
    assert {f"#source-{citation['source']}" for citation in cited} <= set(marks)
    told = [s for s in amps["statements"] if s["assertion"] != "stated"]
    assert told
    assert all(ASSERTIONS[statement["assertion"]].label in reader.text for statement in told)
    likely = [s for s in amps["statements"] if s["likelihood"]]
    assert likely
    assert all(LIKELIHOODS[statement["likelihood"]].label in reader.text for statement in likely)


def test_the_page_says_that_amps_has_no_code_of_its_own(document):
    text = shown(document()).text
    assert "AMPS has no code of its own in ICD-10-CM, ICD-10 (WHO), MeSH" in text
    assert "None of them means AMPS." in text


def test_a_condition_with_a_code_of_its_own_is_not_said_to_have_none(document):
    assert "None of them means" not in shown(document("/api/v1/conditions/fibromyalgia/")).text


def test_a_review_that_is_pending_is_said_and_one_that_is_not_due_is_not_called_overdue(document):
    text = shown(document()).text
    assert "Review Not yet clinically reviewed" in text
    assert "Editorial check of the first content; clinical review pending" in text
    assert "Review due by 2 November 2027" in text
    assert "overdue" not in text


def test_an_overdue_review_does_not_look_current(document):
    amps = document()
    last = datetime.date.fromisoformat(amps["review"]["review_due_on"])
    assert "overdue" not in shown(amps, today=last).text
    text = shown(amps, today=last + datetime.timedelta(1)).text
    assert text.index("The review of this page is overdue.") < text.index("In plain words")


def test_a_page_that_is_kept_for_long_says_nothing_that_a_day_can_change(document):
    amps = document()
    assert "overdue" not in shown(amps, today=None, is_pinned=True).text


@pytest.mark.parametrize("urgent", ["safety", "caution"])
def test_what_must_be_read_first_stands_before_everything_that_is_said(document, urgent):
    amps = document() | {"notices": [{"type": urgent, "text": "Read this."}]}
    text = shown(amps).text
    assert text.index("Read this.") < text.index(amps["summary"]["plain"])


def test_a_page_of_a_release_says_so_and_keeps_to_it(document):
    amps = document()
    reader = shown(amps, is_pinned=True, release=7)
    assert "You are reading release 7 , which may be out of date." in reader.text
    ours = [link for link in reader.links if link.startswith("/api/v1/")]
    current = [link for link in ours if "release=" not in link]
    assert set(current) == {AMPS, "/api/v1/"}
    assert "You are reading release" not in shown(amps).text


def test_a_reader_can_choose_the_texts_for_one_audience(document):
    amps = document()
    plain = shown(for_audience(amps, "plain"), is_pinned=True, release=1, chosen={"audience": "plain"})
    assert amps["summary"]["plain"] in plain.text
    assert amps["summary"]["clinical"] not in plain.text
    assert f"{AMPS}?audience=clinical&release=1" in plain.links
    assert f"{AMPS}?audience=plain&release=1" not in plain.links


def hostile(value):
    """The document with every text for people replaced."""
    if isinstance(value, dict):
        return {key: hostile_text(key, entry) for key, entry in value.items()}
    return [hostile(entry) for entry in value] if isinstance(value, list) else value


WORDS = {
    "name", "text", "clinical", "plain", "note", "title", "locator", "display", "reviewer_role", "limits", "covers",
}  # fmt: skip


def hostile_text(key, entry):
    return HOSTILE if key in WORDS and isinstance(entry, str) else hostile(entry)


@pytest.mark.parametrize("address", EVERY_KIND)
def test_nothing_of_a_document_becomes_markup_or_template(document, address):
    given = hostile(document(address))
    ordinary, reader = shown(document(address)), shown(given)
    assert spaced(HOSTILE) in reader.text
    assert set(reader.tags) <= set(ordinary.tags)
    assert "script" not in reader.tags


def test_a_link_of_a_source_never_runs_anything(document):
    source = document("/api/v1/sources/sherry-2020/")
    for address in ("javascript:alert(1)", "data:text/html,x", "//evil.example", "file:///etc/passwd", "http://[", ""):
        links = shown(source | {"url": address}).links
        assert [link for link in links if not link.startswith(("/", "#", "https://"))] == []
        assert "//evil.example" not in links


def test_a_source_leads_to_its_doi_and_to_pubmed_without_handing_over_the_window(document):
    body = page.html(document("/api/v1/sources/sherry-2020/"), HERE).decode()
    assert re.search(r'href="https://doi.org/10.1186/s12969-020-00473-2" rel="noopener noreferrer external"', body)
    assert re.search(r'href="https://pubmed.ncbi.nlm.nih.gov/33046102/" rel="noopener noreferrer external"', body)


def test_retracted_work_is_marked_before_it_is_described(document):
    text = shown(document("/api/v1/sources/sherry-2020/") | {"retracted": True}).text
    assert text.index("This work has been retracted.") < text.index("Evidence")


def test_the_data_block_holds_the_same_data_and_cannot_be_ended_by_it(document):
    data = {"name": HOSTILE, "line": "\u2028"}
    body = page.html(document(), HERE, json_ld=json.dumps(data, ensure_ascii=False)).decode()
    block = re.search(r'<script type="application/ld\+json">(.*?)</script>', body, re.DOTALL)[1]
    assert json.loads(block) == data
    assert not set("<>&\u2028") & set(block)


def test_a_long_paragraph_is_shown_whole(document):
    amps = document()
    long = "word " * 20_000
    amps["statements"][0]["plain"] = long
    assert long.strip() in shown(amps).text


TOMBSTONE = {
    "id": "6a1f7f0e-0000-4000-8000-000000000001", "kind": "concept", "slug": "old-idea", "name": "Old idea",
    "withdrawn": True, "reason": "replaced", "note": "It said <b>too</b> much.",
    "replaced_by": {"id": "x", "kind": "concept", "slug": "new-idea", "name": "New idea",
                    "href": "/api/v1/concepts/new-idea/"},
    "meta": {"version": 3, "release": 9, "published_at": "2026-11-02T09:00:00Z", "sha256": "0" * 64},
}  # fmt: skip


def test_the_page_of_a_withdrawn_item_says_why_and_where_to_go():
    reader = shown(TOMBSTONE, release=10)
    assert "withdrawn on 2 November 2026 , in release 9. Do not use its earlier content." in reader.text
    assert "It said <b>too</b> much." in reader.text
    assert {"/api/v1/concepts/new-idea/", "/api/v1/concepts/old-idea/?release=8", "/library/"} <= set(reader.links)


def test_an_item_without_codes_names_or_sources_has_no_empty_section(document):
    concept = document("/api/v1/concepts/pain-amplification/")
    bare = concept | {"codings": [], "names": concept["names"][:1], "relations": [], "not_covered": []}
    assert {"codings", "names", "not-covered"}.isdisjoint(shown(bare).ids)
    assert "#codings" not in shown(bare).links


CRPS = "/api/v1/conditions/complex-regional-pain-syndrome/"


def test_what_is_not_the_same_is_said_from_both_ends(document):
    amps, crps = document(), document(CRPS)
    alone, reader = shown(crps), shown(symmetric.seen_from_both_ends(crps, [amps]))
    assert "not-the-same-as" not in alone.ids
    assert "Not the same as Amplified musculoskeletal pain syndrome" in reader.text
    assert [link for link in reader.links if link.startswith("#") and link[1:] not in reader.ids] == []
    assert reader.text.count("The names must not be used for each other.") == 1


def test_a_relation_that_both_ends_hold_is_shown_once(document):
    amps, crps = document(), document(CRPS)
    end = {name: amps[name] for name in ("id", "kind", "slug", "name")} | {"href": AMPS}
    both = symmetric.seen_from_both_ends(crps, [amps])
    turned = both["relations"][len(crps["relations"]) :]
    assert turned
    assert [relation["object"] for relation in turned] == [end] * len(turned)
    assert [relation["id"] for relation in turned] == [None] * len(turned)  # what is stored has it
    assert symmetric.seen_from_both_ends(both, [amps]) == both


def test_only_what_reads_the_same_from_both_ends_is_turned(document):
    amps, crps = document(), document(CRPS)
    held = {relation["predicate"] for relation in amps["relations"] if relation["object"]["id"] == crps["id"]}
    turned = symmetric.seen_from_both_ends(crps | {"relations": []}, [amps])["relations"]
    assert "umbrella_for" in held
    assert {relation["predicate"] for relation in turned} == held - {"umbrella_for"}


def test_those_that_name_an_item_are_found_with_one_query(document, django_assert_num_queries):
    crps, source, moment = document(CRPS), document("/api/v1/sources/sherry-2020/"), reading.current_moment()
    with django_assert_num_queries(1):
        [told, same] = symmetric_query.with_both_ends([crps, source], moment)
    turned = [relation["object"]["name"] for relation in told["relations"] if relation["id"] is None]
    assert set(turned) == {"Amplified musculoskeletal pain syndrome"}
    assert same == source
    with django_assert_num_queries(0):
        assert symmetric_query.with_both_ends([source, TOMBSTONE], moment) == [source, TOMBSTONE]


def test_the_page_and_the_markdown_of_either_end_are_served_with_the_caution(read, django_assert_max_num_queries):
    for media_type in ("text/html", "text/markdown"):
        with django_assert_max_num_queries(4):
            body = read(CRPS, Accept=media_type).content.decode()
        assert "Not the same as" in body
        assert "The names must not be used for each other." in body
