"""Reads a resource from XML (https://hl7.org/fhir/R4/xml.html), by the definitions of its elements.

In: bytes from a client. Out: the resource as JSON, as if it had come so. Raises FhirError 400 for what is not XML, has
a document type (so no entities), is too deep, or has elements that FHIR R4 does not define. The order of different
elements is not checked: it says nothing.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element as Node  # nosec - the type of what a defused parser has read
from xml.etree.ElementTree import ParseError, tostring  # nosec - they parse nothing

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from content_app.delivery.fhir.terminology.outcome import FhirError, Resource, refusal
from content_app.delivery.fhir.xml.elements import FHIR, NARRATIVE, RESOURCE, XHTML, Element, elements

WHOLE_NUMBERS = ("integer", "unsignedInt", "positiveInt")
WHOLE, DECIMAL = re.compile(r"[+-]?[0-9]{1,10}"), re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?([eE][+-]?[0-9]{1,3})?")
TRUTHS = {"true": True, "false": False}
INSTANCE = "{http://www.w3.org/2001/XMLSchema-instance}"  # where a schema may be named


def from_xml(data: bytes) -> Resource:
    """The resource."""
    try:
        root = fromstring(data, forbid_dtd=True)
    except DefusedXmlException:
        raise _wrong("", "The XML has a document type declaration, which FHIR does not allow")
    except (ParseError, ValueError, LookupError) as error:  # a wrong encoding is one of the latter two
        raise _wrong("", f"The body is not well-formed XML: {error}")
    try:
        return _resource(root, _name(root, FHIR, ""))
    except RecursionError:
        raise _wrong("", "The body is nested too deeply")


def _resource(node: Node, path: str) -> Resource:
    """A resource; only the type of one that this server never reads."""
    kind = _name(node, FHIR, path)
    return {"resourceType": kind, **(_object(node, kind, path) if elements(kind) else {})}


def _object(node: Node, kind: str, path: str) -> dict[str, Any]:
    """The elements of an object under their names in JSON."""
    known = elements(kind)
    _require_no_text(node, path)
    found: dict[str, Any] = dict(_attributes(node, known, path))
    for name, parts in _by_name(node, path).items():
        element = known.get(name)
        if element is None or element.is_attribute:
            raise _wrong(f"{path}.{name}", f"{path}.{name} is not an element of FHIR R4")
        if len(parts) > 1 and not element.is_list:
            raise _wrong(f"{path}.{name}", f"{path}.{name} must be given once only")
        places = [f"{path}.{name}[{number}]" if element.is_list else f"{path}.{name}" for number in range(len(parts))]
        found |= _values(element, list(zip(parts, places, strict=True)))
    return found


def _values(element: Element, given: list[tuple[Node, str]]) -> dict[str, Any]:
    """The values of an element; ids and extensions of primitive ones under the name with a `_`."""
    if not element.is_primitive:
        read = _held if element.kind == RESOURCE else _object
        return _named(element, element.name, [read(node, element.kind, path) for node, path in given])
    if element.kind == NARRATIVE:
        return _named(element, element.name, [_narrative(node, path) for node, path in given])
    values = [_primitive(node, element.kind) for node, _ in given]
    beside = [_beside(node, path) or None for node, path in given]
    for value, more, (_, path) in zip(values, beside, given, strict=True):
        if value is None and more is None:
            raise _wrong(path, f"{path} has no value")
    return _named(element, element.name, values) | _named(element, f"_{element.name}", beside)


def _named(element: Element, name: str, values: list[Any]) -> dict[str, Any]:
    if all(value is None for value in values):
        return {}
    return {name: values if element.is_list else values[0]}


def _held(node: Node, kind: str, path: str) -> Resource:
    """The one resource in an element."""
    if len(node) != 1:
        raise _wrong(path, f"{path} must contain one resource")
    return _resource(node[0], path)


def _beside(node: Node, path: str) -> dict[str, Any]:
    """The id and the extensions of a primitive value."""
    own = Node(node.tag, {name: text for name, text in node.attrib.items() if name != "value"})
    own.extend(node)
    return _object(own, "Element", path)


def _primitive(node: Node, kind: str) -> Any:
    """The value as JSON has it, in normal form C. One that is not of its type stays text, for those who check it."""
    if (given := node.get("value")) is None:
        return None
    text = unicodedata.normalize("NFC", given)
    if kind == "boolean":
        return TRUTHS.get(text.strip(), text)
    if kind in WHOLE_NUMBERS:
        return int(text) if WHOLE.fullmatch(text.strip()) else text
    if kind == "decimal":
        return float(text) if DECIMAL.fullmatch(text.strip()) else text
    return text


def _narrative(node: Node, path: str) -> str:
    """The narrative as text, in the name space of XHTML."""
    for part in node.iter():
        part.tag = _name(part, XHTML, path)
    node.attrib = {"xmlns": XHTML, **node.attrib}
    node.tail = None
    return tostring(node, encoding="unicode")


def _by_name(node: Node, path: str) -> dict[str, list[Node]]:
    found: dict[str, list[Node]] = {}
    for child in node:
        name = "div" if child.tag == f"{{{XHTML}}}div" else _name(child, FHIR, path)
        found.setdefault(name, []).append(child)
    return found


def _attributes(node: Node, known: dict[str, Element], path: str) -> Iterator[tuple[str, str]]:
    for name, text in node.attrib.items():
        if name in known and known[name].is_attribute:
            yield name, text
        elif not name.startswith(INSTANCE):
            raise _wrong(path, f"{path} must not have the attribute “{name}”")


def _require_no_text(node: Node, path: str) -> None:
    if any(text and text.strip() for text in (node.text, *(child.tail for child in node))):
        raise _wrong(path, f"{path} contains text: values belong in the attribute “value”")


def _name(node: Node, namespace: str, path: str) -> str:
    """The name of an element without its name space."""
    tag = str(node.tag)
    if not tag.startswith(f"{{{namespace}}}"):
        raise _wrong(path, f"<{tag}> is not in the name space {namespace}")
    return tag.removeprefix(f"{{{namespace}}}")


def _wrong(path: str, text: str) -> FhirError:
    return refusal(400, "structure", text[:300], path=path[:300])
