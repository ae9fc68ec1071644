"""The library of a stored release. A resource is made of the documents that are in it, found by indexed queries.

In: a `Moment`, and how to get at earlier releases. Out: `StoredLibrary`. Only the CodeSystem as a whole, which lists
every item, is made of all documents.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any

from content_app.delivery.fhir.library import codesystem, composition, conceptmaps, valuesets
from content_app.delivery.fhir.library.edition import Document
from content_app.delivery.fhir.library.resources import Library, names_some, parted
from content_app.delivery.fhir.server.stored_concepts import StoredConcepts
from content_app.delivery.fhir.server.stored_edition import (
    InOrder,
    StoredEdition,
    first_editions,
    first_release_of,
    in_order,
)
from content_app.delivery.fhir.terminology.canonical_urls import CODE_SYSTEM, CODE_SYSTEM_ID, canonical
from content_app.delivery.fhir.terminology.concepts import CodeSystemIndex
from content_app.delivery.fhir.terminology.outcome import FhirError, Resource
from content_app.delivery.fhir.terminology.parameters import Pairs
from content_app.delivery.store import own_codes, reading
from content_app.delivery.store.coded import coded
from content_app.vocabulary.addresses import CANONICAL_BASE
from content_app.vocabulary.code_systems import CODE_SYSTEMS, CodeSystem, system_named
from content_app.vocabulary.terms import KINDS

MOST_CODED = 100  # items with one code
MOST_IDS = 1000  # addresses of which it is kept what is there


class StoredLibrary(Library):
    """The library of a stored release."""

    edition: StoredEdition

    def __init__(self, moment: reading.Moment, earlier: Callable[[int], Library]):
        self.moment = moment
        super().__init__(StoredEdition(moment), earlier)
        self.own = StoredConcepts(moment, self._whole, self.edition)
        self._ids: dict[str, str | None] = {}

    # One resource

    def read(self, kind: str, resource_id: str) -> Resource | None:
        if found := self.unchanging.get(kind, {}).get(resource_id):
            return found
        if kind == "ValueSet":
            document = self._condition(resource_id)
            return valuesets.symptoms(self.edition, document) if document else None
        if kind == "ConceptMap":
            return next(
                (self._map(system) for system in self._mapped if conceptmaps.map_id(system) == resource_id), None
            )
        if kind == "CodeSystem":
            return self._code_system if resource_id == CODE_SYSTEM_ID else None
        return super().read(kind, resource_id)

    def prose(self, document: Document) -> Resource:
        return composition.composition(self.edition.part([document]), document)

    def named(self, kind: str, url: str) -> Resource | None:
        if (kind, url) == ("CodeSystem", CODE_SYSTEM):
            return self._code_system
        unchanging = self.unchanging.get(kind, {}).values()
        found = next((entry for entry in unchanging if entry.get("url") == url), None)
        if found is None and kind == "ConceptMap":
            systems = (system for system in self._mapped if canonical(kind, conceptmaps.map_id(system)) == url)
            return next(map(self._map, systems), None)
        if found is None and kind == "ValueSet" and (resource_id := self._symptoms_at(url)):
            return self.read(kind, resource_id)
        return found

    def since(self, resource_id: str) -> int:
        document = self._condition(resource_id)
        return first_release_of(document["id"]) if document else 1

    # Several

    def all(self, kind: str) -> Sequence[Resource]:
        if kind == "Composition":
            return Made(InOrder(self.moment, tuple(KINDS)), self.prose)
        if kind == "ValueSet":
            _, of_hl7 = parted(self.unchanging[kind].values())
            return Chained(self._own_value_sets(), of_hl7)
        if kind == "ConceptMap":
            return [self._map(system) for system in self._mapped]
        found = list(self.unchanging.get(kind, {}).values())
        return [self._code_system, *found] if kind == "CodeSystem" else found

    def among(self, kind: str, asked: Pairs) -> Sequence[Resource]:
        for name, text in asked:
            values = text.split(",")
            if name == "_id":
                return self._there(self._living(kind, value) for value in values)
            if name == "url" and kind in ("CodeSystem", "ValueSet", "ConceptMap"):
                return self._there(self.named(kind, value.partition("|")[0]) for value in values)
            if name == "identifier" and kind == "Composition":
                return self._there(self._living(kind, value.rpartition("urn:uuid:")[2]) for value in values)
        if kind == "ValueSet" and not names_some(asked):
            return self._own_value_sets()
        return self.all(kind) if kind == "Composition" else super().among(kind, asked)

    def _own_value_sets(self) -> Sequence[Resource]:
        own, _ = parted(self.unchanging["ValueSet"].values())
        conditions = InOrder(self.moment, ("condition",), with_withdrawn=True)
        return Chained(own, Made(conditions, lambda document: valuesets.symptoms(self.edition, document)))

    def _living(self, kind: str, resource_id: str) -> Resource | None:
        try:
            return self.read(kind, resource_id)
        except FhirError:  # it has been withdrawn
            return None

    def _there(self, found: Iterable[Resource | None]) -> list[Resource]:
        return list({resource["id"]: resource for resource in found if resource}.values())

    def concept_maps(self, about: Iterable[Resource]) -> list[Resource]:
        known = [(system_named(coding.get("system", "")), coding.get("code", "")) for coding in about]
        found = coded(self.moment, [(system.key, code) for system, code in known if system and code], MOST_CODED)
        part = self.edition.part({document["id"]: document for document, _ in found}.values())
        return [conceptmaps.concept_map(part, system) for system in self._mapped]

    @cached_property
    def _mapped(self) -> list[CodeSystem]:
        """The code systems that items of the release have codings in."""
        return [system for system in CODE_SYSTEMS.values() if reading.has_term(self.moment, "system", system.key)]

    # Made of documents

    def _map(self, system: CodeSystem) -> Resource:
        found = reading.with_term(reading.living(self.moment), "system", system.key)
        return conceptmaps.concept_map(self.edition.part(in_order(found)), system)

    def _condition(self, resource_id: str) -> Document | None:
        """The condition whose symptom types a value set of this id has."""
        said = resource_id.removeprefix(valuesets.SYMPTOMS_OF)
        if said == resource_id:
            return None
        items = [item for item, code in own_codes.items_with([said], self.release).items() if code == said]
        document = self.edition.by_id.get(items[0] if items else said)
        is_it = document and document["kind"] == "condition"
        if not is_it or valuesets.symptoms_id(self.edition.code(document), document["id"]) != resource_id:
            return None
        return document

    def _symptoms_at(self, url: str) -> str | None:
        """The id of the value set of a condition's symptom types that has this address."""
        if url not in self._ids:
            if len(self._ids) >= MOST_IDS:
                self._ids.clear()
            self._ids[url] = self._found_at(url)
        return self._ids[url]

    def _found_at(self, url: str) -> str | None:
        if CANONICAL_BASE:
            head, _, resource_id = url.rpartition("/")
            return resource_id if head == f"{CANONICAL_BASE}/ValueSet" and self._condition(resource_id) else None
        if not url.startswith("urn:uuid:"):
            return None
        for edition in first_editions(self.release, kind="condition"):  # a UUID of version 5 does not say of what
            for code in own_codes.choices(edition):
                resource_id = valuesets.symptoms_id(code, edition.item_id)
                if canonical("ValueSet", resource_id) == url and self._condition(resource_id):
                    return resource_id
        return None

    # The code system

    @cached_property
    def _code_system(self) -> Resource:
        return codesystem.code_system(self.edition.whole)

    def concepts(self, url: str, version: str | None) -> CodeSystemIndex:
        if url != CODE_SYSTEM:
            return super().concepts(url, version)
        there = self.at(version or "")
        if there is None:
            raise LookupError(version)
        return there.own

    @cached_property
    def _whole_index(self) -> CodeSystemIndex:
        return CodeSystemIndex(self._code_system)

    def _whole(self) -> CodeSystemIndex:
        return self._whole_index


class Made(Sequence[Resource]):
    """Resources that are made of documents, each when it is asked for."""

    def __init__(self, documents: InOrder, make: Callable[[Document], Resource]):
        self.documents = documents
        self.make = make

    def __len__(self) -> int:
        return len(self.documents)

    def __getitem__(self, wanted: Any) -> Any:
        first, last, _ = wanted.indices(len(self)) if isinstance(wanted, slice) else (wanted, wanted + 1, 1)
        made = [self.make(document) for document in self.documents.part(first, last)]
        return made if isinstance(wanted, slice) else made[0]

    def __iter__(self) -> Iterator[Resource]:
        return map(self.make, self.documents)


class Chained(Sequence[Resource]):
    """Sequences one after the other, as one."""

    def __init__(self, *parts: Sequence[Resource]):
        self.parts = parts

    def __len__(self) -> int:
        return sum(map(len, self.parts))

    def __getitem__(self, wanted: Any) -> Any:
        if not isinstance(wanted, slice):
            return self[wanted : wanted + 1][0]
        first, last, _ = wanted.indices(len(self))
        found: list[Resource] = []
        for part in self.parts:
            found += part[max(0, first) : max(0, last)]
            first, last = first - len(part), last - len(part)
        return found

    def __iter__(self) -> Iterator[Resource]:
        for part in self.parts:
            yield from part
