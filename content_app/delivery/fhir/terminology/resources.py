"""Finds code systems, value sets and concept maps by canonical address: those of the library, and those brought along.

In: a `Shelf` of the library's resources, and resources that came with the request. Out: the version that is asked for.
What the library holds cannot be replaced by what comes with a request: its answers would be given in its name.
"""

from collections.abc import Iterable
from typing import Protocol

from content_app.delivery.fhir.terminology.concepts import CodeSystemIndex
from content_app.delivery.fhir.terminology.outcome import FhirError, Resource, refusal
from content_app.delivery.fhir.terminology.versions import best, split_canonical


class Shelf(Protocol):
    """Where resources come from. Versions are what the resources say; None is a resource without one."""

    def versions(self, kind: str, url: str) -> list[str | None]: ...

    def resource(self, kind: str, url: str, version: str | None) -> Resource: ...

    def concepts(self, url: str, version: str | None) -> CodeSystemIndex: ...

    def concept_maps(self, about: Iterable[Resource]) -> list[Resource]:
        """The concept maps. Lines that are about none of these codings may be missing."""
        ...


class Brought:
    """The resources that came with a request, as a shelf."""

    def __init__(self, resources: Iterable[Resource]):
        self._resources: dict[tuple[str, str, str | None], Resource] = {}
        self.supplements: list[Resource] = []
        self.maps: list[Resource] = []
        self._indexed: dict[tuple[str, str | None], CodeSystemIndex] = {}
        for resource in resources:
            if resource.get("content") == "supplement":
                self.supplements.append(resource)
            elif resource.get("resourceType") == "ConceptMap":
                self.maps.append(resource)
            elif "url" in resource:
                key = (str(resource.get("resourceType")), resource["url"], resource.get("version"))
                self._resources[key] = resource

    def versions(self, kind: str, url: str) -> list[str | None]:
        return [version for a_kind, a_url, version in self._resources if (a_kind, a_url) == (kind, url)]

    def resource(self, kind: str, url: str, version: str | None) -> Resource:
        return self._resources[kind, url, version]

    def concepts(self, url: str, version: str | None) -> CodeSystemIndex:
        if (url, version) not in self._indexed:
            self._indexed[url, version] = CodeSystemIndex(self.resource("CodeSystem", url, version))
        return self._indexed[url, version]

    def supplement_named(self, url: str) -> str | None:
        """The canonical address of a supplement, which is no code system of its own."""
        found = next((entry for entry in self.supplements if entry.get("url") == url), None)
        if found is None:
            return None
        return f"{url}|{found['version']}" if found.get("version") else url

    def concept_maps(self, about: Iterable[Resource]) -> list[Resource]:
        return self.maps


class Terminology:
    """All that a request can be answered from."""

    def __init__(self, library: Shelf, brought: Brought | None = None, supplements: Iterable[str] = ()):
        self.brought = brought or Brought([])
        self.shelves: tuple[Shelf, ...] = (library, self.brought)
        self.supplements = [self.supplement(canonical) for canonical in supplements]
        self._supplemented: dict[tuple[str, str | None], CodeSystemIndex] = {}

    def supplement(self, canonical: str) -> Resource:
        """The supplement of this address. Raises FhirError: leaving it out would change names without a word."""
        url, version = split_canonical(canonical)
        for resource in self.brought.supplements:
            if resource.get("url") == url and version in (None, resource.get("version")):
                return resource
        raise refusal(
            404,
            "not-found",
            f"Required supplement not found: {canonical}",
            kind="not-found",
            message_id="VALUESET_SUPPLEMENT_MISSING",
        )

    def versions(self, kind: str, url: str) -> list[str]:
        """Every version that is known of an address; an empty string for a resource without a version."""
        shelf = self._shelf(kind, url)
        return sorted(version or "" for version in shelf.versions(kind, url)) if shelf else []

    def find(self, kind: str, url: str, pattern: str | None) -> Resource | None:
        """The latest resource of the address that the version, or version pattern, means."""
        version, shelf = best(self.versions(kind, url), pattern), self._shelf(kind, url)
        if version is None or shelf is None:
            return None
        return shelf.resource(kind, url, version or None)

    def _shelf(self, kind: str, url: str) -> Shelf | None:
        """Where the resources of an address are: in the library, else among those that came with the request."""
        return next((shelf for shelf in self.shelves if shelf.versions(kind, url)), None)

    def is_brought(self, url: str) -> bool:
        """Whether the code system of this address came with the request."""
        return self._shelf("CodeSystem", url) is self.brought

    def code_system(self, url: str, pattern: str | None) -> CodeSystemIndex | None:
        """The concepts of the latest version that the pattern means, with the supplements that are asked for."""
        version, shelf = best(self.versions("CodeSystem", url), pattern), self._shelf("CodeSystem", url)
        if version is None or shelf is None:
            return None
        plain = shelf.concepts(url, version or None)
        wanted = [entry for entry in self.supplements if split_canonical(entry.get("supplements", ""))[0] == url]
        if not wanted:
            return plain
        key = (url, version or None)
        if key not in self._supplemented:
            whole = shelf.resource("CodeSystem", url, version or None)
            self._supplemented[key] = CodeSystemIndex(whole, wanted)
        return self._supplemented[key]

    def value_set(self, canonical: str, version: str | None = None) -> Resource:
        """The value set of an address. Raises FhirError 404 if there is none."""
        url, in_canonical = split_canonical(canonical)
        found = self.find("ValueSet", url, version or in_canonical)
        if found is None:
            raise unknown_value_set(f"{url}|{version}" if version else canonical)
        return found

    def concept_maps(self, about: Iterable[Resource]) -> list[Resource]:
        """All concept maps, as far as they are about these codings."""
        codings = list(about)
        return [resource for shelf in self.shelves for resource in shelf.concept_maps(codings)]


def unknown_value_set(canonical: str) -> FhirError:
    return refusal(
        404,
        "not-found",
        f"A definition for the value Set '{canonical}' could not be found",
        kind="not-found",
        message_id="Unable_to_resolve_value_Set_",
    )


def listed(versions: list[str]) -> str:
    """Versions in words: 1.0.0, 1.1.0 or 1.2.0."""
    return " or ".join(filter(None, [", ".join(versions[:-1]), *versions[-1:]]))
