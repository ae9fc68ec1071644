"""What the rules say, and what they need to know: findings on a document, and the context of a document.

In: nothing. Out: `Finding`s, made by `obstacle` and `warning`; `RuleContext` with their `Neighbour`s. Pure.
"""

import datetime
from dataclasses import dataclass, field
from typing import Any

Document = dict[str, Any]
OBSTACLE, WARNING = "obstacle", "warning"


@dataclass(frozen=True)
class Finding:
    """One thing to act on. `pointer` is a JSON pointer (RFC 6901) into the editorial document."""

    severity: str
    pointer: str
    sentence: str


@dataclass(frozen=True)
class Neighbour:
    """What the rules need to know of an item that a relation points to."""

    kind: str
    sort: str
    name: str
    names: frozenset[str]
    will_be_published: bool
    links: frozenset[tuple[str, str]] = frozenset()  # its own relations: a predicate and a reference


@dataclass(frozen=True)
class RuleContext:
    """What one document's rules need to know of others.

    `neighbours` is by reference (`concept/cause-unknown`), `retracted` the titles of retracted sources by slug,
    `unsigned` those of sources that nobody has signed off yet, `licensed` the keys of gated code systems that this
    installation may use. `releases` names the release of each code system in which codes can be looked up, and
    `titles` holds the title of each code of the document that is in its release. `published` is what readers have of
    the item, and `significance` what its change was sent for review with.
    """

    neighbours: dict[str, Neighbour] = field(default_factory=dict)
    retracted: dict[str, str] = field(default_factory=dict)
    unsigned: dict[str, str] = field(default_factory=dict)
    licensed: frozenset[str] = frozenset()
    releases: dict[str, str] = field(default_factory=dict)
    titles: dict[tuple[str, str], str] = field(default_factory=dict)
    published: Document | None = None
    significance: str = ""
    review_due_on: datetime.date | None = None
    today: datetime.date = datetime.date.min


def obstacle(pointer: str, sentence: str) -> Finding:
    return Finding(OBSTACLE, pointer, sentence)


def warning(pointer: str, sentence: str) -> Finding:
    return Finding(WARNING, pointer, sentence)
