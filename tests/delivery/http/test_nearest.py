"""The word that was probably meant."""

from content_app.nearest import did_you_mean, nearest

KNOWN = ["release", "as_of", "mainSearchCriteria"]


def test_the_nearest_word_is_named_whatever_its_case():
    assert nearest("RELEASES", KNOWN) == ["release"]
    assert nearest("mainsearchcriteria", KNOWN, cutoff=1.0) == ["mainSearchCriteria"]


def test_words_that_are_merely_alike_can_be_left_out():
    assert nearest("releases", KNOWN, cutoff=1.0) == []


def test_a_sentence_ends_with_what_was_meant_or_with_something_else():
    assert did_you_mean("relaese", KNOWN, ".") == "; did you mean “release”?"
    assert did_you_mean("quite another", KNOWN, ".") == "."


def test_a_word_of_any_length_costs_little():
    assert nearest("release" * 100_000, KNOWN) == []
