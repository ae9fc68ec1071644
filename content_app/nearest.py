"""What an unknown word was probably meant to be: the one place that compares spellings for messages.

In: a word as somebody wrote it, and the words that are known. Out: the nearest of them, or the end of a sentence that
asks. No Django, no database. Searching corrects words by the published texts instead (`delivery.search.spelling`).
"""

import difflib
from collections.abc import Iterable

LONGEST = 120  # characters of a word that are compared


def nearest(word: str, known: Iterable[str], *, most: int = 1, cutoff: float = 0.6) -> list[str]:
    """The known words that are nearest, best first, whatever their case. `cutoff` is how alike: 1.0 is the same."""
    spellings = {name.casefold(): name for name in known}
    return [spellings[name] for name in difflib.get_close_matches(word[:LONGEST].casefold(), spellings, most, cutoff)]


def did_you_mean(word: str, known: Iterable[str], otherwise: str, *, cutoff: float = 0.6) -> str:
    """The end of a sentence: “; did you mean …?” if a known word is near, else what is to be said `otherwise`."""
    near = nearest(word, known, cutoff=cutoff)
    return f"; did you mean “{near[0]}”?" if near else otherwise
