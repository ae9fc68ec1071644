"""The rules on a change: what an item now says, beside what readers have of it.

In: an editorial document and its `RuleContext`, with the published document and the significance that the change was
sent for review with. Out: `Finding`s. Pure. An item that was never published, or is withdrawn, has no change.
"""

import re
from collections.abc import Iterator

from content_app.manuscripts.findings import Document, Finding, RuleContext, obstacle, warning
from content_app.vocabulary.warning_signs import WARNING_SIGNS

WARNINGS = {"caution": "standing caution", "safety_notice": "safety alert"}
# From the weakest to the strongest; what is not here claims nothing.
ASSERTED = ("unknown", "example", "hedged", "stated")
LIKELY = ("hypothesis", "proposed", "likely")
# Words that tell readers what to do or not to do, beside the signs of illness.
DIRECTIONS = (
    "do not", "never", "always", "must", "stop", "avoid", "emergency", "urgent", "urgently", "doctor", "hospital",
    "dose", "overdose", "suicide", "safe", "unsafe", "danger", "dangerous", "risk", "warning", "harm",
)  # fmt: skip


def a_warning_is_not_an_editorial_change(document: Document, context: RuleContext) -> Iterator[Finding]:
    """Who reads changes of substance only must hear of a caution that is removed or changed."""
    before = context.published
    if before is None:
        return
    for field, name in WARNINGS.items():
        if before.get(field) and not document.get(field):
            yield warning(f"/{field}", f"The published version has a {name}, but this version has none.")
        if context.significance == "editorial" and before.get(field) != document.get(field):
            yield obstacle(
                f"/{field}",
                f"The {name} has changed, so this is not an editorial change. Send the item for review again.",
            )


def safety_words_are_not_an_editorial_change(document: Document, context: RuleContext) -> Iterator[Finding]:
    before = context.published
    if before is None or context.significance != "editorial":
        return
    old, new = _texts(before), _texts(document)
    for place in old.keys() | new.keys():
        was, pointer = old.get(place, ("", "/statements"))
        now, pointer = new.get(place, ("", pointer if place[0] == "summary" else "/statements"))
        moved = sorted(safety_words(was) ^ safety_words(now))
        if moved:
            yield obstacle(
                pointer,
                f"This change adds or removes safety words ({', '.join(moved)}), so it is not an editorial change. "
                "Send the item for review again.",
            )


def a_stronger_statement_has_a_new_citation(document: Document, context: RuleContext) -> Iterator[Finding]:
    """A statement is not made stronger than readers have it from the same places in the same sources."""
    published = context.published or {}
    known = {statement["uuid"]: statement for statement in published.get("statements", [])}
    for index, statement in enumerate(document.get("statements", [])):
        before = known.get(statement["uuid"])
        if before is None or _places(statement) - _places(before):
            continue
        for field, ranks in (("assertion", ASSERTED), ("likelihood", LIKELY)):
            if _rank(statement.get(field), ranks) > _rank(before.get(field), ranks) >= 0:
                yield obstacle(
                    f"/statements/{index}/{field}",
                    "This statement is now stronger than the published one. Cite a source that supports it, or change "
                    "it back.",
                )


def safety_words(text: str) -> set[str]:
    """The words of safety in a text: signs that may need medical care, and directions."""
    words = re.findall(r"[a-z0-9]+", text.lower())
    line = f" {' '.join(words)} "
    said = {phrase for phrase in DIRECTIONS if f" {phrase} " in line}
    return said | {sign.label for sign in WARNING_SIGNS if any(f" {phrase} " in line for phrase in sign.phrases)}


def _texts(document: Document) -> dict[tuple[str, str], tuple[str, str]]:
    """Every text for readers with its pointer; statements are recognised by their identifiers, wherever they stand."""
    summary = document.get("summary", {})
    texts = {("summary", audience): (text, f"/summary/{audience}") for audience, text in summary.items()}
    for index, statement in enumerate(document.get("statements", [])):
        for audience in ("clinical", "plain"):
            texts[statement["uuid"], audience] = (statement.get(audience, ""), f"/statements/{index}/{audience}")
    return texts


def _places(statement: Document) -> set[tuple[str, str | None]]:
    return {(citation["source"], citation.get("locator")) for citation in statement.get("citations", [])}


def _rank(value: str | None, ranks: tuple[str, ...]) -> int:
    return ranks.index(value) if value in ranks else -1


CHANGE_RULES = (
    a_warning_is_not_an_editorial_change,
    safety_words_are_not_an_editorial_change,
    a_stronger_statement_has_a_new_citation,
)
