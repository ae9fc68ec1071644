"""Pages of lists, the same for every list: what a request asks for, the rows of its page, and where it goes on.

In: `page_size` and `cursor` of a request, and what is listed, in a total order. Out: the rows of one page, and the
address of the next, which keeps the release of the first. Never counts and never skips: a page begins behind a key.
"""

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from django.db.models import Q, QuerySet
from django.http import HttpResponse, QueryDict

from content_app.canonical import compact_json
from content_app.delivery.http.responses import answer
from content_app.delivery.query import cursors, parameters
from content_app.delivery.query.base_view import ReadView
from content_app.delivery.query.labels import LABELS
from content_app.delivery.store import reading
from content_app.delivery.store.reading import Moment
from content_app.vocabulary import release_numbers

PAGE_PARAMETERS = ("page_size", "cursor")
SMALLEST_PAGE, USUAL_PAGE, LARGEST_PAGE = 1, 20, 100
TEXTS = ("sort_name", "kind", "item_uuid")  # members of keys that are text; all others are whole numbers
Row = dict[str, Any]
Key = tuple[str | int, ...]
Entry = TypeVar("Entry")


@dataclass(frozen=True)
class Onward:
    """Where a list goes on: the address of the next page, and the cursor in it for those who build addresses."""

    address: str | None = None
    cursor: str | None = None

    @property
    def members(self) -> dict[str, str | None]:
        return {"next": self.address, "next_cursor": self.cursor}


class Asked(Protocol):
    """A request, as far as its list depends on it."""

    @property
    def path(self) -> str: ...

    @property
    def query_params(self) -> QueryDict: ...


@dataclass(frozen=True)
class Page:
    """What a request asks for: so many entries of a list behind a key, in one release. The first page has no key."""

    request: Asked
    order: tuple[str, ...]
    size: int
    key: Key
    moment: Moment
    labelled: Callable[[Row], Row] | None = None  # what puts labels beside the codes of an entry, if that is asked for

    def of(self, found: QuerySet, *columns: str, are_few: bool = False) -> tuple[list[Row], Onward]:
        """The rows of this page, and where the list goes on."""
        names = [name.lstrip("-") for name in self.order]
        if self.key:
            found = found.filter(behind(self.order, self.key))
        found = reading.in_order_of(found, self.order, are_few=are_few)
        rows = list(found.values(*dict.fromkeys((*columns, *names)))[: self.size + 1])
        return self.cut(rows, lambda row: tuple(row[n] if isinstance(row[n], int) else str(row[n]) for n in names))

    def cut(self, entries: list[Entry], key_of: Callable[[Entry], Key]) -> tuple[list[Entry], Onward]:
        """Of entries read with one to spare: those of this page, and where the list goes on."""
        if len(entries) <= self.size:
            return entries, Onward()
        entries = entries[: self.size]
        query = self.request.query_params.copy()
        cursor = cursors.Cursor(self.moment.release, key_of(entries[-1]))
        query["cursor"] = cursors.encode(cursor, cursors.question(self.request))
        return entries, Onward(f"{self.request.path}?{query.urlencode()}", query["cursor"])

    def body(self, results: list[bytes], onward: Onward, **members: Any) -> bytes:
        """The page: its release, what else is to be said, where it goes on, and the entries as stored."""
        if self.labelled:
            results = [compact_json(self.labelled(json.loads(entry))) for entry in results]
        head = compact_json({"release": self.moment.release, **members, **onward.members})
        return head[:-1] + b',"results":[' + b",".join(results) + b"]}"

    def answer(self, results: list[bytes], onward: Onward, **members: Any) -> HttpResponse:
        """The answer with this page."""
        return answer(self.request, self.body(results, onward, **members), moment=self.moment)


def size_asked_for(query: QueryDict, *, usual: int = USUAL_PAGE, most: int = LARGEST_PAGE) -> int:
    """How many entries a page is to have. Raises `Problem` (400)."""
    return parameters.whole_number(query, "page_size", default=usual, least=SMALLEST_PAGE, most=most)


def asked_for(
    view: ReadView,
    order: tuple[str, ...],
    *,
    moment: Moment | None = None,
    usual: int = USUAL_PAGE,
    most: int = LARGEST_PAGE,
) -> Page:
    """The page that a request asks for, of a list in this order. Raises `Problem` (400, 404).

    Without a moment, the first page is read from the release that the request is about, and those after it from the
    same.
    """
    query = view.request.query_params
    size = size_asked_for(query, usual=usual, most=most)
    labelled = view.labelled if parameters.one_of(query, "labels", LABELS) == "beside" else None
    if "cursor" not in query:
        return Page(view.request, order, size, (), moment or view.moment(), labelled)
    types = tuple(str if name.lstrip("-") in TEXTS else int for name in order)
    cursor = cursors.decode(query["cursor"], cursors.question(view.request), types)
    moment = moment or reading.moment_of_release(cursor.release)
    if moment is None or not all(map(is_possible, order, cursor.key)):
        raise cursors.not_one_of_ours()
    return Page(view.request, order, size, cursor.key, moment, labelled)


def is_possible(name: str, value: str | int) -> bool:
    """Whether a list can have an entry with this member of its key."""
    if isinstance(value, int):
        return 0 <= value <= release_numbers.LARGEST
    if name.lstrip("-") != "item_uuid":
        return True
    try:
        return bool(uuid.UUID(value))
    except ValueError:
        return False


def behind(order: tuple[str, ...], key: Key, *, or_at: bool = False) -> Q:
    """The condition that a row stands behind a key, or at it, in the order of one or two columns.

    Said so that the first column is bounded by itself: then a walk along an index begins at the key.
    """
    names = [name.lstrip("-") for name in order]
    beyond = "lt" if order[0].startswith("-") else "gt"
    if len(key) == 1:
        return Q(**{f"{names[0]}__{beyond}": key[0]})
    last = f"{names[1]}__{beyond}{'e' if or_at else ''}"
    return Q(**{f"{names[0]}__{beyond}e": key[0]}) & (Q(**{f"{names[0]}__{beyond}": key[0]}) | Q(**{last: key[1]}))
