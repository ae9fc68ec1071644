"""Refuses resources and codings whose parts have the wrong shape, before anything reads them.

In: JSON that came with a request. Out: nothing, or FhirError 400 with the place. It checks only what the operations of
this server read, and how deep and how large it is; it is not a validator of resources.
"""

from typing import Any

from content_app.delivery.fhir.terminology.outcome import refusal

TEXTS = frozenset(
    {"url", "code", "system", "version", "display", "definition", "language", "op", "name", "title", "content",
     "supplements", "sourceCanonical", "targetCanonical", "sourceUri", "targetUri", "sourceVersion", "targetVersion",
     "equivalence", "comment", "id", "resourceType", "hierarchyMeaning"}
)  # fmt: skip
LISTS = frozenset(
    {"coding", "concept", "designation", "extension", "include", "exclude", "filter", "contained", "group", "element",
     "parameter", "part"}
)  # fmt: skip
OBJECTS = frozenset({"compose", "use"})
DEEPEST = 60
MOST_PARTS = 200_000


def require(data: Any, place: str) -> None:
    """Raises FhirError 400 if something in the data has the wrong shape."""
    waiting: list[tuple[str, Any, int]] = [(place, data, 0)]
    seen = 0
    while waiting:
        path, value, depth = waiting.pop()
        seen += 1
        if depth > DEEPEST or seen > MOST_PARTS:
            raise refusal(
                413 if seen > MOST_PARTS else 400, "too-long", f"{place} is too large or too deep", path=place
            )
        if isinstance(value, dict):
            for key, part in value.items():
                _require_part(f"{path}.{key}", key, part)
                waiting.append((f"{path}.{key}", part, depth + 1))
        elif isinstance(value, list):
            waiting.extend((path, part, depth + 1) for part in value)


def _require_part(path: str, key: str, part: Any) -> None:
    is_right = True
    if key in TEXTS:
        is_right = isinstance(part, str)
    elif key in LISTS:
        is_right = isinstance(part, list) and all(isinstance(entry, dict) for entry in part)
    elif key in OBJECTS:
        is_right = isinstance(part, dict)
    elif key == "property":  # a list in a code system, a code in a filter
        is_right = isinstance(part, str) or (isinstance(part, list) and all(isinstance(entry, dict) for entry in part))
    elif key == "valueSet":  # one address in a code system, a list of them in an include
        is_right = isinstance(part, str) or (isinstance(part, list) and all(isinstance(entry, str) for entry in part))
    elif key == "target":  # an address in a group, a list in an element
        is_right = isinstance(part, str) or (isinstance(part, list) and all(isinstance(entry, dict) for entry in part))
    if not is_right:
        raise refusal(400, "structure", f"{path} has the wrong shape", path=path)
