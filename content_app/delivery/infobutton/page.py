"""The knowledge response as a page for people.

In: a question, its hits and the setting. Out: HTML. Notices stand once per item, in its summary, and not again in
every section as in the feed. The texts are escaped where they are made.
"""

from functools import cache
from pathlib import Path
from typing import Any

from django.http import HttpRequest
from django.template import engines
from django.utils.safestring import mark_safe

from content_app.delivery.infobutton import texts
from content_app.delivery.infobutton.asking import Question
from content_app.delivery.infobutton.feed import AnswerPlace, Hit, in_full, page_address, sections, subtitle
from content_app.vocabulary.terms import ASPECTS


@cache
def template() -> Any:
    return engines["django"].from_string(Path(__file__).with_name("page.html").read_text(encoding="utf-8"))


def to_page(request: HttpRequest, question: Question, hits: list[Hit], outcome: str, where: AnswerPlace) -> bytes:
    """The page that answers a question."""
    title = hits[0].document["name"] if hits else "No results"
    items = [_item(question, hit, where, is_full=hit in in_full(hits)) for hit in hits]
    return template().render({"title": title, "lead": subtitle(question, outcome), "items": items}, request).encode()


def to_error_page(request: HttpRequest, title: str, detail: str) -> bytes:
    """The page that says what is wrong with a request."""
    return template().render({"title": title, "lead": detail, "items": []}, request).encode()


def _item(question: Question, hit: Hit, where: AnswerPlace, *, is_full: bool) -> dict[str, Any]:
    document, audience = hit.document, question.audience
    summary = texts.document_summary(document, audience, hit.coding, where.today)
    return {
        "name": document["name"],
        "href": page_address(question, document, where),
        "summary": mark_safe(summary),  # noqa: S308 — `texts` escapes everything
        "sections": [_section(document, audience, aspect) for aspect in sections(question, hit) if is_full],
    }


def _section(document: dict[str, Any], audience: str, aspect: str) -> dict[str, Any]:
    body = texts.section_body(document, audience, aspect)
    return {"title": ASPECTS[aspect].label, "body": mark_safe(body)}  # noqa: S308 — `texts` escapes everything
