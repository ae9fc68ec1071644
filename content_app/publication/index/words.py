"""Words as search compares them: without case, accents, hyphens and apostrophes, in one spelling, in one form.

In: text. Out: tokens with their place in it. Both databases store and compare these words as they are, so that the
same question finds the same documents on each. Pure: the same text gives the same words, for ever.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

LONGEST_WORD = 40
# Han, kana, Thai, Lao, Burmese and Khmer are written without spaces: each letter, with the marks on it, is a word.
LETTERS = "\u3005-\u3007\u3041-\u3096\u309d-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
LETTERS += "\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff"
MARKS = "[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece\u102b-\u103e\u17b4-\u17d3]"
PART = f"[^\\W_{LETTERS}]+"
WORD = re.compile(f"(?!{MARKS})[{LETTERS}]{MARKS}*|{PART}(?:['’ʼ´`＇\u00ad]{PART})*")
HYPHENS = "-\u2010\u2011"
LIGATURES = str.maketrans({"œ": "oe", "æ": "ae"})  # which no normal form takes apart
NOT_IN_WORDS = re.compile("['’ʼ´`＇\u00ad]")

# Words that say nothing by themselves. Not here: “no”, “not”, “without”, “all”, “over”, which change what is meant.
STOPS = (
    "a about am an and are as at be been being but by can could did do does for from had has have he her his how i if "
    "im in into is it its ive me my of on or our she should so some than that the their them then there these they "
    "this those to too up us very was we were what when where which while who why will with would you your"
)
STOP_WORDS = frozenset(STOPS.split())

# One spelling for British and American English, on the way to a stem: never shown to anybody.
SPELLINGS = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"(?<=...)is(?=(e|ed|er|ers|es|ing|ation|ations)$)", "iz"),
        (r"(?<=[a-z]l)ys(?=(e|ed|er|es|ing)$)", "yz"),
        (r"(?<=...)our(?=(s|ed|ing|less|ful|able|al|ally|ist)?$)", "or"),
        (r"^odour", "odor"),
        (r"^[ao]e(?=[a-z]{4})", "e"),
        (r"(?<=[a-z])[ao]e(?=[a-z]{2}|a$)(?!s$|ing$)", "e"),
        (r"(?<=[a-z]{2})([tb])re(?=s?$)", r"\1er"),
        (r"gramme(?=s?$)", "gram"),
        (r"^(def|off|lic|pret)ens(?=e|ing)", r"\1enc"),
        (r"^practis", "practic"),
        (r"^grey", "gray"),
        (r"^ageing$", "aging"),
    )
)
IRREGULAR = {
    "children": "child", "feet": "foot", "teeth": "tooth", "men": "man", "women": "woman", "people": "person",
    "felt": "feel", "frozen": "freeze", "froze": "freeze", "swollen": "swell", "broken": "break", "lain": "lie",
}  # fmt: skip


class Token(NamedTuple):
    """A word of a text: where it stands in the text, as it is written (folded), and its stem."""

    start: int
    end: int
    surface: str
    stem: str

    @property
    def is_stop_word(self) -> bool:
        return self.surface in STOP_WORDS


def fold(word: str) -> str:
    """The word without case, accents, ligatures, apostrophes and soft hyphens."""
    plain = NOT_IN_WORDS.sub("", unicodedata.normalize("NFKC", word).casefold())
    decomposed = unicodedata.normalize("NFKD", plain).translate(LIGATURES)
    return "".join(c for c in decomposed if not unicodedata.combining(c) and c.isalnum())[:LONGEST_WORD]


@lru_cache(maxsize=100_000)
def _forms(word: str) -> tuple[str, str]:
    surface = fold(word)
    return surface, stem(surface)


@lru_cache(maxsize=1000)
def tokens(text: str) -> tuple[Token, ...]:
    """The words of a text, in order. Kept for a while: a document is read several times in a row."""
    found = [Token(match.start(), match.end(), *_forms(match[0])) for match in WORD.finditer(text)]
    return tuple(token for token in found if token.surface)


def compounds(text: str, parts: Sequence[Token]) -> Iterator[tuple[list[Token], str]]:
    """What hyphens join, with the word that it makes written as one: “ice-cold” is also “icecold”."""
    run = list(parts[:1])
    for before, token in zip(parts, parts[1:], strict=False):
        if token.start == before.end + 1 and text[before.end] in HYPHENS:
            run.append(token)
            continue
        if len(run) > 1:
            yield run, "".join(part.surface for part in run)[:LONGEST_WORD]
        run = [token]
    if len(run) > 1:
        yield run, "".join(part.surface for part in run)[:LONGEST_WORD]


def stem(word: str) -> str:
    """One form for singular and plural, for -ed and -ing, and for both spellings of English."""
    if len(word) < 4 or not (word.isascii() and word.isalpha()):
        return word
    word = IRREGULAR.get(word, word)
    for pattern, replacement in SPELLINGS:
        word = pattern.sub(replacement, word)
    return _trimmed(_without_ending(_singular(word)))


def _singular(word: str) -> str:
    if word.endswith("sis") and len(word) > 5:
        return word[:-2]
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes", "zzes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def _without_ending(word: str) -> str:
    if word.endswith("ied") and len(word) > 4:
        return word[:-3] + "y"
    for ending, least in (("ing", 3), ("ed", 3), ("ly", 4)):
        rest = word.removesuffix(ending)
        if rest != word and len(rest) >= least and re.search("[aeiouy]", rest) and not word.endswith("eed"):
            return rest
    return word


def _trimmed(word: str) -> str:
    """Without a silent e and without a doubled last consonant: “ache”, “aching”; “swell”, “swelling”."""
    if word.endswith("e") and len(word) > 3:
        word = word[:-1]
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeiou":
        word = word[:-1]
    return word


def whole(text: str) -> str:
    """The text as exact matches compare it: its stems, stop words included. Empty if it has no word."""
    return " ".join(token.stem for token in tokens(text))[:200]
