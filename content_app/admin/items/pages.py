"""The pages of the four kinds of items: lists, and one page on which an item is written with all its parts.

In: what authors type. Out: a draft with its next revision, through `saving.save`, in one transaction.
"""

from django import forms
from django.contrib import admin
from django.contrib.admin.templatetags.admin_urls import add_preserved_filters
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from content_app.admin.exchange.exporting import Exports
from content_app.admin.history.revisions import RevisionPages
from content_app.admin.items import (
    citations,
    joining,
    layout,
    locking,
    manuscripts,
    opening,
    reading_level,
    transitions,
    working_copies,
)
from content_app.admin.items.aside import ItemPage
from content_app.admin.items.deleting import NeverDeleted
from content_app.admin.items.findings import PARTS, key_in, page_of
from content_app.admin.items.parts import INLINES
from content_app.admin.items.transitions import VerbPages
from content_app.admin.publishing.release import PublishSelected
from content_app.admin.search import FindsItems
from content_app.admin.shared.filters import CSV_COLUMNS, ITEM_FILTERS
from content_app.admin.shared.lists import Lists
from content_app.admin.shared.resubmission import GivesBack
from content_app.admin.shared.roles import WrittenByAuthors
from content_app.admin.shared.texts import EditorialFields
from content_app.editorial import saving, workflow
from content_app.models import Concept, Condition, Example, Item, SymptomType
from content_app.vocabulary.fields import OWN

STALE = "Your changes were not saved yet, because somebody else has changed this item since you opened it."
# What a save does to an item that was further on than a draft.
TAKEN_BACK = {
    "in_review": "It is no longer in review: send it for review again when it is ready.",
    "approved": "Its sign-off no longer applies: send it for review again.",
    "published": "Readers see the published version until this one is reviewed and published.",
}
CANNOT_BE_STORED = "Nothing was saved, because it would break a rule of the database: {}."


class ItemForm(forms.ModelForm):
    """An item's own fields. Whatever publishing needs is not needed to save a draft."""

    citations = citations.CitationsField(
        label="Citations", help_text=f"For the summary and the fields above. {citations.HELP}"
    )
    opened_at = forms.CharField(required=False, widget=forms.HiddenInput)
    request: HttpRequest

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        reading_level.show_level(self, "summary_plain")
        self.initial["opened_at"] = saving.version_of(self.instance)
        cited = citations.of_item(self.instance)
        self.initial["citations"] = citations.as_text(cited)
        if "citations" in self.fields:
            self.fields["citations"].known(cited)

    def clean(self):
        refusal = getattr(self.request, "refusal", None)
        for problem in getattr(self.request, "problems", ()):
            if not problem.sort:
                self.add_error(problem.field if problem.field in self.fields else None, problem.sentence)
        if refusal:
            raise forms.ValidationError(refusal)
        return super().clean()


class ItemAdmin(
    FindsItems,
    GivesBack,
    NeverDeleted,
    WrittenByAuthors,
    EditorialFields,
    ItemPage,
    VerbPages,
    RevisionPages,
    PublishSelected,
    Exports,
    Lists,
    admin.ModelAdmin,
):
    """What the pages of all kinds share."""

    rows_come_from = "Authors add them with the Add button or import them."

    form = ItemForm
    inlines = INLINES
    list_display = ["name", "shown_status", "review_due_on", "updated_at"]
    csv_columns = CSV_COLUMNS
    list_filter = ITEM_FILTERS
    search_fields = ["name", "slug", "names__text"]
    ordering = ["name"]
    list_select_related = ["assignment__person"]
    prepopulated_fields = {"slug": ["name"]}
    change_form_template = "admin/content_app/item.html"
    save_on_top = True

    def get_fieldsets(self, request, obj=None):
        return [
            (None, {"fields": [("name", "slug"), *layout.lines(OWN[self.model.KIND])]}),
            ("Summary", {"fields": [("summary_clinical", "summary_plain"), "citations"]}),
            ("Safety and review", {"fields": [("safety_notice", "caution"), "review_cycle_months"]}),
        ]

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else self.prepopulated_fields

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change=change, **kwargs)
        form.request = request
        return form

    def get_object(self, request, object_id, from_field=None):
        """The item; for writing it is held until the transaction ends, so that versions cannot change meanwhile."""
        item = super().get_object(request, object_id, from_field)
        if item and request.method == "POST" and request.resolver_match.url_name.endswith("_change"):
            Item.objects.select_for_update().get(pk=item.pk)
            item.refresh_from_db()
        return item

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Answer the page; if its save is refused, answer it again with the reason and everything that was typed."""
        item = super().get_object(request, object_id) if object_id else None
        if "_discard" in request.POST:
            working_copies.forget(request, self.model.KIND, item)
            return HttpResponseRedirect(request.path)
        if request.method == "GET" and self.has_change_permission(request, item):
            copy = working_copies.of(request, self.model.KIND, item)
            if copy:
                working_copies.bring_back(request, copy)
        self.join(request, item)
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except saving.Stale:  # somebody saved between the look and the lock, which is over
            self.join(request, super().get_object(request, object_id))
            request.refusal = STALE
        except IntegrityError as error:
            request.refusal = CANNOT_BE_STORED.format(error)
        except saving.NotSaveable as refusal:
            request.problems = [request.made.problem(one.pointer, one.sentence) for one in refusal.problems]
        except workflow.TransitionNotAllowed as refusal:
            request.refusal = str(refusal)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def join(self, request, item: Item | None) -> None:
        """Join what was sent with what somebody else has saved since it was opened; what clashes refuses the save."""
        if not item or request.method != "POST" or not self.has_change_permission(request, item):
            return
        opened_at, version = request.POST.get("opened_at", ""), saving.version_of(item)
        if opened_at == version:
            return
        own = self.get_form(request, item, change=True)(instance=item)
        joined = joining.Joining(request.POST, own, self._forms_of(request, item)).join(PARTS)
        request.POST = joined.data
        request.POST["opened_at"] = version
        events = locking.events_since(item, opened_at)
        if joined.clashes or locking.is_sent_on(events):
            request.refusal, request.conflict = STALE, locking.Conflict(events, joined.clashes)
        elif events:
            request.joined_with = events[0].done_by

    def _forms_of(self, request, item: Item):
        """A function that gives the forms of stored rows, in which nobody has typed."""
        inlines = {inline.sort: inline for inline in self.get_inline_instances(request, item)}

        def forms_of(sort: str, keys: list[str]):
            parts = inlines[sort].every(request).filter(pk__in=[key for key in map(key_in, keys) if key is not None])
            return inlines[sort].get_formset(request, item)(instance=item, prefix=sort, queryset=parts).initial_forms

        return forms_of

    def get_formset_kwargs(self, request, obj, inline, prefix):
        """Each formset is told what saving found wrong with its parts, and what a new part begins with."""
        problems = [one for one in getattr(request, "problems", ()) if one.sort == prefix]
        given = {"problems": problems, "initial": opening.begins(request, prefix)}
        return super().get_formset_kwargs(request, obj, inline, prefix) | given

    def save_model(self, request, obj, form, change):
        """The item is saved with its parts: see `save_related`."""

    def save_related(self, request, form, formsets, change):
        made, status = manuscripts.of(form, formsets), form.instance.status  # until now
        request.made = made
        expected = form.cleaned_data["opened_at"] if change else None
        saved = saving.save(made.document, by=request.user, expected=expected, keys=made.keys)
        form.instance.pk, form.instance.kind = saved.item.pk, saved.item.kind
        working_copies.forget(request, self.model.KIND, saved.item if change else None)
        if saved.revision:
            told = f"“{form.instance}” was saved as draft revision {saved.revision.number}."
            other = getattr(request, "joined_with", None)
            with_others = f"It includes what {other} saved while you were editing." if other else ""
            self.message_user(request, " ".join(filter(None, [told, with_others, TAKEN_BACK.get(status)])))
        elif "_submit" not in request.POST:
            self.message_user(request, "There were no changes to save.")

    def construct_change_message(self, request, form, formsets, add=False):
        """What changed, the item's own history says."""
        return ""

    def response_add(self, request, obj, post_url_continue=None):
        return self._stay(request, obj)

    def response_change(self, request, obj):
        return self._stay(request, obj)

    def _stay(self, request, item: Item) -> HttpResponseRedirect:
        """Answer a save with the item's page, where the next steps are; or with the page on which it is sent on."""
        if "_submit" in request.POST:
            return self._send(request, item)
        filters = {"preserved_filters": self.get_preserved_filters(request), "opts": self.opts}
        return HttpResponseRedirect(add_preserved_filters(filters, page_of(item)))

    def _send(self, request, item: Item) -> HttpResponse:
        """Send what was just saved for review; what keeps it from that is said on the page of that verb."""
        item = Item.objects.get(pk=item.pk)
        names = transitions.SubmitItemForm.base_fields
        given = {name: request.POST.get(f"{transitions.SEND}-{name}", "") for name in names}
        form = transitions.SubmitItemForm(given, item=item, by=request.user)
        if form.is_valid() and self._is_done(request, item, "submit", form):
            return HttpResponseRedirect(page_of(item))
        return self._verb_page(request, item, "submit", form)

    @admin.display(description="citations")
    def citations(self, item):
        return citations.as_links(citations.of_item(item))


@admin.register(Condition)
class ConditionAdmin(ItemAdmin):
    list_filter = [*ITEM_FILTERS, *layout.sorting("condition")]
    search_fields = [*ItemAdmin.search_fields, *layout.searched("condition")]


@admin.register(Concept)
class ConceptAdmin(ItemAdmin):
    list_display = ["name", "topic", "shown_status", "review_due_on", "updated_at"]
    list_filter = [*ITEM_FILTERS, *layout.sorting("concept")]
    search_fields = [*ItemAdmin.search_fields, *layout.searched("concept")]


@admin.register(SymptomType)
class SymptomTypeAdmin(ItemAdmin):
    list_display = ["name", "category", "shown_status", "review_due_on", "updated_at"]
    list_filter = [*ITEM_FILTERS, *layout.sorting("symptom_type")]
    search_fields = [*ItemAdmin.search_fields, *layout.searched("symptom_type")]


@admin.register(Example)
class ExampleAdmin(ItemAdmin):
    list_display = ["name", "form", "shown_status", "review_due_on", "updated_at"]
    list_filter = [*ITEM_FILTERS, *layout.sorting("example")]
    search_fields = [*ItemAdmin.search_fields, *layout.searched("example")]
