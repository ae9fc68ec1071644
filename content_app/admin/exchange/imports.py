"""Importing at the desk: a file is sent, its differences are shown, and what was shown becomes drafts.

In: an upload by an author. Out: pages that say how far it has got. What happens, `interchange.uploads` does.
"""

from dataclasses import dataclass

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse

from content_app.admin.history.comparison import Difference, compare
from content_app.admin.items.findings import key_in, page_of
from content_app.admin.shared.readonly import ReadOnlyAdmin
from content_app.admin.shared.roles import may_write
from content_app.admin.sources.form import page_of as page_of_source
from content_app.editorial.exchange import archives, uploads
from content_app.models import Import, ImportChange, Item, Source

PER_PAGE = 25
CHANGED = "Something has changed since this page was shown, and nothing was imported. Read it again, then import."
TOO_LARGE = f"The file is larger than {archives.LARGEST_UPLOAD // 1_000_000} MB: send it in several."
UNKNOWN = "Send a YAML or JSON file (.yaml, .yml, .json), or a zip of such files (.zip)."


class UploadForm(forms.Form):
    """One file."""

    use_required_attribute = False
    file = forms.FileField(
        label="File",
        max_length=200,
        help_text="One editorial document as YAML or JSON, or a zip of such documents, with the sources they cite.",
        widget=forms.FileInput(attrs={"accept": ".yaml,.yml,.json,.zip"}),
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if not archives.is_known(file.name):
            raise ValidationError(UNKNOWN)
        if file.size > archives.LARGEST_UPLOAD:
            raise ValidationError(TOO_LARGE)
        return file


@dataclass(frozen=True)
class ShownChange:
    """What an import would do to one item or source: where it stands now, and every difference."""

    change: ImportChange
    href: str
    note: str
    differences: list[Difference]


@admin.register(Import)
class ImportAdmin(ReadOnlyAdmin):
    """Authors import; everybody's imports stand in one list."""

    rows_come_from = "An author sends a file with the Import button of a list of items."

    list_display = ["file_name", "state", "uploaded_at", "uploaded_by", "applied_at", "applied_by"]
    list_filter = ["state", "uploaded_at", "uploaded_by"]
    list_select_related = ["uploaded_by", "applied_by"]
    search_fields = ["file_name", "sha256"]

    def get_queryset(self, request):
        return super().get_queryset(request).defer("upload")

    def has_module_permission(self, request):
        return may_write(request)

    def has_view_permission(self, request, obj=None):
        return may_write(request)

    def has_add_permission(self, request):
        return may_write(request)

    def get_urls(self):
        view = self.admin_site.admin_view(self.progress_view)
        return [path("<path:object_id>/progress/", view, name="content_app_import_progress"), *super().get_urls()]

    def add_view(self, request: HttpRequest, form_url="", extra_context=None) -> HttpResponse:
        """The page on which a file is sent."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
        if form.is_bound and form.is_valid():
            file = form.cleaned_data["file"]
            run = uploads.start(name=file.name, data=file.read(), by=request.user)
            return HttpResponseRedirect(_page(run))
        return self._answer(request, "import_upload.html", "Import", form=form)

    def change_view(self, request: HttpRequest, object_id, form_url="", extra_context=None) -> HttpResponse:
        """How far an import has got; sent back, it is agreed to or given up."""
        run = self._asked(request, object_id)
        if request.method == "POST" and self._is_done(request, run):
            return HttpResponseRedirect(_page(run))
        changes = _shown(run, request.GET.get("p", "1"))
        return self._answer(
            request,
            "import.html",
            f"Import of {run.file_name}",
            status=409 if request.method == "POST" else 200,
            run=run,
            page=changes,
            unchanged=run.changes.filter(action="unchanged"),
            is_working=run.state in uploads.WORKING,
        )

    def progress_view(self, request: HttpRequest, object_id: str) -> JsonResponse:
        """How far an import has got, for the bar on its page."""
        run = self._asked(request, object_id)
        told = {"state": run.state, "done": run.done, "total": run.total, "is_working": run.state in uploads.WORKING}
        return JsonResponse(told)

    def _asked(self, request: HttpRequest, object_id: str) -> Import:
        if not self.has_view_permission(request):
            raise PermissionDenied
        run = Import.objects.defer("upload").filter(pk=key_in(unquote(object_id))).first()
        if run is None:
            raise Http404("There is no such import.")
        return run

    def _is_done(self, request: HttpRequest, run: Import) -> bool:
        """Do what the page was sent back for; False, with a sentence, if it cannot be done any more."""
        if "discard" in request.POST:
            done = uploads.discard(run=run, by=request.user)
        else:
            done = uploads.agree(run=run, seen=request.POST.get("seen", ""), by=request.user)
        if not done:
            messages.error(request, CHANGED)
        run.refresh_from_db()
        return done

    def _answer(self, request, template: str, title: str, status: int = 200, **context) -> HttpResponse:
        common = self.admin_site.each_context(request) | {"title": title, "opts": self.opts}
        return TemplateResponse(request, f"admin/content_app/{template}", common | context, status=status)


def _page(run: Import) -> str:
    return reverse("admin:content_app_import_change", args=[run.pk])


def _shown(run: Import, number: str) -> Page:
    """A page of what the import would do, changed before new, each with its differences."""
    changes = run.changes.exclude(action="unchanged").order_by("action", "position")
    page = Paginator(changes, PER_PAGE).get_page(number)
    uuids = {change.after["uuid"] for change in page.object_list}
    items = {str(item.uuid): item for item in Item.objects.filter(uuid__in=uuids)}
    sources = {str(source.uuid): source for source in Source.objects.filter(uuid__in=uuids)}
    page.object_list = [_shown_change(change, items, sources) for change in page.object_list]
    return page


def _shown_change(change: ImportChange, items: dict[str, Item], sources: dict[str, Source]) -> ShownChange:
    uuid = change.after["uuid"]
    item, source = items.get(uuid), sources.get(uuid)
    href = page_of(item) if item else page_of_source(source) if source else ""
    is_taken_back = item is not None and item.status != "draft"
    note = f"It is {item.get_status_display().lower()} now, and becomes a draft." if is_taken_back else ""
    return ShownChange(change, href, note, compare(change.before or {}, change.after))
