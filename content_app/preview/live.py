"""An item as readers would get it, beside its form: as it is typed, with what differs from what readers have marked.

In: the form of an item as its page keeps it, or nothing, for what is saved. Out: a part of a page. Nothing is written.
"""

import json
from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from content_app import word_difference
from content_app.admin.items import live_validation
from content_app.delivery.readable import content
from content_app.delivery.store.place import Place
from content_app.editorial import previews
from content_app.editorial.previews import NotPreviewable
from content_app.models import KIND_MODELS, Document, Item
from content_app.word_difference import ADDED, SAME

Arranged = dict[str, Any]
Texts = dict[str, str]


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, key: int) -> HttpResponse:
    """The part of the item's page that shows it: as the form that is sent says, or as it was saved last."""
    kind = Item.objects.filter(pk=key).values_list("kind", flat=True).first() if key < 2**63 else None
    if kind is None:
        raise Http404("This item does not exist.")
    item = KIND_MODELS[kind].objects.get(pk=key)
    pages = admin.site.get_model_admin(KIND_MODELS[kind])
    is_typed = request.method == "POST"
    if not (pages.has_change_permission(request, item) if is_typed else pages.has_view_permission(request, item)):
        raise PermissionDenied
    context: Arranged = {"item": item}
    try:
        if is_typed:
            made = live_validation.typed(*pages.forms_sent(request, item))
            forms = {part.entry["uuid"]: part.form for part in made.parts["statements"]}
            context |= _shown(item, previews.body_of(made.document), forms)
        else:
            context |= _shown(item, previews.preview(Item.objects.get(pk=key)).body, {})
    except NotPreviewable as missing:
        context["missing"] = missing.sentences
    return TemplateResponse(request, "admin/content_app/live.html", context)


def _shown(item: Item, body: bytes, forms: dict[str, int | None]) -> Arranged:
    known = Document.objects.filter(item_uuid=item.uuid, superseded_in=None, tombstone_reason="").first()
    before = _arranged(bytes(known.body)) if known else None
    now = _arranged(body)
    return {"page": now, "is_compared": known is not None, "gone": _mark(now, before, forms)}


def _arranged(body: bytes) -> Arranged:
    document = json.loads(body)
    return content.item(document, Place("", document["meta"]["release"], False, timezone.now().date()))


def _mark(now: Arranged, before: Arranged | None, forms: dict[str, int | None]) -> list[Texts]:
    """Give each text its words, marked. Out: the statements that readers have and that are gone."""
    known = {one["id"]: _by_audience(one["texts"]) for one in _statements(before)} if before else {}
    _mark_texts(now["summary"], _by_audience(before["summary"]) if before else None)
    for one in _statements(now):
        old = known.pop(one["id"], {} if before else None)
        one["sort"] = ADDED if old == {} else ""
        one["form"] = forms.get(one["id"].removeprefix("statement-"))
        _mark_texts(one["texts"], old)
    return list(known.values())


def _mark_texts(texts: list[Texts], before: Texts | None) -> None:
    for text in texts:
        old = text["text"] if before is None else before.get(text["audience"], "")
        text["words"] = [(SAME, old)] if old == text["text"] else word_difference.runs(old, text["text"])


def _by_audience(texts: list[Texts]) -> Texts:
    return {text["audience"]: text["text"] for text in texts}


def _statements(page: Arranged) -> Iterator[Arranged]:
    return (one for aspect in page["aspects"] for layer in aspect["layers"] for one in layer["statements"])
