"""Checks an item before it is published: obstacles block publishing, warnings do not.

In: an editorial document and its `RuleContext`, what the rules need to know of others. Out: `Finding`s, each with
a JSON pointer into the document and a sentence an editor can act on. Pure: no database, nothing changed.
"""

from collections.abc import Callable, Iterator

from content_app.manuscripts import reading_level
from content_app.manuscripts.audience_rules import AUDIENCE_RULES
from content_app.manuscripts.change_rules import CHANGE_RULES
from content_app.manuscripts.code_rules import CODE_RULES
from content_app.manuscripts.findings import OBSTACLE, Document, Finding, RuleContext, obstacle, warning
from content_app.manuscripts.pasted_rules import PASTED_RULES
from content_app.manuscripts.schema_messages import faults_of_form
from content_app.vocabulary.predicates import PREDICATES
from content_app.vocabulary.terms import CATEGORIES, FORMS, KINDS, SUBTOPICS, TOPICS

# The aspects that explain something, and so can be more or less likely.
EXPLANATIONS = ("mechanism", "cause")
# The field that sorts the items of a kind, and its vocabulary.
SORTS = {"concept": ("topic", TOPICS), "symptom_type": ("category", CATEGORIES), "example": ("form", FORMS)}

# Relations to the same item that cannot both hold, unless a note explains how.
EXCLUSIVE = (
    ("is_kind_of", "not_the_same_as"),
    ("is_kind_of", "part_of"),
    ("is_kind_of", "is_normal_counterpart_of"),
    ("part_of", "is_normal_counterpart_of"),
)

Rule = Callable[[Document, RuleContext], Iterator[Finding]]


def check(document: Document, context: RuleContext) -> list[Finding]:
    """All findings on one document, obstacles first; if its form is wrong, only what is wrong with the form."""
    findings = list(it_has_the_right_form(document, context))
    findings = findings or [finding for rule in RULES for finding in rule(document, context)]
    return sorted(findings, key=lambda finding: (finding.severity != OBSTACLE, finding.pointer))


def sort_of(document: Document) -> str:
    """The topic of a concept, the category of a symptom type, the form of an example; else empty."""
    return document.get("topic") or document.get("category") or document.get("form") or ""


def folded_names(document: Document) -> frozenset[str]:
    """Every name that means the item itself, folded for comparison. Everyday wordings may be shared."""
    own = {"preferred", "synonym", "abbreviation", "historical"}
    names = [name["text"] for name in document.get("names", []) if name["type"] in own]
    return frozenset(text.casefold() for text in [document["name"], document.get("abbreviation", ""), *names] if text)


def it_has_the_right_form(document: Document, _: RuleContext) -> Iterator[Finding]:
    """What is published can be exported and imported again: it fits the schema of the editorial document."""
    for pointer, sentence in faults_of_form(document):
        yield obstacle(pointer, sentence)


def has_both_summaries(document: Document, _: RuleContext) -> Iterator[Finding]:
    for audience, reader in (("clinical", "clinicians"), ("plain", "the public, in plain words")):
        if not document.get("summary", {}).get(audience):
            yield obstacle(f"/summary/{audience}", f"Write a summary for {reader}.")


def everything_is_cited(document: Document, context: RuleContext) -> Iterator[Finding]:
    if not document.get("citations"):
        yield obstacle("/citations", "Cite a source for the summary.")
    for index, statement in enumerate(document.get("statements", [])):
        if not statement.get("citations"):
            opening = statement.get("clinical", "")[:60]
            yield obstacle(f"/statements/{index}/citations", f"Cite a source for the statement “{opening}…”.")
    for index, relation in enumerate(document.get("relations", [])):
        if not relation.get("citations"):
            label = PREDICATES[relation["predicate"]].label
            yield obstacle(
                f"/relations/{index}/citations",
                f"Cite a source for the relationship “{label} {_name(relation['object'], context)}”.",
            )
    for index, name in enumerate(document.get("names", [])):
        if name["type"] == "clinical_term" and not name.get("citations"):
            yield obstacle(f"/names/{index}/citations", f"Cite a source for the clinical term “{name['text']}”.")


def citations_differ(document: Document, _: RuleContext) -> Iterator[Finding]:
    for pointer, citations in all_citations(document):
        seen = [(citation["source"], citation.get("locator")) for citation in citations]
        if len(set(seen)) < len(seen):
            yield warning(
                pointer, "The same place in the same source is cited twice here. Delete one of the citations."
            )


def all_citations(document: Document) -> Iterator[tuple[str, list[Document]]]:
    """Every list of citations in the document, with its pointer."""
    yield "/citations", document.get("citations", [])
    for part in ("names", "statements", "relations"):
        for index, entry in enumerate(document.get(part, [])):
            yield f"/{part}/{index}/citations", entry.get("citations", [])


def sources_stand(document: Document, context: RuleContext) -> Iterator[Finding]:
    for pointer, citations in all_citations(document):
        for citation in citations:
            if citation["source"] in context.retracted:
                yield warning(
                    pointer,
                    f"“{context.retracted[citation['source']]}” has been retracted. Cite a different source.",
                )


def sources_are_signed_off(document: Document, context: RuleContext) -> Iterator[Finding]:
    seen: set[str] = set()
    for pointer, citations in all_citations(document):
        for slug in [c["source"] for c in citations if c["source"] in context.unsigned]:
            if slug not in seen:
                seen.add(slug)
                yield obstacle(
                    pointer,
                    f"The source “{context.unsigned[slug]}” has not been signed off. Send it for review on its "
                    "own page.",
                )


def relations_are_closed(document: Document, context: RuleContext) -> Iterator[Finding]:
    for index, relation in enumerate(document.get("relations", [])):
        for end in ("object", "display_with"):
            reference = relation.get(end)
            neighbour = context.neighbours.get(reference) if reference else None
            if reference and (neighbour is None or not neighbour.will_be_published):
                name = _name(reference, context)
                yield obstacle(
                    f"/relations/{index}/{end}",
                    f"“{name}” is not published. Publish it too, or delete this relationship.",
                )


def relations_fit(document: Document, context: RuleContext) -> Iterator[Finding]:
    subject = (document["kind"], sort_of(document))
    for index, relation in enumerate(document.get("relations", [])):
        predicate = PREDICATES[relation["predicate"]]
        neighbour = context.neighbours.get(relation["object"])
        if not _may_stand(subject, predicate.subjects):
            yield obstacle(
                f"/relations/{index}/predicate",
                f"“{predicate.label}” cannot start from this item. It can only start from "
                f"{_places(predicate.subjects)}.",
            )
        if neighbour and not _may_stand((neighbour.kind, neighbour.sort), predicate.objects):
            yield obstacle(
                f"/relations/{index}/object",
                f"“{predicate.label}” cannot link to “{neighbour.name}”. It can only link to "
                f"{_places(predicate.objects)}.",
            )


def _may_stand(item: tuple[str, str], places: tuple[str, ...]) -> bool:
    kind, sort = item
    return kind in places or f"{kind}:{sort}" in places


def _places(places: tuple[str, ...]) -> str:
    """The kinds in words: “a condition or a concept with the topic “Mechanism””."""
    return " or ".join(_place(*place.partition(":")[::2]) for place in places)


def _place(kind: str, sort: str) -> str:
    label = KINDS[kind].label.lower()
    article = "an" if label[0] in "aeiou" else "a"
    field_name, terms = SORTS.get(kind, ("", {}))
    return f"{article} {label} with the {field_name} “{terms[sort].label}”" if sort else f"{article} {label}"


def _name(reference: str, context: RuleContext) -> str:
    """The name of an item that is referred to, or the reference itself if there is no such item."""
    neighbour = context.neighbours.get(reference)
    return neighbour.name if neighbour else reference


def doubts_are_explained(document: Document, _: RuleContext) -> Iterator[Finding]:
    for index, relation in enumerate(document.get("relations", [])):
        for doubt in ("ambiguous", "attributed"):
            if relation.get(doubt) and not relation.get("note"):
                yield obstacle(
                    f"/relations/{index}/note",
                    f"This relationship is marked “{doubt.capitalize()}”. Explain why in its note.",
                )


def the_unknown_cause_stands_beside_mechanisms(document: Document, _: RuleContext) -> Iterator[Finding]:
    """A mechanism is never shown without the fact that the cause is not known: explained is not established."""
    mechanisms = [
        (index, relation)
        for index, relation in enumerate(document.get("relations", []))
        if relation["predicate"] == "has_mechanism"
    ]
    for index, relation in mechanisms:
        if not relation.get("likelihood"):
            yield obstacle(f"/relations/{index}/likelihood", "Choose how likely this mechanism is.")
        if not relation.get("display_with"):
            yield obstacle(
                f"/relations/{index}/display_with",
                "Choose the knowledge gap that must always be shown with this mechanism.",
            )
    speaks_of_mechanism = (
        bool(mechanisms)
        or document.get("topic") == "mechanism"
        or any(statement["aspect"] == "mechanism" for statement in document.get("statements", []))
    )
    if speaks_of_mechanism and document.get("cause_status") != "known" and not unknown_cause(document):
        yield obstacle(
            "/statements",
            "Add a statement with the aspect “Cause” and the assertion “Said to be unknown”. It is shown beside each "
            "mechanism.",
        )


def unknown_cause(document: Document) -> Document | None:
    """The statement that says that the cause is not known, if the document has one."""
    return next(
        (s for s in document.get("statements", []) if s["aspect"] == "cause" and s["assertion"] == "unknown"), None
    )


def a_condition_says_something(document: Document, _: RuleContext) -> Iterator[Finding]:
    if document["kind"] == "condition" and not document.get("statements"):
        yield obstacle("/statements", "A condition needs at least one statement. Add an overview.")


def the_cause_status_agrees_with_the_statements(document: Document, _: RuleContext) -> Iterator[Finding]:
    if document["kind"] != "condition":
        return
    status, unknown = document["cause_status"], unknown_cause(document)
    if status == "unknown" and not (unknown and unknown.get("citations")):
        yield obstacle(
            "/cause_status",
            "The cause is marked as unknown, which is a finding. Add a cited statement with the aspect “Cause” and the "
            "assertion “Said to be unknown”, or choose “Not stated”.",
        )
    if status in ("known", "not_stated") and unknown:
        yield obstacle(
            "/cause_status",
            "A statement says that the cause is unknown. Choose “Unknown” or “Partly known”, or change the statement.",
        )


def literature_names_its_population(document: Document, _: RuleContext) -> Iterator[Finding]:
    for index, statement in enumerate(document.get("statements", [])):
        if statement.get("layer") != "literature":
            continue
        if not statement.get("population"):
            yield obstacle(f"/statements/{index}/population", "Choose the population that the source is about.")
        for number, citation in enumerate(statement.get("citations", [])):
            if not citation.get("locator"):
                yield obstacle(
                    f"/statements/{index}/citations/{number}/locator",
                    "Say where in the source this is: a section, a table or a page.",
                )


def likelihood_is_for_explanations(document: Document, _: RuleContext) -> Iterator[Finding]:
    for index, statement in enumerate(document.get("statements", [])):
        if statement.get("likelihood") and statement["aspect"] not in EXPLANATIONS:
            yield obstacle(
                f"/statements/{index}/likelihood", "Likelihood is for mechanisms and causes only. Leave it empty."
            )


def relations_do_not_exclude_each_other(document: Document, context: RuleContext) -> Iterator[Finding]:
    """Also if the other item says one of the two: a relation that goes both ways is stored once, at either end."""
    own = f"{document['kind']}/{document['slug']}"
    joined: dict[str, dict[str, int]] = {}
    for index, relation in enumerate(document.get("relations", [])):
        joined.setdefault(relation["object"], {})[relation["predicate"]] = index
    for reference, predicates in joined.items():
        neighbour = context.neighbours.get(reference)
        theirs = {p for p, end in neighbour.links if end == own and PREDICATES[p].is_symmetric} if neighbour else set()
        for pair in EXCLUSIVE:
            here = [predicates[predicate] for predicate in pair if predicate in predicates]
            if here and set(pair) <= predicates.keys() | theirs:
                for index in here:
                    if not document["relations"][index].get("note"):
                        yield obstacle(f"/relations/{index}/note", _excluding(pair, _name(reference, context)))


def _excluding(pair: tuple[str, str], name: str) -> str:
    one, other = (PREDICATES[predicate].label for predicate in pair)
    return (
        f"“{one} {name}” and “{other} {name}” exclude each other. Explain in the note how both can be true, or delete "
        "one of the two."
    )


def analogies_are_no_facts(document: Document, _: RuleContext) -> Iterator[Finding]:
    is_analogy = document.get("form") == "analogy"
    if is_analogy and document.get("statements"):
        yield obstacle("/statements", "An analogy cannot have statements, because it is not a fact. Delete them.")
    if is_analogy:
        for field_name, sentence in (
            ("analogy_source", "Describe the image that the analogy uses."),
            ("analogy_target", "Say what the image represents."),
            ("limits", "Say where the analogy breaks down."),
        ):
            if not document.get(field_name):
                yield obstacle(f"/{field_name}", sentence)
    for index, relation in enumerate(document.get("relations", [])):
        if relation["predicate"] == "analogy_for" and not is_analogy:
            yield obstacle(
                f"/relations/{index}/predicate", "Only an analogy can have the relationship “is an analogy for”."
            )


def the_confused_share_no_name(document: Document, context: RuleContext) -> Iterator[Finding]:
    for index, relation in enumerate(document.get("relations", [])):
        neighbour = context.neighbours.get(relation["object"])
        if relation["predicate"] != "not_the_same_as" or neighbour is None:
            continue
        for shared in sorted(folded_names(document) & neighbour.names):
            yield obstacle(
                f"/relations/{index}",
                f"“{shared}” is a name of both this item and “{neighbour.name}”, but these are not the same. "
                "Delete the name from one of them.",
            )


def subtopic_fits(document: Document, _: RuleContext) -> Iterator[Finding]:
    subtopic = document.get("subtopic")
    if subtopic and SUBTOPICS[subtopic].within != document.get("topic"):
        yield obstacle(
            "/subtopic", f"The subtopic “{SUBTOPICS[subtopic].label}” does not belong to this topic. Choose another."
        )


def plain_words_are_plain(document: Document, _: RuleContext) -> Iterator[Finding]:
    texts = [("/summary/plain", document.get("summary", {}).get("plain", ""))]
    texts += [(f"/statements/{i}/plain", s.get("plain", "")) for i, s in enumerate(document.get("statements", []))]
    for pointer, text in texts:
        grade = reading_level.automated_readability_index(text)
        if grade > reading_level.FAR_ABOVE_GOAL:
            yield warning(
                pointer,
                (
                    f"Reading level: grade {grade:.0f} (target: 6 to {reading_level.GOAL:g}). Use "
                    "shorter words and sentences."
                ),
            )


def review_is_not_overdue(_: Document, context: RuleContext) -> Iterator[Finding]:
    due = context.review_due_on
    if due and due < context.today:
        yield warning("", f"The review was due on {due.day} {due:%b %Y}. Send the item for review.")


RULES: tuple[Rule, ...] = (
    has_both_summaries,
    everything_is_cited,
    citations_differ,
    sources_stand,
    sources_are_signed_off,
    relations_are_closed,
    relations_fit,
    doubts_are_explained,
    the_unknown_cause_stands_beside_mechanisms,
    a_condition_says_something,
    the_cause_status_agrees_with_the_statements,
    literature_names_its_population,
    likelihood_is_for_explanations,
    relations_do_not_exclude_each_other,
    analogies_are_no_facts,
    the_confused_share_no_name,
    *CODE_RULES,
    subtopic_fits,
    plain_words_are_plain,
    *AUDIENCE_RULES,
    *PASTED_RULES,
    review_is_not_overdue,
    *CHANGE_RULES,
)
