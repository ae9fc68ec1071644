"""What stands in the way of publishing an item, and what only deserves a warning.

In: an editorial document and a `Library` that answers what it needs to know of others. Out: `Finding`s, each with
a JSON pointer into the document and a sentence an editor can act on. Pure: no database, nothing changed.
"""

import datetime
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from content_app.manuscripts import reading_level
from content_app.manuscripts.schema_messages import faults_of_form
from content_app.vocabulary.code_systems import CODE_SYSTEMS, problem_with_code
from content_app.vocabulary.predicates import PREDICATES
from content_app.vocabulary.terms import ASPECTS, SUBTOPICS

Document = dict[str, Any]
OBSTACLE, WARNING = "obstacle", "warning"

# A condition is silent on none of these by accident: each is covered or said to be not covered.
NEVER_SILENT = ("red_flags", "diagnosis", "treatment")


@dataclass(frozen=True)
class Finding:
    """One thing to act on. `pointer` is a JSON pointer (RFC 6901) into the editorial document."""

    severity: str
    pointer: str
    sentence: str


@dataclass(frozen=True)
class Neighbour:
    """What the rules need to know of an item that a relation points to."""

    kind: str
    sort: str
    name: str
    names: frozenset[str]
    will_be_published: bool


@dataclass(frozen=True)
class Surroundings:
    """What one document's rules need to know of others.

    `neighbours` is by reference (`concept/cause-unknown`), `retracted` holds slugs of retracted sources,
    `licensed` the keys of gated code systems that this installation may use.
    """

    neighbours: dict[str, Neighbour] = field(default_factory=dict)
    retracted: frozenset[str] = frozenset()
    licensed: frozenset[str] = frozenset()
    review_due_on: datetime.date | None = None
    today: datetime.date = datetime.date.min


Rule = Callable[[Document, Surroundings], Iterator[Finding]]


def check(document: Document, surroundings: Surroundings) -> list[Finding]:
    """All findings on one document, obstacles first; if its form is wrong, only what is wrong with the form."""
    findings = list(it_has_the_right_form(document, surroundings))
    findings = findings or [finding for rule in RULES for finding in rule(document, surroundings)]
    return sorted(findings, key=lambda finding: (finding.severity != OBSTACLE, finding.pointer))


def obstacle(pointer: str, sentence: str) -> Finding:
    return Finding(OBSTACLE, pointer, sentence)


def warning(pointer: str, sentence: str) -> Finding:
    return Finding(WARNING, pointer, sentence)


def sort_of(document: Document) -> str:
    """The topic of a concept, the category of a symptom type, the form of an example; else empty."""
    return document.get("topic") or document.get("category") or document.get("form") or ""


def folded_names(document: Document) -> frozenset[str]:
    """Every name that means the item itself, folded for comparison. Everyday wordings may be shared."""
    own = {"preferred", "synonym", "abbreviation", "historical"}
    names = [name["text"] for name in document.get("names", []) if name["type"] in own]
    return frozenset(text.casefold() for text in [document["name"], document.get("abbreviation", ""), *names] if text)


def it_has_the_right_form(document: Document, _: Surroundings) -> Iterator[Finding]:
    """What is published can be exported and imported again: it fits the schema of the editorial document."""
    for pointer, sentence in faults_of_form(document):
        yield obstacle(pointer, sentence)


def has_both_summaries(document: Document, _: Surroundings) -> Iterator[Finding]:
    for audience, reader in (("clinical", "clinicians"), ("plain", "everyone, in plain words")):
        if not document.get("summary", {}).get(audience):
            yield obstacle(f"/summary/{audience}", f"Write the summary for {reader}.")


def everything_is_cited(document: Document, _: Surroundings) -> Iterator[Finding]:
    if not document.get("citations"):
        yield obstacle("/citations", "Cite the source of the summary.")
    for index, statement in enumerate(document.get("statements", [])):
        if not statement.get("citations"):
            opening = statement.get("clinical", "")[:60]
            yield obstacle(f"/statements/{index}/citations", f"Cite a source for the statement “{opening}…”.")
    for index, relation in enumerate(document.get("relations", [])):
        if not relation.get("citations"):
            label = PREDICATES[relation["predicate"]].label
            yield obstacle(f"/relations/{index}/citations", f"Cite a source for “{label} {relation['object']}”.")
    for index, name in enumerate(document.get("names", [])):
        if name["type"] == "clinical_term" and not name.get("citations"):
            yield obstacle(f"/names/{index}/citations", f"Cite a source for the clinical term “{name['text']}”.")


def citations_differ(document: Document, _: Surroundings) -> Iterator[Finding]:
    for pointer, citations in all_citations(document):
        seen = [(citation["source"], citation.get("locator")) for citation in citations]
        if len(set(seen)) < len(seen):
            yield warning(pointer, "The same place of the same source is cited twice here.")


def all_citations(document: Document) -> Iterator[tuple[str, list[Document]]]:
    """Every list of citations in the document, with its pointer."""
    yield "/citations", document.get("citations", [])
    for part in ("names", "statements", "relations"):
        for index, entry in enumerate(document.get(part, [])):
            yield f"/{part}/{index}/citations", entry.get("citations", [])


def sources_stand(document: Document, surroundings: Surroundings) -> Iterator[Finding]:
    for pointer, citations in all_citations(document):
        for citation in citations:
            if citation["source"] in surroundings.retracted:
                yield warning(pointer, f"The source “{citation['source']}” has been retracted: rest this on another.")


def relations_are_closed(document: Document, surroundings: Surroundings) -> Iterator[Finding]:
    for index, relation in enumerate(document.get("relations", [])):
        for end in ("object", "display_with"):
            reference = relation.get(end)
            neighbour = surroundings.neighbours.get(reference) if reference else None
            if reference and (neighbour is None or not neighbour.will_be_published):
                name = neighbour.name if neighbour else reference
                yield obstacle(
                    f"/relations/{index}/{end}",
                    f"“{name}” is not published: publish it too, or remove the relation to it.",
                )


def relations_fit(document: Document, surroundings: Surroundings) -> Iterator[Finding]:
    subject = (document["kind"], sort_of(document))
    for index, relation in enumerate(document.get("relations", [])):
        predicate = PREDICATES[relation["predicate"]]
        neighbour = surroundings.neighbours.get(relation["object"])
        if not _may_stand(subject, predicate.subjects):
            yield obstacle(
                f"/relations/{index}/predicate",
                f"“{predicate.label}” cannot start from this item; it starts from {_places(predicate.subjects)}.",
            )
        if neighbour and not _may_stand((neighbour.kind, neighbour.sort), predicate.objects):
            yield obstacle(
                f"/relations/{index}/object",
                f"“{predicate.label}” cannot lead to “{neighbour.name}”; it leads to {_places(predicate.objects)}.",
            )


def _may_stand(item: tuple[str, str], places: tuple[str, ...]) -> bool:
    kind, sort = item
    return kind in places or f"{kind}:{sort}" in places


def _places(places: tuple[str, ...]) -> str:
    words = [place.replace(":", " of sort ").replace("_", " ") for place in places]
    return " or ".join(f"an {place}" if place[0] in "aeiou" else f"a {place}" for place in words)


def doubts_are_explained(document: Document, _: Surroundings) -> Iterator[Finding]:
    for index, relation in enumerate(document.get("relations", [])):
        for doubt in ("ambiguous", "attributed"):
            if relation.get(doubt) and not relation.get("note"):
                yield obstacle(f"/relations/{index}/note", f"This relation is {doubt}: say in the note why.")


def the_unknown_cause_stands_beside_mechanisms(document: Document, _: Surroundings) -> Iterator[Finding]:
    """A mechanism is never shown without the fact that the cause is not known: explained is not established."""
    mechanisms = [
        (index, relation)
        for index, relation in enumerate(document.get("relations", []))
        if relation["predicate"] == "has_mechanism"
    ]
    for index, relation in mechanisms:
        if not relation.get("certainty"):
            yield obstacle(f"/relations/{index}/certainty", "Say how certain this mechanism is.")
        if not relation.get("display_with"):
            yield obstacle(
                f"/relations/{index}/display_with", "Name the knowledge gap that must be shown with this mechanism."
            )
    speaks_of_mechanism = (
        bool(mechanisms)
        or document.get("topic") == "mechanism"
        or any(statement["aspect"] == "mechanism" for statement in document.get("statements", []))
    )
    if speaks_of_mechanism and document.get("cause_status") != "known" and not unknown_cause(document):
        yield obstacle(
            "/statements", "Add a statement of aspect “Cause” and certainty “Unknown”: it stands beside each mechanism."
        )


def unknown_cause(document: Document) -> Document | None:
    """The statement that says that the cause is not known, if the document has one."""
    return next(
        (s for s in document.get("statements", []) if s["aspect"] == "cause" and s["certainty"] == "unknown"), None
    )


def silence_is_said(document: Document, _: Surroundings) -> Iterator[Finding]:
    covered = {statement["aspect"] for statement in document.get("statements", [])}
    silent = document.get("not_covered", [])
    for index, aspect in enumerate(silent):
        if aspect in covered:
            label = ASPECTS[aspect].label
            yield obstacle(f"/not_covered/{index}", f"“{label}” is said to be not covered, but a statement covers it.")
    if document["kind"] == "condition":
        for aspect in NEVER_SILENT:
            if aspect not in covered and aspect not in silent:
                label = ASPECTS[aspect].label
                yield obstacle("/not_covered", f"Nothing is said on “{label}”: cover it, or list it as not covered.")


def analogies_are_no_facts(document: Document, _: Surroundings) -> Iterator[Finding]:
    is_analogy = document.get("form") == "analogy"
    if is_analogy and document.get("statements"):
        yield obstacle("/statements", "An analogy makes no statements: it is a figure of speech, not a fact.")
    if is_analogy:
        for field_name, meaning in (
            ("analogy_source", "what the picture is"),
            ("analogy_target", "what it stands for"),
            ("limits", "where it ends"),
        ):
            if not document.get(field_name):
                yield obstacle(f"/{field_name}", f"Say of the analogy {meaning}.")
    for index, relation in enumerate(document.get("relations", [])):
        if relation["predicate"] == "analogy_for" and not is_analogy:
            yield obstacle(f"/relations/{index}/predicate", "Only an analogy can be an analogy for something.")


def the_confused_share_no_name(document: Document, surroundings: Surroundings) -> Iterator[Finding]:
    for index, relation in enumerate(document.get("relations", [])):
        neighbour = surroundings.neighbours.get(relation["object"])
        if relation["predicate"] != "not_the_same_as" or neighbour is None:
            continue
        for shared in sorted(folded_names(document) & neighbour.names):
            yield obstacle(
                f"/relations/{index}",
                f"“{shared}” names both this item and “{neighbour.name}”, which are not the same.",
            )


def codings_are_sound(document: Document, surroundings: Surroundings) -> Iterator[Finding]:
    for index, coding in enumerate(document.get("codings", [])):
        system = CODE_SYSTEMS[coding["system"]]
        if system.is_gated and system.key not in surroundings.licensed:
            yield obstacle(
                f"/codings/{index}/system",
                f"{system.name} needs a licence: remove the coding, or name {system.key} in LICENSED_CODE_SYSTEMS.",
            )
        problem = problem_with_code(coding["system"], coding["code"]) if coding.get("code") else None
        if problem:
            yield obstacle(f"/codings/{index}/code", problem)
        if coding.get("code") and not coding.get("display") and not system.is_gated:
            yield obstacle(f"/codings/{index}/display", f"Give the title that {system.name} has for {coding['code']}.")


def subtopic_fits(document: Document, _: Surroundings) -> Iterator[Finding]:
    subtopic = document.get("subtopic")
    if subtopic and SUBTOPICS[subtopic].within != document.get("topic"):
        yield obstacle("/subtopic", f"“{SUBTOPICS[subtopic].label}” does not belong to this topic.")


def plain_words_are_plain(document: Document, _: Surroundings) -> Iterator[Finding]:
    texts = [("/summary/plain", document.get("summary", {}).get("plain", ""))]
    texts += [(f"/statements/{i}/plain", s.get("plain", "")) for i, s in enumerate(document.get("statements", []))]
    for pointer, text in texts:
        grade = reading_level.automated_readability_index(text)
        if grade > reading_level.FAR_ABOVE_GOAL:
            yield warning(
                pointer, f"This reads at school grade {grade:g}; the goal for plain words is {reading_level.GOAL:g}."
            )


def review_is_not_overdue(_: Document, surroundings: Surroundings) -> Iterator[Finding]:
    due = surroundings.review_due_on
    if due and due < surroundings.today:
        yield warning("", f"The review was due on {due.isoformat()}.")


RULES: tuple[Rule, ...] = (
    has_both_summaries,
    everything_is_cited,
    citations_differ,
    sources_stand,
    relations_are_closed,
    relations_fit,
    doubts_are_explained,
    the_unknown_cause_stands_beside_mechanisms,
    silence_is_said,
    analogies_are_no_facts,
    the_confused_share_no_name,
    codings_are_sound,
    subtopic_fits,
    plain_words_are_plain,
    review_is_not_overdue,
)
