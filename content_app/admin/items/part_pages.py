"""The parts of an item on its page: lines of text, and the form of the one that somebody opens.

In: an item, and what an address asks to have open. Out: context for the page, and one open part at an address of its
own, which the page's script puts in the place of its line.
"""

from django.contrib.admin.helpers import InlineAdminFormSet
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_GET

from content_app.admin.items.findings import key_in
from content_app.admin.items.lines import Line, Section, rows_of, section
from content_app.models import Item

MOST_FORMS = 10_000


class PartPages:
    """Mix into a ModelAdmin of items."""

    def get_urls(self):
        view, name = self.admin_site.admin_view(self.part_view), f"content_app_{self.opts.model_name}"
        return [
            path("add/part/", view, name=f"{name}_part_new"),
            path("<path:object_id>/part/", view, name=f"{name}_part"),
            *super().get_urls(),
        ]

    def part_href(self, item: Item | None) -> str:
        """The address at which the parts of an item, or of a new one, are opened."""
        name = f"admin:content_app_{self.opts.model_name}_part"
        return reverse(name, args=[item.pk]) if item else reverse(f"{name}_new")

    def sections(self, request: HttpRequest, item: Item | None, formsets: list[InlineAdminFormSet]) -> list[Section]:
        """All parts of the item, those that have a form in `formsets` with it."""
        return [section(formset, formset.opts.every(request).filter(**_of(formset, item))) for formset in formsets]

    @method_decorator(require_GET)
    def part_view(self, request: HttpRequest, object_id: str | None = None) -> HttpResponse:
        """One part with its form: one that is stored (`open`), or a new one (`add`; without either, a statement).

        `number` counts it among the open parts of its sort, `index` among those that are stored.
        """
        if not request.GET.get("open"):
            request.GET = request.GET.copy()
            request.GET.setdefault("add", "statements")
        item = self.model.objects.filter(pk=key_in(unquote(object_id))).first() if object_id else None
        if object_id and item is None:
            raise Http404("This item does not exist.")
        if not (self.has_change_permission(request, item) if item else self.has_add_permission(request)):
            raise PermissionDenied
        line, formset = self._opened(request, item)
        if not item or line.part:
            line.index = key_in(request.GET.get("index", "")) or 0
        context = {"line": line, "single": formset.opts.verbose_name, "threads_at": {}, "can_edit": True}
        if item and line.part:
            context |= self.comments_beside(request, item)
        return TemplateResponse(request, "admin/content_app/part.html", context)

    def _opened(self, request: HttpRequest, item: Item | None) -> tuple[Line, InlineAdminFormSet]:
        subject = item or self.model()
        formsets, inlines = self._create_formsets(request, subject, change=bool(item))
        number = min(key_in(request.GET.get("number", "")) or 0, MOST_FORMS)
        for formset in self.get_inline_formsets(request, formsets, inlines, subject):
            for row in rows_of(formset):
                sort = formset.formset.prefix
                row.form.prefix = f"{sort}-{number}"
                return Line(sort, row.form.instance if row.form.instance.pk else None, 0, row, number), formset
        raise Http404("Somebody has deleted this part.")


def _of(formset: InlineAdminFormSet, item: Item | None) -> dict:
    return {formset.formset.fk.name: item.pk if item else None}
