"""What an outside specialist without an account says about an item, by the link of a fact check.

In: a live link, who they say they are, and a text for each place that they comment on. Out: threads of the item like
those of editors, with the name and role that were given; whoever edited the item last answers them. Being told that
nothing is wrong holds nothing up. Raises `Refused` with a sentence for each field; then nothing is kept.
"""

from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from content_app.audit import log
from content_app.editorial.review_comments import LONGEST, STATEMENT, statement_anchor
from content_app.models import Comment, PreviewLink, Thread

LONGEST_NAME = 120  # characters; the same for the role
MOST_COMMENTS = 500  # by one link: every statement of a long item, twice
WHOLE = ""
NOTHING_WRONG = "Checked every statement: nothing to correct."
Anchor = str


class Refused(Exception):
    """Something that was sent cannot be kept. `sentences` say what is wrong, by the name of the field or the anchor."""

    def __init__(self, sentences: dict[str, str]):
        self.sentences = sentences
        super().__init__(" ".join(sentences.values()))


@dataclass(frozen=True)
class Answer:
    """What was sent. `said` is by anchor, as in `Thread`."""

    name: str
    role: str
    said: dict[Anchor, str]
    is_all_right: bool = False

    @property
    def who(self) -> str:
        return f"{self.name.strip()}, {self.role.strip()}"

    @property
    def comments(self) -> dict[Anchor, str]:
        """What is to be kept: each place with words, or that nothing is wrong."""
        given = {anchor: text.strip() for anchor, text in self.said.items() if text.strip()}
        return given or ({WHOLE: NOTHING_WRONG} if self.is_all_right else {})


@transaction.atomic
def keep(*, link: PreviewLink, answer: Answer) -> int:
    """Keep an answer as comments on the item. Out: how many were new; what was sent before is not kept twice."""
    PreviewLink.objects.select_for_update(no_key=True).get(pk=link.pk)
    _require_valid(answer)
    there = {statement_anchor(uuid) for uuid in link.item.statements.values_list("uuid", flat=True)}
    known = set(link.comments.values_list("thread__anchor", "text"))
    new = [place for place in (_place(*said, there) for said in answer.comments.items()) if place not in known]
    if len(known) + len(new) > MOST_COMMENTS:
        raise Refused({WHOLE: f"This link already has {len(known)} comments. Ask whoever sent it for a new link."})
    for anchor, text in new:
        _keep(link, anchor, text, answer)
    if new:
        log.record("fact_check_answered", what=link.item, link=link.pk, comments=len(new))
    return len(new)


def _place(anchor: Anchor, text: str, there: set[Anchor]) -> tuple[Anchor, str]:
    """Where a text is kept: of a statement that has gone meanwhile, with the item as a whole."""
    if anchor.startswith(STATEMENT) and anchor not in there:
        return WHOLE, f"{text}\n\n(About a statement that has been deleted since.)"
    return anchor, text


def _require_valid(answer: Answer) -> None:
    wrong = {}
    for field, asked in (("name", "your name"), ("role", "your role, for example “Paediatric rheumatologist”")):
        given = getattr(answer, field).strip()
        if not given:
            wrong[field] = f"Enter {asked}."
        elif len(given) > LONGEST_NAME:
            wrong[field] = f"This has {len(given):,} characters. The limit is {LONGEST_NAME:,}."
    for anchor, text in answer.comments.items():
        if len(text) > LONGEST:
            wrong[anchor] = f"The comment has {len(text):,} characters. The limit is {LONGEST:,}."
    if not answer.comments:
        wrong[WHOLE] = "Write at least one comment, or tick that there is nothing to correct."
    elif answer.is_all_right and WHOLE not in wrong and NOTHING_WRONG not in answer.comments.values():
        wrong["is_all_right"] = "You wrote comments and also ticked that there is nothing to correct. Choose one."
    if wrong:
        raise Refused(wrong)


def _keep(link: PreviewLink, anchor: Anchor, text: str, answer: Answer) -> None:
    thread = Thread.objects.create(item_id=link.item_id, anchor=anchor, holds_up=text != NOTHING_WRONG)
    Comment.objects.create(
        thread=thread,
        text=text,
        written_at=timezone.now(),
        outsider=answer.who,
        link=link,
        revision_id=link.revision_id,
    )
