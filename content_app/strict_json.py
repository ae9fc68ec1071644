"""Reads JSON as strictly as it is written (RFC 8259): the one reader of what others send.

In: bytes or text. Out: plain data, its texts in normal form C. Raises `NotJSON` on what readers of JSON would take
differently: another encoding than UTF-8, a member that an object names twice, NaN. A byte order mark is passed over
(section 8.1). No Django.
"""

import json
import unicodedata
from typing import Any, NoReturn


class NotJSON(Exception):
    """It cannot be read; says why in a sentence."""


def parse(data: bytes | str, subject: str = "The body") -> Any:
    """The data that the JSON stands for. Raises `NotJSON`; its sentences are about the `subject`."""
    try:
        text = data.decode("utf-8-sig") if isinstance(data, bytes) else data.removeprefix("\ufeff")
        text = unicodedata.normalize("NFC", text)
        found = json.loads(text, object_pairs_hook=_members, parse_constant=_no_number)
        return _composed(found) if "\\u" in text else found  # only an escape can hide what is not composed
    except UnicodeDecodeError:
        raise NotJSON(f"{subject} is not UTF-8.")
    except RecursionError:
        raise NotJSON(f"{subject} is nested too deeply.")
    except ValueError as error:
        raise NotJSON(f"{subject} is not valid JSON: {error}.")


def _composed(data: Any) -> Any:
    if isinstance(data, str):
        return unicodedata.normalize("NFC", data)
    if isinstance(data, list):
        return [_composed(entry) for entry in data]
    if isinstance(data, dict):
        return _members([(_composed(name), _composed(value)) for name, value in data.items()])
    return data


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        printable = twice[:60].encode("utf-8", "backslashreplace").decode()
        raise NotJSON(f"The member “{printable}” occurs twice in one object.")
    return members


def _no_number(name: str) -> NoReturn:
    raise NotJSON(f"{name} is not a JSON number.")
