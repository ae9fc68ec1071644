"""`ValueSet/$expand`: the members of a value set as a list or a tree.

In: a ValueSet, a `Terminology`, the parameters, the time. Out: the ValueSet with its expansion
(https://hl7.org/fhir/R4/valueset-operation-expand.html). Properties stand in the extensions that R5 defines for R4.
"""

import unicodedata
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import replace

from content_app.delivery.fhir.terminology.compose import (
    Listing,
    Member,
    ValueSetReader,
    canonical_of,
    expansion_parameter,
)
from content_app.delivery.fhir.terminology.concepts import EXTENSION_PROPERTIES, PROPERTIES, value_of
from content_app.delivery.fhir.terminology.displays import named, selected
from content_app.delivery.fhir.terminology.languages import Languages, parse
from content_app.delivery.fhir.terminology.operation_input import OperationInput
from content_app.delivery.fhir.terminology.outcome import Resource, refusal
from content_app.delivery.fhir.terminology.resources import Terminology
from content_app.delivery.fhir.terminology.status_check import standings
from content_app.delivery.search.recognised import recognise

MOST = 1000  # codes, unless a page is asked for
MOST_IN_PAGE = 10_000
Place = tuple[int, tuple[str, str | None, str]]  # the group and the key of a member
R5 = "http://hl7.org/fhir/5.0/StructureDefinition/extension-ValueSet.expansion."
SUPPLEMENT = "http://hl7.org/fhir/StructureDefinition/valueset-supplement"
ECHOED = {
    "activeOnly": "valueBoolean",
    "count": "valueInteger",
    "designation": "valueString",
    "excludeNested": "valueBoolean",
    "excludeNotForUI": "valueBoolean",
    "excludePostCoordinated": "valueBoolean",
    "exclude-system": "valueUri",
    "filter": "valueString",
    "includeDefinition": "valueBoolean",
    "includeDesignations": "valueBoolean",
    "offset": "valueInteger",
}
METADATA = (
    "resourceType", "id", "meta", "language", "url", "identifier", "version", "name", "title", "status", "experimental",
    "date", "publisher", "contact", "useContext", "jurisdiction", "immutable", "copyright",
)  # fmt: skip
DEFINITION = ("compose", "contained", "description", "extension", "purpose", "text")
STATUS = "http://hl7.org/fhir/StructureDefinition/structuredefinition-standards-status"
KEPT_EXTENSIONS = (
    STATUS,
    "http://hl7.org/fhir/StructureDefinition/codesystem-alternate",
    "http://hl7.org/fhir/StructureDefinition/rendering-style",
    "http://hl7.org/fhir/StructureDefinition/rendering-xhtml",
    "http://hl7.org/fhir/StructureDefinition/valueset-concept-definition",
    "http://hl7.org/fhir/StructureDefinition/valueset-deprecated",
)


def expand(value_set: Resource, terminology: Terminology, inputs: OperationInput, now: str) -> Resource:
    """The value set with its expansion. Raises FhirError if it cannot be expanded."""
    reader = ValueSetReader(terminology, inputs.system_versions())
    languages = wanted_languages(value_set, inputs)
    members: Sequence[Member] = reader.members(value_set)
    if inputs.flag("activeOnly"):
        members = [member for member in members if not member.concepts.is_inactive(member.concept)]
    if words := folded(inputs.one("filter", "")).split():
        members = members.having(words) if isinstance(members, Listing) else members
        members = [replace(m, group=m.group if m.is_filtered else 0) for m in members if _answers(m, words)]
    if inputs.flag("excludeNotForUI"):
        members = [member for member in members if not member.concepts.is_abstract(member.concept)]
    if unwanted := set(inputs.all("exclude-system")):
        members = [
            member for member in members if unwanted.isdisjoint((member.concepts.url, member.concepts.canonical))
        ]
    shown = _page(members, inputs, value_set)
    contents = Contents(reader, inputs, languages)
    tree = contents.tree(shown, is_flat=inputs.flag("excludeNested") or len(shown) != len(members))
    extensions = [*_unclosed(reader), *tree.pop("extension", [])]
    expansion = {
        **({"extension": extensions} if extensions else {}),
        "identifier": uuid.uuid4().urn,
        "timestamp": now,
        "total": len(members),
        **({"offset": inputs.one("offset", 0)} if inputs.has("offset") or inputs.has("count") else {}),
        "parameter": _echo(inputs, languages, reader, value_set),
        **tree,
    }
    kept = METADATA + (DEFINITION if inputs.flag("includeDefinition") else ())
    return {key: value_set[key] for key in kept if key in value_set} | {"expansion": expansion}


def wanted_languages(value_set: Resource, inputs: OperationInput) -> Languages:
    """The languages that the request, the value set, the header or again the value set asks for, in this order."""
    for text, is_strict in (
        (inputs.one("displayLanguage"), True),
        (expansion_parameter(value_set, "displayLanguage"), True),
        (inputs.accept_language, False),
        (value_set.get("language"), False),
    ):
        languages = parse(text, is_strict=is_strict)
        if languages.text:
            return languages
    return parse(None)


def required_supplements(value_set: Resource) -> list[str]:
    """The supplements that a value set cannot be read without (extension valueset-supplement)."""
    extensions = value_set.get("extension", [])
    return [value_of(entry) for entry in extensions if entry.get("url") == SUPPLEMENT]


def folded(text: str) -> str:
    """Without case and accents."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def _answers(member: Member, words: list[str]) -> bool:
    """Whether every word stands in one of the names, or in the code."""
    concept = member.concept
    names = [concept.code, concept.display or "", *(entry.get("value", "") for entry in concept.designations)]
    texts = [folded(name) for name in names]
    return any(all(word in text for word in words) for text in texts)


def _page(members: Sequence[Member], inputs: OperationInput, value_set: Resource) -> list[Member]:
    offset, count = inputs.one("offset", 0), inputs.one("count")
    if count is None:
        if len(members) - offset > MOST:
            name = canonical_of(value_set)
            text = f"The value set '{name}' expansion has too many codes to produce (>{MOST})"
            raise refusal(422, "too-costly", text, message_id="VALUESET_TOO_COSTLY")
        return list(members[offset:])
    shown = list(members[offset : offset + count])
    if len(shown) > MOST_IN_PAGE:
        text = f"A page can have at most {MOST_IN_PAGE} codes: use a smaller “count”, and “offset” for the next pages"
        raise refusal(422, "too-costly", text, path="count", message_id="VALUESET_TOO_COSTLY")
    return shown


def _echo(inputs: OperationInput, languages: Languages, reader: ValueSetReader, value_set: Resource) -> list[Resource]:
    """What the expansion was made with, and of."""
    given = [{"name": name, ECHOED[name]: value} for name, value in inputs.pairs if name in ECHOED]
    if languages.text:
        given.append({"name": "displayLanguage", "valueCode": languages.text})
    given += [{"name": name, "valueUri": canonical} for name, canonical in reader.used_parameters.items()]
    if reader.is_merged:
        given.append({"name": "versionsMatch", "valueBoolean": True})
    given += [{"name": "used-codesystem", "valueUri": canonical} for canonical in reader.used_code_systems]
    given += [{"name": "used-fragment", "valueUri": canonical} for canonical in _fragments(reader)]
    given += [{"name": "used-valueset", "valueUri": canonical} for canonical in reader.used_value_sets]
    supplements = dict.fromkeys(name for used in reader.used_code_systems.values() for name in used.supplements)
    given += [{"name": "used-supplement", "valueUri": canonical} for canonical in supplements]
    if seek_help := recognise(str(inputs.one("filter", ""))).seek_help:
        given.insert(0, {"name": "message", "valueString": seek_help["text"]})
    return given + [
        {"name": f"warning-{standing.status}", "valueUri": standing.canonical}
        for standing in standings(reader, value_set)
    ]


def _fragments(reader: ValueSetReader) -> list[str]:
    return [name for name, concepts in reader.used_code_systems.items() if concepts.content == "fragment"]


def _unclosed(reader: ValueSetReader) -> list[Resource]:
    """Says that an expansion over a fragment of a code system may lack codes."""
    urls = dict.fromkeys(name.partition("|")[0] for name in _fragments(reader))
    if not urls:
        return []
    reason = f"This extension is based on a fragment of the code system {' and '.join(urls)}"
    return [
        {"url": "http://hl7.org/fhir/StructureDefinition/valueset-unclosed", "valueBoolean": True},
        {"url": "http://hl7.org/fhir/StructureDefinition/valueset-unclosed-reason", "valueString": reason},
    ]


def _chain(place: Place, above: dict[Place, Place]) -> Iterator[Place]:
    """A place and all that it hangs on."""
    current: Place | None = place
    while current is not None:
        yield current
        current = above.get(current)


class Contents:
    """Writes members as `expansion.contains`, with the properties that are asked for."""

    def __init__(self, reader: ValueSetReader, inputs: OperationInput, languages: Languages):
        self.inputs = inputs
        self.languages = languages
        self.wanted = list(dict.fromkeys(inputs.all("property")))
        self.declared: dict[str, str | None] = {}
        systems: dict[str, set[str]] = {}
        for concepts in reader.used_code_systems.values():
            systems.setdefault(concepts.url, set()).add(concepts.version or "")
        named_twice: dict[str, set[str | None]] = {}
        for include in reader.includes:
            named_twice.setdefault(include.system, set()).add(include.given)
        self.several = {url for url in systems if len(systems[url]) > 1 or len(named_twice.get(url, ())) > 1}

    def tree(self, members: list[Member], *, is_flat: bool) -> Resource:
        """`contains`, and what the properties in it mean."""
        entries = {(member.group, member.key): self.entry(member) for member in members}
        above: dict[Place, Place] = {}
        top: list[Resource] = []
        for member in members:
            place = (member.group, member.key)
            found_above = None if is_flat or not member.group else self._above(member, entries)
            if found_above is None or place in _chain(found_above, above):  # a circle is cut where it closes
                top.append(entries[place])
            else:
                above[place] = found_above
                entries[found_above].setdefault("contains", []).append(entries[place])
        found: Resource = {}
        if self.declared:
            found["extension"] = [_declaration(code, uri) for code, uri in self.declared.items()]
        if top:
            found["contains"] = top
        return found

    def _above(self, member: Member, entries: dict[Place, Resource]) -> Place | None:
        """The nearest ancestor that is a member too."""
        url, version, code = member.key
        places = ((member.group, (url, version, ancestor)) for ancestor in member.concepts.ancestors(code))
        return next((place for place in places if place in entries), None)

    def entry(self, member: Member) -> Resource:
        concepts, concept = member.concepts, member.concept
        names = named(concepts, concept, member.listed, self.languages)
        extensions = [*self._extensions(member), *self._properties(member)]
        entry: Resource = {"extension": extensions} if extensions else {}
        entry["system"] = concepts.url
        if concepts.is_abstract(concept):
            entry["abstract"] = True
        if concepts.is_inactive(concept):
            entry["inactive"] = True
        if concepts.version and concepts.url in self.several:
            entry["version"] = concepts.version
        entry["code"] = concept.code
        if names.display:
            entry["display"] = names.display
        tokens = self.inputs.all("designation")
        is_wanted = self.inputs.flag("includeDesignations", default=bool(tokens))
        if is_wanted and (found := selected(names.designations, tokens)):
            entry["designation"] = found
        return entry

    def _extensions(self, member: Member) -> list[Resource]:
        """The extensions of the concept and of its entry that mean something in an expansion; the entry's win."""
        listed = (member.listed or {}).get("extension", [])
        own = [
            entry for entry in member.concept.extensions if entry.get("url") != STATUS
        ]  # the property `status` says it
        return list({entry["url"]: entry for entry in [*own, *listed] if entry.get("url") in KEPT_EXTENSIONS}.values())

    def _properties(self, member: Member) -> list[Resource]:
        concepts, concept = member.concepts, member.concept
        found: list[tuple[str, Resource]] = list(self._by_extension(member).items())
        for code in self.wanted:
            found += [(code, value) for value in self._values(member, code)]
        code, status = concepts.property_code("status"), concepts.status(concept)
        is_worth_saying = concepts.is_inactive(concept) or status == "deprecated"
        if is_worth_saying and code not in self.wanted:
            self.declared[code] = PROPERTIES + "status"
            found.append((code, {"valueCode": status or "inactive"}))
        return [_property(code, value) for code, value in found]

    def _by_extension(self, member: Member) -> dict[str, Resource]:
        """Order, label and weight, which older resources keep in extensions. The value set's own win."""
        found: dict[str, Resource] = {}
        for extension in [*member.concept.extensions, *(member.listed or {}).get("extension", [])]:
            if extension.get("url") in EXTENSION_PROPERTIES:
                code, uri, key = EXTENSION_PROPERTIES[extension["url"]]
                self.declared[code] = PROPERTIES + uri
                found[code] = {key: value_of(extension)}
        return found

    def _values(self, member: Member, code: str) -> list[Resource]:
        concepts, concept = member.concepts, member.concept
        values = [
            {key: value for key, value in entry.items() if key.startswith("value")}
            for entry in concept.properties
            if entry.get("code") == code
        ]
        if code == "definition" and concept.definition:
            values = [{"valueString": concept.definition}]
        elif code in ("parent", "child") and not values:
            values = [{"valueCode": other} for other in (concept.parents if code == "parent" else concept.children)]
        elif code == "inactive" and not values:
            values = [{"valueBoolean": concepts.is_inactive(concept)}]
        if values:
            built_in = PROPERTIES + code if code in ("definition", "parent", "child", "inactive") else None
            self.declared[code] = concepts.property_uri(code) or built_in
        return values


def _property(code: str, value: Resource) -> Resource:
    return {
        "extension": [{"url": "code", "valueCode": code}, {"url": "value", **value}],
        "url": f"{R5}contains.property",
    }


def _declaration(code: str, uri: str | None) -> Resource:
    parts = [{"url": "code", "valueCode": code}]
    return {"extension": [*([{"url": "uri", "valueUri": uri}] if uri else []), *parts], "url": f"{R5}property"}
