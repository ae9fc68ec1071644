"""What schema.org allows, from the npm package that generates typings of it: types, their properties, their values.

In: a node of JSON-LD as we write it. Out: sentences on what schema.org does not know. rdflib has a list of names only;
this one also knows which property belongs to which type, and what may stand in it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from tests.npm_packages import installed

PACKAGE, VERSION = "schema-dts", "2.1.0"
INTERFACE = re.compile(r"^(?:export )?interface (\w+) extends ([^{]+) \{$")
PROPERTY = re.compile(r'^\s+"(\w+)"\?: SchemaValue<(.+), "\w+">;$')
NAMED = re.compile(r'^\s+"@type": "(\w+)";$')
UNION = re.compile(r"^export type (\w+) = (.+);$")
DATA = {"str": {"Text", "URL", "Date", "DateTime"}, "int": {"Number", "Integer", "Text"}, "bool": {"Boolean"}}


@dataclass
class Vocabulary:
    """Interfaces with what they extend and have; types by name; what a type may be."""

    extends: dict[str, list[str]] = field(default_factory=dict)
    properties: dict[str, dict[str, set[str]]] = field(default_factory=dict)
    leaves: dict[str, str] = field(default_factory=dict)
    unions: dict[str, set[str]] = field(default_factory=dict)


@cache
def vocabulary() -> Vocabulary:
    found, current = Vocabulary(), ""
    text = (installed(f"schema-dts-{VERSION}", f"{PACKAGE}@{VERSION}") / PACKAGE / "dist" / "schema.d.ts").read_text(
        encoding="utf-8"
    )
    for line in text.splitlines():
        if opened := INTERFACE.match(line):
            current = opened[1]
            found.extends[current] = re.findall(r"\w+(?=Base|Leaf)\w+", opened[2])
            found.properties[current] = {}
        elif told := PROPERTY.match(line):
            found.properties[current][told[1]] = set(told[2].split(" | "))
        elif named := NAMED.match(line):
            found.leaves[named[1]] = current
        elif union := UNION.match(line):
            found.unions[union[1]] = {part.strip('" ') for part in union[2].split(" | ")}
    return found


@cache
def properties_of(type_name: str) -> dict[str, set[str]]:
    """The properties that a type has, its own and those it inherits, with the types of their values."""
    known, found = vocabulary(), {}
    open_ends = [known.leaves[type_name]]
    while open_ends:
        interface = open_ends.pop()
        found |= known.properties[interface]
        open_ends += [parent for parent in known.extends[interface] if parent in known.properties]
    return found


@cache
def kinds_of(type_name: str) -> frozenset[str]:
    """The type, everything below it, and its members if it is an enumeration."""
    found, open_ends = set(), [type_name]
    while open_ends:
        name = open_ends.pop().removesuffix("Leaf")
        if name not in found:
            found.add(name)
            open_ends += vocabulary().unions.get(name, ())
    return frozenset(found)


def complaints(node: Any, path: str = "") -> Iterator[str]:
    """What in a node, and below it, schema.org does not have. Words of other vocabularies (`amps:`) are passed over."""
    if isinstance(node, list):
        for place, entry in enumerate(node):
            yield from complaints(entry, f"{path}/{place}")
    if not isinstance(node, dict) or "@value" in node:
        return
    types = [name for name in _several(node.get("@type", [])) if ":" not in name]
    unknown = [name for name in types if name not in vocabulary().leaves]
    yield from (f"{path}: there is no type {name}" for name in unknown)
    allowed: dict[str, set[str]] = {}
    for name in set(types) - set(unknown):
        allowed |= properties_of(name)
    if not types:  # a reference, or a node of another vocabulary: what every thing has
        allowed = properties_of("Thing")
    for name, value in node.items():
        if not name.startswith("@") and ":" not in name:
            if name not in allowed:
                yield f"{path}: {types} has no property {name}"
            else:
                yield from (f"{path}/{name}: {wrong}" for wrong in misplaced(value, allowed[name]))
        yield from complaints(value, f"{path}/{name}")


def misplaced(value: Any, expected: set[str]) -> Iterator[str]:
    """What may not stand in a property that takes these types."""
    members = set().union(*(kinds_of(name) for name in expected))
    for entry in _several(value):
        if isinstance(entry, dict):
            types = set(_several(entry.get("@type", []))) - {"Role"}  # a role stands in for any value
            if types and not types & members:
                yield f"{sorted(types)} is none of {sorted(expected)[:8]}"
        elif isinstance(entry, str) and entry in members:
            continue  # a member of an enumeration
        elif not DATA[type(entry).__name__] & expected:
            yield f"{entry!r} is none of {sorted(expected)[:8]}"


def _several(value: Any) -> list:
    return value if isinstance(value, list) else [value]
