"""What a misspelt word may have meant: the nearest word that published texts use.

In: words that no document has, and a release. Out: corrections. Follows SymSpell: a word and a misspelling of it
become the same when letters are left out of each, so that a look-up in a sorted array replaces a scan. One letter
may be wrong; two in words of eight letters and more that stand in names. The array is made in each process from
the vocabulary of everything published, and kept until something is published.
"""

import zlib
from array import array
from bisect import bisect_left
from collections.abc import Iterator
from itertools import combinations
from threading import Lock

from django.db import connection

from content_app.delivery.search import index
from content_app.publication.index.words import stem

__all__ = ["corrected", "stem"]

SHORTEST, LONG = 4, 8
PREFIX = 9
NEVER = 2_147_483_647


class Dictionary:
    """All words ever published, found by what is left of them without a letter or two."""

    def __init__(self, rows):
        self.rows = [(word, since, names_since or NEVER) for word, since, names_since in rows]
        self.since = {word: since for word, since, _ in self.rows}
        keys = []
        for number, (word, _, names_since) in enumerate(self.rows):
            if len(word) >= SHORTEST - 1 and word.isalpha():
                most = 2 if len(word) >= LONG - 1 and names_since != NEVER else 1
                keys += [_hash(left) << 32 | number for left in shortened(word, most)]
        self.keys = array("Q", sorted(keys))

    def meant(self, word: str, release: int) -> tuple[str, ...]:
        """The nearest word of the release, or the two words that were written as one; empty if nothing is near."""
        near = self._near(word, release)
        if near and near[0][0] == 1:
            return near[0][-1:]
        return self._split(word, release) or (near[0][-1:] if near else ())

    def _near(self, word: str, release: int) -> list[tuple[int, bool, bool, str]]:
        """Words that the release knows, nearest first: by distance, in a name, same first letter, alphabet."""
        most = 2 if len(word) >= LONG else 1
        found = []
        for number in {number for left in shortened(word, most) for number in self._with(left)}:
            other, since, names_since = self.rows[number]
            away = distance(word, other, most)
            if since <= release and away <= (most if names_since <= release else 1):
                found.append((away, names_since > release, other[0] != word[0], other))
        return sorted(found)

    def _split(self, word: str, release: int) -> tuple[str, ...]:
        """Two words that were written as one."""
        for place in range(3, len(word) - 2):
            parts = (word[:place], word[place:])
            if all(self.since.get(part, NEVER) <= release for part in parts):
                return parts
        return ()

    def _with(self, left: str) -> Iterator[int]:
        low = _hash(left) << 32
        place = bisect_left(self.keys, low)
        while place < len(self.keys) and self.keys[place] >> 32 == low >> 32:
            yield self.keys[place] & 0xFFFFFFFF
            place += 1


_kept: dict[str, tuple[str, Dictionary]] = {}
_lock = Lock()


def corrected(words: list[str], release: int) -> dict[str, tuple[str, ...]]:
    """What each word may have meant, for those where something is near."""
    words = [word for word in words if len(word) >= SHORTEST and word.isalpha()]
    if not words:
        return {}
    dictionary = _dictionary()
    found = {word: dictionary.meant(word, release) for word in words}
    return {word: near for word, near in found.items() if near}


def _dictionary() -> Dictionary:
    place, history = str(connection.settings_dict["NAME"]), index.history()
    with _lock:
        if place not in _kept or _kept[place][0] != history:
            _kept[place] = (history, Dictionary(index.vocabulary()))
        return _kept[place][1]


def _hash(text: str) -> int:
    return zlib.crc32(text.encode())


def shortened(word: str, most: int) -> set[str]:
    """The first letters of a word, and what is left of them without one or two letters."""
    start = word[:PREFIX]
    return {
        "".join(letter for place, letter in enumerate(start) if place not in without)
        for count in range(most + 1)
        for without in combinations(range(len(start)), count)
    }


def distance(one: str, other: str, most: int) -> int:
    """How many letters are wrong, missing, too many or swapped (optimal string alignment); `most` + 1 if more."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    second: list[int] = []
    above, row = [], list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        second, above, row = above, row, [i]
        for j, its in enumerate(other, 1):
            row.append(min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (letter != its)))
            if i > 1 and j > 1 and letter == other[j - 2] and its == one[i - 2]:
                row[j] = min(row[j], second[j - 2] + 1)
    return min(row[-1], most + 1)
