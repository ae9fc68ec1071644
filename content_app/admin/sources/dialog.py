"""Citing a source without leaving the page of an item: a dialog with those that are here, and the form of a new one.

In: a request from `source.js`. Out: the form as a fragment of HTML, again with its errors, or what was stored as
JSON. Without JavaScript the same link opens the page of a new source in a tab of its own.
"""

from django.contrib.admin.helpers import AdminForm
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.urls import path

from content_app.models import Source

PREFIX = "new-source"  # keeps names and ids apart from those of the page behind
MOST_OFFERED = 2000  # any other can still be cited by typing its slug
MEANWHILE = "Somebody has added the same at this moment: try again."


class SourceDialog:
    """Mix into the ModelAdmin of sources."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.dialog_view)
        return [path("dialog/", view, name="content_app_source_dialog"), *super().get_urls()]

    def dialog_view(self, request: HttpRequest) -> HttpResponse:
        """The form (200), again with its errors (200), or the stored source (201)."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = self.get_form(request, None, change=False)(request.POST or None, prefix=PREFIX)
        if form.is_bound and form.is_valid():
            source = self._stored(request, form)
            if source:
                return JsonResponse({"slug": source.slug, "title": str(source)}, status=201)
        fieldsets = AdminForm(form, list(self.get_fieldsets(request)), {}, (), model_admin=self)
        known = Source.objects.order_by("title", "slug")[:MOST_OFFERED]
        context = {"form": form, "adminform": fieldsets, "prefix": PREFIX, "known": known}
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
