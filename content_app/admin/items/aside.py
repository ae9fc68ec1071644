"""What stands beside an item's form: where it is in the workflow, what is in its way, what can be done next.

In: an item and who looks at it. Out: context for the page's template.
"""

from dataclasses import replace

from django.contrib import admin
from django.utils.html import format_html

from content_app.admin.history import event_labels
from content_app.admin.history.comparison import compare
from content_app.admin.items import considered, findings, live_validation, transitions
from content_app.admin.items.comments import CommentPages
from content_app.admin.items.part_pages import PartPages
from content_app.admin.items.presence import PresencePages
from content_app.admin.publishing import schedules
from content_app.admin.shared.where_used import uses_of_item
from content_app.editorial import previews, withdrawal, workflow
from content_app.models import Document, Event, Item


class ItemPage(CommentPages, PresencePages, PartPages, considered.ConsideredPages, live_validation.CheckPages):
    """Mix into a ModelAdmin of items."""

    class Media:
        scripts = (
            "item", "parts", "place", "order", "reading", "explain", "choices", "live", "panel", "check", "comment",
            "presence", "when",
        )  # fmt: skip
        js = tuple(f"content_app/admin/{name}.js" for name in scripts)
        css = {"all": ["content_app/admin/document.css"]}

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        context |= {"show_save_and_continue": False, "show_save_and_add_another": False}  # saving stays on the page
        context |= {name: getattr(request, name, None) for name in ("conflict", "brought_back")}
        item = Item.objects.get(pk=obj.pk) if obj else None
        if item:
            context |= self._beside(request, item)
        if self.has_change_permission(request, item):
            context |= {"check_href": self.check_href(item), "part_href": self.part_href(item), "can_edit": True}
            context["send_form"] = self._send_form(request, item)
        context["sections"] = self.sections(request, item, context["inline_admin_formsets"])
        form, formsets = context["adminform"].form, [inline.formset for inline in context["inline_admin_formsets"]]
        if form.is_bound:  # it could not be saved: each reason leads to its field; what concerns all stands above
            found = live_validation.check(form, formsets)
            of_fields = [fault for fault in found.faults if fault.href != live_validation.WHOLE_PAGE]
            context |= {"findings": replace(found, faults=of_fields), "is_unsaved": True}
        if context["brought_back"] or context["conflict"]:  # which say themselves why it is not saved
            context["errors"] = None
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _send_form(self, request, item: Item | None) -> transitions.SubmitItemForm | None:
        """What is asked when an item is saved and sent for review at once, as it was typed if it is shown again."""
        if item is None or item.status == "in_review":
            return None
        form = transitions.SubmitItemForm(
            item=item, by=request.user, prefix=transitions.SEND, auto_id=f"{transitions.SEND}_%s"
        )
        typed = {name: request.POST.get(form.add_prefix(name)) for name in form.fields}
        form.initial |= {name: value for name, value in typed.items() if value is not None}
        return form

    def _beside(self, request, item: Item) -> dict:
        revisions = item.revisions.select_related("created_by")
        current = Document.objects.filter(item_uuid=item.uuid, superseded_in=None)
        last, known = revisions.first(), item.published_revision
        events = event_labels.labelled(item.events.all()[:5])
        return {
            "item": item,
            "differences": compare(known.document, last.document) if known and known != last else [],
            "findings": findings.of(item, can_edit=self.has_change_permission(request)),
            "considered_href": considered.href(item),
            "offers": transitions.offers(item, request.user),
            "revision": last,
            "public": current.defer("body", "body_gzip", "list_form").first(),
            "uses": uses_of_item(item),
            "events": events,
            "sent_back": _request_of_changes(item),
            "assignment": assigned(item),
            "withdrawal": withdrawal.request_for(item),
            "schedules": schedules.of_item(item),
            "links": previews.live_links(item),
            **self.comments_beside(request, item),
            **self.presence_beside(request, item),
        }

    @admin.display(description="status", ordering="status")
    def shown_status(self, item):
        return status_in_list(item)


def _request_of_changes(item: Item) -> Event | None:
    """What a reviewer asked for, until it is sent for review again, whatever has been edited meanwhile."""
    acts = item.events.exclude(verb__in=(*workflow.SIDE_ACTS, *workflow.EDITS)).select_related("done_by")
    last = acts.first()
    return last if last and last.verb == "request_changes" else None


def assigned(item: Item) -> str:
    """Who is asked to review the item, and by when, in words; nothing if it is not in review or nobody is."""
    asked = getattr(item, "assignment", None) if item.status == "in_review" else None
    if asked is None:
        return ""
    who = (asked.person.get_full_name() or asked.person.get_username()) if asked.person else "anybody"
    due = asked.due_on and f"by {asked.due_on.day} {asked.due_on:%b %Y}"
    return f"{who}, {due}" if due else who


def status_in_list(item: Item):
    """The status of an item, and who is asked to review it."""
    asked = assigned(item)
    return format_html('{}<div class="asked">{}</div>', status_badge(item), asked) if asked else status_badge(item)


def status_badge(item: Item):
    """The status in words, with a mark of its own; what is retracted or put away is neither good nor waiting."""
    if getattr(item, "retracted", False):
        return format_html('<span class="badge withdrawn">{}, retracted</span>', item.get_status_display())
    if getattr(item, "is_put_away", False):
        return format_html('<span class="badge withdrawn">{}, put away</span>', item.get_status_display())
    return format_html('<span class="badge {}">{}</span>', item.status, item.get_status_display())
