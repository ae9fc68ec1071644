"""Document → rows → document → YAML → document: nothing is lost, whatever is written."""

import datetime
import re
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, assume, example, given, settings
from hypothesis import strategies as st

from content_app.canonical import tidy
from content_app.editorial.exchange import files
from content_app.editorial.exchange.importing import normal
from content_app.manuscripts import rows, writing
from content_app.manuscripts.schema import CLEAN_LINE, CLEAN_TEXT, SCHEMAS_BY_KIND
from content_app.manuscripts.schema_messages import faults_of_form
from content_app.models import Item
from tests.library import CITED, concept, condition, source, statement
from tests.library import example as an_example
from tests.width import examples

AWKWARD = "\t\n\x85\u2028\u2029\ufeff\u202e\u0301\u00a0'\"#:-?*&!%@`{}[]|>~,\\ yesno1eE.0_+é🤕عש\u3000\U0010ffff"


def texts(schema: dict[str, Any]) -> st.SearchStrategy[str]:
    """Tidy text that the schema allows, with a liking for what YAML finds awkward."""
    forbidden = "\n\t" if schema["pattern"] == CLEAN_LINE else ""
    characters = st.one_of(
        st.sampled_from([c for c in AWKWARD if c not in forbidden]),
        st.characters(exclude_categories=["Cs", "Cc"], exclude_characters=forbidden + "\u2028\u2029\ufffe\uffff"),
    )
    longest = min(schema.get("maxLength", 40), 40)
    return (
        st.text(characters, min_size=1, max_size=longest)
        .map(tidy)
        .filter(lambda text: text and len(text) <= longest and re.search(schema["pattern"], text))
    )


def values(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Anything that the schema of a field allows, within what the database can resolve."""
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if schema["type"] == "boolean":
        return st.booleans()
    if schema["type"] == "integer":
        return st.integers(schema["minimum"], schema["maximum"])
    if schema["type"] == "array":
        return st.lists(values(schema["items"]), max_size=3)
    if schema["type"] == "object":
        return objects(schema)
    if schema.get("format") == "date":
        return st.dates(datetime.date(1900, 1, 1)).map(str)
    if schema["pattern"] in (CLEAN_TEXT, CLEAN_LINE):
        return texts(schema)
    pattern = (
        schema["pattern"].replace(r"\S", "[!-~]").replace(r"\s", " ").replace("[^ ", "[^ \x00-\x20\x7f-\U0010ffff")
    )
    return st.from_regex(pattern, fullmatch=True).map(
        lambda text: tidy(text)[: schema.get("maxLength", 60)].rstrip("-")
    )


FIXED = {
    "source": st.just("a-text"),
    "object": st.just("concept/the-target"),
    "display_with": st.just("concept/the-target"),
}


def objects(schema: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    fields = {
        key: FIXED[key] if key in FIXED else values(field)
        for key, field in schema["properties"].items()
        if "const" not in field
    }
    required = {key: fields.pop(key) for key in schema["required"] if key in fields}
    return st.fixed_dictionaries(required, optional=fields)


def without_twins(document: dict[str, Any]) -> dict[str, Any]:
    """The document without entries that say the same twice, which importing refuses."""
    keys = {
        "names": lambda n: (n.get("language", "en"), n["type"], n["text"] if n["type"] != "preferred" else ""),
        "statements": lambda s: s["uuid"],
        "codings": lambda c: (c["system"], c.get("code", "")),
    }
    for part, key_of in keys.items():
        if part in document:
            document[part] = list({key_of(entry): entry for entry in document[part]}.values())
    document["names"] = [
        n for n in document.get("names", []) if (n["type"], n.get("language", "en")) != ("preferred", "en")
    ]
    for coding in document.get("codings", []):
        coding |= {"match": "close", "code": coding.get("code", "x")}
    document["codings"] = list({c["system"]: c for c in document.get("codings", [])}.values())
    return document


def documents(kind: str) -> st.SearchStrategy[dict[str, Any]]:
    own = objects(SCHEMAS_BY_KIND[kind]).map(lambda document: without_twins(document | {"kind": kind}))
    # Relations have rules of their own; one that always holds is enough for the way there and back.
    return own.map(lambda document: document | {"relations": document.get("relations", [])[:1]})


def there_and_back(document: dict[str, Any]) -> dict[str, Any]:
    writing.write_items([document])
    return rows.to_document(Item.objects.get(uuid=document["uuid"]))


PREDICATE_FROM = {
    "condition": "has_feature",
    "concept": "part_of",
    "symptom_type": "not_the_same_as",
    "example": "illustrates",
}
QUICK = settings(
    phases=[Phase.explicit, Phase.generate],
    max_examples=examples(12, 40),
    deadline=None,
    suppress_health_check=list(HealthCheck),
    database=None,
    derandomize=True,
)


@pytest.mark.widens
@pytest.mark.parametrize("kind", PREDICATE_FROM)
def test_an_item_comes_back_from_rows_and_from_yaml_as_it_was(kind, db):
    writing.write_items([concept("the-target", citations=None)])  # the end of all relations
    writing.write_source(source())

    @QUICK
    @given(documents(kind))
    def holds(document):
        for relation in document["relations"]:
            relation["predicate"] = PREDICATE_FROM[kind]
        document = normal(document)
        assert faults_of_form(document) == []
        with transaction.atomic():
            stored = there_and_back(document)
            transaction.set_rollback(True)
        assert stored == document
        assert files.to_yaml(stored) == files.to_yaml(document)
        assert files.parse(files.to_yaml(document), is_json=False) == document
        assert normal(document) == document

    holds()


@pytest.mark.widens
def test_a_source_comes_back_from_rows_and_from_yaml_as_it_was(db):
    @settings(QUICK, max_examples=examples(5, 15))
    @given(objects(SCHEMAS_BY_KIND["source"]).map(lambda document: normal(document | {"kind": "source"})))
    def holds(document):
        faults = faults_of_form(document)
        assume("/url" not in [pointer for pointer, _ in faults])  # tidied of what cannot be seen, nothing may be left
        assert faults == []
        with transaction.atomic():
            stored = rows.source_document(writing.write_source(document))
            transaction.set_rollback(True)
        assert stored == document
        assert files.parse(files.to_yaml(document), is_json=False) == document

    holds()


@pytest.mark.widens
@QUICK
@given(st.text(st.one_of(st.sampled_from(AWKWARD), st.characters(exclude_categories=["Cs"])), max_size=200))
@example("a\x85b")
@example("long " * 60 + "\n  indented\n\n\nend")
def test_any_tidy_text_comes_back_from_yaml(text):
    assert files.parse(files.to_yaml({"text": tidy(text)}), is_json=False) == {"text": tidy(text)}


@pytest.mark.widens
@QUICK
@given(st.text(max_size=100))
def test_tidying_twice_is_tidying_once(text):
    assert tidy(tidy(text)) == tidy(text)


@pytest.mark.parametrize(
    "text", ["yes", "no", "null", "~", "1", "1.5", "2026-01-01", "- x", "a: b", "<<", "=", "0x1F", "1e3"]
)
def test_text_that_looks_like_something_else_stays_text(text):
    assert files.parse(files.to_yaml({"text": text}), is_json=False) == {"text": text}


def test_yaml_is_read_as_the_json_it_stands_for():
    text = "a: 1\nb: true\nc: null\nd: yes\ne: 2026-01-01\nf: 1.5\ng: 0o7\nh:\n"
    assert files.parse(text, is_json=False) == {
        "a": 1, "b": True, "c": None, "d": "yes", "e": "2026-01-01", "f": "1.5", "g": "0o7", "h": None,
    }  # fmt: skip


def test_empty_values_and_defaults_are_not_said():
    document = condition(
        names=[{"language": "en", "text": "x", "note": "", "type": "synonym", "citations": []}],
        review_cycle_months=12,
        relations=[],
        safety_notice="",
        caution="",
    )
    assert normal(document) == condition(names=[{"text": "x", "type": "synonym"}])


def test_keys_stand_in_the_order_of_the_schema_also_inside():
    entry = {"citations": CITED, "assertion": "hedged", "plain": "p", "clinical": "c", "aspect": "cause", "uuid": "u"}
    document = normal(condition(statements=[entry]))
    assert list(document)[:3] == ["kind", "uuid", "slug"]
    assert list(document["statements"][0]) == ["uuid", "aspect", "clinical", "plain", "assertion", "citations"]


def test_false_that_says_something_is_kept(db):
    document = an_example(expected_response_implied=False)
    writing.write_source(source())
    assert there_and_back(document)["expected_response_implied"] is False


def test_shared_parts_are_written_out(db):
    shared = [{"source": "a-text"}]
    text = files.to_yaml(condition(citations=shared, statements=[statement(citations=shared)]))
    assert "&id" not in text
    assert "*id" not in text


def test_all_parts_are_read_in_a_fixed_number_of_queries(db, django_assert_num_queries):
    writing.write_source(source())
    for number in range(12):
        there_and_back(condition(f"number-{number}", statements=[statement(f"Statement {number}")]))
    with django_assert_num_queries(6):
        assert len(rows.to_documents(Item.objects.all())) == 12


def test_files_are_written_whole_in_folders_by_kind(tmp_path: Path):
    written = files.write(tmp_path, [condition(), source()])
    assert [path.relative_to(tmp_path).as_posix() for path in written] == [
        "conditions/a-condition.yaml",
        "sources/a-text.yaml",
    ]
    assert sorted(path.suffix for path in tmp_path.rglob("*") if path.is_file()) == [".yaml", ".yaml"]
    assert files.read_one(written[0]) == condition()
