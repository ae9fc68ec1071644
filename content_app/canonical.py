"""Canonical text, canonical JSON and the hashes over it: the same content gives the same bytes, everywhere.

In: plain data (dict, list, str, int, bool, None). Out: UTF-8 bytes and SHA-256 in lower-case hex.
Follows RFC 8785 (JCS) for the data used here: keys sorted, no spaces, no floats. No Django.
"""

import datetime
import hashlib
import json
import re
import unicodedata
from typing import Any

LINE_ENDS = re.compile("\r\n|[\r\x85\u2028\u2029]")
# Only about where a line may break, and never seen: soft hyphen, zero width space, word joiner, byte order mark.
LAYOUT_ONLY = re.compile("[\u00ad\u200b\u2060\ufeff]")


def canonical_json(data: Any) -> bytes:
    """`data` as canonical JSON. Raises UnicodeEncodeError on a lone surrogate."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def compact_json(data: Any) -> bytes:
    """`data` as compact JSON in the order of its keys: for people to read. Raises as `canonical_json`."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()


def sha256_of(data: Any) -> str:
    """SHA-256 over the canonical JSON of `data`, in lower-case hex."""
    return sha256_of_bytes(canonical_json(data))


def sha256_of_bytes(data: bytes) -> str:
    """SHA-256 over bytes, in lower-case hex."""
    return hashlib.sha256(data).hexdigest()


def rfc3339(instant: datetime.datetime, timespec: str = "auto") -> str:
    """An instant as text, in UTC: 2026-11-02T09:00:00Z (RFC 3339). `timespec` is as for `datetime.isoformat`."""
    return instant.astimezone(datetime.UTC).isoformat(timespec=timespec).replace("+00:00", "Z")


def seen(text: str) -> str:
    """The text as people see it: normal form C, without the characters that are only about layout."""
    return unicodedata.normalize("NFC", LAYOUT_ONLY.sub("", text))


def tidy(data: Any) -> Any:
    """The data with every string in normal form C, Unix line ends, and no white space around it; 7.0 becomes 7.

    Characters that are only about layout, which word processors leave behind, are taken out of strings.
    """
    if isinstance(data, str):
        return seen(LINE_ENDS.sub("\n", data)).strip()
    if isinstance(data, list):
        return [tidy(entry) for entry in data]
    if isinstance(data, dict):
        return {key: tidy(value) for key, value in data.items()}
    if isinstance(data, float) and data.is_integer():
        return int(data)
    return data
