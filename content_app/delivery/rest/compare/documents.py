"""Compares two public documents of one item: field by field, statement by statement, prose word by word.

In: two documents as published. Out: a list of differences in reading order. Pure: no Django, no database.
`meta` and `links` say nothing of the content and are left out; `comparison_patch` has them.
"""

import difflib
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from content_app import word_difference
from content_app.canonical import canonical_json
from content_app.vocabulary.terms import SIGNIFICANCES
from content_app.word_difference import ADDED, REMOVED, SAME

Document = dict[str, Any]
Entry = dict[str, Any]
CHANGED = "changed"
UNTOLD = ("meta", "links")

# How the entries of a list are recognised in another version, and what a reader calls them.
KEYED: dict[str, tuple[Callable[[Entry], str], Callable[[Entry], str]]] = {
    "names": (lambda e: f"{e['type']}|{e['language']}|{e['text']}", lambda e: e["text"]),
    "statements": (lambda e: e["id"], lambda e: e["aspect"]),
    "relations": (lambda e: e["id"], lambda e: f"{e['label']} {e['object']['name']}"),
    "codings": (lambda e: f"{e['system']}|{e['code'] or ''}", lambda e: f"{e['system']} {e['code'] or 'none'}"),
    "sources": (lambda e: e["id"], lambda e: e["title"]),
    "not_covered": (lambda e: e["aspect"], lambda e: e["label"]),
    "notices": (lambda e: e["type"], lambda e: e["type"]),
}


def is_same(one: Any, other: Any) -> bool:
    """Whether two values are the same JSON. In Python alone, `True == 1`."""
    return canonical_json(one) == canonical_json(other)


def highest(significances: list[str]) -> str:
    """The most significant of some; the vocabulary has them in that order."""
    return min(significances, key=list(SIGNIFICANCES).index)


def differences(before: Document, after: Document) -> list[Entry]:
    """What differs, part by part.

    Each is {part, id, label, change, before, after, fields}. An entry that was added or removed stands whole in
    `after` or `before`; one that changed has its `fields` {field, before, after, words}. An entry that only stands
    elsewhere has changed in its `place`, counted from 1.
    """
    found: list[Entry] = []
    for part in list(dict.fromkeys([*after, *before])):
        if part in UNTOLD or is_same(before.get(part), after.get(part)):
            continue
        one, other = before.get(part), after.get(part)
        if part in KEYED and isinstance(one, list) and isinstance(other, list):
            found += _entries(part, one, other)
        elif isinstance(one, dict) and isinstance(other, dict):
            found.append(_difference(part, None, part, CHANGED, fields=_fields(one, other)))
        else:
            found.append(_difference(part, None, part, CHANGED, fields=[_field(part, one, other)]))
    return found


def inverted(found: list[Entry]) -> list[Entry]:
    """The differences read from after to before."""
    return [
        entry
        | {
            "change": {ADDED: REMOVED, REMOVED: ADDED}.get(entry["change"], entry["change"]),
            "before": entry["after"],
            "after": entry["before"],
            "fields": [
                field | {"before": field["after"], "after": field["before"], "words": _inverted_words(field["words"])}
                for field in entry["fields"]
            ],
        }
        for entry in found
    ]


def words(before: str, after: str) -> list[dict[str, str]]:
    """Runs of words that are the same, removed or added.

    The texts of `same` and `removed` make up `before`, those of `same` and `added` make up `after`.
    """
    return [{"change": change, "text": text} for change, text in word_difference.runs(before, after)]


def _inverted_words(runs: list[dict[str, str]] | None) -> list[dict[str, str]] | None:
    """The runs read the other way; what is removed comes before what is added, as always."""
    if runs is None:
        return None
    turned = [run | {"change": {ADDED: REMOVED, REMOVED: ADDED}.get(run["change"], SAME)} for run in runs]
    for place in range(1, len(turned)):
        if turned[place - 1]["change"] == ADDED and turned[place]["change"] == REMOVED:
            turned[place - 1], turned[place] = turned[place], turned[place - 1]
    return turned


def _entries(part: str, before: list[Entry], after: list[Entry]) -> Iterator[Entry]:
    """The differences of a list whose entries are recognised by a key, in the order of `after`, removed ones last."""
    one, other = keyed(part, before), keyed(part, after)
    label = KEYED[part][1]
    moved = _moved([key for key in one if key in other], [key for key in other if key in one])
    places_before = {key: place for place, key in enumerate(one, 1)}
    for place, (key, entry) in enumerate(other.items(), 1):
        if key not in one:
            yield _difference(part, key, label(entry), ADDED, after=entry)
            continue
        fields = _fields(one[key], entry)
        if key in moved:
            fields.append(_field("place", places_before[key], place))
        if fields:
            yield _difference(part, key, label(entry), CHANGED, fields=fields)
    for key, entry in one.items():
        if key not in other:
            yield _difference(part, key, label(entry), REMOVED, before=entry)


def keyed(part: str, entries: list[Entry]) -> dict[str, Entry]:
    """The entries by key; a key that comes again gets a number."""
    found: dict[str, Entry] = {}
    for entry in entries:
        key = first = KEYED[part][0](entry)
        again = 1
        while key in found:
            again += 1
            key = f"{first}#{again}"
        found[key] = entry
    return found


def _moved(one: list[str], other: list[str]) -> set[str]:
    """Those of the same keys that do not keep their order."""
    matcher = difflib.SequenceMatcher(None, one, other, autojunk=False)
    kept = {key for block in matcher.get_matching_blocks() for key in one[block.a : block.a + block.size]}
    return set(one) - kept


def _fields(before: Entry, after: Entry) -> list[Entry]:
    names = dict.fromkeys([*after, *before])
    return [
        _field(name, before.get(name), after.get(name))
        for name in names
        if not is_same(before.get(name), after.get(name))
    ]


def _field(name: str, before: Any, after: Any) -> Entry:
    is_prose = isinstance(before, str) and isinstance(after, str) and " " in before + after
    return {"field": name, "before": before, "after": after, "words": words(before, after) if is_prose else None}


def _difference(
    part: str,
    key: str | None,
    label: str,
    change: str,
    *,
    before: Any = None,
    after: Any = None,
    fields: Iterable[Entry] = (),
) -> Entry:
    return {
        "part": part,
        "id": key,
        "label": label,
        "change": change,
        "before": before,
        "after": after,
        "fields": list(fields),
    }
