"""What a question is about beside its words: warning signs that it tells of, and aspects that it asks for.

In: a text. Out: `Recognised`. The words of both vocabularies are never corrected and never left out. A misspelt
warning word is still a warning word. Pure.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from content_app.delivery.search.english import is_english
from content_app.publication.index.edit_distance import distance, shortened
from content_app.publication.index.words import tokens
from content_app.vocabulary.aspect_words import ASPECT_WORDS
from content_app.vocabulary.terms import ASPECTS
from content_app.vocabulary.warning_signs import CRISIS, SEEK_HELP, WARNING_SIGNS, WarningSign

SHORTEST_MISSPELT = 4


class Phrases:
    """Phrases as sets of stems, each with the code that it names, found by any set of stems that contains them."""

    def __init__(self, table: Iterable[tuple[str, Iterable[str]]]):
        self.by_stem: dict[str, list[tuple[frozenset[str], str]]] = defaultdict(list)
        self.surfaces: set[str] = set()
        for code, phrases in table:
            for phrase in phrases:
                parts = tokens(phrase)
                self.surfaces.update(part.surface for part in parts)
                stems = frozenset(part.stem for part in parts)
                self.by_stem[max(stems, key=lambda stem: (len(stem), stem))].append((stems, code))

    def found_in(self, stems: set[str]) -> dict[str, frozenset[str]]:
        """The codes whose phrases are among these stems, each with all stems that name it."""
        found: dict[str, frozenset[str]] = {}
        for stem in stems:
            for phrase, code in self.by_stem.get(stem, ()):
                if phrase <= stems:
                    found[code] = found.get(code, frozenset()) | phrase
        return found


WARNINGS = Phrases((sign.code, sign.phrases) for sign in WARNING_SIGNS)
ASKED = Phrases(ASPECT_WORDS.items())
SIGNS = {sign.code: sign for sign in WARNING_SIGNS}


@dataclass(frozen=True)
class Recognised:
    """Warning signs, and aspects with the stems that ask for them. `kept` are the words that search may not touch."""

    signs: tuple[WarningSign, ...] = ()
    aspects: tuple[str, ...] = ()
    aspect_stems: frozenset[str] = frozenset()
    kept: frozenset[str] = frozenset()

    @property
    def seek_help(self) -> dict[str, object] | None:
        """The notice that stands first in an answer; None if the question tells of no warning sign."""
        if not self.signs:
            return None
        labels = [sign.label for sign in self.signs]
        text = SEEK_HELP.format(signs=_listed(labels))
        if any(sign.is_crisis for sign in self.signs):
            text = CRISIS if len(self.signs) == 1 else f"{CRISIS} {text}"
        return {"type": "when_to_seek_help", "text": text, "signs": labels}


def recognise(text: str) -> Recognised:
    """The warning signs and aspects that a text names."""
    parts = tokens(text)
    surfaces = {part.surface for part in parts}
    meant = {part.surface: part.stem for part in parts} | _misspelt_warnings(surfaces)
    stems = set(meant.values())
    signs = WARNINGS.found_in(stems)
    aspects = ASKED.found_in(stems)
    kept = {s for s, stem in meant.items() if stem in _stems() or s in WARNINGS.surfaces or s in ASKED.surfaces}
    return Recognised(
        tuple(sign for code, sign in SIGNS.items() if code in signs),
        tuple(code for code in ASPECTS if code in aspects),
        frozenset().union(*aspects.values()),
        frozenset(kept),
    )


def _misspelt_warnings(surfaces: Iterable[str]) -> dict[str, str]:
    """Words that are not English and one letter away from a warning word: “fevr” is fever, not “never”."""
    found = {}
    for surface in surfaces:
        if len(surface) < SHORTEST_MISSPELT or surface in WARNINGS.surfaces or not surface.isalpha():
            continue
        near = [word for left in shortened(surface, 1) for word in _warning_words().get(left, ())]
        near = sorted(word for word in near if distance(surface, word, 1) == 1)
        if near and not is_english(surface):
            found[surface] = tokens(near[0])[0].stem
    return found


@lru_cache(maxsize=1)
def _warning_words() -> dict[str, list[str]]:
    """The warning words that are phrases by themselves, by what is left of them without a letter."""
    words = defaultdict(list)
    for sign in WARNING_SIGNS:
        for phrase in sign.phrases:
            if " " not in phrase and len(phrase) > SHORTEST_MISSPELT - 1:
                for left in shortened(phrase, 1):
                    words[left].append(phrase)
    return words


@lru_cache(maxsize=1)
def _stems() -> frozenset[str]:
    """Every stem of both vocabularies."""
    return frozenset(
        stem
        for phrases in (WARNINGS, ASKED)
        for found in phrases.by_stem.values()
        for stems, _ in found
        for stem in stems
    )


def _listed(labels: list[str]) -> str:
    return labels[0] if len(labels) == 1 else f"{', '.join(labels[:-1])} and {labels[-1]}"
