"""The message for a required field that was left empty, by the type of field, for all pages.

In: Django's fields, before any form is made of them. Out: sentences in place of “This field is required.” A field of
which more can be said says it itself (`error_messages`).
"""

from django import forms

SENTENCES = {
    forms.Field: "Enter a value.",
    forms.DateTimeField: "Enter a date and time.",
    forms.EmailField: "Enter an email address.",
    forms.URLField: "Enter a web address.",
    forms.FileField: "Choose a file.",
    forms.ChoiceField: "Choose an option.",
    forms.ModelChoiceField: "Choose an option.",
    forms.MultipleChoiceField: "Choose at least one option.",
    forms.ModelMultipleChoiceField: "Choose at least one option.",
}


def say_what_to_do() -> None:
    """Give the fields their sentences. A form made earlier keeps Django's, as it has taken them already."""
    for field, sentence in SENTENCES.items():
        field.default_error_messages = field.default_error_messages | {"required": sentence}
