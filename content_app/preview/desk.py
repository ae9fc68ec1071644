"""Previews at the desk: an item as readers would get it, for everybody who may see the item, and its links.

In: an item. Out: a page, representations to the byte, links made and revoked through `previewing`.
"""

import json

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from content_app.admin.items.findings import page_of
from content_app.admin.shared import resubmission
from content_app.admin.shared.texts import Prose
from content_app.delivery.http.problems import base_url
from content_app.editorial import previews
from content_app.editorial.previews import NotPreviewable
from content_app.editorial.transitions import TransitionNotAllowed
from content_app.models import Item
from content_app.preview.representations import REPRESENTATIONS, Subject, composition

FOR_EVERYBODY = ("html",)  # what else a machine would get, only administrators are led to


class LinkForm(forms.Form):
    """What a new link is for, and for how long."""

    is_fact_check = forms.TypedChoiceField(
        label="What can people do with the link?",
        choices=[
            ("", "Read the preview"),
            ("1", "Read it and comment, statement by statement: a fact check by an outside specialist"),
        ],
        coerce=bool,
        empty_value=False,
        required=False,
        initial="",
        widget=forms.RadioSelect,
    )
    question = Prose(
        label="What should they check?",
        required=False,
        help_text="Only for a fact check. For example “Is the advice on physiotherapy up to date?”",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    days = forms.TypedChoiceField(
        label="Expires after",
        choices=[(days, f"{days} day{'s' if days > 1 else ''}") for days in previews.LIFETIMES],
        coerce=int,
        initial=7,
    )
    use_required_attribute = False


@require_safe
def page(request: HttpRequest, key: int) -> HttpResponse:
    """The item as prose or, with `?as=`, as the text of one representation."""
    return _page(request, _seen(request, key))


@require_safe
def representation(request: HttpRequest, key: int, name: str) -> HttpResponse:
    """One representation as it would be served, to the byte."""
    item = _seen(request, key)
    try:
        body = REPRESENTATIONS[name].make(_subject(request, previews.preview(item)))
    except (KeyError, NotPreviewable):
        body = None
    if body is None:
        raise Http404("This item is not available in that format.")
    return HttpResponse(body, content_type=REPRESENTATIONS[name].media_type)


@require_POST
def make_link(request: HttpRequest, key: int) -> HttpResponse:
    """Make a link, and show its address: once, as only its hash is kept."""
    item = _seen(request, key)
    form = LinkForm(request.POST)
    if resubmission.is_given_back(request):
        messages.warning(request, resubmission.GIVEN_BACK)
        return _page(request, item, link_form=form)
    if not form.is_valid():
        return _page(request, item, link_form=form)
    try:
        link, token = previews.make_link(item=item, by=request.user, **form.cleaned_data)
    except (TransitionNotAllowed, NotPreviewable) as refusal:
        form.add_error(None, f"No link was created. {refusal}")
        return _page(request, item, link_form=form)
    address = base_url(request) + reverse("shared_preview", args=[token])
    return _page(request, item, made=link, address=address)


@require_POST
def revoke_link(request: HttpRequest, key: int, link: int) -> HttpResponse:
    """End a link, and go back to the preview."""
    item = _seen(request, key)
    found = item.preview_links.filter(pk=link).first()
    if found is None:
        raise Http404("This link does not exist.")
    try:
        previews.revoke(link=found, by=request.user)
    except TransitionNotAllowed as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "The link was revoked and no longer works.")
    return HttpResponseRedirect(reverse("preview", args=[key], query={"share": ""}))


def _seen(request: HttpRequest, key: int) -> Item:
    if not request.user.has_perm("content_app.view_item"):
        raise PermissionDenied
    item = Item.objects.filter(pk=key).first() if key < 2**63 else None
    if item is None:
        raise Http404("This item does not exist.")
    return item


def _subject(request: HttpRequest, preview: previews.Preview) -> Subject:
    return Subject(preview.body, base_url(request), is_marked=False)


def _page(request: HttpRequest, item: Item, **more) -> HttpResponse:
    context = admin.site.each_context(request) | {
        "title": "Preview",
        "subtitle": item.name,
        "item": item,
        "page": page_of(item),
        "is_sharing": request.method == "POST" or "share" in request.GET,
        "link_form": LinkForm(initial={"is_fact_check": "1" if request.GET.get("share") == "fact-check" else ""}),
        "links": previews.live_links(item),
    }
    try:
        context |= _shown(request, previews.preview(item))
    except NotPreviewable as missing:
        context["missing"] = missing.sentences
    return TemplateResponse(request, "admin/content_app/preview.html", context | more)


def _shown(request: HttpRequest, preview: previews.Preview) -> dict:
    subject = _subject(request, preview)
    bodies = {name: entry.make(subject) for name, entry in REPRESENTATIONS.items()}
    chosen = request.GET.get("as", "")
    return {
        "preview": preview,
        "tabs": [
            (name, REPRESENTATIONS[name].label)
            for name, body in bodies.items()
            if body is not None and (request.user.is_superuser or name in FOR_EVERYBODY)
        ],
        "chosen": chosen if bodies.get(chosen) else "",
        "text": _laid_out(bodies[chosen]) if bodies.get(chosen) else "",
        "document": preview.document,
        "sections": composition(subject)["section"],
    }


def _laid_out(body: bytes) -> str:
    """JSON laid out for people; anything else as it is."""
    try:
        return json.dumps(json.loads(body), ensure_ascii=False, indent=2)
    except ValueError:
        return body.decode()
