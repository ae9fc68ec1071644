"""What is asked: the words of `q`, and what it is narrowed to.

In: query parameters. Out: a `Question`. Raises `Problem` (400) for what has no word, too many, or no such facet value.
Everything in `q` is taken literally: quotes, stars, AND and OR are no operators here.
"""

from dataclasses import dataclass, replace

from django.http import QueryDict

from content_app.delivery.http.problems import invalid
from content_app.delivery.query import parameters
from content_app.delivery.search.recognised import Recognised, recognise
from content_app.publication.index.words import compounds, stem, tokens, whole
from content_app.vocabulary import terms as vocabulary
from content_app.vocabulary.code_systems import OWN, named_in, system_named

MOST_WORDS = 32
Facets = tuple[tuple[str, ...], ...]
FACETS = {
    "kind": vocabulary.KINDS,
    "topic": vocabulary.TOPICS,
    "category": vocabulary.CATEGORIES,
    "form": vocabulary.FORMS,
    "aspect": vocabulary.ASPECTS,
    "layer": vocabulary.LAYERS,
}


@dataclass(frozen=True)
class Word:
    """A word of a question: as it was typed (folded), and its stem."""

    surface: str
    stem: str


@dataclass(frozen=True)
class Question:
    """`words` carry meaning; `joined` are runs of words (by their places) that a hyphen makes one of.

    `whole` is the text as exact matches compare it, `codes` are the codes that it can mean in the same form, and
    `own_codes` those of the library. `recognised` says which warning signs it tells of and which aspects it asks for.
    If there are only stop words, they are `words`, and names alone are searched for them. Each entry of `facets` has
    the values of one facet, as the index writes them: what has any of them fits.
    """

    text: str
    whole: str
    words: tuple[Word, ...]
    joined: tuple[tuple[tuple[Word, ...], Word], ...]
    facets: Facets
    is_stop_words_only: bool
    codes: tuple[str, ...] = ()
    own_codes: tuple[str, ...] = ()
    recognised: Recognised = Recognised()

    @property
    def stems(self) -> list[str]:
        return list(dict.fromkeys(word.stem for word in self.words))

    @property
    def looks_like_a_code(self) -> bool:
        """One piece with a digit in it, or behind a code system: nearest words would be others, so none is guessed."""
        has_digit = any(character.isdigit() for character in self.text)
        return " " not in self.text and (has_digit or system_named(self.text.rpartition("|")[0]) is not None)

    def with_words(self, words: list[Word]) -> "Question":
        """The same question with other words."""
        return replace(
            self, words=tuple(words), joined=(), codes=(), own_codes=(), whole=" ".join(word.stem for word in words)
        )


def read(query: QueryDict) -> Question:
    """The question in the parameters `q`, `kind`, `topic`, `category`, `form` and `aspect`."""
    return of_text(query.get("q", ""), facets(query))


def of_text(text: str, narrowed_to: Facets = ()) -> Question:
    """The question in a text."""
    text = text.strip()
    found = tokens(text)
    if not found:
        raise invalid("q", "Give at least one letter or digit.")
    meant = [token for token in found if not token.is_stop_word]
    words = tuple(dict.fromkeys(Word(token.surface, token.stem) for token in meant or found))
    if len(words) > MOST_WORDS:
        raise invalid("q", f"Give at most {MOST_WORDS} words. You gave {len(words)}.")
    joined = tuple(
        (tuple(Word(part.surface, part.stem) for part in run if not part.is_stop_word), Word(one, stem(one)))
        for run, one in compounds(text, found)
    )
    codes = [] if any(map(str.isspace, text)) else named_in(text)
    return Question(
        text,
        whole(text),
        words,
        joined,
        narrowed_to,
        not meant,
        tuple(dict.fromkeys(whole(f"{system.key}|{code}") for system, code in codes)),
        tuple(code for system, code in codes if system is OWN),
        recognise(text),
    )


def facets(query: QueryDict) -> Facets:
    """The facets that the answer is narrowed to, as the index writes them. Raises `Problem` (400)."""
    asked = {name: parameters.values_of(query, name, terms) for name, terms in FACETS.items()}
    return tuple(tuple(f"{name}={value}" for value in values) for name, values in asked.items() if values)
