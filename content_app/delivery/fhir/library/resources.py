"""The FHIR resources of one release, each made when it is first asked for and kept.

In: an `Edition`, and how to get at the editions of earlier releases. Out: resources by type and id, and a `Shelf`.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property

from content_app.delivery.fhir.library import (
    codesystem,
    composition,
    conceptmaps,
    hl7_code_systems,
    valuesets,
)
from content_app.delivery.fhir.library.edition import Document, Edition
from content_app.delivery.fhir.library.identity import release_of, version_of
from content_app.delivery.fhir.terminology.canonical_urls import CODE_SYSTEM
from content_app.delivery.fhir.terminology.concepts import CodeSystemIndex
from content_app.delivery.fhir.terminology.outcome import Resource, refusal
from content_app.delivery.fhir.terminology.parameters import Pairs

Resources = dict[str, Resource]


class Library:
    """All resources of a release."""

    def __init__(self, edition: Edition, earlier: Callable[[int], "Library"]):
        self.edition = edition
        self.release = edition.release
        self._earlier = earlier
        self._concepts: dict[str, CodeSystemIndex] = {}
        self._compositions: Resources = {}

    @cached_property
    def unchanging(self) -> dict[str, Resources]:
        """Resources by type and id that are as many in every release, however large the library."""
        moment = (self.edition.release, self.edition.published_at)
        made = {
            "CodeSystem": [*codesystem.vocabularies(self.edition), *hl7_code_systems.code_systems(*moment)],
            "ValueSet": [*valuesets.by_properties(self.edition), *hl7_code_systems.value_sets(*moment)],
            "NamingSystem": [conceptmaps.naming_system(self.edition)],
        }
        return {kind: {entry["id"]: entry for entry in entries} for kind, entries in made.items()}

    @cached_property
    def by_kind(self) -> dict[str, Resources]:
        """Resources by type and id, but for Compositions, which are made one by one (see `prose`)."""
        edition = self.edition
        own, of_hl7 = parted(self.unchanging["ValueSet"].values())
        conditions = (document for document in edition.coded if document["kind"] == "condition")
        made = {
            "CodeSystem": [codesystem.code_system(edition), *self.unchanging["CodeSystem"].values()],
            "ValueSet": [*own, *(valuesets.symptoms(edition, document) for document in conditions), *of_hl7],
            "ConceptMap": conceptmaps.concept_maps(edition),
            "NamingSystem": [*self.unchanging["NamingSystem"].values()],
        }
        return {kind: {entry["id"]: entry for entry in entries} for kind, entries in made.items()}

    @cached_property
    def _by_url(self) -> dict[tuple[str, str], Resource]:
        entries = [(kind, entry) for kind, entries in self.by_kind.items() for entry in entries.values()]
        return {(kind, entry["url"]): entry for kind, entry in entries if "url" in entry}

    def named(self, kind: str, url: str) -> Resource | None:
        """A resource of this release by its canonical address."""
        return self._by_url.get((kind, url))

    def read(self, kind: str, resource_id: str) -> Resource | None:
        """A resource by its id. Raises FhirError 410 for a withdrawn item."""
        if kind != "Composition":
            return self.by_kind.get(kind, {}).get(resource_id)
        document = self.document(resource_id)
        return self.prose(document) if document else None

    def prose(self, document: Document) -> Resource:
        """The Composition of a document."""
        made = self._compositions.get(document["id"])
        if made is None:
            made = self._compositions[document["id"]] = composition.composition(self.edition, document)
        return made

    def document(self, item_id: str) -> Document | None:
        """The document of an item that can be shown. Raises FhirError 410 for one that is withdrawn."""
        document = self.edition.by_id.get(item_id)
        if document and document.get("withdrawn"):
            other = document["replaced_by"]
            hint = f" It is replaced by Composition/{other['id']}." if other else ""
            raise refusal(410, "deleted", f"“{document['name']}” has been withdrawn.{hint}")
        return document

    def among(self, kind: str, asked: Pairs) -> Sequence[Resource]:
        """Resources of a type, in a stable order, with all that fit these search parameters among them.

        HL7's own code systems and value sets are found by whoever names them, and are no part of a list.
        """
        return self.all(kind) if names_some(asked) else parted(self.all(kind))[0]

    def all(self, kind: str) -> Sequence[Resource]:
        """All resources of a type, in a stable order."""
        if kind == "Composition":
            return [self.prose(document) for document in self.edition.living]
        return list(self.by_kind.get(kind, {}).values())

    def at(self, version: str) -> "Library | None":
        """The library in the release that a version means; None for one that has not been."""
        release = release_of(version)
        if release == self.release:
            return self
        return self._earlier(release) if release and release < self.release else None

    # The shelf that operations take resources from.

    def versions(self, kind: str, url: str) -> list[str | None]:
        if (kind, url) == ("CodeSystem", CODE_SYSTEM):  # it has been there from the first release on
            return [version_of(release) for release in range(1, self.release + 1)]
        found = self.named(kind, url)
        if found is None:
            return []
        if found["version"] != version_of(self.release):  # not the library's own, so the same in every release
            return [found["version"]]
        return [version_of(release) for release in range(self.since(found["id"]), self.release + 1)]

    def since(self, resource_id: str) -> int:
        """The release in which a resource first was."""
        return 1

    def resource(self, kind: str, url: str, version: str | None) -> Resource:
        found = self._at(kind, url, version).named(kind, url)
        if found is None:
            raise LookupError(url)
        return found

    def concepts(self, url: str, version: str | None) -> CodeSystemIndex:
        there = self._at("CodeSystem", url, version)
        if url not in there._concepts:
            there._concepts[url] = CodeSystemIndex(there.resource("CodeSystem", url, version))
        return there._concepts[url]

    def concept_maps(self, about: Iterable[Resource]) -> list[Resource]:
        return list(self.by_kind["ConceptMap"].values())

    def _at(self, kind: str, url: str, version: str | None) -> "Library":
        """The library that has this version of the resource. Raises LookupError."""
        found = self.named(kind, url)
        is_here = found is not None and found["version"] == version
        there = self if is_here else self.at(version or "")
        if there is None:
            raise LookupError(version)
        return there


def names_some(asked: Pairs) -> bool:
    """Whether a search says which resources it means."""
    return any(name in ("_id", "url", "system", "reference") for name, _ in asked)


def parted(entries: Iterable[Resource]) -> tuple[list[Resource], list[Resource]]:
    """The library's own resources, and HL7's."""
    given = list(entries)
    own = [entry for entry in given if not hl7_code_systems.is_of_hl7(entry)]
    return own, [entry for entry in given if hl7_code_systems.is_of_hl7(entry)]
