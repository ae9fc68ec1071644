"""What the rules find in an item, as sentences that lead to their field on the item's page.

In: an item. Out: `Shown` findings with links.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.urls import reverse

from content_app.editorial import workflow
from content_app.manuscripts import rules
from content_app.models import Item

ONE_OF = {"names": "Name", "statements": "Statement", "relations": "Relationship", "codings": "Coding"}
PARTS = tuple(ONE_OF)


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
    return [
        Shown(with_its_part(finding.sentence, finding.pointer), f"{page}{address(finding.pointer, can_edit)}")
        for finding in found
    ]


def with_its_part(sentence: str, pointer: str) -> str:
    """The sentence, with the part that it is about in front, unless it says some of that part itself."""
    sort, *steps = pointer.strip("/").split("/")
    is_of_a_part = sort in ONE_OF and steps and "“" not in sentence
    return f"{ONE_OF[sort]} {int(steps[0]) + 1}: {sentence}" if is_of_a_part else sentence


def address(pointer: str, can_edit: bool = True) -> str:
    """The address, on the item's page, of the field that a JSON pointer into the editorial document means.

    It opens the part that the field is in. On a page that is only read, it leads to the part's or the field's line.
    """
    sort, *steps = pointer.strip("/").split("/")
    if sort in PARTS and not steps:
        return f"#{sort}-heading"
    if sort in PARTS and can_edit:
        return f"?at={'/'.join([sort, *steps[:2]])}#{anchor_in_form(sort, 0, *steps[1:2])}"
    if sort in PARTS:
        return f"#{sort}-{steps[0]}"
    name = {"summary": f"summary_{steps[-1]}" if steps else "", "": "review_cycle_months"}.get(sort, sort)
    return f"#id_{name}" if can_edit else f"#line-{name}"


def anchor_in_form(sort: str, number: int, field: str = "") -> str:
    """The HTML id of a field of a part that is open, or of the part itself, by the number of its form."""
    return f"id_{sort}-{number}-{field}" if field else f"{sort}-form-{number}"


def key_in(text: str) -> int | None:
    """A key or number that came with an address or a form; None if it cannot be one."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else None


def page_of(item: Item) -> str:
    """The address of an item's page, whatever its kind."""
    return reverse(f"admin:content_app_{item.kind.replace('_', '')}_change", args=[item.pk])
