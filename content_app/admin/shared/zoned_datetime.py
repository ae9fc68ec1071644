"""A moment to come, as people type it: the time of their clock, and in which time zone that is.

In: a local time, the name of a zone and, where a clock shows the time twice, which of the two. Out: an instant in UTC.
The page's script chooses the zone of the browser; without it the zone is UTC until somebody chooses another.
"""

from django import forms

from content_app.editorial import scheduling

FORMATS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]


class When(forms.Form):
    """Mix into a form, first: it gains `due_at` and `time_zone` among its cleaned data."""

    at = forms.DateTimeField(
        label="Day and time",
        input_formats=FORMATS,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"invalid": "Give a day and a time, such as 2027-03-01 09:00."},
    )
    time_zone = forms.ChoiceField(
        label="On a clock in",
        initial="UTC",
        choices=lambda: [(name, name.replace("_", " ")) for name in scheduling.zones()],
        widget=forms.Select(attrs={"class": "time-zone"}),
    )
    occurrence = forms.CharField(label="Which of the two?", required=False, widget=forms.HiddenInput)

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
                self.add_error("at", "That is no moment that a clock can show: choose another.")
        return cleaned

    def _ask_which(self, twice: scheduling.HappensTwice) -> None:
        """Show a choice of the two, in place of the hidden field."""
        both = ((scheduling.FIRST, twice.first), (scheduling.SECOND, twice.second))
        told = [(name, f"The {name} time: {one:%H:%M}, {one:%Z} (UTC{one:%z})") for name, one in both]
        self.fields["occurrence"].widget = forms.RadioSelect(choices=told)
        self.add_error("at", f"The clock is put back that day and shows {twice.first:%H:%M} twice: choose which.")
