"""The forms of an item's page as an editorial document: all that the page does on the way to a save.

In: forms and formsets that were looked at. Out: the document that saving would make, and for each of its parts the
form or the stored row that it was made of. Where a field is not valid, the document has what is stored.
"""

from dataclasses import dataclass
from typing import Any

from django import forms

from content_app.admin.items import findings, ordering
from content_app.admin.items.citations import Cited
from content_app.admin.items.parts import FormProblem, PartFormSet
from content_app.admin.shared.texts import SCHEMAS
from content_app.manuscripts import rows, writing
from content_app.manuscripts.schema import KIND_PROPERTIES
from content_app.models import Item

SAME = ("slug", "name", "safety_notice", "caution", "review_cycle_months")
# So that a new item can be checked before it has these.
UNNAMED = {"slug": "unnamed", "name": "Unnamed"}


@dataclass(frozen=True)
class Part:
    """A part of the document. `key` is that of its row, if it is stored; `form` the number of its form, if open."""

    entry: rows.Document
    key: int | None
    form: int | None = None
    place: int = 0  # among what is stored, if it has no form


@dataclass(frozen=True)
class Manuscript:
    """What the forms say, and where on the page each part of it is."""

    document: rows.Document
    parts: dict[str, list[Part]]

    @property
    def keys(self) -> writing.Keys:
        """Which stored rows the parts are."""
        return {sort: [part.key for part in parts] for sort, parts in self.parts.items()}

    def problem(self, pointer: str, sentence: str) -> FormProblem:
        """What saving found wrong with the document, for the form that it is about."""
        sort, *steps = pointer.strip("/").split("/")
        if sort not in self.parts:
            return FormProblem(sentence, field="_".join([sort, *steps]))
        part = self.parts[sort][int(steps[0])] if steps else None
        if part and part.form is None:
            sentence = findings.with_its_part(sentence, f"/{sort}/{part.place}")
        return FormProblem(sentence, sort, part.form if part else None, "".join(steps[1:2]))


def of(form: forms.ModelForm, formsets: list[PartFormSet]) -> Manuscript:
    """What these forms say."""
    parts = {formset.prefix: _parts(formset) for formset in formsets}
    given, item = UNNAMED | form.initial | form.cleaned_data, form.instance
    own = {field: given.get(field) for field in (*SAME[:2], *KIND_PROPERTIES[item.KIND][0])}
    summary = {audience: given.get(f"summary_{audience}") for audience in ("clinical", "plain")}
    document = rows.without_empty(
        {"kind": item.KIND, "uuid": str(item.uuid)}
        | own
        | {"summary": rows.without_empty(summary), "citations": _citations(form.cleaned_data)}
        | {sort: [part.entry for part in made] for sort, made in parts.items()}
        | {field: given.get(field) for field in SAME[2:]}
    )
    return Manuscript(document, parts)


def _citations(given: dict[str, Any]) -> list[rows.Document]:
    cited: list[Cited] = given.get("citations") or []
    return [
        rows.without_empty({"source": one.source.slug, "locator": one.locator, "passage": one.passage}) for one in cited
    ]


def _parts(formset: PartFormSet) -> list[Part]:
    """The parts as they would be stored, in their order, without those that could not be."""
    of_form, of_row = ordering.ranks(formset)
    living = set(map(id, formset.living()))
    kept = [(n, one) for n, one in enumerate(formset.forms) if id(one) in living and not one.errors]
    made = [(of_form(one, number), Part(_entry(one), one.initial_key, number)) for number, one in kept]
    made += [(of_row(row), Part(rows.entry(row), row.pk, None, row.position)) for row in formset.closed()]
    return [part for _, part in sorted(made, key=lambda ranked: ranked[0])]


def _entry(form: forms.ModelForm) -> rows.Document:
    given, model = form.cleaned_data, form._meta.model
    own = {name: _plain(given.get(name)) for name in SCHEMAS[model] if name not in ("uuid", "citations")}
    own |= {name: own[name] or None for name in rows.FLAGS if name in own}
    uuid = {"uuid": str(form.instance.uuid)} if "uuid" in SCHEMAS[model] else {}
    return rows.without_empty(uuid | own | {"citations": _citations(given)})


def _plain(value: Any) -> Any:
    if isinstance(value, Item):
        return value.reference
    return value.isoformat() if hasattr(value, "isoformat") else value
