"""The editorial trail: revisions, sign-offs and events. Nobody changes it."""

from django.contrib import admin
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html

from content_app.admin.history.comparison import compare
from content_app.admin.history.event_labels import ACTS
from content_app.admin.items.findings import page_of
from content_app.admin.publishing.published import as_code
from content_app.admin.shared.readonly import ReadOnlyAdmin
from content_app.admin.shared.roles import has_a_role
from content_app.models import Event, Revision, SignOff, Source, SourceRevision


class TrailAdmin(ReadOnlyAdmin):
    """What all pages of the trail share."""

    list_select_related = True

    @admin.display(description="item", ordering="item")
    def shown_item(self, row):
        return format_html('<a href="{}">{}</a>', page_of(row.item), row.item)


@admin.register(Revision)
class RevisionAdmin(TrailAdmin):
    rows_come_from = "Each saved change to an item is kept here."
    list_display = ["__str__", "shown_item", "created_at", "created_by"]
    list_filter = ["item__kind", "created_at", "created_by"]
    search_fields = ["item__name", "item__slug", "sha256"]
    fields = ["shown_item", "number", "created_at", "created_by", "sha256", "shown_document"]

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        return rows.defer("document") if request.resolver_match.url_name.endswith("_changelist") else rows

    @admin.display(description="document")
    def shown_document(self, revision):
        return as_code(revision.document)


@admin.register(SignOff)
class SignOffAdmin(TrailAdmin):
    rows_come_from = "Each sign-off by a reviewer is kept here."
    list_display = ["__str__", "shown_item", "signed_at", "signed_by", "reviewer_role", "shown_capacity"]
    list_filter = ["item__kind", "signed_at", "signed_by"]
    search_fields = ["item__name", "item__slug", "content_sha256", "reviewer_role"]
    fields = [
        "shown_item",
        "shown_revision",
        "signed_at",
        "signed_by",
        "reviewer_role",
        "shown_capacity",
        "content_sha256",
    ]

    @admin.display(description="review", ordering="is_clinical")
    def shown_capacity(self, sign_off):
        return "Clinical" if sign_off.is_clinical else "Editorial"

    @admin.display(description="revision")
    def shown_revision(self, sign_off):
        href = reverse("admin:content_app_revision_change", args=[sign_off.revision_id])
        return format_html('<a href="{}">{}</a>', href, sign_off.revision)


@admin.register(Event)
class EventAdmin(TrailAdmin):
    rows_come_from = "All activity on items is kept here: edits, reviews and releases."
    list_display = ["happened_at", "shown_item", "shown_verb", "from_status", "to_status", "done_by", "shown_powers"]
    list_filter = ["verb", "to_status", "item__kind", "as_superuser", "happened_at", "done_by"]
    search_fields = ["item__name", "item__slug", "note", "done_by__username"]
    fields = ["shown_item", "shown_verb", "from_status", "to_status", "happened_at", "done_by", "shown_powers", "note"]

    @admin.display(description="activity", ordering="verb")
    def shown_verb(self, event):
        return ACTS.get(event.verb, event.verb)

    @admin.display(description="powers used", ordering="as_superuser")
    def shown_powers(self, event):
        """In words: a cross would read as a fault."""
        return "Superuser" if event.as_superuser else "–"


@admin.register(SourceRevision)
class SourceRevisionAdmin(ReadOnlyAdmin):
    """What sources said, and who changed them; also of those that were deleted."""

    rows_come_from = "Each saved change to a source is kept here."

    list_display = ["created_at", "slug", "number", "shown_verb", "created_by"]
    list_filter = ["verb", "created_at", "created_by"]
    list_select_related = ["created_by"]
    search_fields = ["slug", "sha256"]
    fields = [
        "shown_source", "number", "shown_verb", "created_at", "created_by", "note", "shown_changes", "sha256",
        "shown_document",
    ]  # fmt: skip

    def has_view_permission(self, request, obj=None):
        return has_a_role(request)

    def has_module_permission(self, request):
        return has_a_role(request)

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        return rows.defer("document") if request.resolver_match.url_name.endswith("_changelist") else rows

    @admin.display(description="activity", ordering="verb")
    def shown_verb(self, revision):
        return ACTS.get(revision.verb, revision.verb)

    @admin.display(description="source")
    def shown_source(self, revision):
        source = Source.objects.filter(uuid=revision.source_uuid).first()
        href = reverse("admin:content_app_source_change", args=[source.pk]) if source else None
        return format_html('<a href="{}">{}</a>', href, source) if source else revision.slug

    @admin.display(description="changes")
    def shown_changes(self, revision):
        before = SourceRevision.objects.filter(source_uuid=revision.source_uuid, number=revision.number - 1).first()
        found = compare(before.document if before else {}, revision.document)
        return render_to_string("admin/content_app/differences.html", {"differences": found}) if found else "–"

    @admin.display(description="document")
    def shown_document(self, revision):
        return as_code(revision.document)
