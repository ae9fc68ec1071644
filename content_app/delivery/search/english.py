"""Whether a word is English, so that search never “corrects” a word that somebody meant.

In: a folded word. Out: yes or no. The list is pyspellchecker's, about 160,000 words, read when it is first needed.
"""

from functools import lru_cache

from content_app.publication.index.words import fold


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    from spellchecker import SpellChecker  # its list takes a moment to read, and most questions need none of it

    return frozenset(map(fold, SpellChecker(language="en").word_frequency.dictionary))


def is_english(word: str) -> bool:
    """Whether the list has the word."""
    return word in _known()
