"""The order of an item's parts: a number that each form shows as its place, and rows numbered from it.

In: a formset, in which only the parts that somebody opened have forms. Out: its parts in their order, and rows whose
positions are 0, 1, 2 … Without JavaScript one types places; with it, rows move by key and by mouse, and the page
sends the whole order in one field.
"""

from collections.abc import Callable
from typing import Any

from django import forms
from django.forms.models import BaseInlineFormSet

LAST = float("inf")
MOST_TOLD = 10_000  # characters of a told order that are read, a thousand rows
Rank = tuple[float, float, int, int]


class PlaceField(forms.IntegerField):
    """Which one it is among its like, from 1. Empty: the last."""

    def __init__(self):
        widget = forms.NumberInput(attrs={"class": "place", "min": 1})
        super().__init__(required=False, min_value=1, max_value=9999, label="Position", widget=widget)


def ranks(formset: BaseInlineFormSet) -> tuple[Callable[[forms.ModelForm, int], Rank], Callable[[Any], Rank]]:
    """What forms, by their number, and rows without one are sorted by: the order that was told, then their places."""
    told = formset.data.get(f"{formset.prefix}-order", "")[:MOST_TOLD].split(",") if formset.is_bound else []
    at = {token: rank for rank, token in enumerate(told) if token}

    def of_form(form: forms.ModelForm, number: int) -> Rank:
        token = str(form.initial_key or f"n{number}")
        return at.get(token, LAST) if at else 0, *_wish(form, number)

    def of_row(row) -> Rank:
        return at.get(str(row.pk), LAST) if at else 0, row.position + 1, 1, row.pk

    return of_form, of_row


def _wish(form: forms.ModelForm, number: int) -> tuple[float, int, int]:
    """The place asked for, then what moved up or is new there, what stayed, what moved down."""
    before, now = form.initial.get("place"), form.cleaned_data.get("place") or LAST
    if now in (before, LAST):
        return now, 1, number
    return now, 2 if before is not None and now > before else 0, number
