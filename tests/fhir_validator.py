"""Validates resources against HL7's StructureDefinitions: elements, cardinality, types, required bindings, invariants.

In: a resource as JSON. Out: a list of faults, each with its place. The rules are in the definitions; this reads them.
Invariants run on fhirpathpy. `txt-1` and `txt-2` need a function that it lacks, so narratives are checked here as XML.
"""

import re
from functools import cache
from typing import Any
from xml.etree import ElementTree

from tests.fhir_definitions import Resource, codes, structure

SYSTEM_TYPES = {"String": str, "Boolean": bool, "Integer": int, "Decimal": (int, float), "Date": str, "DateTime": str}
NOT_RUN = {"ele-1", "txt-1", "txt-2", "ext-1"}  # checked here instead: nothing is empty, narratives, extensions
OPTIONS = {  # `hasValue()` is FHIR's own addition to FHIRPath (https://hl7.org/fhir/R4/fhirpath.html#functions)
    "userInvocationTable": {
        "hasValue": {"fn": lambda nodes: [len(nodes) == 1 and not isinstance(nodes[0], dict)], "arity": {0: []}}
    },
    "traceFn": lambda label, nodes: None,
}
XHTML = "{http://www.w3.org/1999/xhtml}"
# https://hl7.org/fhir/R4/narrative.html#xhtml, the part of it that is used here
ALLOWED = {"div", "p", "ul", "ol", "li", "b", "i", "h2", "h3", "a"}
ALLOWED_ATTRIBUTES = {"href", "lang", "{http://www.w3.org/XML/1998/namespace}lang"}


def faults(resource: Resource) -> list[str]:
    """Everything that is wrong with a resource."""
    found: list[str] = []
    Check(resource, found).resource(resource, resource["resourceType"])
    return found


class Check:
    """One run over one resource; resources inside it, as in a Bundle, are roots of their own."""

    def __init__(self, root: Resource, found: list[str]):
        self.root = root
        self.found = found

    def resource(self, node: Resource, path: str) -> None:
        Check(node, self.found).element(node, path, structure(node["resourceType"]), node["resourceType"])

    def element(self, node: Any, path: str, definition: Resource, place: str) -> None:
        """A node against the element of the definition that stands at `place`."""
        if not isinstance(node, dict) or not node:
            self.found.append(f"{path} has to be an object with content")
            return
        self.invariants(node, path, _at(definition, place), place)
        known = {"resourceType"} if place == definition["type"] else set()
        for child in _children(definition, place):
            known |= self.child(node, path, definition, child)
        self.found += [f"{path}.{key} is not an element" for key in node if key.lstrip("_") not in known]

    def child(self, node: Resource, path: str, definition: Resource, child: Resource) -> set[str]:
        """One element of a definition in a node. Returns the names under which it may stand."""
        name = child["path"].rpartition(".")[2]
        types = child.get("type", [])
        names = {name: types[0]["code"] if types else None}
        if name.endswith("[x]"):
            names = {name[:-3] + t["code"][0].upper() + t["code"][1:]: t["code"] for t in types}
        present = [key for key in names if key in node]
        count = sum(len(node[key]) if isinstance(node[key], list) else 1 for key in present)
        if count < child["min"] or (child["max"] != "*" and count > int(child["max"])):
            self.found.append(f"{path}.{name} occurs {count} times, not {child['min']}..{child['max']}")
        is_list = child.get("base", child)["max"] not in ("0", "1")
        for key in present:
            if isinstance(node[key], list) != is_list:
                self.found.append(f"{path}.{key} has to be {'a list' if is_list else 'one value'}")
            for value in node[key] if isinstance(node[key], list) else [node[key]]:
                self.value(value, f"{path}.{key}", definition, child, names[key])
        return set(names)

    def value(self, value: Any, path: str, definition: Resource, child: Resource, type_name: str | None) -> None:
        if reference := child.get("contentReference"):
            self.element(value, path, definition, reference.lstrip("#"))
            return
        assert type_name
        if type_name == "Resource":
            self.resource(value, path)
        elif type_name.startswith("http://hl7.org/fhirpath/"):
            self.system_type(value, path, type_name.rpartition(".")[2])
        elif type_name in ("BackboneElement", "Element"):
            self.element(value, path, definition, child["path"])
        elif structure(type_name)["kind"] == "primitive-type":
            self.primitive(value, path, type_name)
        else:
            self.element(value, path, structure(type_name), type_name)
            self.invariants(value, path, child, type_name)
        self.binding(value, path, child)

    def system_type(self, value: Any, path: str, name: str) -> None:
        if not isinstance(value, SYSTEM_TYPES[name]):
            self.found.append(f"{path} has to be a {name}")

    def primitive(self, value: Any, path: str, type_name: str) -> None:
        if type_name == "xhtml":
            self.narrative(value, path)
            return
        kinds = {"boolean": bool, "integer": int, "unsignedInt": int, "positiveInt": int, "decimal": (int, float)}
        kind = kinds.get(type_name, str)
        if not isinstance(value, kind) or (kind is not bool and isinstance(value, bool)) or value == "":
            self.found.append(f"{path} has to be a {type_name}; is {value!r}")
        elif (pattern := _pattern(type_name)) and not re.fullmatch(pattern, str(value)) and kind is str:
            self.found.append(f"{path} is not a {type_name}: {value!r}")

    def binding(self, value: Any, path: str, child: Resource) -> None:
        binding = child.get("binding", {})
        if binding.get("strength") != "required" or not binding.get("valueSet"):
            return
        allowed = codes(binding["valueSet"])
        given = [value] if isinstance(value, str) else [coding.get("code") for coding in value.get("coding", [])]
        if allowed is not None:
            self.found += [f"{path}: {code} is not in {binding['valueSet']}" for code in given if code not in allowed]

    def invariants(self, node: Any, path: str, element: Resource, place: str) -> None:
        """The constraints of an element; `place` says of what type the node is, for `value[x]` in their expressions."""
        for constraint in element.get("constraint", []):
            if constraint["key"] in NOT_RUN or constraint["severity"] != "error":
                continue
            variables = {"resource": self.root, "rootResource": self.root}
            from fhirpathpy.engine.nodes import ResourceNode

            outcome = _compiled(constraint["expression"])(ResourceNode.create_node(node, place), variables)
            if outcome == [] and constraint["key"] == "ref-1":
                continue  # its expression knows no Reference without `reference`, which R4 allows
            if outcome != [True]:
                self.found.append(f"{path} breaks {constraint['key']}: {constraint['human']}")

    def narrative(self, value: str, path: str) -> None:
        try:
            root = ElementTree.fromstring(value)  # noqa: S314 - our own output
        except ElementTree.ParseError as error:
            self.found.append(f"{path} is not XML: {error}")
            return
        for node in root.iter():
            is_allowed = node.tag.startswith(XHTML) and node.tag.removeprefix(XHTML) in ALLOWED
            if not is_allowed or set(node.attrib) - ALLOWED_ATTRIBUTES:
                self.found.append(f"{path}: <{node.tag}> with {sorted(node.attrib)} is not on the list")
        if root.tag != f"{XHTML}div" or not "".join(root.itertext()).strip():
            self.found.append(f"{path} has to be a div with text")


@cache
def _elements(type_name: str) -> dict[str, list[Resource]]:
    by_parent: dict[str, list[Resource]] = {}
    for element in structure(type_name)["snapshot"]["element"][1:]:
        by_parent.setdefault(element["path"].rpartition(".")[0], []).append(element)
    return by_parent


def _children(definition: Resource, place: str) -> list[Resource]:
    return _elements(definition["name"]).get(place, [])


def _at(definition: Resource, place: str) -> Resource:
    return next(element for element in definition["snapshot"]["element"] if element["path"] == place)


@cache
def _pattern(type_name: str) -> str | None:
    for element in structure(type_name)["snapshot"]["element"]:
        for type_ in element.get("type", []):
            for extension in type_.get("extension", []):
                if extension["url"].endswith("/regex"):
                    return extension["valueString"]
    return None


@cache
def _compiled(expression: str):
    import fhirpathpy
    from fhirpathpy.models import models

    return fhirpathpy.compile(expression, models["r4"], OPTIONS)
