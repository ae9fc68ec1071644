"""Says of each copy that a client holds whether it is still what readers are to see.

In: the body of a request, as bytes, and the versions of the items it names. Out: one result for each entry, in order.
Pure: no database. Raises `NotUsable` with a JSON pointer (RFC 6901) to what is wrong.
"""

import re
from typing import Any

from content_app import strict_json
from content_app.delivery.rest.compare.documents import highest
from content_app.vocabulary import release_numbers
from content_app.vocabulary.addresses import href

MOST_ENTRIES = 1000
LARGEST_BODY = 400_000  # bytes: a thousand entries, generously spaced
UUID = re.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}")
SHA256 = re.compile("[0-9a-f]{64}")
Entry = dict[str, Any]


class NotUsable(Exception):
    """The body is not what it should be. `errors` are {pointer, detail} entries."""

    def __init__(self, *errors: tuple[str, str]):
        self.errors = [{"pointer": f"#{pointer}", "detail": detail} for pointer, detail in errors]
        super().__init__(" ".join(detail for _, detail in errors[:3]))


def parsed(body: bytes) -> list[Entry]:
    """The entries of `{"items": [{"id": …, "version": …}, {"id": …, "sha256": …}]}`. Raises `NotUsable`."""
    try:
        data = strict_json.parse(body)
    except strict_json.NotJSON as error:
        raise NotUsable(("", str(error)))
    if not isinstance(data, dict) or set(data) != {"items"}:
        raise NotUsable(("", "Send an object with a single member, “items”."))
    items = data["items"]
    if not isinstance(items, list) or len(items) > MOST_ENTRIES:
        raise NotUsable(("/items", f"Give a list of at most {MOST_ENTRIES} entries."))
    errors = [error for place, entry in enumerate(items) if (error := fault(place, entry))]
    if errors:
        raise NotUsable(*errors[:20])
    return [_tidied(entry) for entry in items]


def _tidied(entry: Entry) -> Entry:
    """The entry as it is compared: 2.0 is the whole number 2 (JSON Schema, section 4.2.3)."""
    known = entry | {"id": entry["id"].lower()}
    return known | {"version": int(known["version"])} if "version" in known else known


def fault(place: int, entry: Any) -> tuple[str, str] | None:
    """What is wrong with an entry: where and why; None if nothing is."""
    here = f"/items/{place}"
    if not isinstance(entry, dict):
        return here, "Each entry must be an object."
    if set(entry) not in ({"id", "version"}, {"id", "sha256"}):
        return here, "Each entry must have an “id” and either a “version” or a “sha256”, and nothing else."
    if not isinstance(entry["id"], str) or not UUID.fullmatch(entry["id"]):
        return f"{here}/id", "Give an identifier such as 0b6e1f0c-5a3d-4c58-9d0e-3a8b2f4c6d7e."
    if "sha256" in entry and not (isinstance(entry["sha256"], str) and SHA256.fullmatch(entry["sha256"])):
        return f"{here}/sha256", "Give the 64 hexadecimal digits of `meta.sha256`, in lower case."
    if "version" in entry and not _is_version(entry["version"]):
        return f"{here}/version", "Give `meta.version`, a whole number from 1."
    return None


def _is_version(value: Any) -> bool:
    is_whole = type(value) is int or (type(value) is float and value.is_integer())
    return is_whole and 1 <= value <= release_numbers.LARGEST


def result(entry: Entry, versions: list[Entry]) -> Entry:
    """How a copy stands. `versions` are all that its item has had, oldest first; none if it is not known."""
    held = version_held(entry, versions)
    now = versions[-1] if versions else None
    status = status_of(held, now)
    behind = [row["significance"] for row in versions if held and row["version"] > held["version"]]
    grave = (now or {}).get("grave") or {}
    return {
        "id": entry["id"],
        "status": status,
        "significance": highest(behind) if behind and status != "current" else None,
        "reason": grave.get("reason"),
        "replaced_by": grave.get("replaced_by"),
        "current": current(now) if now else None,
    }


def version_held(entry: Entry, versions: list[Entry]) -> Entry | None:
    """The version that a client holds; of several with the same content the last. None if there never was such."""
    field = "version" if "version" in entry else "sha256"
    return next((row for row in reversed(versions) if row[field] == entry[field]), None)


def status_of(held: Entry | None, now: Entry | None) -> str:
    """One of current, newer, withdrawn, replaced, unknown. That it was withdrawn is said whatever is held."""
    if now is None:
        return "unknown"
    if now["tombstone_reason"]:
        return "replaced" if now["tombstone_reason"] == "replaced" else "withdrawn"
    if held is None:
        return "unknown"
    return "current" if held["sha256"] == now["sha256"] else "newer"


def current(row: Entry) -> Entry:
    """The version that readers now see, and where."""
    return {
        **{column: row[column] for column in ("kind", "slug", "name", "version", "sha256")},
        "release": row["first_release"],
        "href": f"{href(row['kind'], row['slug'])}?release={row['first_release']}",
    }
