"""Completes what somebody types, from the names of a release: names that begin with it, then names that hold it.

In: a text and a release. Out: suggestions, each document once. Two look-ups in an index, however large the library.
"""

import json
from typing import Any

from content_app.canonical import compact_json
from content_app.delivery.search import index, spelling
from content_app.delivery.search.finding import NOTICE
from content_app.delivery.search.recognised import recognise
from content_app.publication.index import texts
from content_app.publication.index.words import tokens
from content_app.vocabulary.addresses import href
from content_app.vocabulary.aspect_words import ASPECT_WORDS
from content_app.vocabulary.terms import ASPECTS

MOST_NAMES = 100
USUAL = 10  # suggestions
SHORTEST_START = 3
# Which sorts of name come first: what it is called, what it is also called, what people say, codes.
GROUPS = tuple(
    {"preferred": 0, "abbreviation": 0, "synonym": 1, "clinical_term": 1}.get(sort, 2) for sort in texts.RANKS
)


def prefix_of(text: str) -> str:
    """The text as the index holds the beginnings of names."""
    return " ".join(token.surface for token in tokens(text))


def suggest(prefix: str, release: int, most: int, kinds: tuple[str, ...] = ()) -> list[index.Name]:
    """Names, best first: whole names before later words, sorts of name in their order, short ones first."""
    found: list[index.Name] = []
    seen: set[int] = set()
    for is_start in (True, False):
        names = index.names_from(prefix, release, MOST_NAMES, kinds=kinds, is_start=is_start)
        names.sort(key=lambda name: (name.starts != prefix, GROUPS[name.rank], len(name.text), name.starts, name.place))
        for name in names:
            if name.place not in seen and len(found) < most:
                seen.add(name.place)
                found.append(name)
    return found


def corrected_prefix(text: str, release: int) -> str | None:
    """The text with its misspelt words corrected; None if none is."""
    words = [token.surface for token in tokens(text)]
    kept = recognise(text).kept
    corrections = spelling.corrected([word for word in words if word not in kept], release)
    changed = " ".join(word for old in words for word in corrections.get(old, (old,)))
    return changed if changed != " ".join(words) else None


def aspects(text: str) -> list[dict[str, str]]:
    """The aspects that the words ask for, or that one of their words begins to ask for."""
    asked = set(recognise(text).aspects)
    prefix = prefix_of(text)
    if len(prefix) >= SHORTEST_START:
        asked |= {
            code for code, phrases in ASPECT_WORDS.items() if any(phrase.startswith(prefix) for phrase in phrases)
        }
    return [{"aspect": code, "label": term.label} for code, term in ASPECTS.items() if code in asked]


def entry(name: index.Name, prefix: str, document: dict[str, Any]) -> dict[str, Any]:
    """A suggestion as this API shows it."""
    start, end = _typed(name, prefix)
    shown = [(name.text[:start], False), (name.text[start:end], True), (name.text[end:], False)]
    return {
        "text": name.text,
        "field": list(texts.RANKS)[name.rank],
        "excerpt": [{"text": text, "is_match": is_match} for text, is_match in shown if text],
        "item": {key: document[key] for key in ("id", "kind", "slug", "name")}
        | {"href": href(document["kind"], document["slug"])},
    }


def _typed(name: index.Name, prefix: str) -> tuple[int, int]:
    """Where in the name that stands which was typed: to the end of the last word that it touches."""
    parts = tokens(name.text)
    for number in range(len(parts)):
        if " ".join(part.surface for part in parts[number:])[:200].startswith(name.starts):
            last = parts[min(number + prefix.count(" "), len(parts) - 1)]
            typed = len(prefix.rpartition(" ")[2])
            whole = last.end - last.start == len(last.surface)
            return parts[number].start, last.start + typed if whole else last.end
    return 0, 0


def answer(text: str, prefix: str, release: int, most: int, kinds: tuple[str, ...] = ()) -> bytes:
    """What completes a text that was typed, as JSON."""
    names = suggest(prefix, release, most, kinds)
    corrected = None if names else corrected_prefix(text, release)
    if corrected:
        names = suggest(corrected, release, most, kinds)
    stored = index.heads([name.place for name in names])
    return compact_json(
        {
            "release": release,
            "q": text.strip(),
            "seek_help": recognise(text).seek_help,
            "aspects": aspects(text),
            "interpreted_as": {"q": corrected} if names and corrected else None,
            "notice": NOTICE,
            "results": [entry(name, corrected or prefix, json.loads(stored[name.place][0])) for name in names],
        }
    )
