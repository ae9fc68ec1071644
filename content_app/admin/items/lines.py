"""The parts of an item as text: one line each, section by section, for whoever reads the page or has not opened them.

In: the rows of one sort. Out: `Section`s of `Group`s of `Line`s for the templates; a line that is open has its form.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

from django.contrib.admin.helpers import InlineAdminForm, InlineAdminFormSet
from django.db import models

from content_app.admin.items import citations
from content_app.models import Citation
from content_app.vocabulary import fields
from content_app.vocabulary.fields import PARTS, Field
from content_app.vocabulary.terms import EVIDENCE_LEVELS

# What a line says first, and the field that its group is named after.
FIRST = {
    "names": ("text",),
    "statements": ("clinical", "plain"),
    "relations": ("object",),
    "codings": ("code", "display"),
}
GROUPED_BY = {"names": "", "statements": "aspect", "relations": "predicate", "codings": "system"}
# Fields of a coding that its coder needs and that say nothing at a glance.
ASIDE = ("uri", "verified_by", "checked_on")
FORMS_OF_CHIPS = (fields.CODE, fields.FLAG, fields.ANSWER, fields.ITEM, fields.LINE)
LONG = 40  # parts
STRENGTH = {level: rank for rank, level in enumerate(EVIDENCE_LEVELS)}


@dataclass
class Line:
    """One part. `row` is its form, if it is open; then `number` counts it among the forms of its sort."""

    sort: str
    part: models.Model | None
    index: int
    row: InlineAdminForm | None = None
    number: int = 0

    @property
    def texts(self) -> list[tuple[str, str]]:
        """What it says first: texts with the names of their fields."""
        return [(name, self._text(name)) for name in FIRST[self.sort]]

    def _text(self, name: str) -> str:
        value = getattr(self.part, name)
        return (value.name if isinstance(value, models.Model) else value) or ("No code" if name == "code" else "–")

    @property
    def label(self) -> str:
        """The part in a few words, for what only says its name."""
        return self._text(FIRST[self.sort][0])[:80]

    @property
    def cited(self) -> list[Citation]:
        """Its citations, read with all parts of its sort."""
        return [] if self.sort == "codings" else list(self.part.citations.all())

    @property
    def sources(self) -> list[str]:
        """Its citations in a word or two each."""
        return [
            f"{citations.short(c.source)}, {c.locator}" if c.locator else citations.short(c.source) for c in self.cited
        ]

    @property
    def links(self) -> str:
        """Its citations in full, each leading to its source."""
        return citations.as_links(self.cited)

    @property
    def chips(self) -> list[str]:
        """What else is to be seen at a glance: words of the vocabularies, and what was marked."""
        shown = (self._chip(one) for one in fields.written(PARTS[self.sort]) if one.form in FORMS_OF_CHIPS)
        return [chip for chip in (*shown, self._evidence) if chip]

    def _chip(self, one: Field) -> str:
        value = getattr(self.part, one.name)
        if one.name in (*FIRST[self.sort], GROUPED_BY[self.sort], *ASIDE):
            return ""
        if value in (None, "", False, one.unsaid or None, one.default or None):
            return ""
        if isinstance(value, models.Model):
            return f"{one.title.lower()} {value.name}"
        return one.name if value is True and one.form == fields.ANSWER else one.in_words(value)

    @property
    def _evidence(self) -> str:
        levels = {c.source.evidence_level for c in self.cited} if self.sort == "statements" else set()
        return f"evidence: {EVIDENCE_LEVELS[min(levels, key=STRENGTH.__getitem__)].label.lower()}" if levels else ""

    @property
    def note(self) -> str:
        return getattr(self.part, "note", "")

    @property
    def aside(self) -> list[tuple[str, str]]:
        """What only those who check the part need: fields with their names."""
        known = {one.name: one for one in PARTS[self.sort]}
        given = ((known[name], getattr(self.part, name)) for name in ASIDE if name in known)
        return [(one.title, one.in_words(value)) for one, value in given if value]


@dataclass
class Group:
    """The lines under one heading, or under none. `code` is what a new part of the group begins with."""

    heading: str
    code: str
    lines: list[Line]

    @property
    def is_open(self) -> bool:
        """Whether it has a part that is open for writing."""
        return any(line.row for line in self.lines)


@dataclass
class Section:
    """All parts of one sort. `added` are those that are not stored yet."""

    sort: str
    title: str
    formset: InlineAdminFormSet
    groups: list[Group]
    added: list[Line] = field(default_factory=list)

    @property
    def count(self) -> int:
        return sum(len(group.lines) for group in self.groups)

    @property
    def is_long(self) -> bool:
        """Whether its groups are closed for those who write: they go to one, not through all."""
        return self.count > LONG

    @property
    def single(self) -> str:
        """What one of them is called."""
        return str(self.formset.opts.verbose_name)

    @property
    def by(self) -> str:
        """The field that its groups are named after."""
        return GROUPED_BY[self.sort]


def rows_of(formset: InlineAdminFormSet) -> Iterator[InlineAdminForm]:
    """The forms of a formset as the page shows them, without the template for new ones."""
    for form in formset.formset.forms:
        yield InlineAdminForm(
            formset.formset, form, formset.fieldsets, formset.prepopulated_fields, None, formset.readonly_fields,
            model_admin=formset.opts,
        )  # fmt: skip


def section(formset: InlineAdminFormSet, parts: Iterable[models.Model]) -> Section:
    """All parts of the formset's sort: those that have forms open, the rest as lines."""
    sort = formset.formset.prefix
    opened = {row.form.instance.pk: (row, number) for number, row in enumerate(rows_of(formset))}
    lines = [Line(sort, part, index, *opened.get(part.pk, (None, 0))) for index, part in enumerate(parts)]
    added = [
        Line(sort, None, len(lines), row, number)
        for number, row in enumerate(rows_of(formset))
        if row.form.instance.pk is None
    ]
    return Section(sort, str(formset.opts.verbose_name_plural).capitalize(), formset, _groups(sort, lines), added)


def _groups(sort: str, lines: list[Line]) -> list[Group]:
    by = next((one for one in PARTS[sort] if one.name == GROUPED_BY[sort]), None)
    if by is None:
        return [Group("", "", lines)] if lines else []
    order = {code: rank for rank, code in enumerate(by.terms)}
    ranked = sorted(lines, key=lambda line: order.get(getattr(line.part, by.name), len(order)))
    grouped = groupby(ranked, key=lambda line: getattr(line.part, by.name))
    return [Group(by.terms[code].label if code in by.terms else "–", code, list(found)) for code, found in grouped]
