"""Says in sentences what the schema finds wrong with the form of one editorial document.

In: any plain data. Out: (JSON pointer, sentence) pairs; the sentences are printable whatever the data holds.
No Django, no database: what takes a second document is checked by `rules` and `interchange.validation`.
"""

import difflib
import itertools
from collections.abc import Iterable, Iterator
from typing import Any, cast

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError

from content_app.manuscripts.schema import CLEAN_LINE, CLEAN_TEXT, SCHEMAS_BY_KIND

VALIDATORS = {
    kind: Draft202012Validator(schema, format_checker=FormatChecker()) for kind, schema in SCHEMAS_BY_KIND.items()
}
MOST_PROBLEMS = 100
JSON_TYPES = {
    "object": "a mapping", "array": "a list", "string": "text", "integer": "a whole number", "boolean": "true or false",
}  # fmt: skip


def shown(value: Any, longest: int = 60) -> str:
    """A value as a sentence may show it: short, and without characters that cannot be printed."""
    text = value if isinstance(value, str) else repr(value)
    kept = text[:longest] + ("…" if len(text) > longest else "")
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in kept)


def pointer_to(path: Iterable[str | int]) -> str:
    """A JSON pointer (RFC 6901) from a sequence of keys and indexes."""
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in path)


def nearest(word: Any, known: Iterable[Any]) -> str:
    """“; did you mean …?” if a known word is near, else the first of the known words."""
    words = [str(k) for k in known]
    close = difflib.get_close_matches(str(word)[:200], words, 1)
    if close:
        return f"; did you mean “{close[0]}”?"
    more = f" and {len(words) - 40} more" if len(words) > 40 else ""
    return f"; known are {', '.join(words[:40])}{more}." if words else "."


def faults_of_form(document: Any) -> list[tuple[str, str]]:
    """What the schema of its kind finds wrong with one document, as (pointer, sentence) pairs."""
    if not isinstance(document, dict):
        return [("", "It must be one mapping of keys to values.")]
    kind = document.get("kind")
    if not isinstance(kind, str) or kind not in VALIDATORS:
        return [("/kind", f"“{shown(kind)}” is not a kind of document{nearest(shown(kind), VALIDATORS)}")]
    try:
        errors = list(itertools.islice(VALIDATORS[kind].iter_errors(document), MOST_PROBLEMS))
        errors.sort(key=lambda error: [(isinstance(step, str), step) for step in error.absolute_path])
        return [(pointer_to(error.absolute_path), sentence) for error in errors for sentence in sentences(error)]
    except RecursionError:
        return [("", "It is nested too deeply.")]


def sentences(error: ValidationError) -> Iterator[str]:
    """A schema error in words for editors."""
    rule, limit, value = str(error.validator), cast(Any, error.validator_value), cast(Any, error.instance)
    schema = cast(dict[str, Any], error.schema)
    if rule == "required":
        yield f"“{error.message.split(chr(39))[1]}” is missing."
    elif rule == "additionalProperties":
        known = schema["properties"]
        for key in itertools.islice(sorted(set(map(str, value)) - set(known)), 20):
            yield f"There is no field “{shown(key)}” here{nearest(shown(key), known)}"
    elif rule == "enum":
        yield f"“{shown(value)}” is not one of the words allowed here{nearest(shown(value), limit)}"
    elif rule == "type":
        yield f"This must be {JSON_TYPES.get(limit, limit)}, not {_type_of(value)}."
    elif rule == "pattern":
        yield _sentence_on_pattern(limit, value, schema.get("description", ""))
    else:
        yield _sentence_on_limit(rule, limit, value)


def _type_of(value: Any) -> str:
    if isinstance(value, bool):
        return "true or false"
    names = {dict: "a mapping", list: "a list", str: "text", int: "a number", float: "a number", type(None): "nothing"}
    return names.get(type(value), type(value).__name__)


def _sentence_on_pattern(pattern: str, value: str, description: str) -> str:
    if pattern in (CLEAN_LINE, CLEAN_TEXT):
        has_breaks = pattern == CLEAN_LINE and "\n" in value
        what = "a line break, and it must be one line" if has_breaks else "a character that is no text"
        return f"“{shown(value)}” holds {what}: take it out."
    return f"“{shown(value)}” does not have the right form. {description}".strip()


def _sentence_on_limit(rule: str, limit: Any, value: Any) -> str:
    if rule == "minLength":
        return "This is empty: leave the field out, or fill it."
    if rule == "maxLength":
        return f"This has {len(value):,} characters; at most {limit:,} are allowed."
    if rule == "maxItems":
        return f"This has {len(value):,} entries; at most {limit:,} are allowed."
    if rule in ("minimum", "maximum"):
        least = "least" if rule == "minimum" else "most"
        return f"{shown(value)} is out of range: at {least} {limit} is allowed."
    return f"“{shown(value)}” is not a valid {limit if isinstance(limit, str) else 'value'}."
