"""How many rows one save takes: the limit of every formset of the desk.

In: a form that says how many rows it has. Out: at most the stored rows and 100 new ones; a form that claims more, or
does not say, is refused with a sentence, and the rows it did send are shown again, to be saved as they stand. Must not
make a form for a row that is only claimed: each costs milliseconds, and one number in a request could claim millions.
"""

import re
from collections.abc import Iterable, Mapping

from django.core.exceptions import ValidationError
from django.forms.formsets import INITIAL_FORM_COUNT, TOTAL_FORM_COUNT
from django.forms.models import BaseInlineFormSet

NEW_AT_ONCE = 100
TOO_MANY = (
    f"You can add at most {NEW_AT_ONCE} rows in one save, and this form contains more. Nothing was saved. "
    "Check the rows shown here and save them; then add the rest."
)
UNCOUNTED = (
    "The form arrived without a valid number of rows, so nothing was saved. Check the rows shown here and save again."
)


def rows_sent(keys: Iterable[str], prefix: str) -> int:
    """How many rows of a formset the fields in these keys belong to: one more than the highest number in them."""
    number = re.compile(rf"{re.escape(prefix)}-([0-9]{{1,6}})-")
    return max((int(found[1]) + 1 for key in keys if (found := number.match(key))), default=0)


def stored_rows_sent(data: Mapping[str, str], prefix: str, total: int, key: str = "id") -> int:
    """How many of the first `total` rows were stored when the page was opened: those come first, and have a key."""
    return next((row for row in range(total) if not data.get(f"{prefix}-{row}-{key}")), total)


class BoundedFormSet(BaseInlineFormSet):
    """The base of every formset of the desk. `refusal` is the sentence that keeps a forged form from being saved."""

    refusal = ""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.absolute_max = self.max_num = len(self.get_queryset()) + NEW_AT_ONCE
        if self.is_bound:
            self.refusal = self._fault_of_counts()
        if self.refusal:
            self._count_again()

    def clean(self):
        super().clean()
        if self.refusal:
            raise ValidationError(self.refusal)

    def _fault_of_counts(self) -> str:
        if not self.management_form.is_valid():
            return UNCOUNTED
        total, initial = (self.management_form.cleaned_data[name] for name in (TOTAL_FORM_COUNT, INITIAL_FORM_COUNT))
        if total > self.absolute_max:
            return TOO_MANY
        return "" if 0 <= initial <= total >= rows_sent(self.data, self.prefix) else UNCOUNTED

    def _count_again(self) -> None:
        """Put numbers that fit the rows into the data, so that the page shown again can be saved."""
        total = min(rows_sent(self.data, self.prefix), self.absolute_max)
        stored = stored_rows_sent(self.data, self.prefix, total, self.model._meta.pk.name)
        counts = {TOTAL_FORM_COUNT: str(total), INITIAL_FORM_COUNT: str(stored)}
        self.data = self.data.copy()
        for name, count in counts.items():
            self.data[f"{self.prefix}-{name}"] = count
        del self.management_form  # it is computed from the data once
