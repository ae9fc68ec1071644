"""The vocabularies fit each other, the columns that hold them, and the schema."""

import pytest
from django.apps import apps

from content_app.vocabulary import terms as vocabulary
from content_app.vocabulary.predicates import PREDICATES
from content_app.vocabulary.terms import (
    CATEGORIES,
    COLLECTIONS,
    FORMS,
    KINDS,
    SUBTOPICS,
    TOPICS,
    Term,
)

TABLES = {
    name: table
    for name, table in vars(vocabulary).items()
    if name.isupper() and name not in ("COLLECTIONS", "PUBLISHED", "MISSED_MOST", "WITHOUT_CODE")
}
SORTS = {"concept": TOPICS, "symptom_type": CATEGORIES, "example": FORMS}


@pytest.mark.parametrize("name", TABLES)
def test_every_term_stands_under_its_code_with_a_label_and_a_meaning(name):
    for code, term in TABLES[name].items():
        assert isinstance(term, Term)
        assert (term.code, code.replace("_", "").isalnum(), code.islower()) == (code, True, True)
        assert term.label
        assert term.meaning


@pytest.mark.parametrize("code", PREDICATES)
def test_every_predicate_joins_kinds_and_sorts_that_there_are(code):
    predicate = PREDICATES[code]
    assert (predicate.code, bool(predicate.label), bool(predicate.inverse_label)) == (code, True, True)
    for place in (*predicate.subjects, *predicate.objects):
        kind, _, sort = place.partition(":")
        assert kind in KINDS
        assert not sort or sort in SORTS[kind]


def test_a_predicate_that_reads_both_ways_joins_the_same_on_both_sides():
    for predicate in PREDICATES.values():
        if predicate.is_symmetric:
            assert (predicate.label, predicate.subjects) == (predicate.inverse_label, predicate.objects)


def test_subtopics_belong_to_topics_and_every_kind_has_a_collection():
    assert {term.within for term in SUBTOPICS.values()} <= set(TOPICS)
    assert set(COLLECTIONS) == {*KINDS, "source"}


def test_every_word_fits_the_column_it_is_stored_in():
    for model in apps.get_app_config("content_app").get_models():
        for field in model._meta.fields:
            for code, _ in field.choices or ():
                assert len(code) <= field.max_length, f"{model.__name__}.{field.name}: {code}"
