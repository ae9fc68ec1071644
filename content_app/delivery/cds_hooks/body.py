"""Reads a JSON body as strictly as JSON is written, and says what is wrong as an OperationOutcome.

In: bytes. Out: plain data, or `Refused` with the status and the sentence for the answer. No Django, no database.
Source: RFC 8259; CDS Hooks 2.0, Use of JSON.
"""

import json
from typing import Any

from content_app import strict_json

LONGEST = 2_000_000
DEEPEST = 60


class Refused(Exception):
    """A call that cannot be answered. `code` is a FHIR issue type."""

    def __init__(self, status: int, code: str, sentence: str):
        self.status, self.code, self.sentence = status, code, sentence
        super().__init__(sentence)

    def to_outcome(self) -> dict[str, Any]:
        """The OperationOutcome to send."""
        issue = {"severity": "error", "code": self.code, "details": {"text": self.sentence}}
        return {"resourceType": "OperationOutcome", "issue": [issue]}


def malformed(sentence: str) -> Refused:
    return Refused(400, "structure", sentence)


def wrong(sentence: str) -> Refused:
    return Refused(400, "invalid", sentence)


def read_json(body: bytes) -> dict[str, Any]:
    """The object in the body. Raises `Refused`: no member twice, no NaN, no lone surrogate, not too deep or long."""
    if len(body) > LONGEST:
        raise Refused(413, "too-long", f"The body has more than {LONGEST} bytes.")
    try:
        data = strict_json.parse(body)
    except strict_json.NotJSON as problem:
        raise malformed(str(problem))
    if not isinstance(data, dict):
        raise malformed("The body must be a JSON object.")
    if _depth(data) > DEEPEST:
        raise malformed("The body is nested too deeply.")
    try:
        json.dumps(data, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise malformed("The body is not UTF-8.")
    return data


def _depth(data: Any) -> int:
    depth, level = 0, [data]
    while level:
        depth += 1
        level = [child for each in level for child in _children(each)]
    return depth


def _children(data: Any) -> list[Any]:
    return list(data.values()) if isinstance(data, dict) else data if isinstance(data, list) else []
