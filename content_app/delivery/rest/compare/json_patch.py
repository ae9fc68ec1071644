"""The difference of two JSON values as a JSON Patch (RFC 6902): applied to the first, it gives the second.

In: two values. Out: a list of `add`, `remove` and `replace` operations, to be applied in order. Pure. Entries of lists
are recognised by their `id`, so that a changed statement is patched in place and not written again.
"""

import difflib
from typing import Any

from content_app.canonical import canonical_json
from content_app.delivery.rest.compare.documents import is_same

Operation = dict[str, Any]


def patch(before: Any, after: Any) -> list[Operation]:
    """The operations that make `after` of `before`. Documents that are not there are null."""
    both = isinstance(before, dict) and isinstance(after, dict)
    if both and bool(before.get("withdrawn")) != bool(after.get("withdrawn")):
        return [{"op": "replace", "path": "", "value": after}]
    return _value("", before, after)


def _value(path: str, before: Any, after: Any) -> list[Operation]:
    if isinstance(before, dict) and isinstance(after, dict):
        return _object(path, before, after)
    if isinstance(before, list) and isinstance(after, list):
        return _list(path, before, after)
    return [] if is_same(before, after) else [{"op": "replace", "path": path, "value": after}]


def _object(path: str, before: dict[str, Any], after: dict[str, Any]) -> list[Operation]:
    found = [{"op": "remove", "path": f"{path}/{escaped(name)}"} for name in before if name not in after]
    for name, value in after.items():
        place = f"{path}/{escaped(name)}"
        if name in before:
            found += _value(place, before[name], value)
        else:
            found.append({"op": "add", "path": place, "value": value})
    return found


def _list(path: str, before: list[Any], after: list[Any]) -> list[Operation]:
    """From the first place to the last: what stands before `place` is already as it should be."""
    found: list[Operation] = []
    place = 0
    matcher = difflib.SequenceMatcher(None, [_key(e) for e in before], [_key(e) for e in after], autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            for one, other in zip(before[i1:i2], after[j1:j2], strict=True):
                found += _value(f"{path}/{place}", one, other)
                place += 1
            continue
        found += [{"op": "remove", "path": f"{path}/{place}"}] * (i2 - i1)
        for value in after[j1:j2]:
            found.append({"op": "add", "path": f"{path}/{place}", "value": value})
            place += 1
    return found


def _key(entry: Any) -> str:
    """What an entry is recognised by."""
    if isinstance(entry, dict) and isinstance(entry.get("id"), str):
        return str(entry["id"])
    return canonical_json(entry).decode()


def escaped(name: str) -> str:
    """A member name as a JSON Pointer has it (RFC 6901, section 3)."""
    return name.replace("~", "~0").replace("/", "~1")
