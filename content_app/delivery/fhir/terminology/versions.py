"""Versions of code systems and value sets: which is later, and which a pattern such as `1.0.x` means.

In: version strings, mostly semantic ones. Out: order and choice. A part `x` or `*` of a pattern stands for any number;
a pattern without one means exactly itself (FHIR terminology ecosystem, version tests).
"""

import re
from collections.abc import Iterable


def sort_key(version: str) -> tuple[tuple[int, int, str], ...]:
    """A key that puts 1.10.0 behind 1.9.0, and numbers behind words."""
    parts = re.split(r"[.\-+]", version) if version else []
    return tuple((1, int(part), "") if part.isdigit() and len(part) < 20 else (0, 0, part) for part in parts)


def is_pattern(version: str) -> bool:
    return any(part in ("x", "X", "*") for part in version.split("."))


def satisfies(version: str, pattern: str) -> bool:
    """Whether a version is one that the pattern means."""
    if version == pattern or not is_pattern(pattern):
        return version == pattern
    wanted, given = pattern.split("."), version.split(".")
    if len(wanted) > len(given):
        return False
    return all(part in ("x", "X", "*") or part == other for part, other in zip(wanted, given, strict=False))


def best(versions: Iterable[str], pattern: str | None) -> str | None:
    """The latest of the versions that the pattern means, or the latest of all without one; None if there is none."""
    fitting = [version for version in versions if pattern is None or satisfies(version, pattern)]
    return max(fitting, key=sort_key, default=None)


def split_canonical(canonical: str) -> tuple[str, str | None]:
    """`url|version` in its two parts."""
    url, _, version = canonical.partition("|")
    return url, version or None
