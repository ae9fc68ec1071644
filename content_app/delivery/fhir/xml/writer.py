"""A resource as XML (https://hl7.org/fhir/R4/xml.html), by the definitions of its elements.

In: a resource as JSON. Out: text. What FHIR R4 does not define has no place in its XML and is left out; so are
characters that XML does not have.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import zip_longest
from typing import Any
from xml.etree.ElementTree import ParseError  # nosec - an error class
from xml.sax.saxutils import escape, quoteattr  # nosec - they write

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from content_app.delivery.fhir.terminology.outcome import Resource
from content_app.delivery.fhir.xml.elements import FHIR, NARRATIVE, RESOURCE, XHTML, Element, elements

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'
NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
Line = tuple[int, str]


def to_xml(resource: Resource, *, is_pretty: bool = False) -> str:
    """The resource, with line breaks between its elements if it `is_pretty`."""
    lines = _resource(resource, 0, f' xmlns="{FHIR}"')
    return DECLARATION + "".join(f"\n{'  ' * depth}{text}" if is_pretty else text for depth, text in lines)


def _resource(resource: Resource, depth: int, namespace: str = "") -> Iterator[Line]:
    kind = str(resource.get("resourceType"))
    if elements(kind):
        yield from _wrapped(kind, namespace, _parts(resource, kind, depth + 1), depth)


def _wrapped(name: str, attributes: str, parts: Iterable[Line], depth: int) -> Iterator[Line]:
    """An element with these parts, each a line of its own."""
    inner = list(parts)
    if not inner:
        yield depth, f"<{name}{attributes}/>"
        return
    yield depth, f"<{name}{attributes}>"
    yield from inner
    yield depth, f"</{name}>"


def _parts(holder: Resource, kind: str, depth: int) -> Iterator[Line]:
    """The elements of an object, in the order of its type."""
    for element in elements(kind).values():
        if element.is_attribute:
            continue
        values, beside = _as_list(holder.get(element.name)), _as_list(holder.get(f"_{element.name}"))
        for value, more in zip_longest(values, beside):
            yield from _element(element, value, more, depth)


def _element(element: Element, value: Any, more: Any, depth: int) -> Iterator[Line]:
    """One value of an element; `more` is the id and the extensions of a primitive one."""
    if element.kind == NARRATIVE:
        if isinstance(value, str):
            yield depth, _narrative(value)
    elif element.is_primitive:
        given = "" if value is None or isinstance(value, dict | list) else f" value={_quoted(_text(value))}"
        beside = more if isinstance(more, dict) else {}
        if given or beside:
            parts = _parts(beside, "Element", depth + 1)
            yield from _wrapped(element.name, _attributes(beside, "Element") + given, parts, depth)
    elif isinstance(value, dict):
        is_resource = element.kind == RESOURCE
        parts = _resource(value, depth + 1) if is_resource else _parts(value, element.kind, depth + 1)
        attributes = "" if is_resource else _attributes(value, element.kind)
        yield from _wrapped(element.name, attributes, parts, depth)


def _attributes(holder: Resource, kind: str) -> str:
    given = [(each.name, holder.get(each.name)) for each in elements(kind).values() if each.is_attribute]
    return "".join(f" {name}={_quoted(value)}" for name, value in given if isinstance(value, str))


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _quoted(text: str) -> str:
    return quoteattr(NOT_XML.sub("", text))


def _narrative(div: str) -> str:
    """The narrative as it is; as plain text if it is one that a client sent, and is not XHTML."""
    text = NOT_XML.sub("", div)
    try:
        if fromstring(text, forbid_dtd=True).tag == f"{{{XHTML}}}div":
            return text
    except (ParseError, DefusedXmlException):
        pass
    return f'<div xmlns="{XHTML}">{escape(text)}</div>'
