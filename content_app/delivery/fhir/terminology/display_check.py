"""Whether the display that comes with a code is one of the names of its concept, in a language that is wanted.

In: names of a concept, a display, languages. Out: an `Issue`, or None if the display is right.
A display is right in any case of letters; other white space is told apart, because it tells of a copying fault.
"""

import unicodedata
from dataclasses import dataclass

from content_app.delivery.fhir.terminology.concepts import CodeSystemIndex, Concept, standards_status
from content_app.delivery.fhir.terminology.displays import is_name, main_name, other_names
from content_app.delivery.fhir.terminology.languages import Languages
from content_app.delivery.fhir.terminology.outcome import Issue, Resource

NO_LONGER_CURRENT = ("withdrawn", "deprecated")


@dataclass(frozen=True)
class Name:
    """One name that may stand as the display."""

    value: str
    language: str | None
    status: str | None = None

    def __str__(self) -> str:
        return f"'{self.value}' ({self.language})" if self.language else f"'{self.value}'"


def names_of(concepts: CodeSystemIndex, concept: Concept, listed: Resource | None) -> list[Name]:
    """The names of a concept, the main one first."""
    main = main_name(concept, listed)
    found = [Name(main, concepts.language)] if main else []
    if concept.display and concept.display != main:
        found.append(Name(concept.display, concepts.language))
    return found + [
        Name(entry["value"], entry.get("language"), standards_status(entry.get("extension", [])))
        for entry in other_names(concept, listed)
        if entry.get("value") and is_name(entry)
    ]


def check_display(
    names: list[Name], display: str, languages: Languages, *, code: str, path: str, is_lenient: bool
) -> Issue | None:
    """What is wrong with the display; None if nothing is. `code` is the code as system#code."""
    fitting = [
        name
        for name in names
        if languages.is_open or name.language is None or languages.rank(name.language) is not None
    ]
    match = next((name for name in fitting if _compared(name.value) == _compared(display)), None)
    if match:
        return _no_longer_current(match, names, code, path)
    if not names:
        return None
    severity = "warning" if is_lenient else "error"
    wanted = languages.text or "--"
    if not fitting:
        return _none_for_language(names, display, severity, code=code, path=path, wanted=wanted)
    kind = "Display_Name_for__should_be_one_of__instead_of"
    words = "Wrong Display Name"
    if any(name.value.split() == display.split() for name in fitting):
        kind, words = "Display_Name_WS_for__should_be_one_of__instead_of", "Wrong whitespace in Display Name"
    valid = f"Valid display is {fitting[0]}"
    if len(fitting) > 1:
        choices = [str(name) for name in fitting]
        valid = f"Valid display is one of {len(choices)} choices: {', '.join(choices[:-1])} or {choices[-1]}"
    text = f"{words} '{display}' for {code}. {valid} (for the language(s) '{wanted}')"
    return Issue(severity, "invalid", text, "invalid-display", path, kind)


def _compared(display: str) -> str:
    """The display without case, and with each letter written in one way: ü as one character or as two is the same."""
    return unicodedata.normalize("NFC", display.casefold())


def _none_for_language(
    names: list[Name], display: str, severity: str, *, code: str, path: str, wanted: str
) -> Issue:  # fmt: skip
    if any(_compared(name.value) == _compared(display) for name in names):
        text = (
            f"There are no valid display names found for the code {code} for language(s) '{wanted}'. The display is "
            f"'{display}' which is a valid display for the default language"
        )
        return Issue("information", "invalid", text, "invalid-display", path, "NO_VALID_DISPLAY_FOUND_NONE_FOR_LANG_OK")
    text = (
        f"Wrong Display Name '{display}' for {code}. There are no valid display names found for language(s) "
        f"'{wanted}'. Default display is '{names[0].value}'"
    )
    return Issue(severity, "invalid", text, "invalid-display", path, "NO_VALID_DISPLAY_FOUND_NONE_FOR_LANG_ERR")


def _no_longer_current(name: Name, names: list[Name], code: str, path: str) -> Issue | None:
    if name.status not in NO_LONGER_CURRENT:
        return None
    current = ",".join(f'"{other.value}"' for other in names if other.status not in NO_LONGER_CURRENT)
    text = (
        f"'{name.value}' is no longer considered a correct display for code '{code.rpartition('#')[2]}' "
        f"(status = deprecated). The correct display is one of {current}."
    )
    return Issue("warning", "invalid", text, "display-comment", path, "INACTIVE_DISPLAY_FOUND", is_told=False)
