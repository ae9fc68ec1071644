"""JSON as strict as it is written: nothing that two readers would take differently."""

import pytest

from content_app.strict_json import NotJSON, parse


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b'{"a": 1, "a": 2}', "The member “a” occurs twice in one object."),
        ('{"\ud800": 1, "\ud800": 2}', "The member “\\ud800” occurs twice in one object."),
        (b"[NaN]", "NaN is not a JSON number."),
        (b"[-Infinity]", "-Infinity is not a JSON number."),
        (b'"\xff"', "The body is not UTF-8."),
        ('{"a": 1}'.encode("utf-16"), "The body is not UTF-8."),
        (b"[" * 100_000, "The body is nested too deeply."),
        (b'\xef\xbb\xbf{"a": 1}', "The body is not valid JSON: "),
        (b"{", "The body is not valid JSON: "),
        (b"9" * 5_000, "The body is not valid JSON: "),
    ],
)
def test_what_readers_would_take_differently_is_refused(body, sentence):
    with pytest.raises(NotJSON) as refused:
        parse(body)
    assert str(refused.value).startswith(sentence)


def test_the_sentence_is_about_its_subject():
    with pytest.raises(NotJSON, match="It is not valid JSON"):
        parse("{", "It")


def test_json_is_read():
    assert parse('{"a": [1, 2.5, null, "é"]}'.encode()) == {"a": [1, 2.5, None, "é"]}
