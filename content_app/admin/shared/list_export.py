"""Any list of the desk as a spreadsheet: the same rows in the same order, under the same search and filters.

In: the address of a list. Out: CSV, streamed row by row.
"""

import html
from collections.abc import Iterator

from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import label_for_field, lookup_field
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect, StreamingHttpResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.safestring import SafeString

from content_app.admin.shared.spreadsheets import csv_rows
from content_app.audit import log

AT_A_TIME = 500
# Spreadsheets in countries that write decimals with a comma expect semicolons.
SEPARATORS = {"semicolon": ";"}


class ListExport:
    """Mix into a ModelAdmin. `csv_columns` names fields or methods; without it, the columns of the list."""

    csv_columns: list[str] = []
    change_list_template = "admin/content_app/change_list.html"

    def get_urls(self):
        name = f"content_app_{self.opts.model_name}_csv"
        return [path("export.csv", self.admin_site.admin_view(self.csv_view), name=name), *super().get_urls()]

    def csv_href(self, request: HttpRequest) -> str:
        """The address of the list's rows as CSV, as the list is now narrowed."""
        kept = request.GET.copy()
        kept.pop("p", None)
        address = reverse(f"admin:content_app_{self.opts.model_name}_csv")
        return f"{address}?{kept.urlencode()}" if kept else address

    def csv_view(self, request: HttpRequest) -> HttpResponseBase:
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            request.GET = request.GET.copy()
            separator = SEPARATORS.get(request.GET.pop("separator", [""])[-1], ",")
            rows = self.get_changelist_instance(request).queryset
        except IncorrectLookupParameters:
            return HttpResponseRedirect(reverse(f"admin:content_app_{self.opts.model_name}_changelist"))
        columns = self.csv_columns or list(self.get_list_display(request))
        header = [str(label_for_field(column, self.model, self)) for column in columns]
        name = f"{self.opts.verbose_name_plural} {timezone.now():%Y-%m-%d}".replace(" ", "-")
        listed = (self.opts.model_name, "", str(self.opts.verbose_name_plural))
        log.record("list_exported", by=request.user, what=listed, filters=sorted(filter(request.GET.get, request.GET)))
        return StreamingHttpResponse(
            csv_rows(header, self._cells(rows, columns), separator),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}.csv"', "Cache-Control": "no-store"},
        )

    def _cells(self, rows, columns: list[str]) -> Iterator[list[object]]:
        for row in rows.iterator(chunk_size=AT_A_TIME):
            yield [self._cell(row, column) for column in columns]

    def _cell(self, row, column: str) -> object:
        try:
            field, _, value = lookup_field(column, row, self)
        except ObjectDoesNotExist:
            return None
        if isinstance(value, list):
            return "; ".join(map(str, value))
        if field is not None and getattr(field, "flatchoices", None):
            return dict(field.flatchoices).get(value, value)
        return html.unescape(strip_tags(value)) if isinstance(value, SafeString) else value
