"""The states that the sandbox shows, and the recorded documents behind them.

In: the name of a state. Out: the document as `reading` would give it, for the views that also show real ones.
"""

import datetime
import gzip
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from content_app.delivery.store.reading import Moment, Stored
from content_app.vocabulary.addresses import SANDBOX

DOCUMENTS = Path(__file__).parent / "documents"
PUBLISHED_AT = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
# The sandbox has one release of its own.
MOMENT = Moment(release=1, published_at=PUBLISHED_AT, counts={}, is_pinned=False)
NOTICE = (
    "Made up for testing. None of this is content of the library, and none of it is about any real person or "
    "illness. Do not show it to patients."
)


@dataclass(frozen=True)
class State:
    """One address of the sandbox: how it is answered, and what that is for."""

    name: str
    status: int
    shows: str

    @property
    def href(self) -> str:
        return f"{SANDBOX}/{self.name}/"


# At `/sandbox/{state}/`: an item, as it would be answered at its own address.
ITEMS = {
    state.name: state
    for state in (
        State("ordinary", 200, "An ordinary item."),
        State(
            "overdue",
            200,
            "An item whose review is overdue: `review.review_due_on` has passed. Say so when you show it.",
        ),
        State(
            "safety-notice",
            200,
            "An item with an active safety alert: it is first in `notices`, announced in `Link`, and sent with "
            "`Cache-Control: no-cache`.",
        ),
        State("withdrawn", 410, "A withdrawn item, with a note. Stop showing it."),
        State("replaced", 410, "A withdrawn item. `replaced_by` names its replacement."),
        State("gone", 410, "An item withdrawn without any explanation."),
        State("moved", 308, "A former address of an item. `Location` gives the current one."),
    )
}
DEPRECATED = State(
    "deprecated", 200, "A deprecated address, with `Deprecation`, `Sunset` and links that say what to do."
)
DEPRECATED_PARAMETER = State(
    "deprecated-parameter", 200, "With `?form=short`: a deprecated parameter, announced like a deprecated address."
)
DEPRECATED_FIELD = State("deprecated-field", 200, "A deprecated field, `old_name`, which is also marked in OpenAPI.")
SUNSET = State("sunset", 410, "An address that was removed after its sunset date.")
TOO_MANY = State(
    "too-many-requests",
    429,
    "A rate limit that is always exceeded, with `Retry-After`, `RateLimit` and `violated-policies`.",
)
UNAVAILABLE = State(
    "unavailable", 503, "A library that cannot be read, with `Retry-After`. You can keep using your cached copy."
)
STATES = (*ITEMS.values(), DEPRECATED, DEPRECATED_PARAMETER, DEPRECATED_FIELD, SUNSET, TOO_MANY, UNAVAILABLE)


@cache
def stored(name: str) -> Stored:
    """The document of an item's state."""
    body = (DOCUMENTS / f"{name}.json").read_bytes()
    document = json.loads(body)
    meta, reason = document["meta"], document.get("reason", "")
    packed = gzip.compress(body, mtime=0)
    kind, slug = document["kind"], document["slug"]
    return Stored(body, packed, meta["sha256"], meta["version"], reason, kind, slug, PUBLISHED_AT)
