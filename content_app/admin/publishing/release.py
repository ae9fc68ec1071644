"""The page before a release: what it will contain, what it changes for readers, and everything in its way.

In: the items and sources that somebody wants to publish. Out: a page, then one release through `workflow.publish`.
What the page shows is found by publishing and taking it back, in one transaction: it is what would happen, to the
letter, also to what nobody chose and goes along.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from content_app.admin.history.comparison import Difference, compare
from content_app.admin.history.public_comparison import differences_for_readers
from content_app.admin.items import findings
from content_app.admin.items.findings import Shown, page_of
from content_app.admin.publishing.schedules import page_of_schedule, told_in_a_message
from content_app.admin.shared.resubmission import GIVEN_BACK, is_given_back
from content_app.admin.shared.roles import may_publish
from content_app.admin.shared.zoned_datetime import When
from content_app.canonical import sha256_of
from content_app.editorial import considering, scheduling, workflow
from content_app.editorial.transitions import not_by, not_now
from content_app.manuscripts import rows, rule_context, rules
from content_app.models import Document, Item, Release, Source

CHANGED = (
    "Nothing was published, because something has changed since you opened this page. Check it again, then publish."
)


class LaterForm(When):
    """When the release is to be made."""

    field_order = ["at", "time_zone", "occurrence"]


@dataclass(frozen=True)
class Candidate:
    """An item or source to be released: what is in its way, what to mind, how it differs from what readers have."""

    item: Item | Source
    page: str
    refusal: str | None
    obstacles: list[Shown]
    warnings: list[Shown]
    differences: list[Difference]
    considered: list[Shown] = field(default_factory=list)

    @property
    def is_new(self) -> bool:
        return self.item.published_revision_id is None

    @property
    def kind(self) -> str:
        """What it is, in words."""
        return dict(Document.KINDS)[self.item.kind]

    @property
    def sign_off(self) -> str:
        """Who signed it off, in what capacity, and when."""
        if isinstance(self.item, Source):
            signed = self.item.signed_revision
            return f"{signed.created_by} on {_day(signed.created_at)}" if signed else ""
        given = self.item.sign_offs.select_related("signed_by").first()
        if given is None:
            return ""
        review = "clinical review" if given.is_clinical else "editorial check, no clinical review"
        return f"{given.signed_by} as “{given.reviewer_role}” on {_day(given.signed_at)} ({review})"

    @property
    def field(self) -> str:
        """The name under which the page sends its key back."""
        return "source" if isinstance(self.item, Source) else "item"


@dataclass(frozen=True)
class Along:
    """A document that nobody chose and that goes along: how it differs from what readers have of it."""

    document: Document
    differences: list[Difference]


@dataclass(frozen=True)
class Preview:
    """A release that has not happened. `documents` is what it would write, if nothing is in the way."""

    candidates: list[Candidate]
    documents: list[Document] = field(default_factory=list)
    along: list[Along] = field(default_factory=list)
    refusal: str | None = None
    note: str = ""  # what readers would be told of it

    @property
    def is_possible(self) -> bool:
        return bool(self.documents)

    @property
    def digest(self) -> str:
        """What the page showed, to the letter: a release that would differ from it is not made."""
        return _digest(self.documents)


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%b %Y}"


def _digest(documents: Iterable[Document]) -> str:
    return sha256_of(sorted([str(document.item_uuid), document.sha256] for document in documents))


def preview(items: list[Item], by, sources: Sequence[Source] = ()) -> Preview:
    """What publishing these items and sources would do. Changes nothing."""
    candidates = _candidates(items, by) + [_source_candidate(source, by) for source in sources]
    if not candidates or any(candidate.refusal or candidate.obstacles for candidate in candidates):
        return Preview(candidates)
    try:
        with transaction.atomic():
            made = workflow.publish(items=items, sources=sources, by=by)
            documents = list(made.documents.defer("body_gzip", "list_form"))
            along = _going_along(made, documents, {candidate.item.uuid for candidate in candidates})
            transaction.set_rollback(True)
    except (workflow.TransitionNotAllowed, workflow.NotPublishable) as refusal:
        return Preview(candidates, refusal=str(refusal))
    return Preview(candidates, documents, along, note=made.note)


def _going_along(made: Release, documents: list[Document], chosen: set) -> list[Along]:
    """Documents that nobody chose: of sources that are cited, and of items that show something which changes."""
    before = dict(made.superseded_documents.values_list("item_uuid", "body"))
    return [
        Along(document, differences_for_readers(before.get(document.item_uuid), document.body))
        for document in documents
        if document.item_uuid not in chosen
    ]


def _source_candidate(source: Source, by) -> Candidate:
    """A source: what was signed off last, beside what readers have. The items that cite it go along."""
    refusal = not_now("publish", source) or not_by("publish", by, Source)
    before, after = (row.document if row else None for row in (source.published_revision, source.signed_revision))
    return Candidate(source, page_of(source), refusal, [], [], compare(before, after) if before and after else [])


def _candidates(items: list[Item], by) -> list[Candidate]:
    documents = dict(zip([i.pk for i in items], _documents(items), strict=True))
    around = rule_context.around(list(documents.values()), {item.reference for item in items})
    known = considering.keys_for(items)
    return [_candidate(item, documents[item.pk], around[str(item.uuid)], known.get(item.pk, {}), by) for item in items]


def _documents(items: list[Item]) -> list[rows.Document]:
    found = rows.to_documents(Item.objects.filter(pk__in=[item.pk for item in items]))
    by_uuid = {document["uuid"]: document for document in found}
    return [by_uuid[str(item.uuid)] for item in items]


def _candidate(item: Item, document: rows.Document, around: rules.RuleContext, known: dict, by) -> Candidate:
    page = page_of(item)
    checked = rules.check(document, around)
    found = findings.sorted_out(document, checked, known, lambda one: f"{page}{findings.address(one.pointer)}")
    before = item.published_revision.document if item.published_revision else None
    return Candidate(
        item,
        page,
        workflow.obstacles_to("publish", item, by),
        found.obstacles,
        found.warnings,
        compare(before, document) if before else [],
        found.considered,
    )


def page(request: HttpRequest, items: QuerySet, *, action: str, sources: QuerySet | None = None) -> HttpResponse:
    """Show what a release of these items and sources would do, or make it, if the page was sent back for that."""
    chosen = Chosen(
        list(items.select_related("published_revision").order_by("kind", "name")),
        list(sources.select_related("published_revision", "signed_revision").order_by("title")) if sources else [],
    )
    is_later = "scheduled" in request.POST
    later = LaterForm(request.POST if is_later else None, auto_id="later_%s")
    status = 200
    if is_given_back(request):
        messages.warning(request, GIVEN_BACK)
    elif request.method == "POST" and (is_later or "confirmed" in request.POST):
        done = _schedule(request, chosen, later) if is_later else _publish(request, chosen)
        if done:
            return HttpResponseRedirect(done)
        status = 409
    context = admin.site.each_context(request) | {
        "title": "Publish",
        "preview": preview(chosen.items, request.user, chosen.sources),
        "seen": chosen.seen,
        "can_wait": not chosen.sources,  # a schedule is of items: their sources go along
        "later": later,
        "action": action,
        "next_release": (Release.objects.values_list("number", flat=True).first() or 0) + 1,
    }
    return TemplateResponse(request, "admin/content_app/release.html", context, status=status)


@dataclass(frozen=True)
class Chosen:
    """What somebody wants to publish together."""

    items: list[Item]
    sources: list[Source]

    @property
    def seen(self) -> str:
        """What the page sends back, to notice that something has changed since."""
        marks = [f"{item.pk}-{item.lock_version}" for item in self.items]
        return ",".join(marks + [f"source-{source.pk}-{source.signed_revision_id}" for source in self.sources])

    def __str__(self) -> str:
        counts = [(len(self.items), "item"), (len(self.sources), "source")]
        return " and ".join(f"{n} {word}{'' if n == 1 else 's'}" for n, word in counts if n)


class NotAsShown(Exception):
    """The release would hold something else than the page before it has shown."""


def _publish(request: HttpRequest, chosen: Chosen) -> str | None:
    """Make the release; the address of its page, or None if it was refused."""
    if request.POST.get("seen") != chosen.seen:
        messages.error(request, CHANGED)
        return None
    try:
        made = _made_as_shown(request, chosen)
    except (workflow.TransitionNotAllowed, workflow.NotPublishable) as refusal:
        messages.error(request, f"Nothing was published. {refusal}")
        return None
    except NotAsShown:
        messages.error(request, CHANGED)
        return None
    messages.success(request, f"{made} was published, with {chosen}.")
    return reverse("admin:content_app_release_change", args=[made.pk])


@transaction.atomic
def _made_as_shown(request: HttpRequest, chosen: Chosen) -> Release:
    """Make the release, if every document in it is what the page has shown, also of those that go along."""
    made = workflow.publish(items=chosen.items, sources=chosen.sources, by=request.user)
    if request.POST.get("shown", "") not in ("", _digest(made.documents.only("item_uuid", "sha256"))):
        raise NotAsShown
    return made


def _schedule(request: HttpRequest, chosen: Chosen, form: LaterForm) -> str | None:
    """Schedule the release; the address of the schedule's page, or None if it was refused."""
    if request.POST.get("seen") != chosen.seen or chosen.sources:
        messages.error(request, CHANGED)
        return None
    if not form.is_valid():
        return None
    try:
        made = scheduling.schedule_publication(items=chosen.items, by=request.user, **form.cleaned_data)
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


class PublishSelectedSources(PublishSelected):
    """Mix into the ModelAdmin of sources: the same for them; the items that cite them go along."""

    @admin.action(description="Publish selected sources…", permissions=["publish"])
    def publish_selected(self, request, queryset):
        chosen = Source.objects.filter(pk__in=queryset.values("pk"))
        return page(request, Item.objects.none(), action=address(), sources=chosen)
