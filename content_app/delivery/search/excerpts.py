"""Which text of a document matched, cut to the match, in pieces that say what to highlight.

In: the material of a document, the stems that were searched for, how it was found. Out: the field and an excerpt of
plain-text pieces: nothing in them is markup, so a page that shows them as text is safe. Pure.
"""

from typing import Any

from content_app.delivery.search.finding import EXACT, NAME
from content_app.delivery.search.material import Material
from content_app.publication.index import scoring, texts
from content_app.publication.index.texts import Text
from content_app.publication.index.words import Token, compounds, stem, tokens, whole

LONGEST, BEFORE = 240, 60
TIERS = ("exact", "name", "text", "text")


def match(material: Material, stems: list[str], tier: int, asked: str) -> dict[str, Any]:
    """How a hit matched: `tier`, `field`, the statement if it is one, and the excerpt."""
    text = _exact(material, asked) if tier == EXACT else None
    text = text or (_best_name(material, stems) if tier == NAME else None) or _best_text(material, stems)
    everything = tier == EXACT and whole(text.text) == asked
    return {
        "tier": TIERS[tier],
        "field": text.field,
        "statement": text.statement,
        "aspect": text.aspect,
        "excerpt": [{"text": text.text, "is_match": True}] if everything else pieces(text.text, stems),
    }


def _exact(material: Material, asked: str) -> Text | None:
    named = [text for text in (*material.names, *material.codes) if whole(text.text) == asked]
    return min(named, key=lambda text: texts.RANKS[text.field], default=None)


def _best_name(material: Material, stems: list[str]) -> Text | None:
    scored = [(scoring.name_score(scoring.name_line(name.field, name.text), stems), name) for name in material.names]
    points, name = max(scored, key=lambda pair: pair[0])
    return name if points else None


def _best_text(material: Material, stems: list[str]) -> Text:
    """The text with most of the stems; names before texts where they have as many."""
    wanted = set(stems)
    best, most = None, -1
    for text, its_stems in material.texts:
        held = len(wanted & its_stems)
        if held > most:
            best, most = text, held
        if held == len(wanted):
            break
    return best


def pieces(text: str, stems: list[str]) -> list[dict[str, Any]]:
    """The text around its first match, cut at words, as pieces that match and pieces that do not."""
    marked = _marked(text, set(stems))
    start, end = _window(text, marked)
    found: list[dict[str, Any]] = []
    place = start
    for first, last in marked:
        if first >= end or last <= start:
            continue
        found += [{"text": text[place:first], "is_match": False}, {"text": text[first:last], "is_match": True}]
        place = last
    found.append({"text": text[place:end], "is_match": False})
    if start:
        found.insert(0, {"text": "… ", "is_match": False})
    if end < len(text):
        found.append({"text": " …", "is_match": False})
    return [piece for piece in found if piece["text"]]


def _marked(text: str, stems: set[str]) -> list[tuple[int, int]]:
    """Where the words stand that match; what a hyphen joins matches as a whole."""
    parts = tokens(text)
    found = {(part.start, part.end) for part in parts if part.stem in stems}
    for run, joined in compounds(text, parts):
        if stem(joined) in stems:
            found -= {(part.start, part.end) for part in run}
            found.add((run[0].start, run[-1].end))
    return sorted(found)


def _window(text: str, marked: list[tuple[int, int]]) -> tuple[int, int]:
    if len(text) <= LONGEST:
        return 0, len(text)
    words: list[Token] = tokens(text)
    first = marked[0][0] if marked else 0
    start = next((word.start for word in words if word.start >= first - BEFORE), 0)
    start = 0 if start <= words[0].start else min(start, first)
    end = max((word.end for word in words if word.end <= start + LONGEST), default=start + LONGEST)
    return start, len(text) if end >= words[-1].end else end
