"""Releases and documents, as they were published. Nobody changes them."""

import json

from django.contrib import admin
from django.template.defaultfilters import pluralize
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from content_app.admin.shared.readonly import ReadOnlyAdmin
from content_app.models import Document, Release

UNREAD = ("body", "body_gzip", "list_form")


@admin.register(Release)
class ReleaseAdmin(ReadOnlyAdmin):
    rows_come_from = "Each time a publisher publishes, that is a release, and stands here."
    list_display = ["number", "published_at", "published_by", "significance", "note"]
    list_filter = ["significance", "published_at"]
    search_fields = ["number", "note", "manifest_sha256"]
    list_select_related = ["published_by"]
    fields = [
        "number", "published_at", "published_by", "significance", "note", "what_is_new", "shown_counts",
        "manifest_sha256",
    ]  # fmt: skip

    @admin.display(description="new in this release")
    def what_is_new(self, release):
        lines = [
            (
                reverse("admin:content_app_document_change", args=[document.pk]),
                document.name,
                document.get_kind_display().lower(),
                document.version,
                " · withdrawn" if document.tombstone_reason else "",
            )
            for document in release.documents.defer(*UNREAD)
        ]
        return format_html(
            "<ul>{}</ul>", format_html_join("", '<li><a href="{}">{}</a> · {} · version {}{}</li>', lines)
        )

    @admin.display(description="documents that are current in it")
    def shown_counts(self, release):
        return ", ".join(
            f"{number} {kind.replace('_', ' ')}{pluralize(number)}" for kind, number in release.counts.items()
        )


class CurrentFilter(admin.SimpleListFilter):
    """Documents that readers get now, or that they no longer get."""

    title = "what readers get"
    parameter_name = "readers"

    def lookups(self, request, model_admin):
        return [("now", "Now"), ("before", "No longer"), ("withdrawn", "A notice that it is withdrawn")]

    def queryset(self, request, queryset):
        narrowed = {
            "now": {"superseded_in": None, "tombstone_reason": ""},
            "before": {"superseded_in__isnull": False},
            "withdrawn": {"superseded_in": None, "tombstone_reason__gt": ""},
        }
        return queryset.filter(**narrowed.get(self.value(), {}))


@admin.register(Document)
class DocumentAdmin(ReadOnlyAdmin):
    rows_come_from = "What a publisher publishes stands here as readers get it, each version of it."
    list_display = ["name", "kind", "version", "first_release", "superseded_in", "significance"]
    list_filter = [CurrentFilter, "kind", "significance"]
    search_fields = ["name", "slug", "sha256"]
    list_select_related = ["first_release", "superseded_in"]
    fields = [
        "name", "kind", "slug", "item_uuid", "version", "first_release", "superseded_in", "tombstone_reason",
        "significance", "change_note", "sha256", "shown_body",
    ]  # fmt: skip

    def get_queryset(self, request):
        deferred = UNREAD if request.resolver_match.url_name.endswith("_changelist") else UNREAD[1:]
        return super().get_queryset(request).defer(*deferred)

    @admin.display(description="body")
    def shown_body(self, document):
        return as_code(json.loads(bytes(document.body)))


def as_code(data):
    """JSON laid out for people to read."""
    text = json.dumps(data, ensure_ascii=False, indent=2)
    return format_html('<pre class="code" tabindex="0" role="region" aria-label="JSON"><code>{}</code></pre>', text)
