"""The name of a concept in the wanted language, and its other names.

In: a concept, its entry in a value set, languages. Out: the display, and designations as FHIR writes them.
"""

from dataclasses import dataclass

from content_app.delivery.fhir.terminology.canonical_urls import canonical
from content_app.delivery.fhir.terminology.concepts import CodeSystemIndex, Concept
from content_app.delivery.fhir.terminology.languages import ANY, Languages
from content_app.delivery.fhir.terminology.outcome import Resource, refusal

KEPT_EXTENSIONS = frozenset(
    {
        "http://hl7.org/fhir/StructureDefinition/coding-sctdescid",
        "http://hl7.org/fhir/StructureDefinition/structuredefinition-standards-status",
    }
)
PREFERRED = {
    "system": "http://terminology.hl7.org/CodeSystem/hl7TermMaintInfra",
    "code": "preferredForLanguage",
    "display": "Preferred For Language",
}
DISPLAY_USES = frozenset({"preferredForLanguage", "preferred", "display"})
NAME_TYPES = canonical("CodeSystem", "name-types")
NAME_USES = frozenset({"900000000000003001", "900000000000013009"})  # SNOMED CT's, of R4's designation-use value set
BCP_47 = "urn:ietf:bcp:47"


@dataclass(frozen=True)
class Named:
    """What a concept is called: to show, and besides."""

    display: str | None
    designations: list[Resource]


def main_name(concept: Concept, listed: Resource | None) -> str | None:
    """The display of the code system, unless the value set gives one of its own."""
    return (listed or {}).get("display") or concept.display


def other_names(concept: Concept, listed: Resource | None) -> list[Resource]:
    return [*concept.designations, *(listed or {}).get("designation", [])]


def named(concepts: CodeSystemIndex, concept: Concept, listed: Resource | None, languages: Languages = ANY) -> Named:
    """The display in the language that is wanted, and all other names."""
    display, others = main_name(concept, listed), other_names(concept, listed)
    if languages.is_open:
        return Named(display, others)
    chosen = _chosen(concepts.language, others, languages)
    if chosen is None:
        return Named(display, others)
    language = {"language": concepts.language} if concepts.language else {}
    original = [{**language, "use": PREFERRED, "value": display}] if display else []
    if chosen < 0:
        return Named(None, original + others)
    rest = [entry for place, entry in enumerate(others) if place != chosen]
    return Named(others[chosen]["value"], original + rest)


def _chosen(own: str | None, others: list[Resource], languages: Languages) -> int | None:
    """Which of the other names to show: None for the main one instead, -1 for none at all."""
    ranks = {
        place: rank
        for place, entry in enumerate(others)
        if is_for_display(entry) and (rank := languages.rank(entry.get("language"))) is not None
    }
    best = min(ranks, key=lambda place: (ranks[place], place), default=None)
    own_rank = languages.rank(own)
    if own is None and best is None:
        return None
    if own_rank is not None and (best is None or own_rank <= ranks[best]):
        return None
    if best is not None:
        return best
    return None if languages.falls_back else -1


def _understood(designation: Resource) -> Resource:
    """The designation without extensions that mean nothing to readers of an expansion."""
    if "extension" not in designation:
        return designation
    kept = [entry for entry in designation["extension"] if entry.get("url") in KEPT_EXTENSIONS]
    rest = {key: value for key, value in designation.items() if key != "extension"}
    return {"extension": kept, **rest} if kept else rest


def is_for_display(designation: Resource) -> bool:
    """Whether a designation may stand as the display: it has no other use."""
    use = designation.get("use")
    return use is None or use.get("code") in DISPLAY_USES


def is_name(designation: Resource) -> bool:
    """Whether a designation may be given as the display: one of an unknown use may be anything but a name."""
    use = designation.get("use", {})
    return is_for_display(designation) or use.get("system") == NAME_TYPES or use.get("code") in NAME_USES


def selected(designations: list[Resource], tokens: list[str]) -> list[Resource]:
    """The designations that `designation` parameters ask for: `urn:ietf:bcp:47|es` a language, `system|code` a use.

    Raises FhirError 400 for a token that is neither.
    """
    if unclear := next((token for token in tokens if "|" not in token), None):
        text = f"Write “designation” as {BCP_47}|language or system|use, not “{unclear[:60]}”"
        raise refusal(400, "invalid", text, path="designation")
    designations = [_understood(entry) for entry in designations]
    if not tokens:
        return designations
    wanted = {tuple(token.rpartition("|")[::2]) for token in tokens}
    return [
        entry
        for entry in designations
        if (BCP_47, entry.get("language")) in wanted
        or (entry.get("use", {}).get("system"), entry.get("use", {}).get("code")) in wanted
    ]
