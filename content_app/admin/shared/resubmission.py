"""What somebody sent while they were signed out: given back to them in the same form, unsaved.

In: a form that the page itself kept (`kept.js`) and sends again once the same person has signed in, marked
`_given_back`. Out: the form as it was typed, with a sentence, and nothing done. A form takes part by including
`admin/content_app/kept.html`, and its view by asking `is_given_back`.
"""

from django import forms
from django.http import HttpRequest

GIVEN_BACK = (
    "Nothing was saved or sent: you were signed out, or the server was busy. Everything you typed is still here: check "
    "it, then try again."
)


def is_given_back(request: HttpRequest) -> bool:
    """Whether this form is only to be shown again."""
    return request.method == "POST" and "_given_back" in request.POST


class Unsaved:
    """Mix into a form: it is never valid, so that its page is shown again with everything that was typed."""

    why = GIVEN_BACK

    def clean(self):
        super().clean()
        raise forms.ValidationError(self.why)


class GivesBack:
    """Mix into a ModelAdmin: its form can be given back."""

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        why = {"why": getattr(request, "given_back_because", GIVEN_BACK)}
        return type(form.__name__, (Unsaved, form), why) if is_given_back(request) else form
