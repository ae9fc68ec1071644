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
    "Coding": "How a code of an external system was found to match an item; also that there is none.",
    "NotCovered": "An aspect on which the sources are silent. Never read it as “there are none”.",
    "Notice": "What must be shown with the content.",
    "Relation": "A typed, cited link between two items, with what has to be told with it.",
}
PROPERTIES = {
    "ambiguous": "True if the source leaves open whether this is meant.",
    "amplified_response": "What follows instead of the ordinary response.",
    "analogy_source": "The picture that an analogy uses.",
    "analogy_target": "What the picture stands for.",
    "aspect": "What it is about.",
    "attributed": "True if this is the view of the cited source and others differ.",
    "category": "What sort of symptom it is.",
    "cause_status": "What is known of the cause.",
    "certainty": "How sure the source is.",
    "checked_on": "When the match was checked.",
    "citation": "Where in which source it stands.",
    "code": "The code that was matched.",
    "code_system": "The code system that was searched.",
    "coding": "How codes were found to match the item.",
    "context": "The circumstances of an example.",
    "display_with": "What must be shown wherever the relation is shown.",
    "evidence_level": "What the assertions of a source rest on.",
    "expected_response": "What would ordinarily follow.",
    "expected_response_implied": "Whether the source only implies the ordinary response.",
    "form": "Vignette, analogy or contrast.",
    "frequency": "How often, where the source says so.",
    "limits": "Where an analogy ends. Show it with the analogy.",
    "locator": "Where in the source.",
    "match": "How the code relates to the item.",
    "modality": "How the source puts it.",
    "not_covered": "What the sources do not say.",
    "note": "What a reader has to know.",
    "notice": "What must be shown with the content.",
    "notice_type": "What sort of notice it is.",
    "object": "The item that a relation leads to.",
    "observation": "Who notices it: the person, an examiner, or not said.",
    "plain": "The same in plain words, for patients and families.",
    "predicate": "The type of a relation.",
    "relation": "A relation that starts from the item.",
    "release": "The release in which this version was first published.",
    "retracted": "True if the work has been retracted.",
    "review_due_on": "When it must be reviewed again. After this day, say it is overdue.",
    "reviewed_on": "When it was signed off.",
    "reviewer_role": "In what capacity it was signed off.",
    "sha256": "SHA-256 over the canonical JSON (RFC 8785) of the document without `meta`.",
    "source": "The source that is cited.",
    "subtopic": "A closer sort of concept.",
    "topic": "What sort of concept it is.",
    "trigger": "What happens in an example.",
    "verification": "How the match was checked.",
    "version": "The release of the code system in which the code was read.",
    "withdrawal_reason": "Why an item was withdrawn.",
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
