"""Which representation a client wants (RFC 9110, section 12.5.1): the one reader of `Accept` for every address.

In: an `Accept` header and the media types that an address has, the usual one first. Out: the one to answer in, or None.
Pure: no Django, no database.

What counts as the best choice is decided here alone: `by_range`, `by_offer` and `first_served` are the policies that
addresses have.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

# A weight as section 12.4.2 writes it, or without its nought as Java writes it. What is not one counts as none given.
WEIGHT = re.compile(r"0?\.[0-9]{1,3}|0\.?|1(\.0{0,3})?")
LONGEST = 1_000  # characters of a header that are read; browsers send about 130
ANYTHING = "*/*"
PROBLEM = "application/problem+json"
# What generated clients ask for where a description says that the answer is a file, and the files that there are.
BYTES, FILES = "application/octet-stream", ("application/zip",)


@dataclass(frozen=True)
class Range:
    """One range of a header: what it names, its parameters, its weight from 0 to 1, and where it stands.

    Names are in lower case. Parameters such as a character set or a profile do not narrow a range: each type is there
    in one form only.
    """

    name: str
    parameters: dict[str, str]
    weight: float
    place: int

    @property
    def precision(self) -> int:
        return 0 if self.name in ("*", ANYTHING) else 1 if self.name.endswith("/*") else 2

    def fits(self, media_type: str) -> bool:
        is_file = self.name == BYTES and media_type in FILES
        return is_file or self.name in (media_type, "*", ANYTHING, media_type.partition("/")[0] + "/*")


Policy = Callable[[Range, int], tuple[float, ...]]


def by_range(wanted: Range, usual: int) -> tuple[float, ...]:
    """Of types of the same weight, first the one named more precisely, then the one further left in the header.

    So `application/json, text/plain, */*` is answered in JSON and `text/html, */*` with a page.
    """
    return wanted.weight, wanted.precision, -wanted.place, -usual


def by_offer(wanted: Range, usual: int) -> tuple[float, ...]:
    """Of types of the same weight, the usual one first."""
    return wanted.weight, -usual


def chosen(accept: str | None, available: tuple[str, ...], policy: Policy = by_range) -> str | None:
    """The available media type that is wanted most; None if none is acceptable.

    For each type the most specific range that fits it counts, as the standard asks. Problems come in a type of their
    own, whatever is asked for, so whoever names that says nothing about the answer.
    """
    header = (accept or "").strip()
    return available[0] if header in ("", ANYTHING) else _chosen(header[:LONGEST], available, policy)


@lru_cache(maxsize=256)
def _chosen(header: str, available: tuple[str, ...], policy: Policy) -> str | None:
    wanted, acceptable = [each for each in ranges(header) if each.name != PROBLEM], []
    if not wanted:
        return available[0]
    for usual, media_type in enumerate(available):
        fitting = [each for each in wanted if each.fits(media_type)]
        closest = max(fitting, key=lambda each: (each.precision, -each.place), default=None)
        if closest and closest.weight > 0:
            acceptable.append((policy(closest, usual), media_type))
    return max(acceptable)[1] if acceptable else None


def first_served(wanted: Iterable[Range], available: tuple[str, ...]) -> str | None:
    """What the best range asks for that can be served: the one with the most weight, then the one further left.

    A type that a more specific range weighs less is not held back from a wider one.
    """
    best_first = sorted(wanted, key=lambda each: (-each.weight, each.place))
    served = (media_type for each in best_first if each.weight > 0 for media_type in available if each.fits(media_type))
    return next(served, None)


@lru_cache(maxsize=256)
def takes_gzip(accept_encoding: str | None) -> bool:
    """Whether a client takes gzip: named, and not with a weight of nought (section 12.5.3)."""
    named = next((coding for coding in ranges(accept_encoding) if coding.name in ("gzip", "*")), None)
    return named is not None and named.weight > 0


def ranges(header: str | None) -> list[Range]:
    """The ranges of a header, as they stand. No header means anything (section 12.5.1)."""
    parts = ((header or "").strip() or ANYTHING)[:LONGEST].split(",")
    return [media_range(part, place) for place, part in enumerate(parts) if part.strip()]


def media_range(text: str, place: int = 0) -> Range:
    """One range of a header."""
    name, *rest = (part.strip() for part in text.split(";"))
    pairs = (part.partition("=")[::2] for part in rest)
    parameters = {key.strip().lower(): value.strip().strip('"') for key, value in pairs}
    weight = parameters.get("q", "")
    return Range(name.lower(), parameters, float(weight) if WEIGHT.fullmatch(weight) else 1.0, place)
