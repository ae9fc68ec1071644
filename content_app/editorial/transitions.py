"""Which role may take an item or a source from which status to which, and the sentences that refuse it.

In: an item or a source, a verb, a person. Out: the rows, held for the transaction, or `TransitionNotAllowed`.
`workflow` and `source_workflow` are built on this; nothing here writes.
"""

from dataclasses import dataclass
from typing import TypeVar

from django.contrib.auth.models import AbstractUser

from content_app.editorial.roles import AUTHOR, PUBLISHER, REVIEWER
from content_app.models import Item, Source
from content_app.vocabulary.terms import SIGNIFICANCES

A_PERSON = {AUTHOR: "an author", REVIEWER: "a reviewer", PUBLISHER: "a publisher"}
Subject = TypeVar("Subject", Item, Source)


@dataclass(frozen=True)
class Transition:
    """Which role may take an item from which statuses to which."""

    role: str
    sources: frozenset[str]
    target: str


TRANSITIONS = {
    "edit": Transition(AUTHOR, frozenset({"draft", "in_review", "approved", "published", "withdrawn"}), "draft"),
    # What is published or withdrawn can be reviewed again as it stands: when its review is due, or to publish it again.
    "submit": Transition(AUTHOR, frozenset({"draft", "published", "withdrawn"}), "in_review"),
    "request_changes": Transition(REVIEWER, frozenset({"in_review", "approved"}), "draft"),
    "approve": Transition(REVIEWER, frozenset({"in_review"}), "approved"),
    "publish": Transition(PUBLISHER, frozenset({"approved"}), "published"),
    "withdraw": Transition(PUBLISHER, frozenset({"draft", "in_review", "approved", "published"}), "withdrawn"),
}
# Each transition as an action, for sentences about an item or a source.
ACTIONS = {
    "edit": "edit {}", "submit": "send {} for review", "request_changes": "request changes to {}",
    "approve": "sign off {}", "publish": "publish {}", "withdraw": "withdraw {}",
}  # fmt: skip
LAST_EDIT_IS_YOURS = "You made the last edit, so somebody else must sign it off."
CHANGE_NOTE_IS_YOURS = "You sent it for review and wrote its change note, so somebody else must sign it off."


class TransitionNotAllowed(Exception):
    """The verb cannot be done now or by this person. The message is a sentence that says why."""


def has_role(person: AbstractUser, role: str) -> bool:
    return person.groups.filter(name=role).exists()


def is_editor(person: AbstractUser) -> bool:
    """Whether the person has any editorial role, or superuser powers."""
    return person.is_active and (person.is_superuser or person.groups.filter(name__in=A_PERSON).exists())


def not_now(verb: str, subject: Item | Source) -> str | None:
    """Why the status of an item or source does not let the verb be done, in a sentence."""
    transition = TRANSITIONS[verb]
    if getattr(subject, "is_put_away", False):
        return f"“{subject}” has been put away. Bring it back first."
    if getattr(subject, "is_practice", False) and verb in ("approve", "publish", "withdraw"):
        return f"“{subject}” is for practice: it is never signed off or published."
    if subject.status not in transition.sources:
        known = dict(subject._meta.get_field("status").choices)
        allowed = " or ".join(f"“{known[status]}”" for status in known if status in transition.sources)
        actual = f"“{subject}” has the status “{subject.get_status_display()}”."
        return f"{actual} To {_action(verb, type(subject))}, its status must be {allowed}."
    return None


def not_by(verb: str, by: AbstractUser, model: type = Item) -> str | None:
    """Why this person can do the verb to nothing of the kind, in a sentence."""
    role = TRANSITIONS[verb].role
    if by.is_active and (by.is_superuser or has_role(by, role)):
        return None
    return f"Only {A_PERSON[role]} can {_action(verb, model)}."


def _action(verb: str, model: type) -> str:
    return ACTIONS[verb].format("a source" if issubclass(model, Source) else "an item")


def require_role(verb: str, by: AbstractUser) -> None:
    """Refuse the verb to a person who can do it to no item at all. Raises `TransitionNotAllowed`."""
    refusal = not_by(verb, by)
    if refusal:
        raise TransitionNotAllowed(refusal)


def require_significance(change_note: str, significance: str) -> None:
    """Refuse to send for review without what readers will be told of the change."""
    if significance not in SIGNIFICANCES:
        raise TransitionNotAllowed("Choose how significant the change is.")
    if not change_note.strip():
        raise TransitionNotAllowed("Describe what has changed in the change note. Readers see this note.")


def held(subjects: list[Subject]) -> list[Subject]:
    """The items or sources as they are now, locked until the transaction ends, always in the same order."""
    model = Source if isinstance(subjects[0], Source) else Item
    keys = [subject.pk for subject in subjects]
    # no_key: whoever relates another item to one of these need not wait, so two people cannot wait for each other.
    found = {row.pk: row for row in model.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk")}
    gone = [str(subject) for subject in subjects if subject.pk not in found]
    if gone:
        raise TransitionNotAllowed(f"“{gone[0]}” no longer exists.")
    return [found[key] for key in keys]


def start(verb: str, subjects: list[Subject], by: AbstractUser) -> list[Subject]:
    """Hold the items or sources, or refuse the verb for them with every reason."""
    if not subjects:
        raise TransitionNotAllowed("Choose at least one item.")
    if len({subject.pk for subject in subjects}) < len(subjects):
        raise TransitionNotAllowed("The same item is selected twice.")
    rows = held(subjects)
    refusals = (*(not_now(verb, row) for row in rows), not_by(verb, by, type(rows[0])))
    reasons = [reason for reason in refusals if reason]
    if reasons:
        raise TransitionNotAllowed(" ".join(reasons))
    return rows
