"""Comments of a review: threads at a field or a statement of an item, said once and never changed.

In: who says what about which place. Out: `Thread` and `Comment` rows. They are no part of the item: no document holds
them, and resolving one changes nothing but itself. Raises `TransitionNotAllowed` with a sentence; then nothing is kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib.auth.models import AbstractUser
from django.db import transaction
from django.utils import timezone

from content_app.audit import log
from content_app.editorial.roles import REVIEWER
from content_app.editorial.transitions import TransitionNotAllowed, is_editor
from content_app.models import Comment, Item, Thread

LONGEST = 5_000  # characters
STATEMENT = "statements/"
RECORDED = {
    Comment.SAY: "comment_added",
    Comment.RESOLVE: "comment_resolved",
    Comment.REOPEN: "comment_reopened",
    Comment.KEEP: "comment_kept_open",
    Comment.ACCEPT: "suggestion_accepted",
    Comment.DECLINE: "suggestion_declined",
}


@dataclass(frozen=True)
class Suggested:
    """A text that is suggested for a field of a place, and what the field said when it was."""

    field: str
    before: str
    after: str


def may_reopen(person: AbstractUser) -> bool:
    """What was resolved, reviewers open again."""
    return person.is_active and (person.is_superuser or person.groups.filter(name=REVIEWER).exists())


def statement_anchor(uuid) -> str:
    """The anchor of a statement: it stays with it, wherever it is moved."""
    return f"{STATEMENT}{uuid}"


@transaction.atomic
def start(
    *, item: Item, by: AbstractUser, anchor: str = "", text: str = "", suggested: Sequence[Suggested] = ()
) -> Thread:
    """Begin a thread at a field, at a statement, or (anchor "") about the item as a whole.

    What is suggested for the fields of that place needs no further words.
    """
    _require(is_editor(by), "Only people with an editorial role can comment.")
    if anchor.startswith(STATEMENT) and not _is_statement_of(item, anchor):
        raise TransitionNotAllowed("This statement has been deleted. Choose what the comment is about.")
    thread = Thread.objects.create(item_id=item.pk, anchor=anchor, started_by=by, last_by=by)
    first, *others = suggested or [None]
    _require(first is not None or bool(text.strip()), "Enter a comment.")
    _keep(thread, by, text, Comment.SAY, first)
    for one in others:
        _keep(thread, by, "", Comment.SAY, one)
    return thread


def _is_statement_of(item: Item, anchor: str) -> bool:
    return any(statement_anchor(uuid) == anchor for uuid in item.statements.values_list("uuid", flat=True))


@transaction.atomic
def reply(*, thread: Thread, by: AbstractUser, text: str) -> Comment:
    """Add to a thread that is open."""
    _require(is_editor(by), "Only people with an editorial role can comment.")
    _require(bool(text.strip()), "Enter a comment.")
    return _keep(_held(thread, is_open=True), by, text, Comment.SAY)


@transaction.atomic
def resolve(*, thread: Thread, by: AbstractUser, text: str = "") -> Comment:
    """Say that a thread is dealt with; optionally how."""
    _require(is_editor(by), "Only people with an editorial role can resolve a comment.")
    return _turn(_held(thread, is_open=True), by, text, Comment.RESOLVE)


@transaction.atomic
def reopen(*, thread: Thread, by: AbstractUser, text: str = "") -> Comment:
    """Say that a thread is not dealt with after all: for reviewers."""
    _require(may_reopen(by), "Only reviewers can reopen a comment.")
    return _turn(_held(thread, is_open=False), by, text, Comment.REOPEN)


@transaction.atomic
def keep_open(*, thread: Thread, by: AbstractUser, text: str) -> Comment:
    """Say why a thread stays open although the item is signed off and published: then it no longer holds that up."""
    _require(is_editor(by), "Only people with an editorial role can keep a comment open.")
    _require(bool(text.strip()), "Say why the comment can stay open while the item is published.")
    held = _held(thread, is_open=True)
    held.holds_up = False
    return _keep(held, by, text, Comment.KEEP)


@transaction.atomic
def settle(*, thread: Thread, by: AbstractUser, text: str, act: str, suggested: Suggested, is_last: bool) -> Comment:
    """Say what became of a suggestion. A thread whose last one was accepted is resolved by it."""
    held = _held(thread, is_open=True)
    if act == Comment.ACCEPT and is_last:
        held.is_open = held.holds_up = False
    return _keep(held, by, text, act, suggested)


def open_suggestions(thread: Thread) -> list[Comment]:
    """The suggestions of a thread that nobody has accepted or declined, the last one for each field."""
    last = {comment.field: comment for comment in thread.comments.all() if comment.field}
    return [comment for comment in last.values() if thread.is_open and comment.act == Comment.SAY]


def open_comments(item: Item) -> str | None:
    """Why open comments hold the item up, in a sentence; None if there are none that do."""
    number = Thread.objects.filter(item_id=item.pk, is_open=True, holds_up=True).count()
    if not number:
        return None
    are = "1 comment is" if number == 1 else f"{number} comments are"
    return f"{are} open on “{item}”. Resolve each one, or keep it open and say why."


def _require(allowed: bool, sentence: str) -> None:
    if not allowed:
        raise TransitionNotAllowed(sentence)


def _held(thread: Thread, *, is_open: bool) -> Thread:
    held = Thread.objects.select_for_update(no_key=True).get(pk=thread.pk)
    state = "open" if held.is_open else "resolved"
    _require(held.is_open == is_open, f"This comment is already {state}. Reload the page.")
    return held


def _turn(thread: Thread, by: AbstractUser, text: str, act: str) -> Comment:
    thread.is_open = thread.holds_up = act == Comment.REOPEN
    return _keep(thread, by, text, act)


def _keep(thread: Thread, by: AbstractUser, text: str, act: str, suggested: Suggested | None = None) -> Comment:
    text = text.strip()
    _require(len(text) <= LONGEST, f"The comment has {len(text):,} characters. The limit is {LONGEST:,}.")
    of_field = vars(suggested) if suggested else {}
    thread.last_by = by
    thread.save()
    log.record(RECORDED[act], by=by, what=thread.item, thread=thread.pk, anchor=thread.anchor)
    return Comment.objects.create(
        thread=thread,
        act=act,
        text=text,
        **of_field,
        written_at=timezone.now(),
        written_by=by,
        revision_id=thread.item.revisions.values_list("pk", flat=True).first(),
    )
