"""Writes the elements of FHIR R4 in their order, as HL7's StructureDefinitions have them, for the XML of our server.

Run it as `python -m tests.fhir_elements > content_app/delivery/fhir/xml/r4_elements.json`. In: the definitions of
`tests.fhir_definitions`. Out: JSON, an object for each type that the resources of our server are made of: its elements
in order, each with its type; `*` behind a type says that it repeats, `@` before a name that it is an XML attribute.
"""

import json
from typing import Any

from tests.fhir_definitions import structure

TYPES = (
    "Element", "Bundle", "CapabilityStatement", "CodeSystem", "Composition", "ConceptMap", "NamingSystem",
    "OperationDefinition", "OperationOutcome", "Parameters", "TerminologyCapabilities", "ValueSet",
)  # fmt: skip
OWN_PARTS = ("BackboneElement", "Element")  # elements whose parts are defined where they are used


def elements() -> dict[str, dict[str, Any]]:
    """The elements of each type by its name; parts of a type are named by their path."""
    found: dict[str, dict[str, Any]] = {}
    waiting = list(TYPES)
    while waiting:
        name = waiting.pop(0)
        if name in found or name == "Resource" or structure(name)["kind"] == "primitive-type":
            continue
        found[name] = {}
        for element in structure(name)["snapshot"]["element"][1:]:
            parent, _, own = element["path"].rpartition(".")
            kinds = _kinds(element)
            is_attribute = "xmlAttr" in element.get("representation", [])
            repeats = "*" if element.get("base", element)["max"] not in ("0", "1") else ""
            told = kinds if own.endswith("[x]") else kinds[0] + repeats
            found.setdefault(parent, {})["@" * is_attribute + own] = told
            waiting += [kind for kind in kinds if "." not in kind and kind[0].isupper()]
    return found


def _kinds(element: dict[str, Any]) -> list[str]:
    """The types of an element."""
    if "contentReference" in element:
        return [element["contentReference"].lstrip("#")]
    codes = [entry["code"].removeprefix("http://hl7.org/fhirpath/System.") for entry in element["type"]]
    return [element["path"] if code in OWN_PARTS else "string" if code == "String" else code for code in codes]


def to_json() -> str:
    """One line for each type."""
    lines = (f"{json.dumps(name)}: {json.dumps(parts)}" for name, parts in sorted(elements().items()))
    return "{\n" + ",\n".join(lines) + "\n}\n"


if __name__ == "__main__":
    print(to_json(), end="")  # noqa: T201 - this is what the command is for
