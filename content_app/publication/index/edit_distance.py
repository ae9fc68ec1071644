"""How far apart two words are, and the keys by which near words meet without comparing all of them.

In: folded words. Out: numbers and sets. Pure. Follows SymSpell: a word and a misspelling of it become the same when
letters are left out of each. One letter may be wrong; two in words of eight letters and more that stand in names.
"""

import zlib
from itertools import combinations

PREFIX = 9
SHORTEST, LONG = 4, 8


def shortened(word: str, most: int) -> set[str]:
    """The first letters of a word, and what is left of them without one or two letters."""
    start = word[:PREFIX]
    return {
        "".join(letter for place, letter in enumerate(start) if place not in without)
        for count in range(most + 1)
        for without in combinations(range(len(start)), count)
    }


def most_wrong(word: str) -> int:
    """How many letters of a word may be wrong."""
    return 2 if len(word) >= LONG else 1


def keys(word: str, most: int) -> set[int]:
    """What is left of a word without one or two letters, each as a number."""
    return {zlib.crc32(left.encode()) for left in shortened(word, most)}


def keys_of_known(word: str, *, is_in_name: bool) -> set[int]:
    """The keys under which a word is known. A word that is one letter short may be one that is too short itself."""
    if len(word) < SHORTEST - 1 or not word.isalpha():
        return set()
    return keys(word, 2 if is_in_name and len(word) >= LONG - 1 else 1)


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
