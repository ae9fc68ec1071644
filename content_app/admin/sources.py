"""The page of a source: what it is, and everything that rests on it.

In: what authors type. Out: a stored source. A source that something rests on keeps its slug and is not deleted.
"""

from django import forms
from django.contrib import admin
from django.db.models import Count
from django.http import HttpRequest

from content_app.admin.kept import GivesBack
from content_app.admin.lists import Lists
from content_app.admin.roles import WrittenByAuthors
from content_app.admin.texts import EditorialFields
from content_app.admin.uses import uses_of_source
from content_app.canonical import sha256_of
from content_app.interchange import rows
from content_app.models import Source

CHANGED = (
    "Somebody else has saved this source since you opened it, and nothing was saved now. Stored now: {}. "
    "What you typed is still here: saving again puts it in place of what is stored."
)


def version_of(source: Source) -> str:
    """A version of a source: the hash of what is stored. Empty for one that is not stored yet."""
    return sha256_of(rows.source_document(source)) if source.pk else ""


class SourceForm(forms.ModelForm):
    opened_at = forms.CharField(required=False, widget=forms.HiddenInput)
    request: HttpRequest

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.stored = rows.source_document(self.instance) if self.instance.pk else {}
        self.initial["opened_at"] = version_of(self.instance)
        if "authors" in self.fields:
            self.fields["authors"].help_text = "One a line: family name, then initials, such as “Sherry DD”."

    def clean(self):
        cleaned = super().clean()
        now = self.initial["opened_at"]
        if self.instance.pk and cleaned.get("opened_at") != now:
            self.data = self.data.copy()
            self.data["opened_at"] = now
            told = ", ".join(f"{field}: {value}" for field, value in self.stored.items() if field in self.changed_data)
            raise forms.ValidationError(CHANGED.format(told or "nothing that differs from what you typed"))
        return cleaned


@admin.register(Source)
class SourceAdmin(GivesBack, WrittenByAuthors, EditorialFields, Lists, admin.ModelAdmin):
    form = SourceForm
    list_display = ["title", "type", "evidence_level", "year", "retracted", "number_of_items"]
    list_filter = ["type", "evidence_level", "retracted"]
    search_fields = ["title", "slug", "authors", "organisation", "container", "doi", "pmid"]
    ordering = ["title"]
    prepopulated_fields = {"slug": ["title"]}
    change_form_template = "admin/content_app/source.html"
    fieldsets = [
        (None, {"fields": ["title", "slug", ("type", "evidence_level"), "retracted"]}),
        ("Where it appeared", {"fields": ["authors", ("organisation", "container"), "year"]}),
        ("Identifiers", {"fields": ["url", ("doi", "pmid", "isbn")]}),
        ("For readers", {"fields": ["licence", "note"]}),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(items_count=Count("citations__item", distinct=True))

    def get_actions(self, request):
        return {}  # sources are deleted one by one, with what rests on them in view

    def get_object(self, request, object_id, from_field=None):
        """The source; for writing it is held until the transaction ends."""
        source = super().get_object(request, object_id, from_field)
        if source and request.method == "POST":
            Source.objects.select_for_update().get(pk=source.pk)
            source.refresh_from_db()
        return source

    def get_readonly_fields(self, request, obj=None):
        """Citations, revisions and releases name a source by its slug, so it never changes."""
        return ["slug"] if obj else []

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else self.prepopulated_fields

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context["uses"] = uses_of_source(obj) if obj else []
        return super().render_change_form(request, context, add, change, form_url, obj)

    def get_deleted_objects(self, objs, request):
        """What deleting would take along. A source that something rests on is protected, and the page lists it."""
        to_delete, counts, needed, protected = super().get_deleted_objects(objs, request)
        used = [f"{use.name}: {use.how}" for source in objs for use in uses_of_source(source)]
        return to_delete, counts, needed, used or protected

    @admin.display(description="cited by", ordering="items_count")
    def number_of_items(self, source):
        return f"{source.items_count} {'item' if source.items_count == 1 else 'items'}"
