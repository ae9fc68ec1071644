"""Which representation a client wants (RFC 9110, section 12.5.1), the same for every address.

In: an `Accept` header and the media types there are, the usual one first. Out: the one to answer in, or None.
Pure: no Django, no database.
"""

import re
from functools import lru_cache

# A weight as section 12.4.2 writes it. What is not one counts as no weight given.
WEIGHT = re.compile(r"0(\.[0-9]{0,3})?|1(\.0{0,3})?")
LONGEST = 1_000  # characters of a header that are read; browsers send about 130
ANYTHING = "*/*"


def chosen(accept: str | None, available: tuple[str, ...]) -> str | None:
    """The available media type that is wanted most; None if none is acceptable.

    For each type the most specific range counts, as the standard asks. Between types of the same weight, the one that
    is named by a more specific range goes first, then the one that stands further left in the header, then the usual
    one: so `application/json, text/plain, */*` is answered in JSON and `text/html, */*` with a page. Parameters other
    than `q` (a character set, a profile) do not narrow a range: each type is there in one form only.
    """
    header = (accept or "").strip()
    if header in ("", ANYTHING):
        return available[0]
    return _chosen(header[:LONGEST], available)


@lru_cache(maxsize=256)
def _chosen(header: str, available: tuple[str, ...]) -> str | None:
    ranges = [_range(part, place) for place, part in enumerate(header.lower().split(",")) if part.strip()]
    ranked = []
    for usual, media_type in enumerate(available):
        fitting = [entry for entry in ranges if _fits(entry[0], media_type)]
        if fitting:
            named, weight, place = max(fitting, key=lambda entry: (_precision(entry[0]), -entry[2]))
            ranked.append((weight, _precision(named), -place, -usual, media_type))
    best = max(ranked, default=None)
    return best[-1] if best and best[0] > 0 else None


def _range(part: str, place: int) -> tuple[str, float, int]:
    """A media range, its weight from 0 to 1, and where it stands in the header."""
    named, *parameters = (word.strip() for word in part.split(";"))
    weights = [value.strip() for name, _, value in (p.partition("=") for p in parameters) if name.strip() == "q"]
    weight = float(weights[0]) if weights and WEIGHT.fullmatch(weights[0]) else 1.0
    return ANYTHING if named == "*" else named, weight, place


def _fits(named: str, media_type: str) -> bool:
    return named in (media_type, ANYTHING, media_type.partition("/")[0] + "/*")


def _precision(named: str) -> int:
    return 0 if named == ANYTHING else 1 if named.endswith("/*") else 2
