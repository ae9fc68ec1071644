"""The workflow of sources as buttons and pages: the verbs of items, as far as they fit a source.

In: a source, a person, what they type. Out: an act of `source_workflow`, or the sentence that says why not.
"""

from dataclasses import replace

from django import forms
from django.http import HttpResponse

from content_app.admin.items.transitions import VERBS, SubmitForm, Verb, VerbForm, VerbPages
from content_app.admin.publishing import release
from content_app.admin.shared.texts import Prose
from content_app.editorial import source_history, source_workflow
from content_app.models import Item, Source


class RequestChangesForm(VerbForm):
    comment = Prose(
        label="Requested changes",
        help_text="Tell the author what to change.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Tell the author what to change."},
    )


class ApproveForm(VerbForm):
    """Carries the hash of what the page showed, so that nobody signs off what came after it."""

    content = forms.CharField(widget=forms.HiddenInput)
    comment = Prose(
        label="Comment", required=False, help_text="For editors only.", widget=forms.Textarea(attrs={"rows": 2})
    )

    def prepare(self, item, by):
        self.initial["content"] = source_history.version_of(item)


def _of_a_source(name: str, **changes) -> Verb:
    return replace(VERBS[name], asks=source_workflow.obstacles_to, subject="source", **changes)


SOURCE_VERBS = {
    "submit": _of_a_source("submit", form=SubmitForm, does=source_workflow.submit),
    "request_changes": _of_a_source(
        "request_changes",
        explanation="The source goes back to its author as a draft.",
        form=RequestChangesForm,
        does=source_workflow.request_changes,
    ),
    "approve": _of_a_source(
        "approve",
        explanation="You confirm that this page describes the work correctly. Readers get this version, with every "
        "item that cites it, from the next release that includes it.",
        form=ApproveForm,
        does=source_workflow.approve,
    ),
    "publish": _of_a_source(
        "publish", explanation="The next page shows what will change for readers, in each item that cites this source."
    ),
}


class SourceVerbPages(VerbPages):
    """Mix into the ModelAdmin of sources."""

    verbs = SOURCE_VERBS

    def verb_subjects(self):
        return Source.objects.all()

    def publish_view(self, request, item, action: str) -> HttpResponse:
        """The page before a release of one source, with every item that cites it."""
        return release.page(request, Item.objects.none(), action=action, sources=Source.objects.filter(pk=item.pk))
