"""The automated readability index."""

import pytest

from content_app.manuscripts.reading_level import FAR_ABOVE_GOAL, GOAL, automated_readability_index


def test_the_index_follows_its_formula():
    # 6 words, 22 characters, 1 sentence: 4.71 × 22/6 + 0.5 × 6 − 21.43 = −1.2, below the first grade.
    assert automated_readability_index("The cat sat down here today.") == 0.0
    # 4 words, 49 characters, 1 sentence: 4.71 × 49/4 + 0.5 × 4 − 21.43 = 38.3
    assert automated_readability_index("Nociplastic dysregulation necessitates clarification.") == 38.3


@pytest.mark.parametrize("text", ["", "…", " - ", "¿?"])
def test_a_text_without_words_has_no_grade(text):
    assert automated_readability_index(text) == 0.0


def test_plain_words_are_below_the_goal_and_jargon_is_far_above():
    plain = "The pain does not go away. It can get worse. No one knows why."
    jargon = "Dysautonomic phenomenology accompanies nociplastic musculoskeletal hypersensitivity syndromes."
    assert automated_readability_index(plain) < GOAL
    assert automated_readability_index(jargon) > FAR_ABOVE_GOAL


def test_shorter_sentences_are_easier():
    long = "The pain stays for a long time and it gets worse when someone touches the leg and nobody knows why it does"
    assert automated_readability_index(long.replace(" and", ".")) < automated_readability_index(long)
