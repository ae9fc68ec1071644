"""The page before a release: what it will contain, what it changes for readers, and everything in its way.

In: the items that somebody wants to publish. Out: a page, then one release through `workflow.publish`. What the page
shows is found by publishing and taking it back, in one transaction: it is what would happen, to the letter.
"""

from dataclasses import dataclass, field

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from content_app.admin.history.comparison import Difference, compare
from content_app.admin.items.findings import Shown, page_of, shown
from content_app.admin.publishing.schedules import page_of_schedule, told_in_a_message
from content_app.admin.shared.resubmission import GIVEN_BACK, is_given_back
from content_app.admin.shared.roles import may_publish
from content_app.admin.shared.texts import Prose
from content_app.admin.shared.zoned_datetime import When
from content_app.editorial import scheduling, workflow
from content_app.manuscripts import rows, rule_context, rules
from content_app.models import Document, Item, Release

CHANGED = "Something has changed since this page was shown. Read it again, then publish."


class NoteForm(forms.Form):
    """What a publisher says of a release."""

    note = Prose(
        label="Note on the release",
        required=False,
        help_text="Readers will see it with the release. It may stay empty.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class LaterForm(When, NoteForm):
    """The same, and when."""

    field_order = ["at", "time_zone", "occurrence", "note"]


@dataclass(frozen=True)
class Candidate:
    """An item to be released: what is in its way, what to mind, and how it differs from what readers have."""

    item: Item
    page: str
    refusal: str | None
    obstacles: list[Shown]
    warnings: list[Shown]
    differences: list[Difference]

    @property
    def is_new(self) -> bool:
        return self.item.published_revision_id is None


@dataclass(frozen=True)
class Preview:
    """A release that has not happened. `documents` is what it would write, if nothing is in the way."""

    candidates: list[Candidate]
    documents: list[Document] = field(default_factory=list)
    refusal: str | None = None

    @property
    def is_possible(self) -> bool:
        return bool(self.documents)

    @property
    def recompiled(self) -> list[Document]:
        """Documents that nobody chose: of sources that are cited, and of items that show something which changes."""
        chosen = {candidate.item.uuid for candidate in self.candidates}
        return [document for document in self.documents if document.item_uuid not in chosen]


def preview(items: list[Item], by) -> Preview:
    """What publishing these items would do. Changes nothing."""
    candidates = _candidates(items, by)
    if not items or any(candidate.refusal or candidate.obstacles for candidate in candidates):
        return Preview(candidates)
    try:
        with transaction.atomic():
            made = workflow.publish(items=items, by=by)
            documents = list(made.documents.defer("body", "body_gzip", "list_form"))
            transaction.set_rollback(True)
    except (workflow.TransitionNotAllowed, workflow.NotPublishable) as refusal:
        return Preview(candidates, refusal=str(refusal))
    return Preview(candidates, documents)


def _candidates(items: list[Item], by) -> list[Candidate]:
    documents = dict(zip([i.pk for i in items], _documents(items), strict=True))
    around = rule_context.around(list(documents.values()), {item.reference for item in items})
    return [_candidate(item, documents[item.pk], around[str(item.uuid)], by) for item in items]


def _documents(items: list[Item]) -> list[rows.Document]:
    found = rows.to_documents(Item.objects.filter(pk__in=[item.pk for item in items]))
    by_uuid = {document["uuid"]: document for document in found}
    return [by_uuid[str(item.uuid)] for item in items]


def _candidate(item: Item, document: rows.Document, around: rules.Surroundings, by) -> Candidate:
    findings = rules.check(document, around)
    page = page_of(item)
    before = item.published_revision.document if item.published_revision else None
    return Candidate(
        item,
        page,
        workflow.obstacles_to("publish", item, by),
        shown((f for f in findings if f.severity == rules.OBSTACLE), page=page),
        shown((f for f in findings if f.severity != rules.OBSTACLE), page=page),
        compare(before, document) if before else [],
    )


def page(request: HttpRequest, items: QuerySet, *, action: str) -> HttpResponse:
    """Show what a release of these items would do, or make it, if that is what the page was sent back for."""
    chosen = list(items.select_related("published_revision").order_by("kind", "name"))
    seen = ",".join(f"{item.pk}-{item.lock_version}" for item in chosen)
    is_later = "scheduled" in request.POST
    note = NoteForm(request.POST if request.method == "POST" else None, auto_id="release-%s")
    later = LaterForm(request.POST if is_later else None, auto_id="later_%s", initial={"note": note["note"].value()})
    status = 200
    if is_given_back(request):
        messages.warning(request, GIVEN_BACK)
    elif request.method == "POST" and (is_later or "confirmed" in request.POST):
        done = _schedule(request, chosen, seen, later) if is_later else _publish(request, chosen, seen, note)
        if done:
            return HttpResponseRedirect(done)
        status = 409
    context = admin.site.each_context(request) | {
        "title": "Publish",
        "preview": preview(chosen, request.user),
        "seen": seen,
        "note": note,
        "later": later,
        "action": action,
        "next_release": (Release.objects.values_list("number", flat=True).first() or 0) + 1,
    }
    return TemplateResponse(request, "admin/content_app/release.html", context, status=status)


def _publish(request: HttpRequest, items: list[Item], seen: str, form: NoteForm) -> str | None:
    """Make the release; the address of its page, or None if it was refused."""
    if request.POST.get("seen") != seen:
        messages.error(request, CHANGED)
        return None
    if not form.is_valid():
        return None
    try:
        made = workflow.publish(items=items, by=request.user, **form.cleaned_data)
    except (workflow.TransitionNotAllowed, workflow.NotPublishable) as refusal:
        messages.error(request, f"Nothing was published. {refusal}")
        return None
    messages.success(request, f"{made} is published: {len(items)} {'item' if len(items) == 1 else 'items'}.")
    return reverse("admin:content_app_release_change", args=[made.pk])


def _schedule(request: HttpRequest, items: list[Item], seen: str, form: LaterForm) -> str | None:
    """Schedule the release; the address of the schedule's page, or None if it was refused."""
    if request.POST.get("seen") != seen:
        messages.error(request, CHANGED)
        return None
    if not form.is_valid():
        return None
    try:
        made = scheduling.schedule_publication(items=items, by=request.user, **form.cleaned_data)
    except (workflow.TransitionNotAllowed, workflow.NotPublishable) as refusal:
        messages.error(request, f"Nothing was scheduled. {refusal}")
        return None
    messages.success(request, told_in_a_message(made))
    return page_of_schedule(made)


def address() -> str:
    """Where the page before a release of several items is sent."""
    return reverse("admin:content_app_item_release")


class PublishSelected:
    """Mix into a ModelAdmin of items: its list can publish a selection."""

    actions = ["publish_selected"]

    def has_publish_permission(self, request):
        return may_publish(request)

    @admin.action(description="Publish selected items…", permissions=["publish"])
    def publish_selected(self, request, queryset):
        return page(request, Item.objects.filter(pk__in=queryset.values("pk")), action=address())
