"""Our own words, defined: what stands at the addresses that `amps:` leads to, as RDF.

In: where the server is. Out: Turtle. Every code of our vocabularies is a SKOS concept in the scheme of its
vocabulary; properties and classes are those that linked data here uses because schema.org and SKOS have none.
"""

from content_app.delivery.linked_data import turtle
from content_app.delivery.linked_data.words import PREFIXES, own_words
from content_app.vocabulary import terms as vocabulary
from content_app.vocabulary.code_systems import CODE_SYSTEMS
from content_app.vocabulary.predicates import PREDICATES
from content_app.vocabulary.terms import Term

TABLES: dict[str, tuple[Term, ...]] = {
    **{name: tuple(terms.values()) for name, terms in vocabulary.PUBLISHED.items()},
    "predicates": tuple(Term(p.code, p.label, p.meaning) for p in PREDICATES.values()),
    "code_systems": tuple(Term(s.key, s.name, f"{s.uri}; {s.licence}") for s in CODE_SYSTEMS.values()),
}
CLASSES = {
    "Coding": "A match between an item and a code of an external system, or a record that no code was found.",
    "NotCovered": "An aspect that is not covered. This never means that there is nothing to know about it.",
    "Notice": "A notice that must be shown with the content.",
    "Relation": "A typed and cited link between two items, with its qualifiers.",
}
PROPERTIES = {
    "ambiguous": "True if it is unclear whether the source means this relation.",
    "amplified_response": "The amplified response that follows instead of the normal one.",
    "analogy_source": "The image that an analogy uses.",
    "analogy_target": "The idea that the image stands for.",
    "aspect": "The aspect that a statement is about.",
    "attributed": "True if this is the view of the cited source and others disagree.",
    "category": "The category that a symptom type belongs to.",
    "cause_status": "How much is known about the cause.",
    "certainty": "How certain the source is.",
    "checked_on": "The day on which the match was checked.",
    "citation": "The source and the place in it.",
    "code": "The code that was matched.",
    "code_system": "The code system that was searched.",
    "coding": "The codes that were matched to the item.",
    "context": "The circumstances of an example.",
    "display_with": "The item that must be shown wherever the relation is shown.",
    "evidence_level": "The level of evidence that a source provides.",
    "expected_response": "The response that would normally follow.",
    "expected_response_implied": "Whether the source only implies the normal response.",
    "form": "The form of an example: vignette, analogy or contrast.",
    "frequency": "How often this applies, where the source says so.",
    "limits": "The limits of an analogy. Always show them with it.",
    "locator": "The place in the source.",
    "match": "How the code relates to the item.",
    "modality": "How the source expresses the relation, for example as a possibility.",
    "not_covered": "The aspects that the sources do not cover.",
    "note": "Anything else that a reader needs to know.",
    "notice": "A notice that must be shown with the content.",
    "notice_type": "The type of notice.",
    "object": "The item at the other end of a relation.",
    "observation": "Who notices it: the person or an examiner, if the source says which.",
    "plain": "The same text in plain words, for patients and families.",
    "predicate": "The type of a relation.",
    "relation": "A relation from the item to another.",
    "release": "The release in which this version was first published.",
    "retracted": "True if the work has been retracted.",
    "review_due_on": "The day by which the item must be reviewed again. After it, say that the review is overdue.",
    "reviewed_on": "The day on which the item was signed off.",
    "reviewer_role": "The role of the person who signed the item off.",
    "sha256": "The SHA-256 of the canonical JSON (RFC 8785) of the document without `meta`.",
    "source": "The source that is cited.",
    "subtopic": "A narrower topic of a concept.",
    "topic": "The topic that a concept belongs to.",
    "trigger": "The event with which an example begins.",
    "verification": "How the match was checked.",
    "version": "The release of the code system in which the code was looked up.",
    "withdrawal_reason": "The reason for a withdrawal.",
}


def to_turtle(base: str) -> str:
    """All of our words."""
    blocks = [turtle.prefixes({**PREFIXES, "amps": own_words(base)})]
    for name, terms in TABLES.items():
        title = name.replace("_", " ").capitalize()
        blocks.append(turtle.block(f"amps:{name}", [("a", "skos:ConceptScheme"), _text("rdfs:label", title)]))
        blocks += [_concept(name, term) for term in terms]
    for kind, words in (("rdfs:Class", CLASSES), ("owl:AnnotationProperty", PROPERTIES)):
        blocks += [_defined(word, kind, meaning) for word, meaning in words.items()]
    return "".join(blocks)


def _concept(vocabulary_name: str, term: Term) -> str:
    pairs = [
        ("a", "skos:Concept"),
        ("skos:inScheme", f"amps:{vocabulary_name}"),
        ("skos:notation", turtle.text(term.code)),
        _text("skos:prefLabel", term.label),
        _text("skos:definition", term.meaning),
    ]
    return turtle.block(f"amps:{vocabulary_name}\\/{term.code}", pairs)


def _defined(word: str, kind: str, meaning: str) -> str:
    label = word.replace("_", " ")
    return turtle.block(f"amps:{word}", [("a", kind), _text("rdfs:label", label), _text("rdfs:comment", meaning)])


def _text(predicate: str, value: str) -> tuple[str, str]:
    return predicate, turtle.text(value, "en")
