"""The rules on codes in external code systems.

In: an editorial document and its `RuleContext`. Out: `Finding`s. Pure: what a release says of a code stands in the
context. A system of which no release can be looked at is checked for the form of its codes only.
"""

import re
from collections.abc import Iterator

from content_app.manuscripts.findings import Document, Finding, RuleContext, obstacle, warning
from content_app.vocabulary.code_systems import CODE_SYSTEMS, problem_with_code

NO_CODE = re.compile(r"\bno (?:\w+[ -]){0,3}codes?\b", re.IGNORECASE)


def codings_are_sound(document: Document, context: RuleContext) -> Iterator[Finding]:
    for index, coding in enumerate(document.get("codings", [])):
        system = CODE_SYSTEMS[coding["system"]]
        if system.is_gated and system.key not in context.licensed:
            yield obstacle(
                f"/codings/{index}/system",
                f"{system.name} needs a licence. Delete this coding, or ask an administrator to enable {system.name}.",
            )
        problem = problem_with_code(coding["system"], coding["code"]) if coding.get("code") else None
        if problem:
            yield obstacle(f"/codings/{index}/code", problem)
        if coding.get("code") and not coding.get("display") and not system.is_gated:
            yield obstacle(f"/codings/{index}/display", f"Enter the title of {coding['code']} in {system.name}.")


def codes_are_in_their_release(document: Document, context: RuleContext) -> Iterator[Finding]:
    """No code is invented: where a release can be looked at, the code is in it, under its title."""
    for index, coding in enumerate(document.get("codings", [])):
        system, code = coding["system"], coding.get("code")
        if not code or problem_with_code(system, code):
            continue
        title, release = context.titles.get((system, code)), context.releases.get(system, coding["version"])
        name = CODE_SYSTEMS[system].name
        if title is None and system in context.releases:
            yield obstacle(
                f"/codings/{index}/code",
                f"“{code}” is not a current code of {name} ({release}). Correct it, or delete this coding.",
            )
        elif title and coding.get("display") and coding["display"] != title:
            yield obstacle(f"/codings/{index}/display", f"In {name} ({release}), the title of {code} is “{title}”.")


def what_is_said_to_be_checked_names_where(document: Document, context: RuleContext) -> Iterator[Finding]:
    """A code that cannot be looked up here is never verified, and said to have been checked only with where."""
    for index, coding in enumerate(document.get("codings", [])):
        system, code = coding["system"], coding.get("code")
        if not code or (system, code) in context.titles:
            continue
        if coding.get("verification") == "verified" and system not in context.releases:
            yield obstacle(
                f"/codings/{index}/verification",
                f"“{code}” cannot be looked up in a release of {CODE_SYSTEMS[system].name}, so it is not “verified”. "
                "Save the coding again: it is then marked as not checked.",
            )
        elif coding.get("verification") != "not_checked" and not coding.get("verified_by"):
            yield obstacle(
                f"/codings/{index}/verified_by",
                f"“{code}” is marked as checked, but it does not say where. Save the coding again: it is then "
                "checked, or marked as not checked.",
            )


def an_exact_code_is_not_beside_none(document: Document, _: RuleContext) -> Iterator[Finding]:
    """An item that says that it has no code of its own is rarely, elsewhere, exactly what a code means."""
    codings = document.get("codings", [])
    without = sorted({CODE_SYSTEMS[coding["system"]].name for coding in codings if coding["match"] == "none"})
    told = f"in {', '.join(without)}" if without else ""
    if not without and any(_says_no_code(statement) for statement in document.get("statements", [])):
        told = "in a statement"
    for index, coding in enumerate(codings):
        if told and coding["match"] == "exact":
            yield warning(
                f"/codings/{index}/match",
                f"{coding['code']} is marked as an exact match, but the item says {told} that no code exists. Readers "
                "assume that an exact code means the same as the item: check that it is not broader or narrower.",
            )


def _says_no_code(statement: Document) -> bool:
    return statement["aspect"] in ("coding", "classification") and bool(NO_CODE.search(statement.get("clinical", "")))


CODE_RULES = (
    codings_are_sound,
    codes_are_in_their_release,
    what_is_said_to_be_checked_names_where,
    an_exact_code_is_not_beside_none,
)
