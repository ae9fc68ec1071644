"""The page of a source: what it is, and everything that rests on it.

In: what authors type. Out: a stored source, and what it says now in its trail. A source that something rests on, or
that readers have had, keeps its slug and is not deleted.
"""

from django.contrib import admin, messages
from django.db.models import Count

from content_app.admin import search
from content_app.admin.exchange.exporting import Exports
from content_app.admin.history.comparison import compare
from content_app.admin.history.event_labels import labelled_of_source
from content_app.admin.items import locking
from content_app.admin.items.aside import status_badge
from content_app.admin.items.transitions import offers
from content_app.admin.publishing.release import PublishSelectedSources
from content_app.admin.shared.filters import SourceQueueFilter
from content_app.admin.shared.lists import Lists
from content_app.admin.shared.resubmission import GivesBack
from content_app.admin.shared.roles import WrittenByAuthors
from content_app.admin.shared.texts import EditorialFields
from content_app.admin.shared.where_used import uses_of_source
from content_app.admin.sources.dialog import SourceDialog
from content_app.admin.sources.form import IDENTIFIERS, SourceForm
from content_app.admin.sources.transitions import SOURCE_VERBS, SourceVerbPages, told_what_rests_on
from content_app.editorial import source_history, source_workflow, warning_counts
from content_app.manuscripts import rows
from content_app.models import Document, Source, SourceRevision
from content_app.vocabulary.fields import PARTS, names

FIELDS = names(PARTS["sources"])
LONG = ("title", "note")  # the title comes first in a list, and a note is no column
# Fields with a place of their own on the page; any other stands before the note.
PLACED = {
    "title", "type", "evidence_level", "retracted", "authors", "organisation", "container", "year", "url", "doi",
    "pmid", "isbn", "licence", "note",
}  # fmt: skip
PUBLISHED = "This source has been published, so it cannot be deleted. If it should no longer be used, retract it."


@admin.register(Source)
class SourceAdmin(
    GivesBack, WrittenByAuthors, EditorialFields, SourceVerbPages, PublishSelectedSources, SourceDialog, Exports, Lists,
    admin.ModelAdmin,
):  # fmt: skip
    rows_come_from = "Authors add sources here, or while they edit an item that cites them."
    form = SourceForm
    list_display = ["title", "type", "evidence_level", "year", "shown_status", "shown_retracted", "number_of_items"]
    csv_columns = ["uuid", "slug", "title", *(name for name in FIELDS if name not in LONG), "status", "number_of_items"]
    list_filter = [SourceQueueFilter, "status", "type", "evidence_level", "retracted"]
    search_fields = ["title", "slug", "authors", "organisation", "container", "doi", "pmid"]
    ordering = ["title"]
    prepopulated_fields = {"slug": ["title"]}
    change_form_template = "admin/content_app/source.html"
    fieldsets = [
        (None, {"fields": ["title", "slug", ("type", "evidence_level"), "retracted"]}),
        ("Publication", {"fields": ["authors", ("organisation", "container"), "year"]}),
        ("Identifiers", {"fields": ["url", ("doi", "pmid", "isbn")]}),
        ("For readers", {"fields": ["licence", *(name for name in FIELDS if name not in PLACED), "note"]}),
    ]

    def get_fieldsets(self, request, obj=None):
        """Whoever only reads is told in words that a source is retracted: an icon would read as approval.

        A source is retracted by a step of its own. The box is there to take that back, and for a new source.
        """
        own, *others = self.fieldsets
        if not self.has_change_permission(request, obj):
            told = [name if name != "retracted" else "shown_retracted" for name in own[1]["fields"]]
            return [(own[0], {"fields": told}), *others]
        if obj and not obj.retracted:  # a step of its own, with the reason and the date
            return [(own[0], {"fields": [name for name in own[1]["fields"] if name != "retracted"]}), *others]
        return self.fieldsets

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(items_count=Count("citations__item", distinct=True))

    def get_search_results(self, request, queryset, search_term):
        """What the search of the desk finds: authors with their accents and without, on any database."""
        found = search.narrowed(queryset, search.SOURCE, search_term) if search_term.strip() else queryset
        return found, False

    def get_actions(self, request):
        """Sources are deleted one by one, with what rests on them in view."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def get_object(self, request, object_id, from_field=None):
        """The source; for writing it is held until the transaction ends."""
        source = super().get_object(request, object_id, from_field)
        if source and request.method == "POST":
            Source.objects.select_for_update().get(pk=source.pk)
            source.refresh_from_db()
        return source

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name in IDENTIFIERS:
            kwargs["form_class"] = IDENTIFIERS[db_field.name]
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_readonly_fields(self, request, obj=None):
        """Citations, revisions and releases name a source by its slug, so it never changes."""
        return ["slug"] if obj else []

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else self.prepopulated_fields

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        form = context["adminform"].form
        if obj:
            context |= self._beside(request, Source.objects.get(pk=obj.pk))  # as it is stored, whatever was typed
        if getattr(form, "is_stale", False):
            context["conflict"] = _conflict(form)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _beside(self, request, source: Source) -> dict:
        """Where the source is in the workflow, what can be done next, and what rests on it."""
        acts, published = labelled_of_source(_trail_of(source)), source.published_revision
        return {
            "uses": uses_of_source(source),
            "acts": acts,
            "last_edit": source_workflow.last_edit(source),
            "sent_back": acts[0] if acts and acts[0].verb == "request_changes" else None,
            "offers": offers(source, request.user, SOURCE_VERBS),
            "differences": compare(published.document, rows.source_document(source)) if published else [],
        }

    @admin.display(description="status", ordering="status")
    def shown_status(self, source):
        return status_badge(source)

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        source_history.record(source=obj, by=request.user, verb="edit", before=form.stored or None)
        warning_counts.source_changed(obj)
        if obj.retracted and "retracted" in form.changed_data:
            self.message_user(request, told_what_rests_on(obj), messages.WARNING)

    def delete_model(self, request, obj):
        source_history.record(source=obj, by=request.user, verb="delete", before=rows.source_document(obj))
        super().delete_model(request, obj)

    def get_deleted_objects(self, objs, request):
        """What deleting would take along. A source that something rests on is protected, and the page lists it."""
        to_delete, counts, needed, protected = super().get_deleted_objects(objs, request)
        used = [f"{use.name}: {use.how}" for source in objs for use in uses_of_source(source)]
        published = Document.objects.filter(kind="source", item_uuid__in=[source.uuid for source in objs]).exists()
        return to_delete, counts, needed, [*(used or protected), *([PUBLISHED] if published else [])]

    @admin.display(description="retracted", ordering="retracted")
    def shown_retracted(self, source):
        """In words: a tick would read as approval."""
        return "Retracted" if source.retracted else "–"

    @admin.display(description="cited by", ordering="items_count")
    def number_of_items(self, source):
        return f"{source.items_count} {'item' if source.items_count == 1 else 'items'}"


def _trail_of(source: Source):
    return SourceRevision.objects.filter(source_uuid=source.uuid)


def _conflict(form: SourceForm) -> locking.Conflict:
    """What a refused save shows: who saved meanwhile, and both versions side by side."""
    opened_at = form.cleaned_data.get("opened_at", "")
    opened = source_history.document_at(form.instance, opened_at) or form.stored
    acts = labelled_of_source(_trail_of(form.instance)[:3])
    return locking.Conflict(acts, locking.clashes(opened, form.stored, rows.source_document(form.instance)))
