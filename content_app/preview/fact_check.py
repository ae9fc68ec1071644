"""A fact check: the page on which an outside specialist without an account comments on an item, statement by statement.

In: the link of a fact check, and what they type. Out: their comments on the item, through `fact_checks`; or the page
again with everything that they typed, whatever was wrong. Works without scripts.
"""

import json
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from content_app.admin.shared.texts import Line, Prose
from content_app.delivery.readable import content
from content_app.delivery.store.place import Place
from content_app.editorial import fact_checks
from content_app.editorial.review_comments import statement_anchor
from content_app.models import PreviewLink
from content_app.preview.representations import MARK

# Where something can be said besides the statements: anchor → what is commented on, if the item has it.
PLACES = {"summary_plain": "summary", "relations": "relations", "codings": "codings", "names": "names"}
WHOLE = "whole"  # the name of the box about the item as a whole, whose anchor is empty
OVER = (
    "This link no longer works, so your comments could not be sent. They are still below: copy them, and ask whoever "
    "sent you the link for a new one."
)
WAIT = "Too much was sent from your network in the last minute. Nothing is lost: wait {} seconds, then send it again."


class AnswerForm(forms.Form):
    """Who answers, a box for each place of the document, and whether nothing is wrong."""

    name = Line(label="Your name", required=False)
    role = Line(label="Your role", required=False, help_text="For example “Paediatric rheumatologist, Leeds”.")
    is_all_right = forms.BooleanField(label="I have read everything and have nothing to correct", required=False)
    use_required_attribute = False

    def __init__(self, *args, anchors: list[str], **kwargs):
        super().__init__(*args, auto_id="answer-%s", label_suffix="", **kwargs)
        self.anchors = anchors
        for name, autocomplete in (("name", "name"), ("role", "organization-title")):
            self.fields[name].widget.attrs |= {"autocomplete": autocomplete}
        for anchor in anchors:
            box = forms.Textarea(attrs={"rows": 3})
            self.fields[anchor or WHOLE] = Prose(label="Comment", required=False, widget=box)

    def answer(self) -> fact_checks.Answer:
        """What was sent, of a form that is valid."""
        given = self.cleaned_data
        said = {anchor: given[anchor or WHOLE] for anchor in self.anchors}
        return fact_checks.Answer(given["name"], given["role"], said, given["is_all_right"])

    @property
    def faults(self) -> list[tuple[str, str]]:
        """What is wrong, each sentence with the id of its field."""
        return [(self[field].auto_id, str(s)) for field, found in self.errors.items() for s in found]


@dataclass(frozen=True)
class Told:
    """What the page says above the form: that it was sent, or why it was not."""

    sent: int | None = None
    refusal: str = ""


def page(request: HttpRequest, link: PreviewLink, address: str) -> HttpResponse:
    """The item with a box at each statement. `address` is where it is sent; `?sent=` says how much just was."""
    sent = request.GET.get("sent", "")
    told = Told(sent=int(sent) if sent.isdecimal() and len(sent) < 4 else None)
    return _page(request, link, _form(link), address, told)


def answer(request: HttpRequest, link: PreviewLink, address: str) -> int | HttpResponse:
    """Keep what was sent. Out: how many comments were new, or the page that says what is wrong with them."""
    form = _form(link, request.POST)
    if form.is_valid():
        try:
            return fact_checks.keep(link=link, answer=form.answer())
        except fact_checks.Refused as refused:
            for field, sentence in refused.sentences.items():
                form.add_error(field or WHOLE, sentence)
    response = _page(request, link, form, address, Told())
    response.status_code = 422
    return response


def not_now(request: HttpRequest, link: PreviewLink, address: str, seconds: int) -> HttpResponse:
    """The page again, with what was typed: too much came from there just now."""
    response = _page(request, link, _form(link, request.POST), address, Told(refusal=WAIT.format(seconds)))
    response.status_code, response["Retry-After"] = 429, str(seconds)
    return response


def too_late(request: HttpRequest) -> HttpResponse:
    """What was typed into a page whose link has ended since: for its writer to copy, and kept nowhere."""
    typed = [text for name, text in request.POST.items() if text.strip() and name not in ("name", "role")]
    return render(request, "content_app/fact_check_over.html", {"told": OVER, "typed": typed}, status=404)


def _form(link: PreviewLink, data: Any = None) -> AnswerForm:
    document = json.loads(bytes(link.body))
    others = [anchor for anchor, part in PLACES.items() if document.get(part)]
    statements = [statement_anchor(statement["id"]) for statement in document["statements"]]
    return AnswerForm(data, anchors=[*others, *statements, fact_checks.WHOLE])


def _page(request: HttpRequest, link: PreviewLink, form: AnswerForm, address: str, told: Told) -> HttpResponse:
    document = json.loads(bytes(link.body))
    shown = content.item(document, Place("", document["meta"]["release"], False, timezone.now().date()))
    said: dict[str, list[str]] = {}
    for anchor, text in link.comments.values_list("thread__anchor", "text"):
        said.setdefault(anchor or WHOLE, []).append(text)
    number = 0
    for statement in (s for aspect in shown["aspects"] for layer in aspect["layers"] for s in layer["statements"]):
        number += 1
        anchor = statement_anchor(statement["id"].removeprefix("statement-"))
        statement |= {"number": number, "box": form[anchor], "said": said.get(anchor, [])}
    context = {
        "mark": MARK,
        "link": link,
        "page": shown,
        "form": form,
        "boxes": {anchor or WHOLE: form[anchor or WHOLE] for anchor in form.anchors},
        "said": said,
        "number": number,
        "address": address,
        "told": told,
    }
    return render(request, "content_app/fact_check.html", context)
