"""Two people at one item: what one sends is joined, part by part and field by field, with what the other saved.

In: a form that was opened at another version than the stored one. It says of every field that it has open what was
seen there (`seen`). Out: the form data with each field as whoever changed it wanted it; only where both changed the
same field there is a `Clash`, and the form keeps what was typed. The data then fit the stored version, so saving it
again replaces what clashed and nothing else. Nothing is written here.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django import forms
from django.http import QueryDict

from content_app.admin.history.comparison import Difference
from content_app.admin.items.locking import Clash
from content_app.admin.shared.formsets import rows_sent, stored_rows_sent

SEEN, DELETE = "seen", "DELETE"
MOST_ROWS = 10_000  # far more than a form may hold, and few enough to count
BOTH = "Changed by both of you"
GONE = "Deleted by somebody else"


def _plain(text: str | None) -> str:
    """A text as it compares: browsers send line breaks in their own way."""
    return (text or "").replace("\r\n", "\n")


def as_sent(form: forms.ModelForm) -> dict[str, str]:
    """What a browser sends for the open fields of a form in which nobody has typed."""
    shown = (bound for bound in form.visible_fields() if bound.name != DELETE and not bound.field.disabled)
    return {bound.name: _as_sent(bound) for bound in shown}


def _as_sent(bound: forms.BoundField) -> str:
    value = bound.value()
    if isinstance(bound.field.widget, forms.NullBooleanSelect):
        value = bound.field.widget.format_value(value)
    if isinstance(value, bool):
        return "on" if value else ""
    return _plain("" if value is None else str(value))


def seen_in(form: forms.ModelForm) -> str:
    """What is to be sent along with a form: its fields as whoever types in it first saw them."""
    return form.data.get(form.add_prefix(SEEN), "") if form.is_bound else json.dumps(as_sent(form))


@dataclass(frozen=True)
class Joined:
    """Form data that fit what is stored, and what both people changed."""

    data: QueryDict
    clashes: list[Clash]


class Joining:
    """One form that is being joined. `forms_of` gives the forms of stored rows, by prefix and keys, as stored."""

    def __init__(self, data: QueryDict, own: forms.ModelForm, forms_of: Callable[[str, list[str]], Iterable]):
        self.data, self.own, self.forms_of = data.copy(), own, forms_of
        self.clashes: list[Clash] = []

    def join(self, prefixes: Iterable[str]) -> Joined:
        """Join the item's own fields, then the rows of every sort."""
        self._join_form(self.own, "")
        for prefix in prefixes:
            self._join_rows(prefix)
        return Joined(self.data, self.clashes)

    def _seen(self, prefix: str) -> dict[str, str]:
        try:
            seen = json.loads(self.data.get(f"{prefix}{SEEN}", ""))
        except ValueError:
            return {}
        return seen if isinstance(seen, dict) else {}

    def _join_form(self, form: forms.ModelForm, about: str) -> None:
        prefix = f"{form.prefix}-" if form.prefix else ""
        stored, seen = as_sent(form), self._seen(prefix)
        for name, now in stored.items():
            mine = _plain(self.data.get(f"{prefix}{name}"))
            if mine in (seen.get(name), now):
                self.data[f"{prefix}{name}"] = now
                if not now:  # as an empty box is sent
                    del self.data[f"{prefix}{name}"]
            elif now != seen.get(name):
                label = f"{about}: {form[name].label}" if about else str(form[name].label)
                self._clash(label, _told(form, name, now), _told(form, name, mine), BOTH)
        if self.data.get(f"{prefix}{DELETE}") and any(seen.get(name) != now for name, now in stored.items()):
            self._clash(about, "Changed", "Deleted", BOTH)
        self.data[f"{prefix}{SEEN}"] = json.dumps(stored)

    def _clash(self, label: str, theirs: str, mine: str, whose: str) -> None:
        self.clashes.append(Clash(Difference((), "", label, theirs, mine), whose))

    def _join_rows(self, prefix: str) -> None:
        total = min(rows_sent(self.data, prefix), MOST_ROWS)
        opened = range(stored_rows_sent(self.data, prefix, total))
        keys = [self.data[f"{prefix}-{number}-id"] for number in opened]
        stored = {str(form.instance.pk): form for form in self.forms_of(prefix, keys)}
        for number, key in zip(opened, keys, strict=True):
            if key in stored:
                stored[key].prefix = f"{prefix}-{number}"
                self._join_form(stored[key], str(stored[key].instance))
        gone = [number for number, key in zip(opened, keys, strict=True) if key not in stored]
        if gone:
            kept = [number for number in gone if self._is_kept(f"{prefix}-{number}-")]
            self._renumber(prefix, total, len(opened), gone, kept)

    def _is_kept(self, prefix: str) -> bool:
        """Whether a row that somebody else deleted comes back as a new one: it was changed here meanwhile."""
        if self.data.get(f"{prefix}{DELETE}"):
            return False
        seen = self._seen(prefix)
        mine = {name: _plain(self.data.get(f"{prefix}{name}")) for name in seen}
        if seen and mine == seen:
            return False
        texts = [self.data.get(f"{prefix}{name}", "") for name in ("clinical", "text", "note", "code")]
        self._clash("A part that you changed", "", next(filter(None, texts), "–"), GONE)
        return True

    def _renumber(self, prefix: str, total: int, opened: int, gone: list[int], kept: list[int]) -> None:
        """Put what is gone behind what is stored, as new rows; what nobody misses is left out."""
        taken = {number: self._take(f"{prefix}-{number}-") for number in range(total)}
        for number in kept:
            taken[number] |= {"id": [""], SEEN: [""]}
        stored = [number for number in range(opened) if number not in gone]
        order = [*stored, *kept, *range(opened, total)]
        for place, number in enumerate(order):
            for name, values in taken[number].items():
                self.data.setlist(f"{prefix}-{place}-{name}", values)
        self.data[f"{prefix}-INITIAL_FORMS"] = str(len(stored))
        self.data[f"{prefix}-TOTAL_FORMS"] = str(len(order))

    def _take(self, prefix: str) -> dict[str, list[str]]:
        """The fields of a row, removed from the data."""
        found = [name for name in self.data if name.startswith(prefix)]
        return {name.removeprefix(prefix): self.data.pop(name) for name in found}


def _told(form: forms.ModelForm, name: str, value: str) -> str:
    """A value of a field as people read it."""
    field = form.fields[name]
    if isinstance(field, forms.ModelChoiceField):
        found = field.queryset.filter(pk=value).first() if value.isdecimal() and len(value) < 19 else None
        return str(found or value)
    choices = {str(code): str(label) for code, label in getattr(field, "choices", [])}
    return choices.get(value, value)
