"""Comparing two documents: the pure part, with any text and any JSON."""

import jsonpatch
import pytest
from hypothesis import given
from hypothesis import strategies as st

from content_app.delivery.rest.compare import conditions
from content_app.delivery.rest.compare import documents as comparison
from content_app.delivery.rest.compare.json_patch import patch
from content_app.manuscripts.compiler import Directory, Target, compile_item
from tests import library

pytestmark = pytest.mark.both_databases
TEXTS = st.text(st.sampled_from("ab .,\n é"), max_size=30) | st.text(max_size=30)
SCALARS = st.none() | st.booleans() | st.integers(-3, 3) | st.text(st.sampled_from("a~/ 0"), max_size=4)
JSON = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.dictionaries(st.text(st.sampled_from("a~/ 0"), max_size=3), inner, max_size=4)
        | st.lists(st.fixed_dictionaries({"id": st.sampled_from("abcd"), "v": inner}), max_size=5)
    ),
    max_leaves=12,
)


@given(TEXTS, TEXTS)
def test_the_words_make_up_both_texts(before, after):
    runs = comparison.words(before, after)
    assert "".join(run["text"] for run in runs if run["change"] != "added") == before
    assert "".join(run["text"] for run in runs if run["change"] != "removed") == after


def test_words_are_compared_as_a_person_reads_them():
    assert comparison.words("The pain is strong and stays.", "The pain is often strong.") == [
        {"change": "same", "text": "The pain is"},
        {"change": "added", "text": " often"},
        {"change": "same", "text": " strong"},
        {"change": "removed", "text": " and stays"},
        {"change": "same", "text": "."},
    ]


def test_very_long_texts_stand_side_by_side():
    runs = comparison.words("a " * 5000 + "end", "b " * 5000 + "end")
    assert [run["change"] for run in runs] == ["removed", "added", "same"]


@given(JSON, JSON)
def test_a_patch_applied_to_the_first_gives_the_second(before, after):
    assert comparison.is_same(jsonpatch.apply_patch(before, patch(before, after)), after)


@given(JSON)
def test_a_patch_between_equals_is_empty(value):
    assert patch(value, value) == []


REVIEW = {
    "state": "clinically_reviewed", "reviewed_on": "2026-01-01", "review_due_on": "2027-01-01",
    "reviewer_role": "Reviewer", "cycle_months": 12,
}  # fmt: skip


def statement(key, text, aspect="overview"):
    return library.statement(text, uuid=library.uuid_of("statement", key), aspect=aspect)


def target(reference):
    kind, slug = reference.split("/")
    return Target(library.uuid_of(kind, slug), kind, slug, slug.title())


def document(slug="first", **fields):
    """A condition as it is published."""
    whole = library.condition(slug, **fields)
    items = {relation["object"]: target(relation["object"]) for relation in fields.get("relations", [])}
    content = compile_item(whole, Directory(items, {"a-text": library.source()}), REVIEW, []).content
    return content | {"meta": {"version": 1, "release": 1, "published_at": "2026-01-01T00:00:00Z", "sha256": "0"}}


@pytest.fixture
def before():
    return document(statements=[statement("a", "It hurts."), statement("b", "It stays."), statement("c", "It ends.")])


def test_a_statement_is_recognised_by_its_identifier(before):
    after = document(
        statements=[statement("b", "It stays."), statement("a", "It often hurts."), statement("d", "It is new.")]
    )
    found = comparison.differences(before, after)
    by_change = [(d["part"], d["change"], d["label"], [f["field"] for f in d["fields"]]) for d in found]
    assert by_change == [
        ("statements", "changed", "overview", ["place"]),
        ("statements", "changed", "overview", ["clinical", "plain"]),
        ("statements", "added", "overview", []),
        ("statements", "removed", "overview", []),
    ]
    assert found[1]["fields"][0]["words"][1] == {"change": "added", "text": " often"}
    assert found[2]["after"]["clinical"] == "It is new."
    assert found[3]["before"]["clinical"] == "It ends."


def test_what_is_only_derived_is_no_difference(before):
    assert comparison.differences(before, before | {"meta": {"version": 2}}) == []


STATEMENTS = st.lists(
    st.builds(statement, st.sampled_from("abcde"), st.sampled_from(["It hurts.", "It stays put.", "It often hurts."])),
    max_size=5,
    unique_by=lambda s: s["uuid"],
)


@given(STATEMENTS, STATEMENTS)
def test_the_inverse_of_the_inverse_is_the_difference(one, other):
    found = comparison.differences(document(statements=one), document(statements=other))
    assert comparison.inverted(comparison.inverted(found)) == found


@given(STATEMENTS, STATEMENTS, st.sampled_from(["One name", "Another name"]))
def test_the_differences_tell_everything_that_a_patch_changes(one, other, name):
    before, after = document(statements=one), document(statements=other, name=name)
    told = {difference["part"] for difference in comparison.differences(before, after)}
    patched = {operation["path"].split("/")[1] for operation in patch(before, after)}
    assert patched - {"meta", "links"} == told


RELATIONS = st.lists(
    st.fixed_dictionaries(
        {
            "predicate": st.sampled_from(["has_pattern", "not_the_same_as"]),
            "object": st.sampled_from(["concept/local", "concept/wide", "condition/first", "condition/second"]),
            "assertion": st.sampled_from(["stated", "hedged"]),
        }
    ),
    max_size=5,
    unique_by=lambda r: (r["predicate"], r["object"]),
)
CONDITION = st.fixed_dictionaries(
    {
        "relations": RELATIONS,
        "statements": st.lists(
            st.builds(
                statement, st.sampled_from("abcde"), st.just("Said."), st.sampled_from(["cause", "impact", "overview"])
            ),
            max_size=4,
            unique_by=lambda s: s["uuid"],
        ),
        "not_covered": st.lists(st.sampled_from(["treatment", "red_flags"]), unique=True),
        "codings": st.lists(
            st.builds(
                lambda code: library.coding(code=code, match="broad" if code else "none"),
                st.sampled_from(["M79.7", "G90.5", None]),
            ),
            unique_by=lambda c: c["code"],
        ),
    }
)


def mirrored(comparison: dict) -> dict:
    """The comparison with its two sides exchanged."""
    turned = {"both": "both", "a": "b", "b": "a"}
    swapped = comparison | {"a": comparison["b"], "b": comparison["a"]}
    for section in ("relations", "aspects", "codings", "not_covered"):
        swapped[section] = [
            row | {"in": turned.get(row["in"]), "a": row["b"], "b": row["a"]} for row in comparison[section]
        ]
    return swapped


@given(CONDITION, CONDITION)
def test_two_conditions_the_other_way_round_mirror_each_other(one, other):
    a, b = document("first", **one), document("second", **other)
    turned = conditions.compare(b, a)
    assert mirrored(conditions.compare(a, b)) == turned


@given(CONDITION, CONDITION)
def test_every_statement_relation_and_code_of_both_stands_in_a_row(one, other):
    a, b = document("first", **one), document("second", **other)
    compared = conditions.compare(a, b)
    for side, whole in (("a", a), ("b", b)):
        told = [s for row in compared["aspects"] for s in row[side]["statements"]]
        assert sorted(s["id"] for s in told) == sorted(s["id"] for s in whole["statements"])
        joined = [r["id"] for r in compared["between"] if r["subject"]["id"] == whole["id"]]
        told = joined + [row[side]["id"] for row in compared["relations"] if row[side]]
        assert sorted(told) == sorted(r["id"] for r in whole["relations"])
        silent = {row["aspect"] for row in compared["not_covered"] if row[side]}
        assert silent == {entry["aspect"] for entry in whole["not_covered"]}
        assert len([row for row in compared["codings"] if row[side]]) == len(whole["codings"])


def test_a_comparison_of_conditions_says_that_it_is_no_diagnosis():
    compared = conditions.compare(document("first"), document("second"))
    assert "not a differential diagnosis" in compared["disclaimer"]
    assert "rank" in compared["disclaimer"]
    assert compared["a"]["notices"]
