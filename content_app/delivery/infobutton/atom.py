"""Writes a knowledge response as Atom XML.

In: the feed as plain data. Out: bytes. Members become elements in the order in which they stand, which is the order
of the schema; `_value` becomes text, all other plain members attributes. No Django, no database.
"""

from typing import Any
from xml.sax.saxutils import escape, quoteattr

from content_app.delivery.http.atom import ATOM, xml_text

ATTRIBUTES = {"base": "xml:base", "lang": "xml:lang", "xsi": "xmlns:xsi"}


def to_xml(feed: dict[str, Any]) -> bytes:
    """The document with `feed` as its root."""
    root = {"xmlns": ATOM, **feed["feed"]}
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{_element("feed", root)}\n'.encode()


def _element(name: str, content: dict[str, Any]) -> str:
    attributes, children = "", ""
    for member, value in content.items():
        if member == "_value":
            children += escape(xml_text(value))
        elif isinstance(value, str):
            attributes += f" {ATTRIBUTES.get(member, member)}={quoteattr(xml_text(value))}"
        else:
            children += "".join(_element(member, each) for each in (value if isinstance(value, list) else [value]))
    return f"<{name}{attributes}>{children}</{name}>" if children else f"<{name}{attributes}/>"
