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


def test_a_byte_order_mark_is_passed_over():
    assert parse(b'\xef\xbb\xbf{"a": 1}') == parse('\ufeff{"a": 1}') == {"a": 1}


@pytest.mark.parametrize("text", ['{"u\u0308": ["u\u0308"]}', r'{"u\u0308": ["u\u0308"]}'])
def test_texts_are_in_normal_form_c_also_behind_escapes(text):
    assert parse(text) == {"\u00fc": ["\u00fc"]}


def test_a_member_that_is_named_in_two_forms_occurs_twice():
    with pytest.raises(NotJSON, match="occurs twice"):
        parse(r'{"\u00fc": 1, "u\u0308": 2}')


def test_json_is_read():
    assert parse('{"a": [1, 2.5, null, "é"]}'.encode()) == {"a": [1, 2.5, None, "é"]}
