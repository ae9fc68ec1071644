"""What a misspelt word may have meant: the nearest word that published texts use.

In: words that no document has, and a release. Out: corrections. Follows SymSpell: a word and a misspelling of it
become the same when letters are left out of each, so that a look-up in an index replaces a scan.
"""

from content_app.delivery.search import index
from content_app.delivery.search.english import is_english
from content_app.publication.index.edit_distance import SHORTEST, distance, keys, most_wrong
from content_app.publication.index.words import stem
from content_app.vocabulary.release_numbers import NEVER

__all__ = ["corrected", "stem"]


def corrected(words: list[str], release: int) -> dict[str, tuple[str, ...]]:
    """What each word may have meant, for those where something is near. An English word meant what it says."""
    words = [word for word in words if len(word) >= SHORTEST and word.isalpha() and not is_english(word)]
    found = {word: meant(word, release) for word in words}
    return {word: near for word, near in found.items() if near}


def meant(word: str, release: int) -> tuple[str, ...]:
    """The nearest word of the release, or the two words that were written as one; empty if nothing is near."""
    near = _near(word, release)
    if near and near[0][0] == 1:
        return near[0][-1:]
    return _split(word, release) or (near[0][-1:] if near else ())


def _near(word: str, release: int) -> list[tuple[int, bool, bool, str]]:
    """Words that the release knows, nearest first: by distance, in a name, same first letter, alphabet."""
    most = most_wrong(word)
    found = []
    for other, names_since in index.words_with_keys(keys(word, most), release):
        away = distance(word, other, most)
        is_in_name = (names_since or NEVER) <= release
        if away <= (most if is_in_name else 1):
            found.append((away, not is_in_name, other[0] != word[0], other))
    return sorted(found)


def _split(word: str, release: int) -> tuple[str, ...]:
    """Two words that were written as one."""
    pairs = [(word[:place], word[place:]) for place in range(3, len(word) - 2)]
    known = index.words_among((part for pair in pairs for part in pair), release)
    return next((pair for pair in pairs if known.issuperset(pair)), ())
