"""Validates codes against a value set: membership, and which version of the code system is meant.

In: codings and a ValueSet. Out: a `Verdict` for each.

The version of a code is weighed against the version that the value set means (by itself, or by a version parameter):
a code of another version is an error even if its code is the same, because its meaning may not be.
"""

from collections.abc import Sequence
from typing import Any

from content_app.delivery.fhir.terminology import validation_issues as found
from content_app.delivery.fhir.terminology.code_check import CodeCheck, Verdict
from content_app.delivery.fhir.terminology.compose import (
    Include,
    Member,
    ValueSetReader,
    canonical_of,
    check_issue,
)
from content_app.delivery.fhir.terminology.concepts import CodeSystemIndex
from content_app.delivery.fhir.terminology.display_check import names_of
from content_app.delivery.fhir.terminology.operation_input import OperationInput
from content_app.delivery.fhir.terminology.outcome import Resource, refusal
from content_app.delivery.fhir.terminology.resources import Terminology
from content_app.delivery.fhir.terminology.status_check import standings
from content_app.delivery.fhir.terminology.validation_issues import CodePlace
from content_app.delivery.fhir.terminology.versions import sort_key

UNIDENTIFIED = "(unidentified)"
DEPRECATED_IN_VALUE_SET = (
    ("http://hl7.org/fhir/StructureDefinition/valueset-deprecated", ("true", True)),
    ("http://hl7.org/fhir/StructureDefinition/structuredefinition-standards-status", ("deprecated", "withdrawn")),
)


class ValueSetCheck(CodeCheck):
    """Validates codes against a value set."""

    def __init__(self, value_set: Resource, terminology: Terminology, inputs: OperationInput, *, is_one_of_many: bool):
        super().__init__(terminology, inputs)
        self.value_set = value_set
        self.name = canonical_of(value_set) or UNIDENTIFIED
        self.is_one_of_many = is_one_of_many
        self.is_incomplete = False

    def verdict(self, coding: Resource, place: CodePlace) -> Verdict:
        verdict = Verdict(dict(coding), place)
        system, version = coding.get("system"), coding.get("version")
        if not coding.get("code"):
            raise refusal(400, "required", "The coding has no code", path=place.path("code"))
        preferred = {system: version} if system and version else {}
        reader = ValueSetReader(
            self.terminology, self.versions, preferred=preferred, notes_gaps=True, about=(coding["code"],)
        )
        members = reader.members(self.value_set, with_inactive=True)
        if not system and self.inputs.flag("inferSystem"):
            system = self._inferred(verdict, members)
        if system:
            verdict.coding["system"] = system
            self._of_system(verdict, reader, members)
        elif not self.inputs.flag("inferSystem"):
            self._outside(verdict)
            verdict.add(found.no_system(place))
        verdict.standings = standings(reader, self.value_set)
        if verdict.is_member or not verdict.issues:
            verdict.issues += [standing.to_issue() for standing in verdict.standings]
        return verdict

    def _inferred(self, verdict: Verdict, members: Sequence[Member]) -> str | None:
        code = verdict.coding["code"]
        systems = list(dict.fromkeys(m.concepts.url for m in members if m.concepts.means(code, m.concept)))
        if len(systems) == 1:
            return systems[0]
        self._outside(verdict)
        verdict.add(found.cannot_infer(code, self.name, systems, verdict.place))
        return None

    def _outside(self, verdict: Verdict) -> None:
        verdict.is_member = False
        issue = found.not_in_value_set(verdict.coding, self.name, verdict.place, is_one_of_many=self.is_one_of_many)
        verdict.add(issue)

    def _of_system(self, verdict: Verdict, reader: ValueSetReader, members: Sequence[Member]) -> None:
        system = verdict.coding["system"]
        known = self.terminology.versions("CodeSystem", system)
        includes = [include for include in reader.includes if include.system == system]
        if not known:
            self._unknown(verdict, is_included=bool(includes))
            return
        asked_version = verdict.coding.get("version")
        of_version = [entry for entry in includes if entry.concepts and entry.concepts.version == asked_version]
        if asked_version and of_version:
            members = [entry for entry in members if entry.concepts is of_version[0].concepts]
            includes = of_version
        member = self._member(verdict, members)
        include = self._include(includes, member)
        if include and include.concepts is None:
            self._missing_version(verdict, include, known)
            return
        concepts = self._concepts(verdict, member, include)
        self._compare_versions(verdict, include, concepts, known)
        concept = self.concept(verdict, concepts, member.listed if member else None, self.value_set)
        if concept is None and concepts.content == "fragment":
            verdict.is_member = True
        elif concept is None or member is None:
            self._outside(verdict)
        else:
            self._admit(verdict, member)

    def _unknown(self, verdict: Verdict, *, is_included: bool) -> None:
        system = verdict.coding["system"]
        if is_included:
            self.is_incomplete = True
            self.unknown_system(verdict, "x-caused-by-unknown-system")
            return
        self._outside(verdict)
        if self.terminology.versions("ValueSet", system):
            verdict.add(found.system_is_value_set(system, verdict.place))
        elif self.is_only_membership:
            return
        else:
            if ":" not in system:
                verdict.add(found.local_system(verdict.place))
            self.unknown_system(verdict, "x-unknown-system")

    def _member(self, verdict: Verdict, members: Sequence[Member]) -> Member | None:
        """The member that the coding means: of its version, with its display, of the latest version."""
        coding = verdict.coding
        fitting = [
            member
            for member in members
            if member.concepts.url == coding["system"] and member.concepts.means(coding["code"], member.concept)
        ]

        def rank(member: Member) -> Any:
            display = coding.get("display")
            is_named = display in [name.value for name in names_of(member.concepts, member.concept, member.listed)]
            version = member.concepts.version or ""
            return version == coding.get("version"), is_named, sort_key(version)

        return max(fitting, key=rank, default=None)

    def _include(self, includes: list[Include], member: Member | None) -> Include | None:
        if member:
            return next((entry for entry in includes if entry.concepts is member.concepts), None)
        return max(
            includes, key=lambda entry: sort_key((entry.concepts.version or "") if entry.concepts else ""), default=None
        )

    def _missing_version(self, verdict: Verdict, include: Include, known: list[str]) -> None:
        """The value set asks for a version that is not here."""
        self.is_incomplete = True
        asked_version = verdict.coding.get("version")
        verdict.version = asked_version if asked_version in known else None
        self.unknown_version(verdict, include.pattern or "", known)
        if asked_version and asked_version != include.pattern:
            place = verdict.place
            system = verdict.coding["system"]
            verdict.add(found.version_mismatch(system, include.pattern, include.given, asked_version, place))

    def _concepts(self, verdict: Verdict, member: Member | None, include: Include | None) -> CodeSystemIndex:
        if member:
            return member.concepts
        if include and include.concepts:
            return include.concepts
        system, version = verdict.coding["system"], verdict.coding.get("version")
        concepts = self.terminology.code_system(system, version) or self.terminology.code_system(system, None)
        if concepts is None:
            raise LookupError(system)
        return concepts

    def _compare_versions(
        self, verdict: Verdict, include: Include | None, concepts: CodeSystemIndex, known: list[str]
    ) -> None:  # fmt: skip
        """The version that the coding names, beside the one that the value set means."""
        system, place = verdict.coding["system"], verdict.place
        asked_version = verdict.coding.get("version")
        if asked_version and asked_version != concepts.version:
            if include and include.pattern is None:
                verdict.add(found.version_of_own_choice(system, concepts.version, asked_version, place))
            elif include:
                verdict.add(found.version_mismatch(system, include.pattern, include.given, asked_version, place))
            if asked_version not in known:
                self.unknown_version(verdict, asked_version, known)
        if include:
            verdict.add(check_issue(self.versions, concepts, place.path("version")))

    def _admit(self, verdict: Verdict, member: Member) -> None:
        """A concept that the value set lists is a member, unless the caller or the value set wants no such concept."""
        verdict.is_member = True
        only_active = self.inputs.flag("activeOnly") or self.value_set.get("compose", {}).get("inactive") is False
        if only_active and member.concepts.is_inactive(member.concept):
            verdict.add(found.not_active(verdict.coding["code"], verdict.place))
            self._outside(verdict)
        elif self.inputs.one("abstract") is False and member.concepts.is_abstract(member.concept):
            verdict.add(found.is_abstract(verdict.coding, verdict.place))
            self._outside(verdict)
        elif _is_deprecated_here(member.listed):
            verdict.add(found.deprecated_in_value_set(verdict.coding, self.name, verdict.place))


def _is_deprecated_here(listed: Resource | None) -> bool:
    return any(
        entry.get("url") == url and any(value in values for key, value in entry.items() if key.startswith("value"))
        for entry in (listed or {}).get("extension", [])
        for url, values in DEPRECATED_IN_VALUE_SET
    )
