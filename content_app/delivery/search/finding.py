"""What a question finds in one release, in order: exact names and codes, then names, then texts.

In: a question and a release. Out: `Found`. First all words must be there; if that finds nothing, words that are
misspelt are corrected, words that nobody uses are left out, and at last some of the words are enough. Each of
these steps is told. None of them touches words that name a warning sign: what tells of one is found with all of its
words or not at all. Words that ask for an aspect are answered by `covered`, so the others are enough. At most `MOST`
documents are ranked; what is beyond is counted as “more than”.

Conditions that match in their texts alone stand last, by name: search does not rank conditions by symptoms.
"""

from dataclasses import dataclass, field
from itertools import combinations
from operator import itemgetter
from typing import Any

from content_app.delivery.search import index, spelling
from content_app.delivery.search.question import Question, Word
from content_app.delivery.store.own_codes import items_with
from content_app.publication.index import scoring
from content_app.publication.index.engines import NAMES, PROSE, Match, engine

NOTICE = (
    "This is a text search, not a diagnosis. Results are ordered by how well the words match, not by how likely a "
    "condition is. Many illnesses that need prompt care are not described here."
)
MOST = 1000
MOST_WORDS_IN_PART = 8
EXACT, NAME, TEXT, CONDITION_TEXT = range(4)


@dataclass(frozen=True)
class Hit:
    """A document that was found: its place in the index, how it was found, what it can be narrowed by."""

    place: int
    tier: int
    facets: str


@dataclass(frozen=True)
class Found:
    """All hits in order, and how the question was taken if not as it was typed."""

    hits: list[Hit]
    has_more: bool
    stems: list[str]
    whole: str
    corrected: dict[str, str] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()
    is_partial: bool = False


def find(question: Question, release: int) -> Found:
    known = index.stems(_wanted(question), release)
    question = _joined(question, known, release)
    exact = index.exact((question.whole, *question.codes), release, MOST + 1)
    exact |= dict.fromkeys(index.places_of(items_with(question.own_codes, release), release), 0)
    found = Search(question, release, known, exact).all_words(question.stems)
    if found.hits or question.looks_like_a_code:
        return found
    return _otherwise(question, release, known, exact) or found


def interpretation(wanted: Question, found: Found) -> dict[str, Any] | None:
    """How the question was taken; null if as it was typed."""
    if not (found.corrected or found.left_out or found.is_partial):
        return None
    words = [found.corrected.get(w.surface, w.surface) for w in wanted.words if w.surface not in found.left_out]
    return {
        "q": " ".join(words),
        "corrected": [{"from": old, "to": new} for old, new in found.corrected.items()],
        "left_out": list(found.left_out),
        "words": "some" if found.is_partial else "all",
    }


def _wanted(question: Question) -> list[str]:
    return question.stems + [one.stem for _, one in question.joined]


def _joined(question: Question, known: dict[str, index.Stem], release: int) -> Question:
    """“fibro-myalgia” is one word where the whole is known, and is a name or has an unknown part."""
    words = list(question.words)
    before = list(words)
    for parts, one in question.joined:
        if one.stem not in known:
            continue
        if any(part.stem not in known for part in parts) or index.exact([one.stem], release, 1):
            places = [words.index(part) for part in parts if part in words]
            words[places[0] : places[0] + 1] = [one] if places else []
            words = [word for word in words if word not in parts]
    return question if words == before else question.with_words(words)


def _otherwise(question: Question, release: int, known, exact) -> Found | None:
    """What the question finds with its misspelt words corrected, and its unknown words left out."""
    kept = question.recognised.kept
    unknown = [word for word in question.words if word.stem not in known]
    corrected = spelling.corrected([word.surface for word in unknown if word.surface not in kept], release)
    words: list[Word] = []
    for word in question.words:
        words += [Word(w, spelling.stem(w)) for w in corrected[word.surface]] if word.surface in corrected else [word]
    words = [word for word in words if word.stem not in question.recognised.aspect_stems]
    left_out: tuple[str, ...] = ()
    if not question.recognised.signs:
        left_out = tuple(word.surface for word in unknown if word.surface not in {*corrected, *kept})
    question = question.with_words([word for word in words if word.surface not in left_out])
    if not question.words:
        return None
    known = index.stems(question.stems, release)
    exact = index.exact([question.whole], release, MOST + 1)
    search = Search(question, release, known, exact)
    told = {"corrected": {old: " ".join(new) for old, new in corrected.items()}, "left_out": left_out}
    found = search.all_words(question.stems, **told)
    return found if found.hits or question.recognised.signs else search.some_words(question.stems, **told)


class Search:
    """One question in one release."""

    def __init__(self, question: Question, release: int, known: dict[str, index.Stem], exact: dict[int, int]):
        self.question, self.release, self.known, self.exact = question, release, known, exact

    def all_words(self, stems: list[str], **told) -> Found:
        """Documents that have every stem, and those that are called exactly what was typed."""
        places: dict[int, int | None] = {}
        if all(stem in self.known for stem in stems):
            places = self._candidates(stems)
        return self._ranked(places, stems, partial=False, **told)

    def some_words(self, stems: list[str], **told) -> Found:
        """Documents that have as many of the stems as possible, at least half of them."""
        stems = sorted(sorted(stems, key=lambda stem: (-len(stem), stem))[:MOST_WORDS_IN_PART])
        used = [stem for stem in stems if stem in self.known]
        for least in range(min(len(used), len(stems) - 1), (len(stems) + 1) // 2 - 1, -1):
            groups = tuple(combinations(used, least))
            places = self._matching(NAMES if self.question.is_stop_words_only else PROSE, groups, expected=None)
            if places:
                return self._ranked(dict.fromkeys(places), stems, partial=True, **told)
        return self._ranked({}, stems, partial=False, **told)

    def _candidates(self, stems: list[str]) -> dict[int, int | None]:
        """Places to rank: all that match, or of too many the best known, those that match in names, the newest.

        With their scores, where these are known.
        """
        expected = min(self.known[stem].entries for stem in stems)
        if self.question.is_stop_words_only:
            return dict.fromkeys(self._matching(NAMES, (tuple(stems),), expected))
        places: dict[int, int | None] = {}
        if len(stems) == 1 and self.known[stems[0]].is_common:
            places |= index.best(stems[0], self.question.facets, self.release, MOST + 1)
        for tier in (NAMES, PROSE) if expected > MOST else (PROSE,):
            if len(places) <= MOST:
                places = dict.fromkeys(self._matching(tier, (tuple(stems),), expected)) | places
        return places

    def _matching(self, tier: str, groups: tuple[tuple[str, ...], ...], expected: int | None) -> list[int]:
        if expected is None:
            expected = sum(min(self.known[stem].entries for stem in group) for group in groups)
        return engine().find(tier, Match(groups, self.question.facets), self.release, MOST + 1, expected)

    def _ranked(self, places: dict[int, int | None], stems: list[str], *, partial: bool, **told) -> Found:
        needed = [[f" {value} " for value in values] for values in self.question.facets]
        scored = {place for place, score in places.items() if score is not None} | self.exact.keys()
        entries = index.entries(scored, with_words=False) if scored else []
        if places.keys() - scored:
            entries += index.entries(places.keys() - scored)
        rows = [
            (self._key(entry, stems, places.get(entry.place), partial), entry)
            for entry in entries
            if all(any(value in entry.facets for value in values) for values in needed)
        ]
        rows.sort(key=itemgetter(0))
        hits = [Hit(entry.place, key[0], entry.facets) for key, entry in rows[:MOST]]
        return Found(hits, len(rows) > MOST, stems, self.question.whole, is_partial=partial, **told)

    def _key(self, entry: index.IndexedDocument, stems: list[str], score: int | None, partial: bool) -> tuple:
        """What hits are sorted by. Names, and then places, break ties: the order is total."""
        ties = (entry.sort_name, entry.place)
        if entry.place in self.exact:
            return (EXACT, self.exact[entry.place], *ties)
        points = scoring.name_score(entry.names, stems) if score is None else score
        if points >= scoring.HOLDS_ALL:
            return (NAME, -points, *ties)
        if entry.kind == "condition":
            return (CONDITION_TEXT, 0, *ties)
        if score is None:
            points = scoring.text_score(entry.weights, stems)
        if partial:
            points += 100 * scoring.coverage(entry.weights, entry.names, stems)
        return (TEXT, -points, *ties)
