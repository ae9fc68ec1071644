"""Where two texts differ, word by word: for readers and at the desk alike.

In: two texts. Out: runs of words, each with what became of it. No Django, no database.
"""

import difflib
import re

ADDED, REMOVED, SAME = "added", "removed", "same"
WORD = re.compile(r"\s*(?:\w+|[^\w\s])|\s+")
# Beyond this many words that differ, whole texts stand side by side: the search for the words takes too long.
MOST_WORDS = 1500
Run = tuple[str, str]


def runs(before: str, after: str) -> list[Run]:
    """(same, removed or added; text), no two neighbours of one sort.

    The texts of `same` and `removed` make up `before`, those of `same` and `added` make up `after`.
    """
    one, other = WORD.findall(before), WORD.findall(after)
    start = _shared(one, other)
    end = _shared(one[start:][::-1], other[start:][::-1])
    found = [(SAME, one[:start])]
    found += _between(one[start : len(one) - end], other[start : len(other) - end])
    found.append((SAME, one[len(one) - end :]))
    return _joined(found)


def _shared(one: list[str], other: list[str]) -> int:
    """How many words the two begin with alike."""
    for place, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return place
    return min(len(one), len(other))


def _between(one: list[str], other: list[str]) -> list[tuple[str, list[str]]]:
    if max(len(one), len(other)) > MOST_WORDS:
        return [(REMOVED, one), (ADDED, other)]
    found = []
    for tag, i1, i2, j1, j2 in difflib.SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        found += [(SAME, one[i1:i2])] if tag == "equal" else [(REMOVED, one[i1:i2]), (ADDED, other[j1:j2])]
    return found


def _joined(found: list[tuple[str, list[str]]]) -> list[Run]:
    """The runs without empty ones, neighbours of one sort joined."""
    joined: list[Run] = []
    for change, tokens in found:
        text = "".join(tokens)
        if tokens and joined and joined[-1][0] == change:
            joined[-1] = (change, joined[-1][1] + text)
        elif tokens:
            joined.append((change, text))
    return joined
