"""What every field of a form says that was left empty: what to do about it, once for all pages, by the sort of field.

In: Django's fields, before any form is made of them. Out: sentences in place of “This field is required.” A field of
which more can be said says it itself (`error_messages`).
"""

from django import forms

SENTENCES = {
    forms.Field: "Fill this in: it cannot stay empty.",
    forms.DateTimeField: "Give a day and a time.",
    forms.EmailField: "Give an email address.",
    forms.URLField: "Give an address.",
    forms.FileField: "Choose a file first.",
    forms.ChoiceField: "Choose one.",
    forms.ModelChoiceField: "Choose one.",
    forms.MultipleChoiceField: "Choose at least one.",
    forms.ModelMultipleChoiceField: "Choose at least one.",
}


def say_what_to_do() -> None:
    """Give the fields their sentences. A form made earlier keeps Django's, as it has taken them already."""
    for field, sentence in SENTENCES.items():
        field.default_error_messages = field.default_error_messages | {"required": sentence}
