"""A selection as files that can be imported again: editorial documents in one zip, as YAML or as JSON.

In: the rows that somebody has chosen in a list. Out: a zip, streamed; items bring the sources that they cite.
"""

from collections.abc import Callable

from django.contrib import admin
from django.contrib.admin.options import IS_POPUP_VAR
from django.http import HttpRequest, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone

from content_app.admin.shared.roles import may_write
from content_app.audit import log
from content_app.editorial.exchange import archives, exporting
from content_app.models import Source

ACTIONS = ("export_as_yaml", "export_as_json")


class Exports:
    """Mix into a ModelAdmin of items or sources. Whoever may see them may take them along."""

    def get_actions(self, request: HttpRequest) -> dict:
        own = {} if IS_POPUP_VAR in request.GET else {name: self.get_action(name) for name in ACTIONS}
        return super().get_actions(request) | own

    def changelist_view(self, request, extra_context=None):
        ways_in = {"import_href": reverse("admin:content_app_import_add")} if may_write(request) else {}
        return super().changelist_view(request, ways_in | (extra_context or {}))

    @admin.action(description="Export selected as YAML (zip)")
    def export_as_yaml(self, request, queryset):
        return self._zip(request, queryset, ".yaml")

    @admin.action(description="Export selected as JSON (zip)")
    def export_as_json(self, request, queryset):
        return self._zip(request, queryset, ".json")

    def _zip(self, request: HttpRequest, queryset, suffix: str) -> StreamingHttpResponse:
        keys = list(queryset.order_by("pk").values_list("pk", flat=True).distinct())
        documents: Callable = exporting.sources if self.model is Source else exporting.items_with_sources
        name = f"{self.opts.verbose_name_plural}-{timezone.now():%Y-%m-%d}".replace(" ", "-")
        chosen = (self.opts.model_name, "", str(self.opts.verbose_name_plural))
        log.record("content_exported", by=request.user, what=chosen, form=suffix.strip("."), rows=len(keys))
        return StreamingHttpResponse(
            archives.stream(documents(keys), suffix),
            content_type="application/zip",
            headers={"Content-Disposition": f'attachment; filename="{name}.zip"', "Cache-Control": "no-store"},
        )
