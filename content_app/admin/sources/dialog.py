"""Citing a source without leaving the page of an item: those that are here as choices, and a dialog for a new one.

In: a request from `citing.js` or `source.js`. Out: choices as JSON; the form as a fragment of HTML, again with its
errors, or what was stored as JSON. Without JavaScript what is typed is looked for when the item is saved, and the same
link opens the page of a new source in a tab of its own.
"""

from django.contrib.admin.helpers import AdminForm
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.urls import path

from content_app.admin import search
from content_app.admin.items import citations
from content_app.manuscripts.identifiers import identifier_in
from content_app.models import Source

PREFIX = "new-source"  # keeps names and ids apart from those of the page behind
MOST_OFFERED = 12
MEANWHILE = "Somebody else has just added the same source. Close this dialog and search for it."
NEW = {"doi": "Add a source with the DOI {}", "pmid": "Add a source with the PubMed ID {}", "title": "Add “{}”"}


class SourceDialog:
    """Mix into the ModelAdmin of sources."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.dialog_view)
        choices = self.admin_site.admin_view(self.choices_view)
        return [
            path("dialog/", view, name="content_app_source_dialog"),
            path("choices/", choices, name="content_app_source_choices"),
            *super().get_urls(),
        ]

    def choices_view(self, request: HttpRequest) -> JsonResponse:
        """The sources that what was typed can mean, and the way to a new one with what it tells."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        typed = request.GET.get("q", "").replace("\0", "").strip()[: search.LONGEST]
        field, value = identifier_in(typed) or ("title", typed)
        found = search.sources([value], MOST_OFFERED)[0] if typed else []
        known = Source.objects.in_bulk(found)
        results = [citations.choice(known[key]) for key in found]
        if typed and self.has_add_permission(request) and not (field != "title" and found):
            told = NEW[field].format(value)
            results.append({"label": f"{told}…", "hint": "It is not in the library yet.", "new": {field: value}})
        return JsonResponse({"results": results})

    def dialog_view(self, request: HttpRequest) -> HttpResponse:
        """The form (200), again with its errors (200), or the stored source (201)."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        given = {name: request.GET[name] for name in NEW if name in request.GET}
        form = self.get_form(request, None, change=False)(request.POST or None, prefix=PREFIX, initial=given)
        if form.is_bound and form.is_valid():
            source = self._stored(request, form)
            if source:
                return JsonResponse(citations.choice(source), status=201)
        fieldsets = AdminForm(form, list(self.get_fieldsets(request)), {}, (), model_admin=self)
        context = {"form": form, "adminform": fieldsets, "prefix": PREFIX}
        return TemplateResponse(request, "admin/content_app/source_dialog.html", context)

    def _stored(self, request: HttpRequest, form) -> Source | None:
        try:
            with transaction.atomic():
                source = form.save(commit=False)
                self.save_model(request, source, form, change=False)
                self.log_addition(request, source, [{"added": {}}])
        except IntegrityError:
            form.add_error(None, MEANWHILE)
            return None
        return source
