"""Two people, one item: the second save is refused with both versions shown, and nothing typed is lost.

In: the version a form was opened at, and the item as it now is. Out: a `Conflict` to show. The version is
`lock_version-revision number`.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from content_app.admin.history.comparison import Difference, compare
from content_app.admin.history.event_labels import labelled
from content_app.editorial import workflow
from content_app.manuscripts import rows
from content_app.models import Event, Item, SourceRevision

EDITS = ("edit", "import", "restore")


@dataclass(frozen=True)
class Clash:
    """One thing that differs between what is stored and what was typed, and who changed it meanwhile."""

    difference: Difference
    whose: str


@dataclass(frozen=True)
class Conflict:
    """What a refused save shows: what happened meanwhile, and where the two versions differ."""

    events: list[Event] | list[SourceRevision]
    clashes: list[Clash]


def events_since(item: Item, opened_at: str) -> list[Event]:
    """What has been done to the item since the version at which a form was opened."""
    version = opened_at.partition("-")[0]
    acts = item.lock_version - int(version) if version.isdecimal() and len(version) < 10 else 1
    return labelled(item.events.exclude(verb__in=workflow.SIDE_ACTS)[: max(acts, 0)])


def is_sent_on(events: Iterable[Event]) -> bool:
    """Whether anything but its text has changed, such as its status: a save would take that back."""
    return any(event.verb not in EDITS for event in events)


def clashes(opened: rows.Document, stored: rows.Document, yours: rows.Document) -> list[Clash]:
    """Where what is stored and what was typed differ, and who of the two has changed what was opened."""
    mine = {difference.key for difference in compare(opened, yours)}
    theirs = {difference.key for difference in compare(opened, stored)}
    return [Clash(d, _whose(d.key in mine, d.key in theirs)) for d in compare(stored, yours)]


def _whose(mine: bool, theirs: bool) -> str:
    if mine and theirs:
        return "Changed by both of you"
    return "Changed by somebody else" if theirs else "Changed by you"
