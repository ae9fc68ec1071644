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

DOCUMENTS = Path(__file__).parent / "documents"
PUBLISHED_AT = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
# The sandbox has one release of its own.
MOMENT = Moment(release=1, published_at=PUBLISHED_AT, counts={}, is_pinned=False)
NOTICE = (
    "Invented for testing. Nothing here is content of the library, and nothing says anything about any person or "
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
        return f"/sandbox/{self.name}/"


# At `/sandbox/{state}/`: an item, as it would be answered at its own address.
ITEMS = {
    state.name: state
    for state in (
        State("ordinary", 200, "An item with nothing special about it."),
        State("overdue", 200, "Its review was due long ago: `review.review_due_on` has passed. Say so with it."),
        State(
            "safety-notice",
            200,
            "An active safety notice: first among `notices`, named in `Link`, and with `Cache-Control: no-cache`.",
        ),
        State("withdrawn", 410, "Withdrawn, with a note. Take it out of what you show."),
        State("replaced", 410, "Withdrawn, and `replaced_by` names what takes its place."),
        State("gone", 410, "Withdrawn without a word about it."),
        State("moved", 308, "An address that it had formerly: `Location` is where it is now."),
    )
}
DEPRECATED = State("deprecated", 200, "An address that goes away: `Deprecation`, `Sunset`, and links to what to do.")
DEPRECATED_PARAMETER = State(
    "deprecated-parameter", 200, "With `?form=short`: a parameter that goes away, said as for an address."
)
DEPRECATED_FIELD = State("deprecated-field", 200, "A field that goes away: `old_name`, also marked in OpenAPI.")
SUNSET = State("sunset", 410, "An address that has gone away, after its sunset.")
TOO_MANY = State("too-many-requests", 429, "Always above the limit: `Retry-After`, `RateLimit`, `violated-policies`.")
UNAVAILABLE = State("unavailable", 503, "The library cannot be read: `Retry-After`. Your cached copy is still good.")
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
