"""The order of an item's parts: a number that each form shows as its place, and rows numbered from it.

In: a saved formset. Out: rows whose positions are 0, 1, 2 … Without JavaScript one types places; with it, rows move
by key and by mouse, and the numbers follow.
"""

from django import forms
from django.forms.models import BaseInlineFormSet

LAST = float("inf")


class PlaceField(forms.IntegerField):
    """Which one it is among its like, from 1. Empty: the last."""

    def __init__(self):
        widget = forms.NumberInput(attrs={"class": "place", "min": 1})
        super().__init__(required=False, min_value=1, max_value=9999, label="Place", widget=widget)


def renumber(formset: BaseInlineFormSet) -> None:
    """Give every row of the formset's parent its position. A row that was moved goes before one that was not."""
    wanted = {form.instance.pk: wish(form, index) for index, form in enumerate(_kept(formset))}
    rows = list(formset.model.objects.filter(**{formset.fk.name: formset.instance.pk}))
    rows.sort(key=lambda row: wanted.get(row.pk, (row.position + 1, 1, row.pk)))
    moved = []
    for position, row in enumerate(rows):
        if row.position != position:
            row.position = position
            moved.append(row)
    formset.model.objects.bulk_update(moved, ["position"])


def _kept(formset: BaseInlineFormSet) -> list[forms.ModelForm]:
    return [form for form in formset.forms if form.instance.pk and form not in formset.deleted_forms]


def wish(form: forms.ModelForm, index: int) -> tuple[float, int, int]:
    """What a row is sorted by: the place asked for, then what moved up, what stayed, what moved down."""
    before, now = form.initial.get("place"), form.cleaned_data.get("place") or LAST
    if before is None or now == before:
        return (now, 1, index)
    return (now, 0 if now < before else 2, index)
