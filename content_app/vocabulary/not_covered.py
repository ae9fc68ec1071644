"""How a document says what it does not cover, and that it is silent on when to seek help.

In: an aspect. Out: an entry of `not_covered`, a notice. The same whether nobody wrote about the aspect, or the reader
left out the layer that covers it. Pure.
"""

from typing import Any

from content_app.vocabulary.terms import ASPECTS, MISSED_MOST

Document = dict[str, Any]

SILENT_ON_HELP = (
    "This page does not say which warning signs to look for or when to seek help. That does not mean "
    "that there are none: if you are worried, ask a health professional."
)


def entry(aspect: str, text: str = "") -> Document:
    """What stands in `not_covered` for an aspect. Without a text of its own, that the page does not cover it."""
    term = ASPECTS[aspect]
    return {
        "aspect": aspect,
        "label": term.label,
        "covers": term.meaning,
        "status": "not_covered",
        "must_show": aspect in MISSED_MOST,
        "text": text or f"This page does not cover {term.label[0].lower() + term.label[1:]} ({term.meaning}).",
    }


def silent_on_help() -> Document:
    """The notice of a page that has nothing on warning signs."""
    return {"type": "when_to_seek_help", "text": SILENT_ON_HELP}
