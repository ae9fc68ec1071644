"""What the rules say of a change, for `test_rules`: the document, its context, and the finding."""

from content_app.manuscripts.findings import OBSTACLE, WARNING
from tests.library import concept, condition, relation, statement
from tests.manuscripts.contexts import GAP, around, neighbour

CHANGES = {
    "a caution changed as if by the way": (
        condition(caution="Less."),
        around(published=condition(caution="More."), significance="editorial"),
        OBSTACLE,
        "/caution",
        "The standing caution has changed",
    ),
    "a caution that is gone": (
        condition(),
        around(published=condition(caution="More.")),
        WARNING,
        "/caution",
        "The published version has a standing",
    ),
    "a word of safety, as if by the way": (
        condition(summary={"clinical": "x", "plain": "Call a doctor."}),
        around(published=condition(summary={"clinical": "x", "plain": "Call."}), significance="editorial"),
        OBSTACLE,
        "/summary/plain",
        "This change adds or removes safety words (doctor)",
    ),
    "a sign of illness taken out, as if by the way": (
        condition(statements=[statement(plain="It hurts.")]),
        around(published=condition(statements=[statement(plain="It hurts, with fever.")]), significance="editorial"),
        OBSTACLE,
        "/statements/0/plain",
        "This change adds or removes safety words (fever)",
    ),
    "a hedge taken out without a source": (
        condition(statements=[statement()]),
        around(published=condition(statements=[statement(assertion="hedged")])),
        OBSTACLE,
        "/statements/0/assertion",
        "This statement is now stronger",
    ),
    "the other item says that they are not the same": (
        concept(relations=[relation("is_kind_of", GAP)]),
        around(
            neighbours={
                "concept/cause-unknown": neighbour(GAP, links=frozenset({("not_the_same_as", "concept/a-concept")}))
            }
        ),
        OBSTACLE,
        "/relations/0/note",
        "“is a kind of Cause unknown” and",
    ),
}
