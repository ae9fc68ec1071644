"""How well a document fits the words of a question: whole numbers, the same on every database and for ever.

In: what the index keeps of a document (`names`, `weights`) and stems. Out: a score. It looks at the document alone,
never at how many others there are, so that an answer from a past release never changes. Pure.

`names` holds a line for each name: the rank of its type, how many words of it carry meaning, its stems.
`weights` holds for each stem how much the document is about it: ` pain:7 touch:2 `.
"""

from collections import Counter

from content_app.publication.index import texts
from content_app.publication.index.texts import Document
from content_app.publication.index.words import Token, compounds, stem, tokens

IN_NAME, IN_SUMMARY, ONCE, MOST_FROM_STATEMENTS = 7, 5, 1, 4
HOLDS_ALL = 100


def name_line(name_type: str, text: str) -> str:
    """One line of `names`. What hyphens join follows as one word."""
    parts = tokens(text)
    meant = sum(not part.is_stop_word for part in parts) or len(parts)
    stems = [part.stem for part in parts] + [stem(joined) for _, joined in compounds(text, parts)]
    return f"{texts.RANKS[name_type]} {meant} {' '.join(stems)}"


def stems_of(text: str) -> tuple[list[Token], list[str]]:
    """The words of a text that carry meaning, and their stems with those of what hyphens join."""
    parts = tokens(text)
    meant = [part for part in parts if not part.is_stop_word]
    return meant, [part.stem for part in meant] + [stem(joined) for _, joined in compounds(text, parts)]


def weights(document: Document) -> dict[str, int]:
    """How much the document is about each stem, from 1 to 9."""
    levels: dict[str, int] = {}
    times: Counter[str] = Counter()
    for text in texts.prose(document):
        found = set(stems_of(text.text)[1])
        times.update(found)
        if text.field == "summary":
            levels |= dict.fromkeys(found, IN_SUMMARY)
    for found_stem, count in times.items():
        levels.setdefault(found_stem, min(count * ONCE, MOST_FROM_STATEMENTS))
    for name in texts.names(document):
        found = set(stems_of(name.text)[1])
        share = 9 if len(found) == 1 else 8 if len(found) == 2 else IN_NAME
        levels |= {word: max(share, levels.get(word, 0)) for word in found}
    return levels


def as_text(levels: dict[str, int]) -> str:
    return " " + "".join(f"{word}:{level} " for word, level in sorted(levels.items()))


def name_score(names: str, stems: list[str]) -> int:
    """How well the best single name that holds all stems fits: more if it holds little else. 0 if none does."""
    best = 0
    if not all(word in names for word in stems):
        return best  # most documents, at little cost
    for line in names.split("\n"):
        rank, length, words = line.split(" ", 2)
        held = f" {words} "
        if all(f" {word} " in held for word in stems):
            share = min(100, 100 * len(stems) // max(1, int(length)))
            is_phrase = f" {' '.join(stems)} " in held
            best = max(best, HOLDS_ALL + len(texts.RANKS) + share + 20 * is_phrase - int(rank))
    return best


def text_score(weights_text: str, stems: list[str]) -> int:
    """The sum of the weights of those stems that the document has."""
    score = 0
    for word in stems:
        place = weights_text.find(f" {word}:")
        score += int(weights_text[place + len(word) + 2]) if place >= 0 else 0
    return score


def coverage(weights_text: str, names: str, stems: list[str]) -> int:
    """How many of the stems the document has."""
    padded = f" {names.replace(chr(10), ' ')} "
    return sum(f" {word}:" in weights_text or f" {word} " in padded for word in stems)
