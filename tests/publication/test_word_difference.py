"""Two texts, word by word."""

import pytest

from content_app.word_difference import runs


def test_the_words_that_differ_are_told():
    assert runs("One is first.", "One is second.") == [
        ("same", "One is"), ("removed", " first"), ("added", " second"), ("same", "."),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after"), [("", "a b"), ("a b", ""), ("a  b\nc", "a b\n\nc"), ("x " * 5000, "y " * 5000)]
)
def test_the_runs_give_both_texts_back(before, after):
    found = runs(before, after)
    assert "".join(text for sort, text in found if sort != "added") == before
    assert "".join(text for sort, text in found if sort != "removed") == after
