"""What a value set contains: includes and excludes, lists and filters, other value sets, versions of code systems.

In: a ValueSet (https://hl7.org/fhir/R4/valueset.html#compositions) and a `Terminology`. Out: its members, in order,
and what was read to find them. Raises FhirError for what cannot be resolved, unless it is told to note it instead.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from content_app.delivery.fhir.terminology.budget import spend
from content_app.delivery.fhir.terminology.concepts import CodeSystemIndex, Concept, ConceptListing, value_of
from content_app.delivery.fhir.terminology.filters import concept_test
from content_app.delivery.fhir.terminology.outcome import FhirError, Issue, Resource, refusal
from content_app.delivery.fhir.terminology.resources import Terminology, listed
from content_app.delivery.fhir.terminology.versions import satisfies, sort_key, split_canonical


@dataclass
class SystemVersions:
    """Which version of a code system to use, by its address: a default, a check, or one that overrides all."""

    default: dict[str, str] = field(default_factory=dict)
    check: dict[str, str] = field(default_factory=dict)
    force: dict[str, str] = field(default_factory=dict)
    value_sets: dict[str, str] = field(default_factory=dict)

    def pattern(self, system: str, given: str | None) -> tuple[str | None, str]:
        """The version that an include means, and which parameter said so."""
        if system in self.force:
            return self.force[system], "force-system-version"
        if given:
            return given, ""
        if system in self.default:
            return self.default[system], "system-version"
        if system in self.check:
            return self.check[system], "check-system-version"
        return None, ""


@dataclass(frozen=True)
class Member:
    """One concept of a value set. `listed` is its entry in the value set, if it stands there by name.

    Members of one `group` may be shown as a tree; those of group 0 stand each for itself.
    """

    concepts: CodeSystemIndex
    concept: Concept
    listed: Resource | None
    group: int
    is_filtered: bool = False

    @property
    def key(self) -> tuple[str, str | None, str]:
        return (self.concepts.url, self.concepts.version, self.concept.code)

    @property
    def version(self) -> str:
        """The version of the code system that it is from."""
        return self.concepts.version or ""


class Listing(Sequence[Member]):
    """Members that are read where they are asked for."""

    def __init__(self, concepts: CodeSystemIndex, found: ConceptListing, group: int, *, is_filtered: bool):
        self.concepts = concepts
        self.found = found
        self.group = group
        self.is_filtered = is_filtered

    def __len__(self) -> int:
        return len(self.found)

    def __getitem__(self, wanted: Any) -> Any:
        if isinstance(wanted, slice):
            return [self._member(concept) for concept in self.found[wanted]]
        return self._member(self.found[wanted])

    def __iter__(self) -> Iterator[Member]:
        return map(self._member, self.found)

    def having(self, words: list[str]) -> Sequence[Member]:
        """Those that may have all of these words in a name or in the code; all, if that cannot be looked up."""
        found = self.found.having(words)
        return self if found is None else [self._member(concept) for concept in found]

    def _member(self, concept: Concept) -> Member:
        return Member(self.concepts, concept, None, self.group, is_filtered=self.is_filtered)


@dataclass(frozen=True)
class Include:
    """How one include was read: the version it names, the pattern that was used, and what that came to."""

    system: str
    given: str | None
    pattern: str | None
    concepts: CodeSystemIndex | None


class ValueSetReader:
    """Reads value sets. `preferred` is the version that the code to be validated names, by system.

    With `notes_gaps`, a code system that is not known leaves a gap instead of ending the reading. With `about`, only
    members of these codes are read, where the value set does not list its members.
    """

    def __init__(
        self,
        terminology: Terminology,
        versions: SystemVersions,
        *,
        preferred: dict[str, str] | None = None,
        notes_gaps: bool = False,
        about: Collection[str] | None = None,
    ):
        self.terminology = terminology
        self.versions = versions
        self.preferred = preferred or {}
        self.notes_gaps = notes_gaps
        self.about = about
        self.includes: list[Include] = []
        self.used_parameters: dict[str, str] = {}
        self.used_code_systems: dict[str, CodeSystemIndex] = {}
        self.used_value_sets: dict[str, Resource] = {}
        self.is_merged = False
        self._groups = 0
        self._read_before: dict[str, Sequence[Member]] = {}

    def members(
        self, value_set: Resource, *, with_inactive: bool = False, path: tuple[str, ...] = ()
    ) -> Sequence[Member]:
        """The members of a value set, each once. Those that are inactive are left out if the value set says so."""
        name = canonical_of(value_set)
        if name and name in path:
            raise circular(name, path)
        path = (*path, name) if name else path
        compose = value_set.get("compose") or compose_of_expansion(value_set)
        if compose is None:
            raise refusal(
                422, "not-supported", f"The value set '{name}' has no definition to work from", kind="vs-invalid"
            )
        listing = self._listing(compose)
        if listing is not None:
            return listing
        kept = self._kept(value_set, compose, path)
        if compose.get("exclude"):  # what is left may lack the concepts that a tree would hang on
            kept = [replace(member, group=0) for member in kept]
        if compose.get("inactive") is False and not with_inactive:
            return [member for member in kept if not member.concepts.is_inactive(member.concept)]
        return kept

    def _listing(self, compose: Resource) -> "Listing | None":
        """The members of a value set that is a part of one code system, if they need not all be read to be listed."""
        include, *others = compose.get("include", []) or [{}]
        is_plain = include.get("system") and include.keys() <= {"system", "version", "filter"}
        if not is_plain or others or self.about is not None or compose.keys() - {"include", "lockedDate"}:
            return None
        concepts = self._meant(include["system"], include.get("version"))[1]
        found = concepts.listing(include.get("filter", [])) if concepts else None
        if concepts is None or found is None:
            return None
        self._read(include["system"], include.get("version"))
        self._groups += 1
        return Listing(concepts, found, self._groups, is_filtered=bool(include.get("filter")))

    def _kept(self, value_set: Resource, compose: Resource, path: tuple[str, ...]) -> list[Member]:
        """What is included and not excluded: each code once, or once for each version of its code system."""
        is_merged = _versions_match(value_set, compose)
        self.is_merged = self.is_merged or is_merged
        found: dict[tuple[str, str | None, str], Member] = {}
        for place, include in enumerate(compose.get("include", [])):
            for member in self._include(include, value_set, path, f"ValueSet.compose.include[{place}]"):
                key = _key(member, is_merged=is_merged)
                if key not in found or sort_key(found[key].version) < sort_key(member.version):
                    found[key] = member
        for place, exclude in enumerate(compose.get("exclude", [])):
            for member in self._include(exclude, value_set, path, f"ValueSet.compose.exclude[{place}]"):
                found.pop(_key(member, is_merged=is_merged), None)
        return list(found.values()) if is_merged else _newest_first(list(found.values()), compose)

    def _include(self, include: Resource, source: Resource, path: tuple[str, ...], place: str) -> Iterator[Member]:
        imported = [self._imported(canonical, source, path) for canonical in include.get("valueSet", [])]
        others = [{(member.concepts.url, member.concept.code) for member in members} for members in imported]
        if system := include.get("system"):
            candidates: Iterator[Member] = self._of_system(system, include, place)
        elif imported:
            candidates, others = (replace(member, group=0) for member in imported[0]), others[1:]
        else:
            raise refusal(400, "invalid", "An include must have a system or a value set", kind="vs-invalid", path=place)
        for member in candidates:
            spend()
            if all((member.concepts.url, member.concept.code) in keys for keys in others):
                yield member

    def _imported(self, canonical: str, source: Resource, path: tuple[str, ...]) -> Sequence[Member]:
        if canonical.startswith("#"):
            contained = next((entry for entry in source.get("contained", []) if entry.get("id") == canonical[1:]), None)
            if contained is None:
                raise refusal(400, "invalid", f"There is no contained value set {canonical}", kind="vs-invalid")
            return self.members(contained, path=path)
        url, version = split_canonical(canonical)
        pinned = None if version else self.versions.value_sets.get(url)
        if pinned and not self.notes_gaps and self.terminology.find("ValueSet", url, pinned) is None:
            text = f"Unable to find included value set '{url}' version '{pinned}'"
            raise refusal(404, "not-found", text, kind="not-found", message_id="VS_EXP_IMPORT_UNK_PINNED")
        if pinned:
            self.used_parameters["default-valueset-version"] = f"{url}|{pinned}"
        found = self.terminology.value_set(url, version or pinned)
        name = canonical_of(found)
        self.used_value_sets[name] = found
        if name not in self._read_before:  # once each, or a few value sets could import each other a billion times
            self._read_before[name] = self.members(found, path=path)
        return self._read_before[name]

    def _of_system(self, system: str, include: Resource, place: str) -> Iterator[Member]:
        concepts = self._read(system, include.get("version"))
        if concepts is None:
            return
        if self.terminology.is_brought(system):
            spend(len(include.get("concept", concepts.by_code)) * (1 + len(include.get("filter", []))))
        self._groups += 1
        group = self._groups
        tests = [
            concept_test(concepts, entry, f"{place}.filter[{number}]")
            for number, entry in enumerate(include.get("filter", []))
        ]
        if "concept" in include:
            for entry in include["concept"]:
                concept = concepts.find(entry.get("code", ""))
                if concept and all(test(concept) for test in tests):
                    yield Member(concepts, concept, entry, 0)
            return
        for concept in concepts.by_code.values() if self.about is None else concepts.of_codes(self.about):
            if all(test(concept) for test in tests):
                yield Member(concepts, concept, None, group, is_filtered=bool(tests))

    def _read(self, system: str, given: str | None) -> CodeSystemIndex | None:
        """The version of a code system that an include means. Notes what it was. Raises FhirError if there is none."""
        pattern, parameter = self.versions.pattern(system, given)
        known, concepts = self._meant(system, given)
        self.includes.append(Include(system, given, pattern, concepts))
        if parameter and concepts:
            self.used_parameters[parameter] = f"{system}|{pattern}"
        if concepts is None:
            if self.notes_gaps:
                return None
            raise unknown_code_system(system, pattern, known)
        if not self.notes_gaps:
            self._check(concepts)
            require_content(concepts)
        self.used_code_systems[concepts.canonical] = concepts
        return concepts

    def _meant(self, system: str, given: str | None) -> tuple[list[str], CodeSystemIndex | None]:
        """The versions of a code system that are known, and the one that an include means."""
        pattern, _ = self.versions.pattern(system, given)
        wanted = self.preferred.get(system)
        known = self.terminology.versions("CodeSystem", system)
        use = wanted if wanted in known and (pattern is None or satisfies(wanted, pattern)) else pattern
        return known, self.terminology.code_system(system, use)

    def _check(self, concepts: CodeSystemIndex) -> None:
        issue = check_issue(self.versions, concepts)
        if issue:
            raise FhirError(422, [issue])


def _key(member: Member, *, is_merged: bool) -> tuple[str, str | None, str]:
    url, version, code = member.key
    return (url, None if is_merged else version, code)


def compose_of_expansion(value_set: Resource) -> Resource | None:
    """What a value set that is only an expansion contains, as includes; None without an expansion.

    Raises FhirError 422 for one that is a page of a longer expansion: what it lacks would count as not contained.
    """
    expansion = value_set.get("expansion")
    if not expansion:
        return None
    waiting, listed = list(reversed(expansion.get("contains", []))), 0
    includes: dict[tuple[str, str | None], list[Resource]] = {}
    while waiting:
        entry = waiting.pop()
        listed += 1
        waiting.extend(reversed(entry.get("contains", [])))
        if entry.get("code") and not entry.get("abstract"):
            kept = {key: entry[key] for key in ("code", "display", "designation", "extension") if key in entry}
            includes.setdefault((entry.get("system", ""), entry.get("version")), []).append(kept)
    if listed < expansion.get("total", 0):
        text = f"The expansion lists {listed} of {expansion['total']} codes, and the value set has no definition"
        raise refusal(422, "incomplete", text, kind="vs-invalid", path="ValueSet.expansion")
    return {
        "include": [
            {"system": system, **({"version": version} if version else {}), "concept": concepts}
            for (system, version), concepts in includes.items()
        ]
    }


def _newest_first(members: list[Member], compose: Resource) -> list[Member]:
    """The members, those of a later version of a code system before those of an earlier one.

    This holds for code systems of which every include names a version; others stay in the order of the includes. Each
    code system keeps its places: with one version of each, nothing moves.
    """
    unversioned = {include.get("system") for include in compose.get("include", []) if not include.get("version")}
    of_system: dict[str, list[Member]] = {}
    for member in members:
        of_system.setdefault(member.concepts.url, []).append(member)
    for url in of_system.keys() - unversioned:
        of_system[url].sort(key=lambda member: sort_key(member.version), reverse=True)
    waiting = {url: iter(own) for url, own in of_system.items()}
    return [next(waiting[member.concepts.url]) for member in members]


def _versions_match(value_set: Resource, compose: Resource) -> bool:
    """Whether a code is the same in every version of its code system.

    The value set says so itself, as its expansion parameter `versionsMatch`. If it does not, then it means so when
    it excludes a whole version that it does not include: to exclude that would otherwise do nothing.
    """
    said = expansion_parameter(value_set, "versionsMatch")
    if said is not None:
        return str(said).lower() == "true"
    included: dict[str, set[str | None]] = {}
    for include in compose.get("include", []):
        included.setdefault(include.get("system", ""), set()).add(include.get("version"))
    return any(
        exclude.get("version") and None not in versions and exclude["version"] not in versions
        for exclude in compose.get("exclude", [])
        if (versions := included.get(exclude.get("system", "")))
    )


def expansion_parameter(value_set: Resource, name: str) -> Any:
    """The value of an expansion parameter that a value set sets for itself; None if it does not."""
    for extension in value_set.get("extension", []) + value_set.get("compose", {}).get("extension", []):
        parts = {part.get("url"): value_of(part) for part in extension.get("extension", [])}
        if extension.get("url", "").endswith("valueset-expansion-parameter") and parts.get("name") == name:
            return parts.get("value")
    return None


def check_issue(versions: SystemVersions, concepts: CodeSystemIndex, path: str = "") -> Issue | None:
    """The issue that a version is not one that `check-system-version` allows."""
    required = versions.check.get(concepts.url)
    if required is None or concepts.url in versions.force or satisfies(concepts.version or "", required):
        return None
    return Issue(
        "error",
        "exception",
        f"The version '{concepts.version}' is not allowed for system '{concepts.url}': "
        f"required to be '{required}' by a version-check parameter",
        "version-error",
        path,
        "VALUESET_VERSION_CHECK",
    )


def require_content(concepts: CodeSystemIndex) -> None:
    """Refuse a code system whose concepts are not at hand (codesystem.html, CodeSystem.content)."""
    if concepts.content in ("not-present", "example"):
        raise refusal(
            422,
            "not-supported",
            f"The code system {concepts.canonical} is known, but without its content",
            kind="not-found",
        )


def canonical_of(value_set: Resource) -> str:
    url, version = value_set.get("url", ""), value_set.get("version")
    return f"{url}|{version}" if url and version else url


def circular(name: str, path: tuple[str, ...]) -> FhirError:
    return refusal(
        422,
        "processing",
        f"Found a circularity pointing to {name} processing ValueSet with pathway [{', '.join(path)}]",
        kind="vs-invalid",
        message_id="VALUESET_CIRCULAR_REFERENCE",
    )


def unknown_code_system(system: str, version: str | None, known: list[str]) -> FhirError:
    """The error that an expansion needs a code system that is not here."""
    if version and known:
        text = (
            f"A definition for CodeSystem '{system}' version '{version}' could not be found, so the value set cannot "
            f"be expanded. Valid versions: {listed(known)}"
        )
        return refusal(422, "not-found", text, kind="not-found", message_id="UNKNOWN_CODESYSTEM_VERSION_EXP")
    text = f"A definition for CodeSystem '{system}' could not be found, so the value set cannot be expanded"
    return refusal(422, "not-found", text, kind="not-found", message_id="UNKNOWN_CODESYSTEM_EXP")
