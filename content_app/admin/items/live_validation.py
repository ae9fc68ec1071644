"""What the rules find in a form that is not saved: for the count beside it that follows what is typed.

In: the data of an item's form, as its page would send it. Out: an editorial document made of what is valid, and
findings that lead to the form's own fields. Nothing is written, not even for a moment.
"""

from django import forms
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_POST

from content_app.admin.items import considered, findings, manuscripts, working_copies
from content_app.admin.items.findings import Findings, Shown, key_in
from content_app.admin.items.manuscripts import Part
from content_app.admin.items.parts import PartFormSet
from content_app.editorial import considering, saving
from content_app.manuscripts import rule_context, rules
from content_app.models import Item

WHOLE_PAGE = "#content-main"


def typed(form: forms.ModelForm, formsets: list[PartFormSet]) -> manuscripts.Manuscript:
    """What the unsaved forms say."""
    form.is_valid()
    for formset in formsets:
        formset.is_valid()
    return manuscripts.of(form, formsets)


def check(form: forms.ModelForm, formsets: list[PartFormSet]) -> Findings:
    """What the rules say of the unsaved forms, after what keeps them from being saved."""
    made = typed(form, formsets)
    document, parts = made.document, made.parts
    around = rule_context.around([document], {f"{document['kind']}/{document.get('slug', '')}"})
    found = rules.check(document, around[document["uuid"]])
    faults = _faults(form, formsets)
    faulty = {fault.href for fault in faults}
    refused = (_shown(rules.Finding("", one.pointer, one.sentence), parts) for one in saving.problems(document))
    faults += [one for one in refused if one.href not in faulty]
    faulty = {fault.href for fault in faults}
    known = considering.keys_for([form.instance]).get(form.instance.pk, {}) if form.instance.pk else {}
    sorted_out = findings.sorted_out(document, found, known, lambda one: _shown(one, parts).href)
    return Findings(
        [one for one in sorted_out.obstacles if one.href not in faulty],
        [one for one in sorted_out.all_warnings if one.href not in faulty],
        faults,
    )


def _shown(finding: rules.Finding, parts: dict[str, list[Part]]) -> Shown:
    """The finding with the address of its field; its pointer counts parts as they would be stored."""
    sort, *steps = finding.pointer.strip("/").split("/")
    sentence = findings.with_its_part(finding.sentence, finding.pointer)
    if sort not in parts or not steps or int(steps[0]) >= len(parts[sort]):
        return Shown(sentence, findings.address(finding.pointer))
    part = parts[sort][int(steps[0])]
    if part.form is None:
        return Shown(sentence, findings.address("/".join([sort, str(part.place), *steps[1:]])))
    return Shown(sentence, f"#{findings.anchor_in_form(sort, part.form, *steps[1:2])}")


def _faults(form: forms.ModelForm, formsets: list[PartFormSet]) -> list[Shown]:
    """What keeps the forms from being saved: what concerns all rows of a sort, then the fields by their names."""
    every = [form, *(one for formset in formsets for one in formset.forms)]
    of_sorts = [
        Shown(str(sentence), f"#{formset.prefix}-heading")
        for formset in formsets
        for sentence in formset.non_form_errors()
    ]
    return of_sorts + [
        _fault(one, field, str(sentence))
        for one in every
        for field, sentences in one.errors.items()
        for sentence in sentences
    ]


def _fault(form: forms.ModelForm, field: str, sentence: str) -> Shown:
    if field not in form.fields:
        return Shown(sentence, WHOLE_PAGE)
    return Shown(f"{_part_of(form)}{form[field].label}: {sentence}", f"#{form[field].auto_id}")


def _part_of(form: forms.ModelForm) -> str:
    """The part that a form is of, for the beginning of a sentence; nothing for the item itself."""
    sort = form.prefix.partition("-")[0] if form.prefix else ""
    if sort not in findings.ONE_OF:
        return ""
    one = findings.ONE_OF[sort]
    return f"{one} {form.instance.position + 1}, " if form.instance.pk else f"New {one.lower()}, "


class CheckPages:
    """Mix into a ModelAdmin of items: the address to which an open form is sent to be checked."""

    def get_urls(self):
        view, name = self.admin_site.admin_view(self.check_view), f"content_app_{self.opts.model_name}"
        return [
            path("add/check/", view, name=f"{name}_check_new"),
            path("<path:object_id>/check/", view, name=f"{name}_check"),
            *super().get_urls(),
        ]

    def check_href(self, item: Item | None) -> str:
        """The address for the form of an item, or of a new one."""
        name = f"admin:content_app_{self.opts.model_name}_check"
        return reverse(name, args=[item.pk]) if item else reverse(f"{name}_new")

    def forms_sent(self, request: HttpRequest, item: Item | None) -> tuple[forms.ModelForm, list[PartFormSet]]:
        """The forms of an item, or of a new one, as its page has sent them."""
        form = self.get_form(request, item, change=bool(item))(request.POST, instance=item)
        return form, self._create_formsets(request, form.instance, change=bool(item))[0]

    @method_decorator(require_POST)
    def check_view(self, request: HttpRequest, object_id: str | None = None) -> HttpResponse:
        """The findings on the form that is sent, as the part of the page that shows them."""
        item = self.model.objects.filter(pk=key_in(unquote(object_id))).first() if object_id else None
        if object_id and item is None:
            raise Http404("This item does not exist.")
        if not (self.has_change_permission(request, item) if item else self.has_add_permission(request)):
            raise PermissionDenied
        context = {"findings": check(*self.forms_sent(request, item)), "is_unsaved": True}
        context["considered_href"] = considered.href(item) if item else ""
        if "_keep" in request.POST:
            working_copies.keep(request, self.model.KIND, item)
        return TemplateResponse(request, "admin/content_app/findings.html", context)
