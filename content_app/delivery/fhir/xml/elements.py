"""The elements of FHIR R4 in their order, from HL7's own definitions (`r4_elements.json`, see `tests.fhir_elements`).

In: the name of a type. Out: its elements. A type is known if a resource of this server can contain it.
"""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FHIR = "http://hl7.org/fhir"
XHTML = "http://www.w3.org/1999/xhtml"
RESOURCE = "Resource"  # the type of elements that contain a resource of any type
NARRATIVE = "xhtml"
DEFINED = Path(__file__).with_name("r4_elements.json")
_types: dict[str, dict[str, Any]] = json.loads(DEFINED.read_text("utf-8"))


@dataclass(frozen=True)
class Element:
    """An element of a type: `kind` is the type of its value."""

    name: str
    kind: str
    is_list: bool = False
    is_attribute: bool = False

    @property
    def is_primitive(self) -> bool:
        return self.kind[0].islower()


@cache
def elements(kind: str) -> dict[str, Element]:
    """The elements of a type by name, in FHIR's order; those of a choice each with its own name. Empty if unknown."""
    found: dict[str, Element] = {}
    for name, told in _types.get(kind, {}).items():
        if isinstance(told, list):
            choices = {f"{name.removesuffix('[x]')}{one[0].upper()}{one[1:]}": one for one in told}
            found |= {own: Element(own, one) for own, one in choices.items()}
        else:
            own = name.lstrip("@")
            found[own] = Element(own, told.rstrip("*"), "*" in told, name.startswith("@"))
    return found
