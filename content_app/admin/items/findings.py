"""What the rules find in an item, as sentences that lead to their field on the item's page.

In: an item. Out: `Shown` findings with links.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.urls import reverse

from content_app.editorial import workflow
from content_app.manuscripts import rules
from content_app.models import Item

PARTS = ("names", "statements", "relations", "codings")


@dataclass(frozen=True)
class Shown:
    """One finding: its sentence, and the address of the field it is about."""

    sentence: str
    href: str


@dataclass(frozen=True)
class Findings:
    """Everything found in one item. `faults` keep a form from being saved; what is stored has none."""

    obstacles: list[Shown]
    warnings: list[Shown]
    faults: list[Shown] = field(default_factory=list)


def of(item: Item, *, can_edit: bool = True) -> Findings:
    """What stands in the way of publishing the item, and what deserves a warning. Links stay on its page."""
    found = workflow.findings(item)
    return Findings(
        shown((f for f in found if f.severity == rules.OBSTACLE), can_edit=can_edit),
        shown((f for f in found if f.severity != rules.OBSTACLE), can_edit=can_edit),
    )


def shown(found: Iterable[rules.Finding], *, page: str = "", can_edit: bool = True) -> list[Shown]:
    """Findings with the address of their field on `page`, the item's own."""
    return [Shown(finding.sentence, f"{page}#{anchor(finding.pointer, can_edit)}") for finding in found]


def anchor(pointer: str, can_edit: bool = True) -> str:
    """The HTML id of the field that a JSON pointer into the editorial document means.

    On a page that is only read, the row or the field's line instead of the input.
    """
    steps = pointer.strip("/").split("/")
    if steps[0] in PARTS:
        return _anchor_of_part(steps, can_edit)
    name = {"summary": f"summary_{steps[-1]}", "": "review_cycle_months"}.get(steps[0], steps[0])
    return f"id_{name}" if can_edit else f"line-{name}"


def _anchor_of_part(steps: list[str], can_edit: bool) -> str:
    if len(steps) == 1:
        return f"{steps[0]}-heading"
    row = f"{steps[0]}-{steps[1]}"
    return f"id_{row}-{steps[2]}" if can_edit and len(steps) > 2 else row


def key_in(text: str) -> int | None:
    """A key or number that came with an address or a form; None if it cannot be one."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else None


def page_of(item: Item) -> str:
    """The address of an item's page, whatever its kind."""
    return reverse(f"admin:content_app_{item.kind.replace('_', '')}_change", args=[item.pk])
