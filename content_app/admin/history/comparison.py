"""Compares two editorial documents as an editor would: field by field, part by part.

In: two documents of one item. Out: `Difference`s in reading order, each with the text before and after, and the
words that differ. Pure: no Django, no database.
"""

import datetime
import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from content_app import word_difference
from content_app.vocabulary import terms
from content_app.vocabulary.code_systems import CODE_SYSTEMS
from content_app.vocabulary.predicates import PREDICATES
from content_app.vocabulary.terms import ASPECTS, KINDS, NAME_TYPES
from content_app.word_difference import ADDED, REMOVED

Document = dict[str, Any]
Key = tuple[str, ...]
CHANGED = "changed"


@dataclass(frozen=True)
class Difference:
    """One thing that differs. `key` names it alike in every pair of documents; a text is "" where there is none."""

    key: Key
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
        return word_difference.runs(self.before, self.after)


@dataclass(frozen=True)
class ComparedPart:
    """One field or one part of a document: its texts by the name of the field, "" where it is the field itself."""

    section: str
    label: str
    texts: dict[str, str]

    @property
    def whole(self) -> str:
        return "\n".join(f"{field}: {text}" if field else text for field, text in self.texts.items())


def compare(before: Document, after: Document) -> list[Difference]:
    """What differs, in reading order; what was removed stands in its own old place."""
    old, new = dict(_entries(before)), dict(_entries(after))
    found = [d for key in _merged(list(old), list(new)) for d in _differences(key, old.get(key), new.get(key))]
    found += _differences_of_order(old, new)
    return sorted(found, key=lambda difference: SECTIONS.index(difference.section))


def _differences(key: Key, old: ComparedPart | None, new: ComparedPart | None) -> Iterator[Difference]:
    if old is None or new is None:
        entry = new or old
        yield Difference(key, entry.section, entry.label, old.whole if old else "", new.whole if new else "")
        return
    for field in dict.fromkeys([*old.texts, *new.texts]):
        before, after = old.texts.get(field, ""), new.texts.get(field, "")
        if before != after:
            label = f"{new.label}: {field[0].lower()}{field[1:]}" if field else new.label
            yield Difference((*key, field), new.section, label, before, after)


def _differences_of_order(old: dict[Key, ComparedPart], new: dict[Key, ComparedPart]) -> Iterator[Difference]:
    for section in SECTIONS[SECTIONS.index("Names") :]:
        before = [key for key in old if key in new and old[key].section == section]
        after = [key for key in new if key in old and new[key].section == section]
        if before != after:
            labels = ("\n".join(new[key].label for key in keys) for keys in (before, after))
            yield Difference((section, "order"), section, f"Order of {section.lower()}", *labels)


def _merged(old: list[Key], new: list[Key]) -> list[Key]:
    """All keys, each once, in the order of `new`, with what only `old` has at its old place."""
    merged, known = [], set(new)
    for op, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        merged += [key for key in old[a:b] if key not in known] if op != "equal" else []
        merged += new[c:d]
    return merged


SECTIONS = (
    "The source", "The item", "Summary", "Names", "Statements", "Relationships", "Codings", "Sources", "Notices",
)  # fmt: skip
PARTS = {
    "names": "Names", "statements": "Statements", "relations": "Relationships", "codings": "Codings",
    # What published documents show beside what was written.
    "sources": "Sources", "notices": "Notices",
}  # fmt: skip
# What a part is recognised by, where that is one field of it.
OWN_KEYS = {"statements": "uuid", "sources": "slug", "notices": "type"}
UNTOLD = {"kind", "uuid", "summary", "citations", *PARTS}
AUDIENCES = {"clinical": "For clinicians", "plain": "In plain words"}
# How the desk calls a field, where that is not the name of the field.
LABELS = AUDIENCES | {
    "abbreviation": "Abbreviation",
    "analogy_source": "Image",
    "analogy_target": "Meaning",
    "cause_status": "Cause",
    "caution": "Standing caution",
    "checked_on": "Date checked",
    "container": "Published in",
    "display": "Title",
    "display_with": "Shown with",
    "doi": "DOI",
    "expected_response_implied": "Expected response implied",
    "isbn": "ISBN",
    "object": "To",
    "observation": "Reported or observed",
    "pmid": "PubMed ID",
    "predicate": "Relationship",
    "review_cycle_months": "Months between reviews",
    "safety_notice": "Safety alert",
    "system": "Code system",
    "uri": "Permanent address",
    "url": "Web address",
    "verified_by": "Checked against",
}
# The vocabularies of fields whose value is a code.
TERMS = {
    "aspect": terms.ASPECTS,
    "category": terms.CATEGORIES,
    "cause_status": terms.CAUSE_STATUSES,
    "assertion": terms.ASSERTIONS,
    "likelihood": terms.LIKELIHOODS,
    "layer": terms.LAYERS,
    "population": terms.POPULATIONS,
    "evidence": terms.EVIDENCE_LEVELS,
    "evidence_level": terms.EVIDENCE_LEVELS,
    "form": terms.FORMS,
    "frequency": terms.FREQUENCIES,
    "match": terms.MATCHES,
    "modality": terms.MODALITIES,
    "observation": terms.OBSERVATIONS,
    "subtopic": terms.SUBTOPICS,
    "topic": terms.TOPICS,
    "type": terms.NAME_TYPES | terms.SOURCE_TYPES,
    "verification": terms.VERIFICATIONS,
    "predicate": PREDICATES,
}


def _entries(document: Document) -> Iterator[tuple[Key, ComparedPart]]:
    """The document as texts, in reading order."""
    whole = "The source" if document.get("kind") == "source" else "The item"
    for field, value in document.items():
        if field not in UNTOLD:
            yield (field,), ComparedPart(whole, label_of(field), {"": _in_words(field, value)})
    for audience, text in document.get("summary", {}).items():
        yield ("summary", audience), ComparedPart("Summary", f"Summary {AUDIENCES[audience].lower()}", {"": text})
    if document.get("citations"):
        yield ("citations",), ComparedPart("Summary", "Citations", {"": _text(document["citations"])})
    for part in PARTS:
        for entry in document.get(part, []):
            yield (part, *_key_of(part, entry)), ComparedPart(PARTS[part], _title(part, entry), _texts(entry))


def _key_of(part: str, entry: Document) -> Key:
    """What a part is recognised by in another revision."""
    if part == "names":
        return entry["type"], entry.get("language", "en"), entry["text"]
    if part in OWN_KEYS:
        return (entry[OWN_KEYS[part]],)
    return (entry["predicate"], entry["object"]) if part == "relations" else (entry["system"], entry.get("code", ""))


def _title(part: str, entry: Document) -> str:
    if part == "names":
        return f"{NAME_TYPES[entry['type']].label} “{_short(entry['text'])}”"
    if part == "statements":
        return f"{ASPECTS[entry['aspect']].label} “{_short(entry['clinical'])}”"
    if part == "sources":
        return f"Source “{_short(entry['title'])}”"
    if part == "notices":
        return f"Notice “{label_of(entry['type'])}”"
    if part == "relations":
        return f"{PREDICATES[entry['predicate']].label} {_called(entry['object'])}"
    return f"{CODE_SYSTEMS[entry['system']].name} {entry.get('code', '(no code)')}"


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"


def _texts(entry: Document) -> dict[str, str]:
    return {label_of(field): _in_words(field, value) for field, value in entry.items() if field != "uuid"}


def label_of(field: str) -> str:
    """A field of a document in words."""
    return LABELS.get(field, field.replace("_", " ").capitalize())


def _in_words(field: str, value: Any) -> str:
    """The value of a field in words: labels in place of codes, days as people write them."""
    if field in TERMS and value in TERMS[field]:
        return TERMS[field][value].label
    if field == "system":
        return CODE_SYSTEMS[value].name
    if field in ("object", "display_with"):
        return _called(value)
    if field == "checked_on":
        day = datetime.date.fromisoformat(value)
        return f"{day.day} {day:%b %Y}"
    return _text(value)


def _called(reference: str) -> str:
    """An item that is referred to, from its reference alone: “burning (symptom type)”."""
    kind, _, slug = reference.partition("/")
    return f"{slug.replace('-', ' ')} ({KINDS[kind].label.lower()})"


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "\n".join(_text(entry) for entry in value)
    if isinstance(value, dict):  # a citation
        return "; ".join(_text(entry) for entry in value.values())
    return str(value)
