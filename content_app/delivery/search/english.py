"""Whether a word is English, so that search never “corrects” a word that somebody meant.

In: a folded word. Out: yes or no. The list is pyspellchecker's, about 160,000 words, read when it is first needed.
"""

import gzip
import json
import zlib
from array import array
from bisect import bisect_left
from functools import lru_cache
from importlib.resources import files

from content_app.publication.index.words import fold

RESOURCE = files("spellchecker") / "resources" / "en.json.gz"


@lru_cache(maxsize=1)
def _known() -> array:
    """The words as sorted numbers: less than a megabyte. One word in 25,000 that is not English passes for it."""
    words = json.loads(gzip.decompress(RESOURCE.read_bytes()))
    folded = (word if word.isascii() and word.isalpha() else fold(word) for word in words)
    return array("I", sorted({zlib.crc32(word.encode()) for word in folded}))


def is_english(word: str) -> bool:
    """Whether the list has the word."""
    known, number = _known(), zlib.crc32(word.encode())
    place = bisect_left(known, number)
    return place < len(known) and known[place] == number
