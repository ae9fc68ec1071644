"""Opaque cursors: where a page ends, in which release, of which list.

In: a release, a key, and what the list was asked for. Out: URL-safe text, and back. A cursor keeps its release, so
paging sees one state of the library; used with other filters it is refused.
"""

import base64
import binascii
import json
from dataclasses import dataclass
from hashlib import sha256

from content_app.delivery.http.problems import Problem, invalid


@dataclass(frozen=True)
class Cursor:
    """The key of the last entry of a page (texts and whole numbers), and the release it was read from."""

    release: int
    key: tuple[str | int, ...]


def question(request) -> dict[str, str]:
    """What a list was asked for: its address and its parameters. Cursors belong to one question."""
    return {"": request.path, **request.query_params.dict()}


def fingerprint(asked: dict[str, str]) -> str:
    """A short hash over what was asked for, cursor and page size left out."""
    relevant = sorted((name, value) for name, value in asked.items() if name not in ("cursor", "page_size"))
    return sha256(json.dumps(relevant).encode()).hexdigest()[:12]


def encode(cursor: Cursor, asked: dict[str, str]) -> str:
    data = json.dumps([cursor.release, fingerprint(asked), *cursor.key], separators=(",", ":"), ensure_ascii=False)
    return base64.urlsafe_b64encode(data.encode()).decode().rstrip("=")


def decode(text: str, asked: dict[str, str], types: tuple[type, ...]) -> Cursor:
    """The cursor. Raises `Problem` (400) unless it was made for the same list, with a key of these types."""
    try:
        data = json.loads(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True))
        release, made_for, *key = data
    except (ValueError, TypeError, binascii.Error, RecursionError):
        raise not_one_of_ours()
    expected = (int, str, *types)
    if len(data) != len(expected) or any(type(v) is not t for v, t in zip(data, expected, strict=True)):
        raise not_one_of_ours()
    if not 1 <= release <= 2_147_483_647 or any("\x00" in value for value in key if isinstance(value, str)):
        raise not_one_of_ours()
    if made_for != fingerprint(asked):
        raise invalid("cursor", "This cursor belongs to another list: keep all other parameters as they were.")
    return Cursor(release, tuple(key))


def not_one_of_ours() -> Problem:
    return invalid("cursor", "This is no cursor of this API: take the address in `next` as it is, or leave it out.")
