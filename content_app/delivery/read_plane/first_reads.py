"""Answers that nobody has been given yet: the JSON of documents from the store, and of searches and suggestions.

In: a question. Out: the answer that Django would give; None where Django has to be asked. Two answers of one sort
differ in their bytes and in a few headers. What surrounds these is learnt from an answer of Django, and only if the
bytes and headers that are made here for the same question are those of that answer. What shows a safety notice,
tombstones, what has moved or is not there, and questions with other parameters are answered by Django alone.
"""

from django.db import Error

from content_app.delivery.read_plane import documents, searches
from content_app.delivery.read_plane.edition import Edition
from content_app.delivery.read_plane.kept import Answer
from content_app.delivery.read_plane.own import Own
from content_app.delivery.read_plane.question import Question
from content_app.delivery.store import reading, replicas

MAKERS = (documents.made, searches.made)
MOST_FRAMES = 64


class FirstReads:
    """Answers that are made here, once it has been learnt what stands around them."""

    def __init__(self) -> None:
        self.edition: Edition | None = None
        self.frames: dict[tuple[str | bool, ...], Answer] = {}  # by the sort of answer, and all else that it depends on

    def answer(self, edition: Edition, question: Question) -> Answer | None:
        """The answer, if Django would give it with the bytes that are made here."""
        if edition is not self.edition or question.is_conditional:
            return None
        sort = sort_of(question)
        frame = self.frames.get((sort, *question[2:])) if sort else None
        if frame is None:
            return None
        try:
            with reading.outside_of_a_request(), replicas.reading_from(edition.database):
                own = _made(edition, question)
        except Error:
            return None  # Django meets it too, and says so
        return own.within(frame) if own else None

    def learn(self, edition: Edition, question: Question, answer: Answer) -> None:
        """Learn what stands around the bytes of an answer of Django, if they can be made here."""
        sort = sort_of(question)
        if sort is None or question.is_conditional or not answer.status.startswith("200"):
            return
        if edition is not self.edition or len(self.frames) >= MOST_FRAMES:
            self.frames, self.edition = {}, edition
        own = _made(edition, question)
        if own and own.within(answer) == answer:
            self.frames[sort, *question[2:]] = answer


def sort_of(question: Question) -> str | None:
    """Which answers have the same around them as this one; None for one that is not made here."""
    return documents.sort_of(question) or searches.sort_of(question)


def _made(edition: Edition, question: Question) -> Own | None:
    return next((own for make in MAKERS if (own := make(edition, question))), None)
