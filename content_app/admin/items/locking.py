"""Two people, one item: the second save is refused with both versions shown, and nothing typed is lost.

In: the version a form was opened at, and the item as it now is. Out: a `Conflict` to show, and form data that can be
saved again by whoever has read it. The version is `lock_version-revision number`.
"""

import re
from collections import defaultdict
from dataclasses import dataclass

from django.http import QueryDict

from content_app.admin.history.comparison import Difference, compare
from content_app.admin.history.event_labels import labelled
from content_app.admin.shared.formsets import rows_sent, stored_rows_sent
from content_app.editorial import workflow
from content_app.manuscripts import rows
from content_app.models import Event, Item, Revision, SourceRevision

MOST_ROWS = 10_000  # far more than a form may hold, and few enough to count


class Stale(Exception):
    """A form was opened at another version than the stored one. `yours` is the document that saving would have made."""

    def __init__(self, yours: rows.Document):
        self.yours = yours


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


def version_of(item: Item) -> str:
    """The version that a form opened now carries. Empty for an item that is not stored yet."""
    if item.pk is None:
        return ""
    number = item.revisions.values_list("number", flat=True).first() or 0
    return f"{item.lock_version}-{number}"


def conflict(item: Item, opened_at: str, yours: rows.Document) -> Conflict:
    """What to show whoever opened `item` at a version that is no longer the stored one."""
    version, _, number = opened_at.partition("-")
    stored = rows.to_document(item)
    opened = _document_at(item, number) or stored
    acts = item.lock_version - int(version) if version.isdecimal() and len(version) < 10 else 1
    events = labelled(item.events.exclude(verb__in=workflow.SIDE_ACTS)[: max(acts, 0)])
    return Conflict(events, clashes(opened, stored, yours))


def clashes(opened: rows.Document, stored: rows.Document, yours: rows.Document) -> list[Clash]:
    """Where what is stored and what was typed differ, and who of the two has changed what was opened."""
    mine = {difference.key for difference in compare(opened, yours)}
    theirs = {difference.key for difference in compare(opened, stored)}
    return [Clash(d, _whose(d.key in mine, d.key in theirs)) for d in compare(stored, yours)]


def _document_at(item: Item, number: str) -> rows.Document | None:
    if not (number.isdecimal() and len(number) < 10):
        return None
    revision = Revision.objects.filter(item_id=item.pk, number=int(number)).first()
    return revision.document if revision else None


def _whose(mine: bool, theirs: bool) -> str:
    if mine and theirs:
        return "Changed by both of you"
    return "Changed by somebody else" if theirs else "Changed by you"


def rebased(data: QueryDict, item: Item, relations: dict[str, str]) -> QueryDict:
    """Form data in which rows that somebody deleted meanwhile stand as new rows, so that their text is kept.

    `relations` gives for each formset's prefix the name of the item's relation to its rows.
    """
    data = data.copy()
    for prefix, relation in relations.items():
        keys = set(map(str, getattr(item, relation).values_list("pk", flat=True)))
        _rebase(data, prefix, keys)
    return data


def _rebase(data: QueryDict, prefix: str, keys: set[str]) -> None:
    """Counts the rows that were sent, not those that the form claims: that is for the formset to judge."""
    total = min(rows_sent(data, prefix), MOST_ROWS)
    opened = range(stored_rows_sent(data, prefix, total))
    stored = [index for index in opened if data[f"{prefix}-{index}-id"] in keys]
    gone = [index for index in opened if data[f"{prefix}-{index}-id"] not in keys]
    if not gone:
        return
    rows_by_index = _taken_out(data, prefix, total)
    for index in gone:
        rows_by_index[index]["id"] = [""]
    order = stored + gone + list(range(len(opened), total))
    for place, index in enumerate(order):
        for field, values in rows_by_index[index].items():
            data.setlist(f"{prefix}-{place}-{field}", values)
    data[f"{prefix}-INITIAL_FORMS"] = str(len(stored))


def _taken_out(data: QueryDict, prefix: str, total: int) -> dict[int, dict[str, list[str]]]:
    """The fields of the first `total` rows, by their numbers, removed from the data, which is read once."""
    field_of_row = re.compile(rf"{re.escape(prefix)}-([0-9]{{1,6}})-(.+)")
    rows_by_index: dict[int, dict[str, list[str]]] = defaultdict(dict)
    for found in filter(None, map(field_of_row.fullmatch, list(data))):
        if int(found[1]) < total:
            rows_by_index[int(found[1])][found[2]] = data.pop(found[0])
    return rows_by_index
