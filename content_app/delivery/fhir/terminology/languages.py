"""Which language a display is wanted in, and which of a concept's names answers to it.

In: a list of language ranges with weights, as in `Accept-Language` (RFC 9110, section 12.5.4); names with language
tags. Out: the name to show. Matching follows RFC 4647, section 3.3.1 (a range matches tags that begin with it) and,
so that `en-GB` finds `en`, section 3.4 (lookup).
"""

import re
from dataclasses import dataclass

from content_app.delivery.fhir.terminology.outcome import refusal

RANGE = re.compile(
    r"\s*(\*|[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*)\s*(?:;\s*q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*)?"
)
LONGEST = 200


@dataclass(frozen=True)
class Languages:
    """Wanted languages, best first. `falls_back`: whether any other language is better than none."""

    text: str
    ranges: tuple[str, ...]
    falls_back: bool

    @property
    def is_open(self) -> bool:
        """Whether no language is asked for."""
        return not self.ranges

    def rank(self, tag: str | None) -> int | None:
        """How well a tag serves: 0 is best, None is not at all."""
        for rank, wanted in enumerate(self.ranges):
            if tag and matches(wanted, tag):
                return rank
        return None


ANY = Languages("", (), True)


def matches(wanted: str, tag: str) -> bool:
    """Whether a name in `tag` serves a reader who wants `wanted`: one begins with the other."""
    wanted, tag = wanted.lower(), tag.lower()
    return wanted == tag or tag.startswith(wanted + "-") or wanted.startswith(tag + "-")


def parse(text: str | None, *, is_strict: bool = True) -> Languages:
    """The languages that a text asks for. Raises FhirError 400 on a bad one, or asks for any where not strict."""
    if not text or not text.strip():
        return ANY
    found: list[tuple[float, int, str]] = []
    falls_back = True
    for place, part in enumerate(text.split(",")):
        match = RANGE.fullmatch(part) if len(text) <= LONGEST else None
        if match is None:
            if not is_strict:
                return ANY
            raise refusal(
                400,
                "processing",
                f"Invalid displayLanguage: '{text[:LONGEST]}'",
                kind="invalid-display",
                message_id="INVALID_DISPLAY_NAME",
            )
        weight = float(match[2] or 1)
        if match[1] == "*":
            falls_back = weight > 0
        elif weight > 0:
            found.append((-weight, place, match[1]))
    return Languages(text.strip(), tuple(tag for _, _, tag in sorted(found)), falls_back)
