"""A moment to come, as people type it: the time of their clock, and in which time zone that is.

In: a local time, the name of a zone and, where a clock shows the time twice, which of the two. Out: an instant in UTC.
The page's script chooses the zone of the browser; without it the zone is UTC until somebody chooses another.
"""

import json

from django import forms

from content_app.editorial import scheduling, time_zones

FORMATS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]


class ZoneField(forms.ChoiceField):
    """A choice of time zone. A former name, as browsers may give it, is taken for the one it has now."""

    def to_python(self, value):
        return time_zones.current_name(super().to_python(value))


class When(forms.Form):
    """Mix into a form, first: it gains `due_at` and `time_zone` among its cleaned data."""

    at = forms.DateTimeField(
        label="Date and time",
        input_formats=FORMATS,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"invalid": "Enter a date and time, such as 2027-03-01 09:00."},
    )
    time_zone = ZoneField(
        label="Time zone",
        initial="UTC",
        choices=lambda: [(name, name.replace("_", " ")) for name in time_zones.zones()],
        widget=forms.Select(attrs={"class": "time-zone", "data-former-names": json.dumps(time_zones.former_names())}),
    )
    occurrence = forms.CharField(label="Which one?", required=False, widget=forms.HiddenInput)

    def clean(self):
        cleaned = super().clean() or self.cleaned_data
        local, zone, occurrence = cleaned.pop("at", None), cleaned.get("time_zone"), cleaned.pop("occurrence", "")
        if local and zone:
            try:
                cleaned["due_at"] = scheduling.instant(local.replace(tzinfo=None), zone, occurrence)
            except scheduling.HappensTwice as twice:
                self._ask_which(twice)
            except scheduling.NeverHappens as never:
                self.add_error("at", str(never))
            except (OverflowError, ValueError):
                self.add_error("at", "This date and time are not valid. Choose another.")
        return cleaned

    def _ask_which(self, twice: scheduling.HappensTwice) -> None:
        """Show a choice of the two, in place of the hidden field."""
        both = ((scheduling.FIRST, twice.first), (scheduling.SECOND, twice.second))
        told = [(name, f"The {name} time: {one:%H:%M}, {one:%Z} (UTC{one:%z})") for name, one in both]
        self.fields["occurrence"].widget = forms.RadioSelect(choices=told)
        self.add_error(
            "at", f"The clocks go back that day, so {twice.first:%H:%M} happens twice. Choose which one you mean."
        )
