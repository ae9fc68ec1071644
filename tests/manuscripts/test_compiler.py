"""Compiling: the published bytes, to the letter, and the shape that every kind has."""

import gzip
import json

import pytest

from content_app.manuscripts import compiler
from content_app.manuscripts.compiler import Directory, Target
from content_app.serializers import DOCUMENT_SERIALIZERS, LISTED_SERIALIZERS, TombstoneSerializer
from content_app.vocabulary.terms import ASPECTS, MISSED_MOST, WITHOUT_CODE
from tests.golden_files import assert_golden
from tests.library import CITED, coding, concept, condition, example, relation, source, statement, symptom_type, uuid_of

REVIEW = {
    "state": "not_clinically_reviewed",
    "reviewed_on": "2026-11-01",
    "review_due_on": "2027-11-01",
    "reviewer_role": "Physician",
    "cycle_months": 12,
}
GAP = Target(uuid_of("gap"), "concept", "cause-unknown", "Cause not established")
MECHANISM = Target(uuid_of("mechanism"), "concept", "a-mechanism", "A mechanism")
DIRECTORY = Directory(
    {"concept/cause-unknown": GAP, "concept/a-mechanism": MECHANISM},
    {
        "a-text": source(),
        "an-article": source(
            "an-article", type="article", evidence_level="cohort", year=2020, doi="10.1/x", retracted=True
        ),
    },
)
FULL = condition(
    name="Ämplified “pain” 🤕",
    abbreviation="AMPS",
    cause_status="unknown",
    names=[
        {"text": "dolor amplificado", "type": "preferred", "language": "es"},
        {"text": "allodynia", "type": "clinical_term", "note": "Narrower.", "citations": [{"source": "an-article"}]},
    ],
    statements=[
        statement("Nobody knows why.", aspect="cause", assertion="unknown"),
        statement("It lasts.", frequency="often"),
    ],
    relations=[
        relation(
            "has_mechanism", "concept/a-mechanism", likelihood="likely", display_with="concept/cause-unknown",
            modality="possible", note="As one author puts it.",
        ),
        relation("has_knowledge_gap", "concept/cause-unknown"),
    ],
    codings=[
        coding(billable=True, verified_by=["a release"], uri="http://id.who.int/1", note="Wider."),
        {k: v for k, v in coding("mesh", match="none").items() if k not in ("code", "display")},
    ],
    safety_notice="Read this first.",
    caution="It looks like other illnesses.",
)  # fmt: skip


def compiled(document, former_slugs=()):
    return compiler.compile_item(document, DIRECTORY, REVIEW, list(former_slugs))


def test_a_compiled_document_is_the_one_agreed_to():
    rendering = compiler.render(compiled(FULL, ["an-old-slug"]), 3, 7, "2026-11-23T12:00:00Z")
    assert_golden(
        "compiled-condition.json", json.dumps(json.loads(rendering.body), ensure_ascii=False, indent=1) + "\n"
    )
    assert_golden("compiled-terms.txt", "".join(f"{name}={value}\n" for name, value in sorted(compiled(FULL).terms)))


def test_the_same_input_gives_the_same_bytes():
    one, other = (compiler.render(compiled(FULL), 1, 1, "2026-11-23T12:00:00Z") for _ in range(2))
    assert one == other


def test_the_order_of_keys_in_an_editorial_document_changes_no_byte():
    def turned(data):
        if isinstance(data, dict):
            return {key: turned(data[key]) for key in reversed(data)}
        return [turned(entry) for entry in data] if isinstance(data, list) else data

    one, other = (compiler.render(compiled(document), 1, 1, "x") for document in (FULL, turned(FULL)))
    assert one.body == other.body


@pytest.mark.parametrize("document", [FULL, condition(), concept(), symptom_type(), example()], ids=lambda d: d["name"])
def test_every_kind_has_exactly_the_declared_fields_in_order(document):
    rendering = compiler.render(compiled(document), 1, 1, "x")
    body, listed = json.loads(rendering.body), json.loads(rendering.list_form)
    fits(DOCUMENT_SERIALIZERS[document["kind"]](), body)
    fits(LISTED_SERIALIZERS[document["kind"]](), listed)
    assert gzip.decompress(rendering.body_gzip) == rendering.body


def test_a_source_has_exactly_the_declared_fields_in_order():
    fits(
        DOCUMENT_SERIALIZERS["source"](), json.loads(compiler.render(compiler.compile_source(source()), 1, 1, "x").body)
    )


@pytest.mark.parametrize("replaced_by", [None, GAP])
def test_a_tombstone_has_exactly_the_declared_fields_in_order(replaced_by):
    tombstone = compiler.compile_tombstone(compiled(FULL).content, "replaced", "", replaced_by, ["old"])
    fits(TombstoneSerializer(), json.loads(compiler.render(tombstone, 2, 2, "x").body))
    assert tombstone.terms == {("alias", "old")}


def fits(shape, data) -> None:
    """Every field of the shape is there, in order, and no other; what is not nullable is not null."""
    fields = shape.fields
    assert list(data) == list(fields)
    for name, field in fields.items():
        value = data[name]
        assert value is not None or field.allow_null, name
        child = getattr(field, "child", field)
        for entry in value if isinstance(value, list) else [value]:
            if entry is not None and hasattr(child, "fields"):
                fits(child, entry)
            elif entry is not None and hasattr(child, "choices"):
                assert entry in child.choices, f"{name}: {entry}"


def test_what_editors_had_of_a_source_is_known_from_what_was_published():
    for document in DIRECTORY.sources.values():
        assert compiler.source_as_published(compiler.compile_source(document).content) == document


@pytest.mark.parametrize(
    ("document", "types"),
    [
        (
            FULL,
            [
                "safety",
                "retracted_source",
                "caution",
                "not_clinically_reviewed",
                "cause_unknown",
                "when_to_seek_help",
                "information_only",
            ],
        ),
        (example(form="analogy"), ["not_clinically_reviewed", "analogy", "information_only"]),
        (concept(), ["not_clinically_reviewed", "information_only"]),
    ],
)
def test_notices_stand_most_urgent_first(document, types):
    assert [notice["type"] for notice in compiled(document).content["notices"]] == types


def test_silence_is_said_in_a_sentence():
    silent = {entry["aspect"]: entry for entry in compiled(condition()).content["not_covered"]}
    assert {entry["status"] for entry in silent.values()} == {"not_covered"}
    assert silent["red_flags"]["text"].startswith("This page does not cover red flags (warning signs")


def test_what_a_reader_could_miss_must_be_shown():
    silent = compiled(condition()).content["not_covered"]
    assert {entry["aspect"] for entry in silent if entry["must_show"]} == set(MISSED_MOST)


def test_a_page_is_not_silent_on_what_its_statements_codes_and_names_cover():
    covering = condition(
        statements=[statement(aspect="treatment")],
        codings=[coding()],
        names=[
            {"text": "Sudeck", "type": "historical"},
            {"text": "allodynia", "type": "clinical_term", "citations": CITED},
        ],
    )
    silent = {entry["aspect"] for entry in compiled(covering).content["not_covered"]}
    assert silent == set(ASPECTS) - {
        "treatment", "classification", "coding", "terminology", "clinical_terms", "evidence",
    }  # fmt: skip


def test_a_code_that_does_not_exist_covers_nothing():
    without = [{k: v for k, v in coding(match=match).items() if k not in ("code", "display")} for match in WITHOUT_CODE]
    silent = {entry["aspect"] for entry in compiled(condition(codings=without)).content["not_covered"]}
    assert "classification" in silent


def test_concepts_and_examples_are_expected_to_cover_nothing():
    assert [compiled(document).content["not_covered"] for document in (concept(), example())] == [[], []]


def test_the_evidence_of_a_statement_is_that_of_its_strongest_source():
    strong = statement(citations=[{"source": "a-text"}, {"source": "an-article"}])
    compiled_statements = compiled(condition(statements=[strong, statement()])).content["statements"]
    assert [entry["evidence"] for entry in compiled_statements] == ["cohort", "unreferenced_lay_text"]


def test_a_clinical_review_takes_the_notice_away():
    reviewed = compiler.compile_item(concept(), DIRECTORY, REVIEW | {"state": "clinically_reviewed"}, [])
    assert [notice["type"] for notice in reviewed.content["notices"]] == ["information_only"]


def test_the_best_match_of_a_code_system_stands_first():
    codes = [coding(code=code, match=match) for code, match in (("M79.6", "broad"), ("M79.7", "exact"))]
    assert [c["match"] for c in compiled(condition(codings=codes)).content["codings"]] == ["exact", "broad"]


def test_an_abbreviation_is_a_name_once():
    twice = condition(abbreviation="ABC", names=[{"text": "ABC", "type": "abbreviation"}])
    assert [name["text"] for name in compiled(twice).content["names"]] == ["A condition", "ABC"]


def test_a_relation_keeps_its_identifier_whatever_is_said_of_it():
    one, other = (
        condition(relations=[relation("has_knowledge_gap", "concept/cause-unknown", **c)]) for c in ({}, {"note": "x"})
    )
    assert compiled(one).content["relations"][0]["id"] == compiled(other).content["relations"][0]["id"]


def test_its_own_slug_is_no_alias():
    assert ("alias", "a-condition") not in compiled(condition(), ["a-condition", "b"]).terms
    assert ("alias", "b") in compiled(condition(), ["a-condition", "b"]).terms


@pytest.mark.parametrize(
    ("name", "key"),
    [("Ärger", "arger"), ("ÉCLAIR", "eclair"), ("Straße", "strasse"), ("x" * 600, "x" * 500), ("ﬁ", "fi")],
)
def test_names_are_sorted_without_case_and_accents(name, key):
    assert compiler.sort_name(name) == key
