"""What the rules find in an item, as sentences that lead to their field on the item's page.

In: an item. Out: `Shown` findings with links.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from django.urls import reverse

from content_app.editorial import considering, workflow
from content_app.manuscripts import rows, rules
from content_app.models import Considered, Item

ONE_OF = {"names": "Name", "statements": "Statement", "relations": "Relationship", "codings": "Coding"}
PARTS = tuple(ONE_OF)


@dataclass(frozen=True)
class Shown:
    """One finding: its sentence, and the address of the field it is about; of a warning also its key, and who has
    considered it."""

    sentence: str
    href: str
    key: str = ""
    considered: Considered | None = None


@dataclass(frozen=True)
class Findings:
    """Everything found in one item. `faults` keep a form from being saved; what is stored has none."""

    obstacles: list[Shown]
    all_warnings: list[Shown]
    faults: list[Shown] = field(default_factory=list)

    @property
    def warnings(self) -> list[Shown]:
        """Those that nobody has put aside."""
        return [one for one in self.all_warnings if not one.considered]

    @property
    def considered(self) -> list[Shown]:
        """Those that somebody has put aside, with the reason."""
        return [one for one in self.all_warnings if one.considered]


def of(item: Item, *, can_edit: bool = True, page: str = "") -> Findings:
    """What stands in the way of publishing the item, and what deserves a warning. Links stay on its page."""
    document = rows.to_document(item)
    found, known = workflow.findings_in(document), considering.keys_for([item]).get(item.pk, {})
    return sorted_out(document, found, known, lambda one: f"{page}{address(one.pointer, can_edit)}")


def sorted_out(
    document: rows.Document,
    found: Iterable[rules.Finding],
    known: Mapping[str, Considered],
    address_of: Callable[[rules.Finding], str],
) -> Findings:
    """The findings on a document as people see them. `known` is what has been considered of its item, by key, and
    `address_of` gives the address of the field that a finding is about."""
    obstacles, warnings = [], []
    for one in found:
        sentence, href = with_its_part(one.sentence, one.pointer), address_of(one)
        if one.severity == rules.OBSTACLE:
            obstacles.append(Shown(sentence, href))
        else:
            key = considering.key_of(document, one)
            warnings.append(Shown(sentence, href, key, known.get(key)))
    return Findings(obstacles, warnings)


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
