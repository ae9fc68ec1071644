"""Writes a knowledge response as Atom XML.

In: the feed as plain data. Out: bytes. Members become elements in the order in which they stand, which is the order
of the schema; `_value` becomes text, all other plain members attributes. No Django, no database.
"""

import re
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from content_app.delivery.infobutton.terms import ATOM

# XML 1.0, section 2.2: what cannot stand in a document even when escaped.
NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
ATTRIBUTES = {"base": "xml:base", "lang": "xml:lang", "xsi": "xmlns:xsi"}


def to_xml(feed: dict[str, Any]) -> bytes:
    """The document with `feed` as its root."""
    root = {"xmlns": ATOM, **feed["feed"]}
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{_element("feed", root)}\n'.encode()


def _element(name: str, content: dict[str, Any]) -> str:
    attributes, children = "", ""
    for member, value in content.items():
        if member == "_value":
            children += escape(_clean(value))
        elif isinstance(value, str):
            attributes += f" {ATTRIBUTES.get(member, member)}={quoteattr(_clean(value))}"
        else:
            children += "".join(_element(member, each) for each in (value if isinstance(value, list) else [value]))
    return f"<{name}{attributes}>{children}</{name}>" if children else f"<{name}{attributes}/>"


def _clean(value: str) -> str:
    return NOT_XML.sub("�", value)
