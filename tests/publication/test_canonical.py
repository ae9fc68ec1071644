"""Canonical JSON and tidy text: the same content gives the same bytes."""

import datetime
import json

import pytest

from content_app.canonical import canonical_json, compact_json, rfc3339, sha256_of, tidy


def test_canonical_json_sorts_keys_and_leaves_no_spaces():
    assert canonical_json({"b": [1, True, None], "a": "é/🤕"}) == '{"a":"é/🤕","b":[1,true,null]}'.encode()


def test_compact_json_keeps_the_order_of_keys():
    assert compact_json({"b": 1, "a": 2}) == b'{"b":1,"a":2}'


def test_the_hash_does_not_depend_on_the_order_of_keys():
    assert sha256_of({"a": 1, "b": 2}) == sha256_of({"b": 2, "a": 1})


def test_the_hash_of_nothing_is_the_one_everybody_gets():
    assert sha256_of({}) == "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"


def test_a_lone_surrogate_is_never_hashed():
    with pytest.raises(UnicodeEncodeError):
        canonical_json("\ud800")


@pytest.mark.parametrize("text", ["\u2028", '"\\\u0007', "é", "e\u0301", "\U0001f915"])
def test_canonical_json_is_read_back_as_it_was(text):
    assert json.loads(canonical_json({text: text})) == {text: text}


@pytest.mark.parametrize(
    ("given", "tidied"),
    [
        ("  a\u00a0", "a"),
        ("a\r\nb\rc\x85d\u2028e", "a\nb\nc\nd\ne"),
        ("cafe\u0301", "café"),
        (["a ", {"k ": " v"}], ["a", {"k ": "v"}]),
        (7.0, 7),
        (7.5, 7.5),
        (True, True),
        (None, None),
    ],
)
def test_text_is_tidied(given, tidied):
    assert tidy(given) == tidied
    assert type(tidy(given)) is type(tidied)


def test_an_instant_is_written_in_utc_to_the_second_where_that_is_asked_for():
    instant = datetime.datetime(2026, 11, 2, 10, 30, 0, 500, tzinfo=datetime.timezone(datetime.timedelta(hours=1)))
    assert rfc3339(instant) == "2026-11-02T09:30:00.000500Z"
    assert rfc3339(instant, "seconds") == "2026-11-02T09:30:00Z"
