"""An item's revisions: who, when and why; any two compared; an earlier one made the new draft.

In: an item and revision numbers. Out: pages. What restoring does, `interchange.restoring` says.
"""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse

from content_app.admin.history.comparison import compare
from content_app.admin.history.event_labels import labelled
from content_app.admin.items.findings import key_in, page_of
from content_app.editorial import workflow
from content_app.editorial.exchange.restoring import restore
from content_app.editorial.saving import NotSaveable
from content_app.models import Event, Item, Revision

OVERTAKEN = (
    "Nothing was restored, because somebody has changed the item since you opened this page. Check "
    "the differences again, then restore."
)


@dataclass(frozen=True)
class Line:
    """One revision in the list: what was done with it, and whether readers have it."""

    revision: Revision
    acts: list[Event]
    is_public: bool
    is_last: bool


def lines(item: Item) -> list[Line]:
    """The item's revisions, newest first, each with everything that was done while it was the last one."""
    acts: dict[int, list[Event]] = {}
    for event in labelled(item.events.order_by("happened_at", "id")):
        acts.setdefault(event.revision_id, []).append(event)
    revisions = list(item.revisions.select_related("created_by").defer("document"))
    return [
        Line(revision, acts.get(revision.pk, []), revision.pk == item.published_revision_id, place == 0)
        for place, revision in enumerate(revisions)
    ]


class RevisionPages:
    """Mix into a ModelAdmin of items: history, comparison, restoring."""

    def get_urls(self):
        view, name = self.admin_site.admin_view, f"content_app_{self.opts.model_name}"
        return [
            path("<path:object_id>/history/compare/", view(self.compare_view), name=f"{name}_compare"),
            path("<path:object_id>/history/<int:number>/restore/", view(self.restore_view), name=f"{name}_restore"),
            *super().get_urls(),
        ]

    def history_view(self, request, object_id, extra_context=None) -> HttpResponse:
        item = self._seen(request, object_id)
        return self._page(request, item, "history.html", "Revisions", lines=lines(item))

    def compare_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Two revisions word by word: `?before=` and `?after=`; without them, readers' one and the last one."""
        item = self._seen(request, object_id)
        last = item.revisions.first()
        before = self._asked(request, item, "before") or item.published_revision or last
        after = self._asked(request, item, "after") or last
        if before is None:
            raise Http404("This item has no revisions yet.")
        differences = compare(before.document, after.document)
        context = {"before": before, "after": after, "differences": differences, "lines": lines(item)}
        return self._page(request, item, "compare.html", "Compare revisions", **context)

    def restore_view(self, request: HttpRequest, object_id: str, number: int) -> HttpResponse:
        """What restoring a revision would change; sent back, it does it."""
        item = self._seen(request, object_id)
        if not self.has_change_permission(request, item):
            raise PermissionDenied
        revision, last = item.revisions.filter(number=min(number, 10**9)).first(), item.revisions.first()
        if revision is None:
            raise Http404("This revision does not exist.")
        if request.method == "POST" and self._is_restored(request, item, revision):
            return HttpResponseRedirect(page_of(item))
        differences = compare(last.document, revision.document)
        context = {"revision": revision, "differences": differences, "seen": str(item.lock_version)}
        return self._page(request, item, "restore.html", f"Restore revision {revision.number}", **context)

    def _is_restored(self, request, item: Item, revision: Revision) -> bool:
        if request.POST.get("seen") != str(item.lock_version):
            messages.error(request, OVERTAKEN)
            return False
        try:
            made = restore(revision=revision, by=request.user)
        except (NotSaveable, workflow.TransitionNotAllowed, IntegrityError) as refusal:
            messages.error(request, f"Nothing was restored. {refusal}")
            return False
        told_as = (
            f"It was saved as draft revision {made.number}."
            if made
            else "It was the same as the current text, so nothing changed."
        )
        messages.success(request, f"Revision {revision.number} was restored. {told_as}")
        return True

    def _seen(self, request: HttpRequest, object_id: str) -> Item:
        key = key_in(unquote(object_id))
        item = Item.objects.select_related("published_revision").filter(pk=key, kind=self.model.KIND).first()
        if item is None:
            raise Http404("This item does not exist.")
        if not self.has_view_permission(request, item):
            raise PermissionDenied
        return item

    def _asked(self, request, item: Item, name: str) -> Revision | None:
        number = key_in(request.GET.get(name, ""))
        return item.revisions.filter(number=number).first() if number else None

    def _page(self, request, item: Item, template: str, title: str, **context) -> HttpResponse:
        common = self.admin_site.each_context(request) | {
            "title": title,
            "subtitle": item.name,
            "item": item,
            "opts": self.opts,
            "page": page_of(item),
            "history": reverse(f"admin:content_app_{self.opts.model_name}_history", args=[item.pk]),
            "can_edit": self.has_change_permission(request, item),
        }
        return TemplateResponse(request, f"admin/content_app/{template}", common | context)
