"""Our own words, defined as RDF: what `amps:` stands for.

In: where the server is, which is not part of any word. Out: Turtle. Every code of our vocabularies is a SKOS concept
in the scheme of its vocabulary; properties and classes are those that linked data here uses because schema.org and
SKOS have none.
"""

from content_app.delivery.linked_data import fields as linked
from content_app.delivery.linked_data import turtle
from content_app.delivery.linked_data.words import OWN_WORDS, PREFIXES
from content_app.vocabulary.addresses import API
from content_app.vocabulary.fields import VOCABULARIES
from content_app.vocabulary.terms import Term

ADDRESS = f"{API}/vocabulary/"
CLASSES = {
    "Coding": "A match between an item and a code of an external system, or a record that no code was found.",
    "NotCovered": "An aspect that is not covered. This never means that there is nothing to know about it.",
    "Notice": "A notice that must be shown with the content.",
    "Relation": "A typed and cited link between two items, with its qualifiers.",
}
PROPERTIES = {
    **{linked.name_of(field): " ".join(filter(None, (field.meaning, field.advice))) for field in reversed(linked.TOLD)},
    "citation": "The source and the place in it.",
    "code": "The code that was matched.",
    "code_system": "The code system that was searched.",
    "coding": "The codes that were matched to the item.",
    "display_with": "The item that must be shown wherever the relation is shown.",
    "locator": "The place in the source.",
    "not_covered": "The aspects that the item does not cover.",
    "note": "Anything else that a reader needs to know.",
    "notice": "A notice that must be shown with the content.",
    "notice_type": "The type of notice.",
    "object": "The item at the other end of a relation.",
    "plain": "The same text in plain words, for patients and families.",
    "predicate": "The type of a relation.",
    "relation": "A relation from the item to another.",
    "release": "The release in which this version was first published.",
    "replaced_by": "The item that replaces a withdrawn one.",
    "review_due_on": "The day by which the item must be reviewed again. After it, tell readers that it is overdue.",
    "review_state": "Whether a clinician has signed off the content.",
    "reviewed_on": "The day on which the item was signed off.",
    "reviewer_role": "The role of the person who signed off the item.",
    "sha256": "The SHA-256 of the canonical JSON (RFC 8785) of the document without `meta`.",
    "source": "The source that is cited.",
    "version": "The release of the code system in which the code was looked up.",
    "withdrawal_reason": "The reason for a withdrawal.",
}


def to_turtle(base: str) -> str:
    """All of our words."""
    blocks = [turtle.prefixes({**PREFIXES, "amps": OWN_WORDS})]
    blocks.append(turtle.block(turtle.iri(OWN_WORDS.rstrip("#")), [("rdfs:seeAlso", turtle.iri(base + ADDRESS))]))
    for name, terms in VOCABULARIES.items():
        title = name.replace("_", " ").capitalize()
        blocks.append(turtle.block(f"amps:{name}", [("a", "skos:ConceptScheme"), _text("rdfs:label", title)]))
        blocks += [_concept(name, term) for term in terms.values()]
    for kind, words in (("rdfs:Class", CLASSES), ("owl:AnnotationProperty", PROPERTIES)):
        blocks += [_defined(word, kind, meaning) for word, meaning in sorted(words.items())]
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
