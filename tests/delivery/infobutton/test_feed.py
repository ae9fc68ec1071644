"""The knowledge response as data and as XML: what is in it, in which order, and that nothing foreign gets through."""

import datetime
import json
import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import atoma
import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from content_app.delivery.infobutton.asking import Misasked, NotOffered, read_question
from content_app.delivery.infobutton.atom import to_xml
from content_app.delivery.infobutton.feed import AnswerPlace, Hit, to_feed
from tests.golden_files import assert_golden

ATOM = "{http://www.w3.org/2005/Atom}"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
ICD_10_CM = "2.16.840.1.113883.6.90"
WHERE = AnswerPlace(
    base="https://amps.example",
    path="/infobutton",
    release=3,
    is_pinned=False,
    published_at="2026-11-02T09:00:00Z",
    today=datetime.date(2026, 11, 23),
)

# What the schema of the knowledge response (HL7 Infobutton SOA Implementation Guide) allows, as facts: the order of
# elements, and the schemes of categories.
FEED_ORDER = [
    "title", "subtitle", "author", "updated", "category", "id", "link", "rights", "generator", "entry",
]  # fmt: skip
ENTRY_ORDER = [
    "title", "link", "id", "updated", "author", "contributor", "summary", "content", "category", "published",
    "rights", "source",
]  # fmt: skip
SCHEMES = {
    "mainSearchCriteria.v.c", "mainSearchCriteria.v.cs", "mainSearchCriteria.v.dn", "mainSearchCriteria.v.ot",
    "subTopic.v.c", "subTopic.v.cs", "subTopic.v.dn", "subTopic.v.ot", "taskContext.c.c", "taskContext.c.dn",
    "informationRecipient", "performer", "informationRecipient.languageCode.c", "relevanceScore",
}  # fmt: skip

CODING = {
    "system": "icd-10-cm", "system_uri": "http://hl7.org/fhir/sid/icd-10-cm", "code": "G89.29",
    "display": "Other chronic pain", "match": "broad", "note": "It has no code of its own.",
}  # fmt: skip
DOCUMENT = {
    "id": "0b6e1f0c-5a3d-4c58-9d0e-3a8b2f4c6d7e",
    "kind": "condition",
    "slug": "a-pain",
    "name": "A pain <& more>",
    "names": [
        {"text": "A pain <& more>", "type": "preferred"},
        {"text": "AP", "type": "abbreviation"},
        {"text": "ouch", "type": "everyday_wording"},
    ],
    "summary": {
        "clinical": "Pain & <swelling>.",
        "plain": "It hurts.",
        "citations": [{"source": "a-text", "locator": "paragraph 1"}],
    },
    "statements": [
        {
            "aspect": "overview", "clinical": "It persists.", "plain": "It stays.", "assertion": "stated",
            "likelihood": None, "evidence": "cohort", "layer": "source_text", "population": None,
            "citations": [{"source": "a-text", "locator": None}],
        },
        {
            "aspect": "mechanism", "clinical": "Sensitisation.", "plain": "Too sensitive.", "assertion": "stated",
            "likelihood": "proposed", "evidence": "cohort", "layer": "source_text", "population": None,
            "citations": [{"source": "a-text", "locator": "page 2"}],
        },
        {
            "aspect": "related_conditions", "clinical": "Others exist.", "plain": "There are others.",
            "assertion": "stated", "likelihood": None, "evidence": "cohort", "layer": "source_text",
            "population": None, "citations": [{"source": "a-text", "locator": None}],
        },
    ],
    "relations": [
        {"predicate": "not_the_same_as", "object": {"name": "Another pain"}, "note": "Often confused."},
    ],
    "codings": [CODING],
    "sources": [{"slug": "a-text", "title": "A text", "year": 2020, "evidence_level": "cohort", "retracted": False}],
    "review": {"state": "clinically_reviewed", "reviewer_role": "Rheumatologist", "reviewed_on": "2026-01-01",
    "review_due_on": "2027-01-01"},
    "not_covered": [
        {"aspect": "red_flags", "must_show": True, "text": "This page does not cover red flags."},
        {"aspect": "treatment", "must_show": True, "text": "This page does not cover treatment."},
    ],
    "notices": [
        {"type": "safety", "text": "See a doctor at once if it swells."},
        {"type": "information_only", "text": "Information only."},
    ],
    "licence": {"attribution": "AMPS API, CC BY 4.0"},
    "links": {"self": "/api/v1/conditions/a-pain/", "item": "/api/v1/items/0b6e1f0c-5a3d-4c58-9d0e-3a8b2f4c6d7e/"},
    "meta": {"version": 2, "release": 3, "published_at": "2026-11-02T09:00:00Z"},
}  # fmt: skip
ASKED = {"mainSearchCriteria.v.cs": ICD_10_CM, "mainSearchCriteria.v.c": "G89.29"}


def question(accept="", **changes):
    asked = ASKED | {name.replace("__", "."): value for name, value in changes.items()}
    return read_question([(name, [value]) for name, value in asked.items() if value is not None], accept)


def feed(hits=None, outcome="found", where=WHERE, **changes):
    return to_feed(question(**changes), [Hit(DOCUMENT, CODING)] if hits is None else hits, outcome, where)["feed"]


def summary_of(entry):
    return entry["summary"]["_value"]


def test_the_feed_is_what_was_agreed_for_patients():
    assert_golden("infobutton/patient.json", json.dumps({"feed": feed()}, indent=1, ensure_ascii=False) + "\n")


def test_the_feed_is_what_was_agreed_for_clinicians_in_xml():
    asked = {"informationRecipient": "PROV", "taskContext__c__c": "PROBLISTREV", "mainSearchCriteria__v__dn": "Pain"}
    assert_golden("infobutton/clinician.xml", to_xml({"feed": feed(**asked)}).replace(b"><", b">\n<"))


def test_elements_stand_in_the_order_of_the_schema():
    root = ET.fromstring(to_xml({"feed": feed()}))  # noqa: S314 - our own output
    assert [element.tag for element in root] == sorted(
        (element.tag for element in root), key=lambda tag: FEED_ORDER.index(tag.removeprefix(ATOM))
    )
    for entry in root.iter(f"{ATOM}entry"):
        tags = [element.tag.removeprefix(ATOM) for element in entry]
        assert tags == sorted(tags, key=ENTRY_ORDER.index)


def test_the_feed_and_every_entry_say_their_language():
    root = ET.fromstring(to_xml({"feed": feed()}))  # noqa: S314 - our own output
    assert {element.get(XML_LANG) for element in [root, *root.iter(f"{ATOM}entry")]} == {"en"}


def test_categories_have_only_schemes_of_the_standard():
    found = feed(subTopic__v__c="Q000628", subTopic__v__dn="therapy", performer="PROV", taskContext__c__c="OE")
    categories = found["category"] + [each for entry in found["entry"] for each in entry["category"]]
    assert {category["scheme"] for category in categories} <= SCHEMES
    assert all(set(category) == {"scheme", "term"} for category in categories)


def test_every_link_has_all_that_the_schema_asks_for():
    found = feed()
    links = found["link"] + [link for entry in found["entry"] for link in entry["link"]]
    assert all(set(link) == {"href", "rel", "type", "hreflang", "title"} for link in links)
    assert all(link["href"].startswith("https://amps.example/") for link in links)


def test_a_foreign_parser_reads_it_as_atom():
    parsed = atoma.parse_atom_bytes(to_xml({"feed": feed()}))
    assert [entry.title.value for entry in parsed.entries][0] == DOCUMENT["name"]
    assert parsed.id_.startswith("urn:uuid:")
    assert all(entry.updated and entry.id_ for entry in parsed.entries)


def test_another_foreign_parser_finds_nothing_wrong_with_it():
    parsed = feedparser.parse(to_xml({"feed": feed()}))
    assert not parsed.bozo
    assert parsed.version == "atom10"
    assert [entry.title for entry in parsed.entries][1] == "A pain <& more>: Overview"


def test_identifiers_differ_between_entries_and_stay_the_same():
    identifiers = [entry["id"]["_value"] for entry in feed()["entry"]]
    assert len(set(identifiers)) == len(identifiers)
    assert identifiers == [entry["id"]["_value"] for entry in feed(informationRecipient="PROV")["entry"]]


def test_sections_are_siblings_that_name_their_document_as_source():
    document, *sections = feed()["entry"]
    assert [entry["title"]["_value"].split(": ")[1] for entry in sections] == [
        "Overview", "Mechanism", "Related conditions",
    ]  # fmt: skip
    assert {entry["source"]["id"]["_value"] for entry in sections} == {document["id"]["_value"]}
    assert "source" not in document


def test_every_entry_carries_the_notices():
    for entry in feed()["entry"]:
        assert '<p class="notice safety">See a doctor at once if it swells.</p>' in summary_of(entry)
        assert "Information only." in summary_of(entry)


def test_every_entry_names_its_version_release_and_review():
    for entry in feed()["entry"]:
        assert "Version 2, published in release 3. Clinically reviewed on 2026-01-01" in summary_of(entry)
        assert entry["link"][1]["href"].endswith("?release=3")


def test_an_overdue_review_is_said():
    assert "overdue" not in summary_of(feed()["entry"][0])
    late = replace(WHERE, today=datetime.date(2027, 1, 2))
    assert all("This review is overdue." in summary_of(entry) for entry in feed(where=late)["entry"])


def test_the_document_says_what_it_is_not_and_what_is_not_covered():
    text = summary_of(feed()["entry"][0])
    assert "Not the same as Another pain. Often confused." in text
    assert "This page does not cover red flags." in text


def test_a_missing_aspect_that_readers_need_not_be_told_of_stays_out_of_the_feed():
    silent = [{"aspect": "coding", "must_show": False, "text": "This page does not cover coding."}]
    hit = Hit(DOCUMENT | {"not_covered": silent}, CODING)
    assert "does not cover coding" not in summary_of(feed(hits=[hit])["entry"][0])


def test_a_broader_code_is_said_to_be_broader():
    entry = feed()["entry"][0]
    assert "ICD-10-CM G89.29 (Other chronic pain) is broader than" in summary_of(entry)
    assert {"scheme": "relevanceScore", "term": "broad"} in entry["category"]


@pytest.mark.parametrize(("match", "words"), [("exact", "means the same"), ("related", "It is not a code for")])
def test_how_well_a_code_fits_is_said(match, words):
    hit = Hit(DOCUMENT, CODING | {"match": match})
    assert words in summary_of(feed(hits=[hit])["entry"][0])


def test_patients_read_plain_words_and_clinicians_clinical_ones():
    assert "It hurts." in summary_of(feed(informationRecipient="PAT")["entry"][0])
    assert "Pain &amp; &lt;swelling&gt;." in summary_of(feed(informationRecipient="PROV")["entry"][0])
    assert "It has no code of its own." in summary_of(feed(informationRecipient="PROV")["entry"][0])


def test_without_a_recipient_the_one_who_asks_is_meant_and_without_either_a_patient():
    assert question(performer="PROV").audience == "clinical"
    assert question(performer="PROV", informationRecipient="PAT").audience == "plain"
    assert question().audience == "plain"


def test_a_statement_that_is_not_established_says_so_and_every_statement_its_source():
    text = summary_of(feed()["entry"][2])
    assert "<p>Too sensitive. <em>Proposed.</em> <em>Cohort.</em>" in text
    assert "Source: A text (2020), cohort, page 2." in text


def test_a_sub_topic_narrows_to_its_sections_and_silence_is_said():
    document, section = feed(subTopic__v__c="Q000628", subTopic__v__cs="2.16.840.1.113883.6.177")["entry"]
    assert section["title"]["_value"].endswith(": Treatment")
    assert "This page does not cover treatment." in summary_of(section)
    assert "This page does not cover red flags." in summary_of(document)


def test_a_sub_topic_can_be_given_by_its_name_alone():
    assert feed(subTopic__v__dn="Therapy")["entry"][1]["title"]["_value"].endswith(": Treatment")


def test_an_unknown_sub_topic_leaves_nothing_out_and_is_said():
    found = feed(subTopic__v__c="X1", subTopic__v__dn="shoes")
    assert len(found["entry"]) == 4
    assert "“shoes” is not known" in found["subtitle"]["_value"]


@pytest.mark.parametrize(
    ("task", "first"), [("DIAGLISTREV", "Related conditions"), ("PROBLISTREV", "Overview"), ("OE", "Overview")]
)
def test_a_task_changes_the_order_only(task, first):
    entries = feed(taskContext__c__c=task)["entry"]
    assert entries[1]["title"]["_value"].endswith(first)
    assert sorted(entry["id"]["_value"] for entry in entries) == sorted(e["id"]["_value"] for e in feed()["entry"])


def test_another_language_gets_english_and_an_honest_word():
    found = feed(informationRecipient__languageCode__c="es")
    assert "All content is in English" in found["subtitle"]["_value"]
    assert {"scheme": "informationRecipient.languageCode.c", "term": "en"} in found["category"]


@pytest.mark.parametrize("outcome", ["unknown-code", "unknown-code-system", "unknown-name"])
def test_nothing_found_is_an_empty_list_that_says_why(outcome):
    found = feed(hits=[], outcome=outcome)
    assert found["entry"] == []
    assert {"scheme": "relevanceScore", "term": outcome} in found["category"]
    assert len(found["subtitle"]["_value"]) > 60
    assert atoma.parse_atom_bytes(to_xml({"feed": found})).entries == []


def test_what_is_about_the_patient_is_not_echoed():
    found = feed(age__v__v="13", patientPerson__administrativeGenderCode__c="F", locationOfInterest__addr__ZIP="2000")
    text = json.dumps(found)
    assert not re.search(r"\b13\b|Gender|ZIP", text)


def test_names_are_taken_in_any_case_and_with_indexes():
    given_twice = {"MAINSEARCHCRITERIA.V.C1": "M79.7", "mainSearchCriteria.v.cs1": ICD_10_CM}
    asked = read_question([(name, [value]) for name, value in (ASKED | given_twice).items()], "")
    assert [concept.code for concept in asked.concepts] == ["G89.29", "M79.7"]


@pytest.mark.parametrize(
    ("changes", "parameter", "hint"),
    [
        (
            {"mainSearchCriteria__v__c": None, "mainSearchCriteria__v__cs": None},
            "mainSearchCriteria.v.c",
            "Give a code with its system",
        ),
        ({"mainSearchCriteria__v__cs": None}, "mainSearchCriteria.v.cs", "Give the system of the code"),
        ({"mainSearchCriteria__v__cc": "x"}, "mainSearchCriteria.v.cc", "did you mean “mainSearchCriteria.v.c"),
        ({"mainSearchCriteria.v.cc": "x"}, "mainSearchCriteria.v.cc", "no such parameter"),
        ({"informationRecipient": "DOG"}, "informationRecipient", "PROV or PAT"),
        ({"performer": "DOG"}, "performer", "PROV or PAT"),
        ({"informationRecipient__languageCode__c": "e n"}, "informationRecipient.languageCode.c", "language tag"),
        ({"knowledgeResponseType": "application/javascript"}, "callback", "name of the function"),
        ({"callback": "f"}, "callback", "only with knowledgeResponseType=application/javascript"),
        ({"mainSearchCriteria__v__c": "M79\x007"}, "mainSearchCriteria.v.c", "character"),
        ({"mainSearchCriteria__v__c": "M" * 501}, "mainSearchCriteria.v.c", "500"),
    ],
)
def test_what_is_wrong_with_a_request_is_said_by_parameter(changes, parameter, hint):
    with pytest.raises(Misasked) as caught:
        question(**changes)
    assert caught.value.errors[0][0] == parameter
    assert hint in caught.value.errors[0][1]


def test_a_parameter_given_twice_is_refused():
    with pytest.raises(Misasked, match="only once"):
        read_question([("mainSearchCriteria.v.c", ["A", "B"])], "")


@pytest.mark.parametrize("callback", ["f(1)", "a;b", "a..b", "1a", "a" * 101, "é", "a\u2028b"])
def test_a_callback_that_is_no_name_is_refused(callback):
    with pytest.raises(Misasked):
        question(knowledgeResponseType="application/javascript", callback=callback)


@pytest.mark.parametrize(
    ("accept", "answer"),
    [
        ("", "text/xml"),
        ("*/*", "text/xml"),
        ("application/json, text/plain, */*", "text/xml"),
        ("application/json", "application/json"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html"),
        ("application/atom+xml", "application/atom+xml"),
        ("text/*;q=0.5, application/json;q=0.4", "text/xml"),
    ],
)
def test_the_accept_header_chooses_where_no_parameter_does(accept, answer):
    assert question(accept=accept).media_type == answer


@pytest.mark.parametrize("accept", ["image/png", "application/json;q=0", "nonsense"])
def test_a_type_that_is_not_there_is_not_offered(accept):
    with pytest.raises(NotOffered):
        question(accept=accept)


def test_a_plus_that_came_as_a_space_is_a_plus():
    assert question(knowledgeResponseType="application/atom xml").media_type == "application/atom+xml"


NAMES = st.sampled_from(["mainSearchCriteria.v.c", "mainSearchCriteria.v.cs", "informationRecipient", "callback"])


@given(
    st.lists(st.tuples(NAMES | st.text(max_size=30), st.lists(st.text(max_size=40), min_size=1, max_size=2))),
    st.text(max_size=40),
)
def test_any_request_is_understood_or_refused(asked, accept):
    try:
        found = read_question(asked, accept)
    except (Misasked, NotOffered):
        return
    assert found.audience in ("clinical", "plain")
    assert all(concept.code or concept.text for concept in found.concepts)


@given(st.text(st.characters(codec="utf-8"), max_size=60))
def test_any_text_in_a_document_gives_well_formed_xml_without_markup_of_its_own(text):
    document = DOCUMENT | {"name": text, "summary": DOCUMENT["summary"] | {"plain": text}}
    found = to_feed(question(), [Hit(document, CODING)], "found", WHERE)
    root = ET.fromstring(to_xml(found))  # noqa: S314 - our own output
    summary = root.find(f"{ATOM}entry/{ATOM}summary").text
    assert set(re.findall(r"</?([a-z]+)", summary)) <= {"p", "ul", "li", "em"}
