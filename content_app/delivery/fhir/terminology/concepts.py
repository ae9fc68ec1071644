"""A CodeSystem resource made ready for questions: concepts by code, hierarchy, properties with a fixed meaning.

In: a CodeSystem (https://hl7.org/fhir/R4/codesystem.html) and the supplements to read it with. Out: `CodeSystemIndex`.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

from content_app.delivery.fhir.terminology.outcome import Resource, refusal

PROPERTIES = "http://hl7.org/fhir/concept-properties#"
STANDARDS_STATUS = "http://hl7.org/fhir/StructureDefinition/structuredefinition-standards-status"
INACTIVE_STATUSES = frozenset({"retired", "inactive", "withdrawn"})
EXTENSION_PROPERTIES = {
    "http://hl7.org/fhir/StructureDefinition/codesystem-conceptOrder": ("order", "order", "valueDecimal"),
    "http://hl7.org/fhir/StructureDefinition/valueset-conceptOrder": ("order", "order", "valueDecimal"),
    "http://hl7.org/fhir/StructureDefinition/codesystem-label": ("label", "label", "valueString"),
    "http://hl7.org/fhir/StructureDefinition/valueset-label": ("label", "label", "valueString"),
    "http://hl7.org/fhir/StructureDefinition/itemWeight": ("weight", "itemWeight", "valueDecimal"),
}


def value_of(element: Resource) -> Any:
    """The value of a choice element (`valueCode`, `valueString` …); None if it has none."""
    return next((value for key, value in element.items() if key.startswith("value")), None)


def is_true(value: Any) -> bool:
    return value is True or value == "true"


@dataclass
class Concept:
    """One concept. `parents` and `children` are codes, in the order of the code system."""

    code: str
    display: str | None
    definition: str | None
    designations: list[Resource]
    properties: list[Resource]
    extensions: list[Resource]
    parents: list[str] = field(default_factory=list)
    children: list[str] = field(default_factory=list)

    def values(self, code: str) -> list[Any]:
        """The values of a property."""
        return [value_of(entry) for entry in self.properties if entry.get("code") == code]

    @property
    def standards_status(self) -> str | None:
        return standards_status(self.extensions)


def standards_status(extensions: list[Resource]) -> str | None:
    return next((value_of(entry) for entry in extensions if entry.get("url") == STANDARDS_STATUS), None)


class ConceptListing(Protocol):
    """Concepts in order, of which only a part need be read."""

    def __len__(self) -> int: ...

    def __getitem__(self, wanted: Any) -> Any: ...

    def __iter__(self) -> Iterator[Concept]: ...

    def having(self, words: list[str]) -> Sequence[Concept] | None:
        """Those that may have all of these words in a name or in the code; None if that cannot be looked up."""
        ...


class CodeSystemIndex:
    """All concepts of one version of a code system. Raises FhirError 400 for a code that occurs twice.

    The engine asks `by_code` for single concepts wherever it can, and walks through it where it must: a code system
    that is too large to be held can give a mapping that reads what it is asked for.
    """

    def __init__(self, resource: Resource, supplements: Iterable[Resource] = ()):
        self.resource = resource
        self.url: str = resource["url"]
        self.version: str | None = resource.get("version")
        self.language: str | None = resource.get("language")
        self.is_case_sensitive: bool = resource.get("caseSensitive", True)
        self.content: str = resource.get("content", "complete")
        self.sources: dict[int, str] = {}  # which supplement a designation is from, by the identity of its object
        self.by_code: Mapping[str, Concept] = self._read(resource.get("concept", []))
        self._link_by_property()
        supplements = list(supplements)
        self._supplemented_properties = [entry for found in supplements for entry in found.get("property", [])]
        self.supplements = [self._supplement(supplement) for supplement in supplements]

    @property
    def canonical(self) -> str:
        return f"{self.url}|{self.version}" if self.version else self.url

    @cached_property
    def _folded(self) -> dict[str, str]:
        return {code.lower(): code for code in reversed(list(self.by_code))}

    def _read(self, concepts: list[Resource]) -> dict[str, Concept]:
        """Take the concepts in, depth first, without recursion: nesting is the sender's."""
        found: dict[str, Concept] = {}
        waiting: list[tuple[Resource, str | None]] = [(concept, None) for concept in reversed(concepts)]
        while waiting:
            entry, above = waiting.pop()
            code = entry.get("code", "")
            if code in found:  # csd-1 of codesystem.html: which of the two would be meant?
                text = f"The code '{code[:60]}' occurs twice in the code system {self.canonical}"
                raise refusal(400, "duplicate", text, path="CodeSystem.concept.code")
            found[code] = Concept(
                code,
                entry.get("display"),
                entry.get("definition"),
                list(entry.get("designation", [])),
                list(entry.get("property", [])),
                list(entry.get("extension", [])),
                [above] if above else [],
            )
            if above:
                found[above].children.append(code)
            waiting.extend((child, code) for child in reversed(entry.get("concept", [])))
        return found

    def _link_by_property(self) -> None:
        """Several parents are written with `parent` or `child` properties (codesystem.html#hierarchy)."""
        for concept in self.by_code.values():
            for above in concept.values(self.property_code("parent", "parent")):
                self._link(above, concept.code)
            for below in concept.values(self.property_code("child", "child")):
                self._link(concept.code, below)

    def _link(self, above: str, below: str) -> None:
        if above in self.by_code and below in self.by_code and above not in self.by_code[below].parents:
            self.by_code[above].children.append(below)
            self.by_code[below].parents.append(above)

    def _supplement(self, supplement: Resource) -> str:
        """Add what a supplement says of the concepts. Returns its canonical address."""
        version = supplement.get("version")
        name: str = f"{supplement['url']}|{version}" if version else supplement["url"]
        language = {"language": supplement["language"]} if "language" in supplement else {}
        waiting = list(supplement.get("concept", []))
        while waiting:
            entry = waiting.pop()
            waiting.extend(entry.get("concept", []))
            if concept := self.by_code.get(entry.get("code", "")):
                added = list(entry.get("designation", []))
                if entry.get("display"):
                    added.append({**language, "value": entry["display"]})
                self.sources |= {id(designation): name for designation in added}
                concept.designations.extend(added)
                concept.properties.extend(entry.get("property", []))
                concept.extensions.extend(entry.get("extension", []))
        return name

    def find(self, code: str) -> Concept | None:
        """The concept of a code, in the case that the code system asks for."""
        if code in self.by_code or self.is_case_sensitive:
            return self.by_code.get(code)
        return self.by_code.get(self._folded.get(code.lower(), ""))

    def of_codes(self, codes: Iterable[str]) -> list[Concept]:
        """The concepts of these codes, as far as there are any, each once."""
        found = (self.find(code) for code in codes)
        return list({concept.code: concept for concept in found if concept}.values())

    def listing(self, filters: list[Resource]) -> "ConceptListing | None":
        """All concepts that pass these filters, as a sequence of which only a part need be read; None if it has none.

        A code system that is held in memory is walked through instead.
        """
        return None

    def means(self, code: str, concept: Concept) -> bool:
        """Whether a code, in the case that the code system asks for, is that of one of its concepts."""
        if code == concept.code or self.is_case_sensitive:
            return code == concept.code
        return self.find(code) is concept

    def property_code(self, name: str, default: str = "") -> str:
        """The code that this code system gives to a standard concept property; it may have another name for it."""
        uri = PROPERTIES + name
        declared = self.resource.get("property", [])
        by_uri = next((entry["code"] for entry in declared if entry.get("uri") == uri), None)
        return by_uri or default or name

    def property_uri(self, code: str) -> str | None:
        declared = [*self.resource.get("property", []), *self._supplemented_properties]
        return next((entry.get("uri") for entry in declared if entry.get("code") == code), None)

    def status(self, concept: Concept) -> str | None:
        """The status that the concept has, by property or by the standards-status extension."""
        stated = concept.values(self.property_code("status"))
        return stated[0] if stated else concept.standards_status

    def is_inactive(self, concept: Concept) -> bool:
        """Whether the concept should no longer be used."""
        if any(is_true(value) for value in concept.values(self.property_code("inactive"))):
            return True
        return self.status(concept) in INACTIVE_STATUSES

    def is_abstract(self, concept: Concept) -> bool:
        """Whether the concept only groups others, and is not for use on its own."""
        codes = {self.property_code("notSelectable"), "abstract"}
        return any(is_true(value) for code in codes for value in concept.values(code))

    def ancestors(self, code: str) -> Iterator[str]:
        return self._walk(code, "parents")

    def descendants(self, code: str) -> Iterator[str]:
        return self._walk(code, "children")

    def _walk(self, code: str, direction: str) -> Iterator[str]:
        seen = {code}
        waiting = deque(getattr(self.by_code[code], direction))
        while waiting:
            current = waiting.popleft()
            if current not in seen:
                seen.add(current)
                yield current
                waiting.extend(getattr(self.by_code[current], direction))

    def subsumes(self, above: str, below: str) -> bool:
        """Whether one code is an ancestor of the other."""
        return above in self.ancestors(below)
