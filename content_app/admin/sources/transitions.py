"""The workflow of sources as buttons and pages: the verbs of items, as far as they fit a source.

In: a source, a person, what they type. Out: an act of `source_workflow`, or the sentence that says why not.
"""

from dataclasses import replace

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from content_app.admin.items.transitions import VERBS, SubmitForm, Verb, VerbForm, VerbPages
from content_app.admin.publishing import release
from content_app.admin.shared.texts import Line, Prose
from content_app.admin.shared.where_used import uses_of_source
from content_app.editorial import source_history, source_workflow, warning_counts
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


class RetractForm(VerbForm):
    reason = Prose(
        label="Reason",
        help_text="Why it was retracted. Readers see this.",
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say why it was retracted. Readers see this."},
    )
    retracted_on = forms.DateField(
        label="Date of the retraction", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    notice = Line(
        label="Retraction notice",
        max_length=300,
        help_text="Its web address or DOI. Readers see it.",
        error_messages={"required": "Enter where the retraction is announced. Readers see it."},
    )


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
    "retract": Verb(
        "Retract",
        "For a work that its publisher or authors have retracted. This is sent for review as a matter of safety. Once "
        "it is signed off, it is published with every item that rests on this source.",
        RetractForm,
        "marked as retracted and sent for review",
        source_workflow.retract,
        asks=source_workflow.obstacles_to,
        subject="source",
    ),
}


def told_what_rests_on(source: Source) -> SafeString:
    """How much rests on a source that is retracted now, and the way to it."""
    number = len(uses_of_source(source))
    queue = reverse("admin:content_app_item_changelist", query={"queue": "retracted-sources"})
    return format_html(
        '“{}” is now marked as retracted. {} it, as a draft or as published: <a href="{}">see all items that cite '
        "retracted sources</a>.",
        source,
        f"{number} item cites" if number == 1 else f"{number} items cite",
        queue,
    )


class SourceVerbPages(VerbPages):
    """Mix into the ModelAdmin of sources."""

    verbs = SOURCE_VERBS

    def _is_done(self, request, item, verb, form) -> bool:
        """What is retracted is followed by the way to everything that rests on it."""
        done = super()._is_done(request, item, verb, form)
        if done and verb == "retract":
            warning_counts.source_changed(item)
            self.message_user(request, told_what_rests_on(item), messages.WARNING)
        return done

    def verb_subjects(self):
        return Source.objects.all()

    def publish_view(self, request, item, action: str) -> HttpResponse:
        """The page before a release of one source, with every item that cites it."""
        return release.page(request, Item.objects.none(), action=action, sources=Source.objects.filter(pk=item.pk))
