"""Canonical JSON and the hashes over it: the same content gives the same bytes, everywhere.

In: plain data (dict, list, str, int, bool, None). Out: UTF-8 bytes and SHA-256 in lower-case hex.
Follows RFC 8785 (JCS) for the data used here: keys sorted, no spaces, no floats. No Django.
"""

import hashlib
import json
from typing import Any


def canonical_json(data: Any) -> bytes:
    """`data` as canonical JSON. Raises UnicodeEncodeError on a lone surrogate."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def compact_json(data: Any) -> bytes:
    """`data` as compact JSON in the order of its keys: for people to read. Raises as `canonical_json`."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()


def sha256_of(data: Any) -> str:
    """SHA-256 over the canonical JSON of `data`, in lower-case hex."""
    return hashlib.sha256(canonical_json(data)).hexdigest()
