"""Comparisons: two releases, item by item, and two conditions, row by row."""

import json
from functools import partial
from typing import Any

from django.http import HttpResponse

from content_app.canonical import compact_json, rfc3339
from content_app.delivery.http.elsewhere import PermanentRedirect, with_query
from content_app.delivery.http.problems import Problem
from content_app.delivery.http.responses import answer
from content_app.delivery.query import addressed, paging, parameters
from content_app.delivery.query.base_view import READ_PARAMETERS, ReadView
from content_app.delivery.query.filters import NAME_PATTERN, NAMED
from content_app.delivery.query.operation import Operation
from content_app.delivery.query.paging import PAGE_PARAMETERS
from content_app.delivery.representations.respond import refuse_withdrawn
from content_app.delivery.rest.compare import conditions, shapes
from content_app.delivery.rest.compare import documents as comparison
from content_app.delivery.rest.compare.json_patch import patch
from content_app.delivery.rest.compare.reading import COLUMNS, Pair, changed, pairs
from content_app.delivery.rest.documents import missing
from content_app.delivery.rest.releases import find_release
from content_app.delivery.store import reading
from content_app.vocabulary.addresses import API, href

SHOWN = ("changes", "patch", "list")


class ReleaseCompareView(ReadView):
    """What changed from one release to another, in either order."""

    operation = Operation(
        "compare_releases",
        "releases",
        "Compare two releases",
        "The items that differ between release a and release b. If you swap a and b, you get the inverse. `changes` "
        "lists the differences by field and by statement, and compares prose word by word. `patch` (RFC 6902) turns "
        "the document in a into the one in b; a missing document is treated as null.",
        shapes.ReleaseComparisonSerializer,
        is_found_by_name=True,
        describes={
            "item": ({"type": "string", "maxLength": 500, "pattern": NAME_PATTERN}, f"Only this item, {NAMED}"),
            "show": (
                {"type": "string", "enum": ["changes", "patch", "list"], "default": "changes"},
                "The detail to give for each item: the differences, a JSON Patch, or neither.",
            ),
        },
        example="compare_releases",
    )

    known_parameters = ("item", "show", *PAGE_PARAMETERS)

    def get(self, request, a: int, b: int) -> HttpResponse:
        query = request.query_params
        show = parameters.one_of(query, "show", SHOWN) or "changes"
        older, newer = (find_release(number) for number in sorted((a, b)))
        page = paging.asked_for(self, ("kind", "item_uuid"), moment=newer)
        found = changed(older, newer)
        if "item" in query:
            found = found.filter(item_uuid=self.item(query["item"], older, newer))
        rows, onward = page.of(found, *COLUMNS)
        body = {
            "a": release_reference(older if a <= b else newer),
            "b": release_reference(newer if a <= b else older),
            **onward.members,
            "results": [compared(pair, show, is_turned=a > b) for pair in pairs(rows, older, newer)],
        }
        return answer(request, compact_json(body), moment=newer)

    def item(self, value: str, *moments: reading.Moment) -> str:
        """The item that `item` names in one of the releases. Raises `Problem` (400, 404)."""
        if identifier := addressed.as_identifier(value):
            return str(identifier)  # it may be in neither
        before, after = moments
        try:
            return addressed.one(value, "item", after).item_uuid
        except Problem:  # it may have been taken out since
            return addressed.one(value, "item", before).item_uuid


def release_reference(moment: reading.Moment) -> dict[str, Any]:
    published_at = rfc3339(moment.published_at)
    return {"number": moment.release, "published_at": published_at, "href": f"{API}/releases/{moment.release}/"}


def compared(pair: Pair, show: str, *, is_turned: bool) -> dict[str, Any]:
    """One item in both releases. Differences are sought from the older to the newer, and turned if asked for."""
    older, newer = (json.loads(bytes(row["body"])) if row else None for row in (pair.older, pair.newer))
    rows = [pair.newer, pair.older] if is_turned else [pair.older, pair.newer]
    before, after_it = (newer, older) if is_turned else (older, newer)
    changes = None
    if show == "changes":
        are_whole = [document is not None and not document.get("withdrawn") for document in (older, newer)]
        changes = comparison.differences(older, newer) if all(are_whole) else []
        changes = comparison.inverted(changes) if is_turned else changes
    known = rows[1] or pair.newer
    return {
        "id": str(known["item_uuid"]),
        **{column: known[column] for column in ("kind", "slug", "name")},
        "change": sort_of_change(*rows),
        "significance": pair.significance,
        "before": state(rows[0]),
        "after": state(rows[1]),
        "changes": changes,
        "patch": patch(before, after_it) if show == "patch" else None,
    }


def sort_of_change(before: dict | None, after_it: dict | None) -> str:
    """Added: can be read only after. Changed: can be read before and after. Withdrawn: cannot be read after."""
    if after_it is None or after_it["tombstone_reason"]:
        return "withdrawn"
    return "changed" if before and not before["tombstone_reason"] else "added"


def state(row: dict | None) -> dict[str, Any] | None:
    """Which version of the item stands in a release; None if it was not there."""
    if row is None:
        return None
    return {
        **{column: row[column] for column in ("slug", "name", "version", "sha256")},
        "release": row["first_release"],
        "withdrawn": bool(row["tombstone_reason"]),
        "href": f"{href(row['kind'], row['slug'])}?release={row['first_release']}",
    }


class ConditionCompareView(ReadView):
    """What two conditions share and where they differ. Never a ranking."""

    operation = Operation(
        "compare_conditions",
        "conditions",
        "Compare two conditions",
        "The similarities and differences between two conditions, row by row, with citations. If you swap a and b, "
        "you get the mirror image.\n\nNothing is ranked, and this is not a differential diagnosis. If only one "
        "condition mentions something, the other may have it too. Always show `disclaimer` and the notices of both "
        "conditions.",
        shapes.ConditionComparisonSerializer,
        is_found_by_name=True,
        can_be_withdrawn=True,
        example="compare_conditions",
    )

    known_parameters = READ_PARAMETERS

    def get(self, request, a: str, b: str) -> HttpResponse:
        moment = self.moment()
        found = [reading.by_slug(moment, "condition", slug) for slug in (a, b)]
        if None in found:
            return self.elsewhere(moment, [a, b], found)
        for stored in found:
            refuse_withdrawn(stored)
        documents = [json.loads(stored.body) for stored in found]
        body = {"release": moment.release} | conditions.compare(*documents)
        return answer(request, compact_json(body), moment=moment)

    def elsewhere(self, moment: reading.Moment, slugs: list[str], found: list) -> HttpResponse:
        """308 to the same comparison under the names that the two have now, or 404."""
        now = []
        for slug, stored in zip(slugs, found, strict=True):
            names = [] if stored else addressed.by_name(moment, slug, ("condition",), is_no_slug=True)
            known = [slug] if stored else [found.slug for found in names]
            if len(known) != 1:
                raise missing(moment, "condition", slug, known, partial(href, "condition"))
            now += known
        return PermanentRedirect(with_query(self.request, f"{API}/conditions/{now[0]}/compare/{now[1]}/"))
