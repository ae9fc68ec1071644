"""From words to documents, for protocols that have a name or a question and no page of results.

In: a text, a release. Out: released documents as plain data, best first. Raises `Problem` (400) for a question
without a word.
"""

import json
from dataclasses import dataclass
from typing import Any

from content_app.delivery.search import covered, finding, index, question
from content_app.publication.index.texts import RANKS
from content_app.publication.index.words import whole

Document = dict[str, Any]

# Names that mean the item itself. A clinical term may be narrower, and everyday wording is what is felt, not a name.
MEANT = ("preferred", "abbreviation", "synonym", "historical")
MOST_NAMED = 100


def called(text: str, release: int) -> list[Document]:
    """All items that have this name, however it is spelt, the preferred names first."""
    asked = whole(text)
    ranks = [RANKS[name_type] for name_type in MEANT]
    found = index.exact([asked], release, MOST_NAMED) if asked else {}
    return _documents(sorted((place for place in found if found[place] in ranks), key=lambda place: found[place]))


@dataclass(frozen=True)
class Answer:
    """What a search finds first, how the question was taken, and what must be said before it."""

    documents: list[Document]
    interpreted_as: dict[str, Any] | None
    seek_help: dict[str, object] | None
    aspects: list[dict[str, Any]]


def found_by(text: str, release: int, most: int) -> Answer:
    """The first that a search finds; `interpreted_as` is None if the question was taken as it was typed."""
    wanted = question.of_text(text)
    found = finding.find(wanted, release)
    return Answer(
        _documents([hit.place for hit in found.hits[:most]]),
        finding.interpretation(wanted, found),
        wanted.recognised.seek_help,
        covered.answers(wanted, found, release),
    )


def _documents(places: list[int]) -> list[Document]:
    stored = index.bodies(places)
    return [json.loads(stored[place]) for place in places]
