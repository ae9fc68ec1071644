"""Texts that a comment suggests for a field of an item: made, accepted with one act, or declined with a word.

In: who suggests or settles what. Out: comments, and for an accepted text the next draft of the item, saved like every
other edit. It is accepted only while the field says what it said when the text was suggested, so that nobody's later
edit is undone unseen. Raises `TransitionNotAllowed`, and what saving raises; then nothing is kept.
"""

from collections.abc import Mapping
from copy import deepcopy

from django.contrib.auth.models import AbstractUser
from django.db import transaction

from content_app.editorial import review_comments, saving
from content_app.editorial.review_comments import STATEMENT, Suggested
from content_app.editorial.transitions import TransitionNotAllowed, is_editor
from content_app.manuscripts import rows
from content_app.models import Comment, Item, Thread
from content_app.vocabulary.fields import LINE, OWN, PROSE

Texts = dict[str, str]
IN_THE_SUMMARY = {"summary_clinical": "clinical", "summary_plain": "plain"}
OF_A_STATEMENT = ("clinical", "plain")
OF_ALL_KINDS = (*IN_THE_SUMMARY, "safety_notice", "caution")
CHANGED = "The text has changed since this was suggested. Edit it yourself, or decline the suggestion."
SETTLED = "This suggestion has already been settled. Reload the page."
EMPTY = "A suggested text cannot be empty. To suggest deleting it, write a comment."


def texts_at(document: rows.Document, anchor: str) -> Texts:
    """The texts at a place of an item that can be suggested anew, by the name of their field; "" where it has none."""
    if anchor.startswith(STATEMENT):
        entry = _statement(document, anchor)
        return {field: entry.get(field, "") for field in OF_A_STATEMENT} if entry else {}
    if anchor in IN_THE_SUMMARY:
        return {anchor: document.get("summary", {}).get(IN_THE_SUMMARY[anchor], "")}
    return {anchor: document.get(anchor, "")} if anchor in own_texts(document["kind"]) else {}


def own_texts(kind: str) -> tuple[str, ...]:
    """The fields of an item of this kind whose text can be suggested anew, besides its statements."""
    return (*OF_ALL_KINDS, *(field.name for field in OWN[kind] if field.form in (PROSE, LINE)))


def _statement(document: rows.Document, anchor: str) -> rows.Document | None:
    uuid = anchor.removeprefix(STATEMENT)
    return next((entry for entry in document.get("statements", []) if entry["uuid"] == uuid), None)


@transaction.atomic
def suggest(*, item: Item, by: AbstractUser, anchor: str, text: str, after: Mapping[str, str]) -> Thread:
    """Begin a thread at a place with texts for its fields. What says what the field says already is no suggestion."""
    now = texts_at(rows.to_document(item), anchor)
    changed = [Suggested(field, now[field], new) for field, new in after.items() if new != now.get(field, new)]
    if any(not one.after.strip() for one in changed):
        raise TransitionNotAllowed(EMPTY)
    return review_comments.start(item=item, by=by, anchor=anchor, text=text, suggested=changed)


@transaction.atomic
def accept(*, comment: Comment, by: AbstractUser) -> saving.Saved:
    """Make the suggested text that of its field, as the next draft. A thread with no other suggestion is resolved."""
    item = Item.objects.select_for_update(no_key=True).get(pk=comment.thread.item_id)
    others = _others(comment)
    document, anchor = rows.to_document(item), comment.thread.anchor
    if texts_at(document, anchor).get(comment.field) != comment.before:
        raise TransitionNotAllowed(CHANGED)
    saved = saving.save(_with(document, anchor, comment), by=by, expected=saving.version_of(item))
    _settle(comment, by, "", Comment.ACCEPT, is_last=not others)
    return saved


@transaction.atomic
def decline(*, comment: Comment, by: AbstractUser, text: str) -> Comment:
    """Say why a suggested text is not taken. The thread stays open: whoever suggested it may answer."""
    if not is_editor(by):
        raise TransitionNotAllowed("Only people with an editorial role can decline a suggestion.")
    if not text.strip():
        raise TransitionNotAllowed("Say briefly why you decline the suggestion.")
    _others(comment)
    return _settle(comment, by, text, Comment.DECLINE, is_last=False)


def _others(comment: Comment) -> list[Comment]:
    """The other open suggestions of its thread. Refuses one that is settled."""
    still_open = review_comments.open_suggestions(comment.thread)
    if comment not in still_open:
        raise TransitionNotAllowed(SETTLED)
    return [one for one in still_open if one != comment]


def _settle(comment: Comment, by: AbstractUser, text: str, act: str, *, is_last: bool) -> Comment:
    suggested = Suggested(comment.field, comment.before, comment.after)
    return review_comments.settle(
        thread=comment.thread, by=by, text=text, act=act, suggested=suggested, is_last=is_last
    )


def _with(document: rows.Document, anchor: str, comment: Comment) -> rows.Document:
    """The document with the suggested text in its place."""
    new = deepcopy(document)
    if anchor.startswith(STATEMENT):
        _statement(new, anchor)[comment.field] = comment.after
    elif anchor in IN_THE_SUMMARY:
        new.setdefault("summary", {})[IN_THE_SUMMARY[anchor]] = comment.after
    else:
        new[anchor] = comment.after
    return new
