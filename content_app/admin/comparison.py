"""Compares two editorial documents as an editor would: field by field, part by part.

In: two documents of one item. Out: `Difference`s in reading order, each with the text before and after, and the
words that differ. Pure: no Django, no database.
"""

import difflib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from content_app.code_systems import CODE_SYSTEMS
from content_app.predicates import PREDICATES
from content_app.vocabulary import ASPECTS, NAME_TYPES

Document = dict[str, Any]
ADDED, REMOVED, CHANGED = "added", "removed", "changed"
UNTOLD = ("kind", "uuid", "names", "statements", "relations", "codings", "not_covered", "summary", "citations")
# Beyond this many words, comparing word by word takes longer than anyone waits; then whole texts stand side by side.
MOST_WORDS = 4000


@dataclass(frozen=True)
class Difference:
    """One thing that differs. `key` names it the same in every pair of documents; a text is "" where it is not there."""

    key: tuple[str, ...]
    section: str
    label: str
    before: str
    after: str

    @property
    def sort(self) -> str:
        if not self.before:
            return ADDED
        return CHANGED if self.after else REMOVED

    @property
    def words(self) -> list[tuple[str, str]]:
        """The two texts in one, as (added, removed or same; text)."""
        return words(self.before, self.after)


@dataclass(frozen=True)
class Entry:
    section: str
    label: str
    text: str


def compare(before: Document, after: Document) -> list[Difference]:
    """What differs, in the order of the newer document; what was removed stands in its own old place."""
    old, new = entries(before), entries(after)
    keys = _merged(list(old), list(new))
    return [
        Difference(
            key,
            (new.get(key) or old[key]).section,
            (new.get(key) or old[key]).label,
            old[key].text if key in old else "",
            new[key].text if key in new else "",
        )
        for key in keys
        if key not in old or key not in new or old[key].text != new[key].text
    ]


def _merged(old: list, new: list) -> list:
    """All keys, each once, in the order of `new`, with what only `old` has at its old place."""
    merged = []
    known = set(new)
    for op, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        merged += [key for key in old[a:b] if key not in known] if op != "equal" else []
        merged += new[c:d]
    return merged


def entries(document: Document) -> dict[tuple[str, ...], Entry]:
    """The document as texts by key, in reading order."""
    found: dict[tuple[str, ...], Entry] = {}
    for field, value in document.items():
        if field not in UNTOLD:
            found[(field,)] = Entry("The item", _label(field), _text(value))
    for audience, text in document.get("summary", {}).items():
        found["summary", audience] = Entry("Summary", _AUDIENCES[audience], text)
    if document.get("citations"):
        found[("citations",)] = Entry("Summary", "Citations", _citations(document))
    for part, (section, key_of, told) in PARTS.items():
        for entry in document.get(part, []):
            for field, label, text in told(entry):
                found[(part, *key_of(entry), field)] = Entry(section, label, text)
    for part in ("names", "statements", "relations", "codings"):
        if len(document.get(part, [])) > 1:
            found[part, "order"] = _order(part, document)
    for aspect in document.get("not_covered", []):
        found["not_covered", aspect] = Entry("Not covered", ASPECTS[aspect].label, "not covered by the sources")
    return found


_AUDIENCES = {"clinical": "For clinicians", "plain": "In plain words"}


def _label(field: str) -> str:
    return field.replace("_", " ").capitalize().replace("Uri", "URI").replace("Doi", "DOI").replace("Url", "Address")


def _text(value: Any) -> str:
    if isinstance(value, list):
        return "\n".join(str(entry) for entry in value)
    return {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def _citations(entry: Document) -> str:
    lines = [f"{c['source']}; {c['locator']}" if "locator" in c else c["source"] for c in entry.get("citations", [])]
    return "\n".join(lines)


def _order(part: str, document: Document) -> Entry:
    section, _, _ = PARTS[part]
    told = [_opening(part, entry) for entry in document[part]]
    return Entry(section, f"Order of {section.lower()}", "\n".join(told))


def _opening(part: str, entry: Document) -> str:
    text = {
        "names": lambda: entry["text"],
        "statements": lambda: entry["clinical"],
        "relations": lambda: f"{PREDICATES[entry['predicate']].label} {entry['object']}",
        "codings": lambda: f"{CODE_SYSTEMS[entry['system']].name} {entry.get('code', 'no code')}",
    }[part]()
    return text if len(text) <= 60 else f"{text[:59]}…"


def _told(part: str, own: Callable[[Document], str], *shown: str):
    """How a part is told: one text for what it is, and one for each of its further fields."""

    def tell(entry: Document) -> Iterator[tuple[str, str, str]]:
        label = own(entry)
        for field in shown:
            if field in entry:
                yield field, f"{label}: {_FIELD_LABELS.get(field, _label(field).lower())}", _text(entry[field])
        if entry.get("citations"):
            yield "citations", f"{label}: citations", _citations(entry)

    return tell


_FIELD_LABELS = {"clinical": "for clinicians", "plain": "in plain words", "display_with": "shown with"}
_RELATION_FIELDS = (
    "object", "modality", "certainty", "frequency", "ambiguous", "attributed", "display_with", "note",
)  # fmt: skip
_CODING_FIELDS = (
    "system", "match", "display", "version", "uri", "billable", "verification", "verified_by", "checked_on", "note",
)  # fmt: skip

PARTS: dict[str, tuple[str, Callable, Callable]] = {
    "names": (
        "Names",
        lambda n: (n["type"], n.get("language", "en"), n["text"]),
        _told("names", lambda n: f"{NAME_TYPES[n['type']].label} “{n['text']}”", "text", "type", "language", "note"),
    ),
    "statements": (
        "Statements",
        lambda s: (s["uuid"],),
        _told(
            "statements",
            lambda s: f"{ASPECTS[s['aspect']].label} “{_opening('statements', s)}”",
            "aspect",
            "clinical",
            "plain",
            "certainty",
            "frequency",
        ),
    ),
    "relations": (
        "Relations",
        lambda r: (r["predicate"], r["object"]),
        _told("relations", lambda r: _opening("relations", r), *_RELATION_FIELDS),
    ),
    "codings": (
        "Codings",
        lambda c: (c["system"], c.get("code", "")),
        _told("codings", lambda c: _opening("codings", c), *_CODING_FIELDS),
    ),
}


def words(before: str, after: str) -> list[tuple[str, str]]:
    """The two texts in one, as (added, removed or same; text). Joined, same and added give `after`."""
    old, new = (re.findall(r"\s+|\w+|[^\w\s]", text) for text in (before, after))
    if max(len(old), len(new)) > MOST_WORDS:
        return [(sort, text) for sort, text in ((REMOVED, before), (ADDED, after)) if text]
    found = []
    for op, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if op == "equal":
            found.append(("same", "".join(old[a:b])))
            continue
        found += [(REMOVED, "".join(old[a:b]))] if b > a else []
        found += [(ADDED, "".join(new[c:d]))] if d > c else []
    return found
