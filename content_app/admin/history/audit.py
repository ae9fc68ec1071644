"""The audit, as a list to narrow, page through and export.

In: who, what, when, as typed into the filter. Out: entries, newest first, 50 at a time by their number, so that the
last page costs what the first does; the same list as CSV or JSON lines.
"""

import datetime
import json
from collections.abc import Iterator

from django import forms
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone

from content_app.admin.shared.readonly import ReadOnlyAdmin
from content_app.admin.shared.spreadsheets import csv_rows
from content_app.audit import log
from content_app.models import AuditEntry

PAGE = 50
COLUMNS = (
    "id", "happened_at", "actor_name", "act", "what_kind", "what_id", "what_label", "channel", "address", "agent",
    "note", "data",
)  # fmt: skip


class Filters(forms.Form):
    """What narrows the list. Anything that cannot be meant is said at its field, and then nothing is listed."""

    use_required_attribute = False

    person = forms.ModelChoiceField(
        get_user_model().objects.order_by("username"), required=False, to_field_name="username", empty_label="Anyone"
    )
    act = forms.ChoiceField(label="Action", choices=[("", "Any"), *log.ACTS.items()], required=False)
    what = forms.CharField(
        label="Subject", required=False, max_length=200, help_text="Part of a name, or a complete identifier."
    )
    since = forms.DateField(label="From", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label="To", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    text = forms.CharField(required=False, max_length=200, label="Note contains")
    before = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)

    def narrowed(self) -> QuerySet:
        """The entries that the filter means, newest first."""
        wanted = self.cleaned_data
        entries = AuditEntry.objects.all()
        for field, value in {"actor": wanted["person"], "act": wanted["act"], "id__lt": wanted["before"]}.items():
            entries = entries.filter(**{field: value}) if value else entries
        if wanted["what"]:
            entries = entries.filter(Q(what_label__icontains=wanted["what"]) | Q(what_id=wanted["what"]))
        if wanted["text"]:
            entries = entries.filter(note__icontains=wanted["text"])
        if wanted["since"]:
            entries = entries.filter(happened_at__gte=_start_of(wanted["since"]))
        if wanted["until"]:
            entries = entries.filter(happened_at__lt=_start_of(wanted["until"] + datetime.timedelta(days=1)))
        return entries


def _start_of(day: datetime.date) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time.min, tzinfo=datetime.UTC)


@admin.register(AuditEntry)
class AuditAdmin(ReadOnlyAdmin):
    rows_come_from = "Everything that people do at the desk is recorded here."
    fields = [
        "happened_at", "actor_name", "act_label", "what_kind", "what_id", "what_label", "channel", "address", "agent",
        "note", "data",
    ]  # fmt: skip

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}_export"
        return [
            path("export/<slug:form>/", self.admin_site.admin_view(self.export_view), name=name),
            *super().get_urls(),
        ]

    @admin.display(description="action")
    def act_label(self, entry):
        return log.ACTS.get(entry.act, entry.act)

    def changelist_view(self, request: HttpRequest, extra_context=None) -> HttpResponse:
        self._require_view(request)
        filters = Filters(request.GET)
        entries = list(filters.narrowed().defer("data")[: PAGE + 1]) if filters.is_valid() else []
        for entry in entries:
            entry.act_label = log.ACTS.get(entry.act, entry.act)
        query = request.GET.copy()
        query.pop("before", None)
        context = self.admin_site.each_context(request) | {
            "title": "Audit log",
            "opts": self.opts,
            "filters": filters,
            "entries": entries[:PAGE],
            "query": query.urlencode(),
            "older": entries[PAGE - 1].pk if len(entries) > PAGE else None,
            "retention": log.RETENTION,
        }
        return TemplateResponse(request, "admin/content_app/audit.html", context | (extra_context or {}))

    def export_view(self, request: HttpRequest, form: str) -> HttpResponse:
        """The narrowed list, whole, as `csv` or as JSON lines (`jsonl`)."""
        self._require_view(request)
        filters = Filters(request.GET)
        if form not in EXPORTS or not filters.is_valid():
            return HttpResponseBadRequest("Choose csv or jsonl, with the same filters as the list.")
        log.record("audit_exported", by=request.user, filters=sorted(filter(request.GET.get, request.GET)))
        media_type, write = EXPORTS[form]
        rows = filters.narrowed().values_list(*COLUMNS).iterator(chunk_size=1000)
        response = StreamingHttpResponse(write(rows), content_type=media_type)
        response["Content-Disposition"] = f'attachment; filename="audit-{timezone.now():%Y-%m-%d}.{form}"'
        response["Cache-Control"] = "no-store"
        return response

    def _require_view(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise admin.options.PermissionDenied


def _as_csv(rows) -> Iterator[bytes]:
    return csv_rows(COLUMNS, ([*map(str, row[:-1]), json.dumps(row[-1], ensure_ascii=False)] for row in rows))


def _as_json_lines(rows) -> Iterator[bytes]:
    for row in rows:
        entry = dict(zip(COLUMNS, row, strict=True)) | {"happened_at": row[1].isoformat()}
        yield f"{json.dumps(entry, ensure_ascii=False)}\n".encode()


EXPORTS = {"csv": ("text/csv; charset=utf-8", _as_csv), "jsonl": ("application/x-ndjson", _as_json_lines)}
