"""Which parts of an item are open for writing: the rest of its page is text.

In: the address of a page. `open=statements-12` opens the statement with that key, `open=all` everything; `at` is a
JSON pointer into the document and opens the part that it is in; `add=statements` begins a new one, `in` the group that
it is for, and `code` the code of a new coding. Each can be a link, so that nothing needs JavaScript. Out: the rows that
have a form.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from content_app.admin.items import codes
from content_app.admin.items.findings import PARTS, key_in
from content_app.admin.items.lines import GROUPED_BY

ALL = "all"


@dataclass(frozen=True)
class Asked:
    """What an address asks to have open. `keys` are of rows; `indexes` count rows in the order of the document."""

    everything: bool
    keys: frozenset[tuple[str, int]]
    indexes: frozenset[tuple[str, int]]
    adds: str

    def of(self, sort: str, parts: QuerySet) -> QuerySet:
        """Those of the parts of one sort that are to be open, in their order."""
        if self.everything:
            return parts
        keys = [key for of_sort, key in self.keys if of_sort == sort]
        places = [index for of_sort, index in self.indexes if of_sort == sort]
        return parts.filter(pk__in=keys) | parts.filter(position__in=places) if keys or places else parts.none()


def asked(request: HttpRequest) -> Asked:
    """What the request asks for. Anything that it cannot mean is not open."""
    given = request.GET.getlist("open")
    pointed = [step for at in request.GET.getlist("at") for step in ["-".join(at.strip("/").split("/")[:2])]]
    adds = request.GET.get("add", "")
    return Asked(ALL in given, _rows(given), _rows(pointed), adds if adds in PARTS else "")


def begins(request: HttpRequest, sort: str) -> list[dict[str, Any]]:
    """What the new part of this sort begins with, if the request asks for one."""
    group, code = request.GET.get("in", ""), request.GET.get("code", "")
    if request.method != "GET" or asked(request).adds != sort or not GROUPED_BY[sort]:
        return []
    return [{GROUPED_BY[sort]: group} | (codes.begun(group, code) if sort == "codings" and code else {})]


def _rows(given: list[str]) -> frozenset[tuple[str, int]]:
    split = [(sort, key_in(key)) for sort, _, key in (text.partition("-") for text in given)]
    return frozenset((sort, key) for sort, key in split if sort in PARTS and key is not None)
