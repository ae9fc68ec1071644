"""Narrative: the readable form inside a resource, as well-formed XHTML from a short list of elements.

In: text and elements made here. Out: the `text` of a resource (https://hl7.org/fhir/R4/narrative.html). All text is
escaped, no element has attributes but links to http(s) addresses, and nothing else can be written: no scripts, no
styles.
"""

from collections.abc import Iterable
from html import escape
from typing import NewType

from content_app.delivery.fhir.terminology.outcome import Resource

XHTML = "http://www.w3.org/1999/xhtml"
Markup = NewType("Markup", str)
ELEMENTS = frozenset({"p", "ul", "ol", "li", "b", "i", "h2", "h3"})
FORBIDDEN = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 65534, 65535))


def text(words: str) -> Markup:
    """Words as they are. Characters that XML cannot carry are left out."""
    return Markup(escape(words.translate(FORBIDDEN), quote=False))


def element(name: str, *parts: Markup) -> Markup:
    """An element of the list. Raises ValueError for any other."""
    if name not in ELEMENTS:
        raise ValueError(f"<{name}> is not used in narratives")
    return Markup(f"<{name}>{''.join(parts)}</{name}>")


def paragraph(words: str) -> Markup:
    return element("p", text(words))


def items(entries: Iterable[Markup], *, is_numbered: bool = False) -> Markup:
    """A list; nothing for no entries, because XHTML knows no empty list."""
    listed = [element("li", entry) for entry in entries]
    return element("ol" if is_numbered else "ul", *listed) if listed else Markup("")


def link(address: str, words: str) -> Markup:
    """A link to an http or https address; only the words for any other."""
    if not address.startswith(("https://", "http://")):
        return text(words)
    return Markup(f'<a href="{escape(address.translate(FORBIDDEN))}">{text(words)}</a>')


def narrative(*parts: Markup, language: str = "en") -> Resource:
    """The `text` of a resource. Raises ValueError for one without content (invariant txt-2)."""
    content = "".join(parts)
    if not content:
        raise ValueError("A narrative needs content")
    div = f'<div xmlns="{XHTML}" xml:lang="{language}" lang="{language}">{content}</div>'
    return {"status": "generated", "div": div}
