"""The issues that validating a code can find: one function each, with the sentence that clients show.

In: what was checked. Out: `Issue`. The kinds, paths and message identifiers are those that FHIR validators act on
(tx-issue-type, and the terminology tests of the FHIR ecosystem); the sentences are the ones they compare.
"""

from dataclasses import dataclass

from content_app.delivery.fhir.terminology.outcome import Issue, Resource
from content_app.delivery.fhir.terminology.resources import listed


@dataclass(frozen=True)
class CodePlace:
    """Where the code stood in the request: as `code`, in a Coding, or in the nth coding of a CodeableConcept."""

    base: str = ""

    def path(self, part: str) -> str:
        return f"{self.base}.{part}" if self.base else part

    @property
    def whole(self) -> str:
        return self.base or "code"


def written(coding: Resource) -> str:
    """A coding in one word: system|version#code ('display')."""
    version = f"|{coding['version']}" if coding.get("version") else ""
    display = f" ('{coding['display']}')" if coding.get("display") else ""
    return f"{coding.get('system') or ''}{version}#{coding.get('code')}{display}"


def not_in_value_set(coding: Resource, name: str, place: CodePlace, *, is_one_of_many: bool) -> Issue:
    return Issue(
        "information" if is_one_of_many else "error",
        "code-invalid",
        f"The provided code '{written(coding)}' was not found in the value set '{name}'",
        "this-code-not-in-vs" if is_one_of_many else "not-in-vs",
        place.path("code"),
        "None_of_the_provided_codes_are_in_the_value_set_one",
        is_told=not is_one_of_many,
    )


def none_in_value_set(name: str) -> Issue:
    text = f"No valid coding was found for the value set '{name}'"
    return Issue("error", "code-invalid", text, "not-in-vs", "", "TX_GENERAL_CC_ERROR_MESSAGE")


def unknown_code(code: str, system: str, version: str | None, place: CodePlace) -> Issue:
    text = f"Unknown code '{code}' in the CodeSystem '{system}'" + (f" version '{version}'" if version else "")
    message_id = "Unknown_Code_in_Version" if version else "Unknown_Code_in"
    return Issue("error", "code-invalid", text, "invalid-code", place.path("code"), message_id)


def unknown_in_fragment(code: str, system: str, version: str | None, place: CodePlace) -> Issue:
    text = (
        f"Unknown Code '{code}' in the CodeSystem '{system}' version '{version}' - note that the code system is "
        "labeled as a fragment, so the code may be valid in some other fragment"
    )
    path = place.path("code")
    return Issue("warning", "code-invalid", text, "invalid-code", path, "UNKNOWN_CODE_IN_FRAGMENT", is_told=False)


def unknown_system(system: str, version: str | None, place: CodePlace) -> Issue:
    if version:
        text = (
            f"A definition for CodeSystem '{system}' version '{version}' could not be found, so the code cannot be "
            "validated. No versions of this code system are known"
        )
        message_id = "UNKNOWN_CODESYSTEM_VERSION_NONE"
    else:
        text = f"A definition for CodeSystem '{system}' could not be found, so the code cannot be validated"
        message_id = "UNKNOWN_CODESYSTEM"
    return Issue("error", "not-found", text, "not-found", place.path("system"), message_id)


def unknown_version(system: str, version: str, known: list[str], place: CodePlace) -> Issue:
    text = (
        f"A definition for CodeSystem '{system}' version '{version}' could not be found, so the code cannot be "
        f"validated. Valid versions: {listed(known)}"
    )
    return Issue("error", "not-found", text, "not-found", place.path("system"), "UNKNOWN_CODESYSTEM_VERSION")


def version_mismatch(system: str, used: str | None, given: str | None, asked: str, place: CodePlace) -> Issue:
    """The version of the code is not the one the value set means: because it says so, or because a parameter does."""
    if used == given:
        text = (
            f"The code system '{system}' version '{used}' in the ValueSet include is different to the one in the value "
            f"('{asked}')"
        )
        message_id = "VALUESET_VALUE_MISMATCH"
    else:
        text = (
            f"The code system '{system}' version '{used}' resulting from the version '{given or ''}' in the ValueSet "
            f"include is different to the one in the value ('{asked}')"
        )
        message_id = "VALUESET_VALUE_MISMATCH_CHANGED"
    return Issue("error", "invalid", text, "vs-invalid", place.path("version"), message_id)


def version_of_own_choice(system: str, used: str | None, asked: str, place: CodePlace) -> Issue:
    text = (
        f"The code system '{system}' version '{used}' for the versionless include in the ValueSet include is different "
        f"to the one in the value ('{asked}')"
    )
    path = place.path("version")
    return Issue("warning", "invalid", text, "vs-invalid", path, "VALUESET_VALUE_MISMATCH_DEFAULT", is_told=False)


def system_is_supplement(canonical: str, place: CodePlace) -> Issue:
    text = f"CodeSystem {canonical} is a supplement, so can't be used as a value in Coding.system"
    return Issue("error", "invalid", text, "invalid-data", place.path("system"), "CODESYSTEM_CS_NO_SUPPLEMENT")


def no_system(place: CodePlace) -> Issue:
    text = (
        "Coding has no system. A code with no system has no defined meaning, and it cannot be validated. A system "
        "should be provided"
    )
    return Issue("warning", "invalid", text, "invalid-data", place.whole, "Coding_has_no_system__cannot_validate")


def local_system(place: CodePlace) -> Issue:
    text = f"{place.path('system').split('.')[0]}.system must be an absolute reference, not a local reference"
    if place.base.startswith("CodeableConcept") or not place.base:
        text = "Coding.system must be an absolute reference, not a local reference"
    path = place.path("system")
    return Issue("error", "invalid", text, "invalid-data", path, "Terminology_TX_System_Relative")


def system_is_value_set(system: str, place: CodePlace) -> Issue:
    text = f"The Coding references a value set, not a code system ('{system}')"
    path = place.path("system")
    return Issue("error", "invalid", text, "invalid-data", path, "Terminology_TX_System_ValueSet2")


def cannot_infer(code: str, name: str, systems: list[str], place: CodePlace) -> Issue:
    text = f"The System URI could not be determined for the code '{code}' in the ValueSet '{name}'"
    message_id = "UNABLE_TO_INFER_CODESYSTEM"
    if systems:
        text += f": value set expansion has multiple matches: [{', '.join(systems)}]"
        message_id = "Unable_to_resolve_system__value_set_has_multiple_matches"
    return Issue("error", "not-found", text, "cannot-infer", place.path("code"), message_id)


def inactive(code: str, statuses: list[str], place: CodePlace) -> Issue:
    text = f"The concept '{code}' has a status of {' and '.join(statuses)} and its use should be reviewed"
    return Issue("warning", "business-rule", text, "code-comment", place.whole, "INACTIVE_CONCEPT_FOUND")


def deprecated(code: str, status: str, place: CodePlace) -> Issue:
    text = f"The concept '{code}' is {status} and its use should be reviewed"
    return Issue("warning", "business-rule", text, "code-comment", place.whole, "DEPRECATED_CONCEPT_FOUND")


def deprecated_in_value_set(coding: Resource, name: str, place: CodePlace) -> Issue:
    text = (
        f"The presence of the concept '{coding['code']}' in the system '{coding['system']}' in the value set {name} is "
        "marked with a status of deprecated and its use should be reviewed"
    )
    path = place.path("code")
    return Issue(
        "warning", "business-rule", text, "code-comment", path, "CONCEPT_DEPRECATED_IN_VALUESET", is_told=False
    )


def not_active(code: str, place: CodePlace) -> Issue:
    text = f"The concept '{code}' is valid but is not active"
    return Issue("error", "business-rule", text, "code-rule", place.path("code"), "STATUS_CODE_WARNING_CODE")


def is_abstract(coding: Resource, place: CodePlace) -> Issue:
    text = f"Code '{coding.get('system')}#{coding['code']}' is abstract, and not allowed in this context"
    return Issue("error", "business-rule", text, "code-rule", place.path("code"), "ABSTRACT_CODE_NOT_ALLOWED")


def other_case(code: str, right: str, system: str, place: CodePlace) -> Issue:
    text = (
        f"The code '{code}' differs from the correct code '{right}' by case. Although the code system '{system}' is "
        "case insensitive, implementers are strongly encouraged to use the correct case anyway"
    )
    path = place.path("code")
    return Issue("information", "business-rule", text, "code-rule", path, "CODE_CASE_DIFFERENCE", is_told=False)
