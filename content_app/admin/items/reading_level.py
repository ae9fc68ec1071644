"""The reading level of plain texts, beside each of them: as saved without JavaScript, as typed with it.

In: a form and the field that holds a plain text. Out: the field, with its level in its help text.
"""

from django import forms
from django.utils.html import format_html
from django.utils.safestring import mark_safe

from content_app.manuscripts import reading_level


def show_level(form: forms.ModelForm, name: str) -> None:
    """Say beside the field how hard its text is to read, against the goal. Nothing if the form lacks the field."""
    field = form.fields.get(name)
    if field is None:
        return
    text = form.data.get(form.add_prefix(name), "") if form.is_bound else form.initial.get(name, "")
    grade = reading_level.automated_readability_index(text)
    sort = "far-above" if grade > reading_level.FAR_ABOVE_GOAL else "above" if grade > reading_level.GOAL else ""
    field.widget.attrs |= {"data-goal": reading_level.GOAL, "data-far": reading_level.FAR_ABOVE_GOAL}
    field.help_text = format_html(
        '{} <span class="level {}"{}>It reads at school grade <b class="grade">{}</b>; the goal is {}.</span>',
        field.help_text,
        sort,
        "" if (text or "").strip() else mark_safe(" hidden"),
        f"{grade:g}",
        f"{reading_level.GOAL:g}",
    )
