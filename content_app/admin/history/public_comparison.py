"""Compares what readers have of an item or source with what they would get, field by field, as an editor reads it.

In: the bodies of two published documents. Out: `Difference`s: also of what nobody wrote into the item itself, but what
it shows of its sources and of other items.
"""

import json
from typing import Any

from content_app.admin.history.comparison import Difference, compare
from content_app.manuscripts.compiler import source_as_published

Content = dict[str, Any]
# What says nothing to an editor: it follows from the rest, or is the same everywhere.
LEFT_OUT = {"id", "href", "links", "licence", "meta", "not_covered", "review", "label", "system_uri"}


def differences_for_readers(before: bytes | None, after: bytes) -> list[Difference]:
    """What differs between two published documents of the same item or source; nothing for the first one."""
    if before is None:
        return []
    return compare(_as_written(json.loads(bytes(before))), _as_written(json.loads(bytes(after))))


def _as_written(content: Content) -> Content:
    """A published document in the shape in which editors compare."""
    if content["kind"] == "source":
        return source_as_published(content)
    statements = [{"uuid": statement["id"], **_without_empty(statement)} for statement in content["statements"]]
    relations = [_relation(relation) for relation in content["relations"]]
    summary = {audience: content["summary"][audience] for audience in ("clinical", "plain")}
    whole = {"summary": summary, "citations": _without_empty(content["summary"]["citations"])}
    return _without_empty(content) | whole | {"statements": statements, "relations": relations}


def _relation(relation: Content) -> Content:
    ends = {"object": relation["object"], "display_with": relation["display_with"]}
    named = {end: f"{one['kind']}/{one['slug']}" for end, one in ends.items() if one}
    return _without_empty({**relation, "name": relation["object"]["name"], **named})


def _without_empty(value: Any) -> Any:
    """The value without what is left out, and without what says nothing."""
    if isinstance(value, list):
        return [_without_empty(entry) for entry in value]
    if not isinstance(value, dict):
        return value
    kept = {key: _without_empty(entry) for key, entry in value.items() if key not in LEFT_OUT}
    return {key: entry for key, entry in kept.items() if entry not in (None, "", [], {}, False)}
