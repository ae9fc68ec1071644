"""The JSON Schema of editorial documents, and the sentences on what does not fit it."""

import pytest
from jsonschema import Draft202012Validator

from content_app.manuscripts.rows import SOURCE_FIELDS
from content_app.manuscripts.schema import EDITORIAL_SCHEMA, SCHEMAS_BY_KIND
from content_app.manuscripts.schema_messages import MOST_PROBLEMS, faults_of_form, hint, pointer_to, shown
from content_app.models import KIND_MODELS, Source
from tests.library import concept, condition, example, source, statement, symptom_type


def test_the_schema_is_a_schema():
    Draft202012Validator.check_schema(EDITORIAL_SCHEMA)


@pytest.mark.parametrize(
    "document", [condition(), concept(), symptom_type(), example(), source()], ids=lambda d: d["kind"]
)
def test_a_document_of_each_kind_fits(document):
    assert faults_of_form(document) == []
    assert Draft202012Validator(EDITORIAL_SCHEMA).is_valid(document)


def test_a_draft_may_lack_what_publishing_needs():
    assert faults_of_form(condition(summary=None, citations=None)) == []


def test_text_fits_the_columns_it_is_stored_in():
    for kind, model in (KIND_MODELS | {"source": Source}).items():
        for name, field in SCHEMAS_BY_KIND[kind]["properties"].items():
            column = model._meta.get_field(name) if name in {f.name for f in model._meta.fields} else None
            if column is not None and getattr(column, "max_length", None) and "maxLength" in field:
                assert field["maxLength"] <= column.max_length, f"{kind}.{name}"


def test_every_field_of_a_source_is_kept():
    of_its_review = {"status", "change_note", "significance", "signed_revision", "published_revision"}
    assert {"uuid", *SOURCE_FIELDS} == {field.name for field in Source._meta.fields} - {"id"} - of_its_review


@pytest.mark.parametrize(
    ("changes", "pointer", "sentence"),
    [
        ({"name": None}, "", "“name” is missing."),
        ({"name": "x" * 201}, "/name", "This has 201 characters. The limit is 200."),
        ({"name": "two\nlines"}, "/name", r"“two\nlines” contains a line break, which is not allowed here. Delete it."),
        ({"name": "a\x07"}, "/name", r"“a\x07” contains a character that cannot be displayed. Delete it."),
        ({"name": 7}, "/name", "This must be text, not a number."),
        ({"summary": []}, "/summary", "This must be a mapping, not a list."),
        ({"review_cycle_months": 0}, "/review_cycle_months", "0 is out of range. It must be 1 or more."),
        ({"review_cycle_months": 61}, "/review_cycle_months", "61 is out of range. It must be 60 or less."),
        ({"review_cycle_months": True}, "/review_cycle_months", "This must be a whole number, not true or false."),
        ({"cause_status": "unknwon"}, "/cause_status", "“unknwon” is not a valid value here; did"),
        ({"kind": "conditoin"}, "/kind", "“conditoin” is not a kind of document; did you mean “condition”?"),
        ({"topic": "feature"}, "", "“topic” is not a field here"),
        ({"statements": [statement(uuid="X")]}, "/statements/0/uuid", "“X” is not in the right format. A permanent"),
        ({"names": [{"text": "x", "type": "synonym"}] * 1001}, "/names", "This has 1,001 entries. The limit is 1,000."),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_said_in_a_sentence_at_its_place(changes, pointer, sentence):
    found = faults_of_form(condition(**changes))
    assert any(place == pointer and said.startswith(sentence) for place, said in found), found


def test_a_document_that_is_wrong_everywhere_is_not_answered_without_end():
    assert len(faults_of_form(condition(names=[{}] * 1000))) <= MOST_PROBLEMS


def test_a_pointer_escapes_what_it_must():
    assert pointer_to(["a/b", 0, "c~d"]) == "/a~1b/0/c~0d"


def test_what_is_shown_of_a_value_is_short_and_printable():
    assert shown("x" * 99 + "\x00") == "x" * 60 + "…"
    assert shown("a\u202e\ud800ب") == "a\\u202e\\ud800ب"


def test_a_suggestion_names_the_nearest_word_or_the_known_ones():
    assert hint("mechansim", ["mechanism", "cause"]) == "; did you mean “mechanism”?"
    assert hint("zzz", ["a", "b"]) == ". Choose from: a, b."
    assert hint("zzz", []) == "."
    assert hint("zzz", [f"word-{n}" for n in range(50)]).endswith(" and 10 more.")
