"""How widely tests try: a few examples by default, many in `make test-thorough`.

In: THOROUGH in the environment. A test that tries more then is marked `widens`; one that only runs then, `thorough`.
SCALE is for `make test-scale`, which runs the tests that are marked `scale` and no others.
"""

import os
from collections.abc import Iterable, Iterator
from itertools import combinations, product

import pytest

THOROUGH = os.environ.get("THOROUGH") == "1"
SCALE = os.environ.get("SCALE") == "1"


def examples(few: int, many: int) -> int:
    """How many examples to try."""
    return many if THOROUGH else few


def every_pair(*factors: Iterable) -> list:
    """Every combination of one value of each factor, for `parametrize`; all but those of `few` only when thorough."""
    kept = set(few(*factors))
    return [pytest.param(*one, marks=() if one in kept else pytest.mark.thorough) for one in product(*factors)]


def few(*factors: Iterable) -> Iterator[tuple]:
    """So few combinations that any two values of different factors still meet in one of them."""
    every = {one: set(combinations(enumerate(one), 2)) for one in product(*factors)}
    left = set().union(*every.values())
    while left:
        best = max(every, key=lambda one: len(every[one] & left))
        left -= every[best]
        yield best
