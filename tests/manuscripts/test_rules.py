"""Each rule fires on what it is about, at its place, and is silent on what is right. No database is needed."""

import datetime

import pytest

from content_app.manuscripts import rules
from content_app.manuscripts.findings import OBSTACLE, WARNING
from tests.library import coding, concept, condition, example, relation, statement, symptom_type
from tests.manuscripts.changes import CHANGES
from tests.manuscripts.contexts import (
    ANALOGY,
    EVERYTHING,
    LONG,
    MECHANISM,
    OTHER,
    TODAY,
    UNKNOWN,
    around,
    neighbour,
    refused,
    with_mechanism,
)  # fmt: skip
from tests.manuscripts.texts import ALIKE, UNLIKE

# what it is about: (document, context, severity, pointer, the start of the sentence)
FIRES = {
    "the form": (condition(name="a\nb"), EVERYTHING, OBSTACLE, "/name", r"“a\nb” contains a line break"),
    "no clinical summary": refused(
        condition(summary={"plain": "x"}),
        "/summary/clinical",
        "Write a summary",
    ),
    "a source that nobody signed off": (
        condition(),
        around(unsigned={"a-text": "A text"}),
        OBSTACLE,
        "/citations",
        "The source “A text” has not been",
    ),
    **CHANGES,
    **UNLIKE,
    "an invented code": refused(
        condition(codings=[coding(code="Z99.ZZZ")]), "/codings/0/code", "“Z99.ZZZ” is not a current code of ICD-10-CM"
    ),
    "a title of one's own": refused(
        condition(codings=[coding(display="Sore all over")]), "/codings/0/display", "In ICD-10-CM (2026), the title of"
    ),
    "a check of which nobody says what it was against": refused(
        condition(codings=[coding("mesh", "D999999", verification="corroborated")]),
        "/codings/0/verified_by",
        "“D999999” is marked as checked",
    ),
    "a code that nobody can look up said to be verified": refused(
        condition(codings=[coding("mesh", "D999999", verified_by=["A database"])]),
        "/codings/0/verification",
        "“D999999” cannot be looked up in a release of MeSH",
    ),
    "no plain summary": refused(
        condition(summary={"clinical": "x"}),
        "/summary/plain",
        "Write a summary",
    ),
    "no summary": (condition(summary=None), EVERYTHING, OBSTACLE, "/summary/plain", "Write a summary for the public"),
    "no citation of the summary": refused(
        condition(citations=None),
        "/citations",
        "Cite a source for the summary",
    ),
    "no citation of a statement": refused(
        condition(statements=[statement(citations=[])]),
        "/statements/0/citations",
        "Cite a source for the statement “It lasts.…”",
    ),
    "no citation of a relation": refused(
        condition(relations=[relation("related_to", OTHER, citations=[])]),
        "/relations/0/citations",
        "Cite a source for the relationship “related to",
    ),
    "no citation of a clinical term": refused(
        condition(names=[{"text": "allodynia", "type": "clinical_term"}]),
        "/names/0/citations",
        "Cite a source for the clinical term “allodynia”",
    ),
    "a place cited twice": (
        condition(citations=[{"source": "a-text"}, {"source": "a-text"}]),
        EVERYTHING,
        WARNING,
        "/citations",
        "The same place",
    ),
    "a retracted source": (
        condition(),
        around(retracted={"a-text": "A text"}),
        WARNING,
        "/citations",
        "“A text” has been retracted",
    ),
    "an unpublished end": (
        condition(relations=[relation("related_to", OTHER)]),
        around(neighbours={"condition/the-other": neighbour(OTHER, will_be_published=False)}),
        OBSTACLE,
        "/relations/0/object",
        "“The other” is not published",
    ),
    "an end that is not there": (
        condition(relations=[relation("related_to", OTHER)]),
        around(),
        OBSTACLE,
        "/relations/0/object",
        "“condition/the-other” is not published",
    ),
    "an unpublished item beside it": (
        with_mechanism(),
        around(MECHANISM),
        OBSTACLE,
        "/relations/0/display_with",
        "“concept/cause-unknown” is not published",
    ),
    "a wrong start": refused(
        concept(relations=[relation("has_feature", MECHANISM)]),
        "/relations/0/predicate",
        "“has feature” cannot start from this item. It can only start from a condition or a concept with the topic",
    ),
    "a wrong end": refused(
        condition(relations=[relation("has_knowledge_gap", MECHANISM)]),
        "/relations/0/object",
        "“has knowledge gap” cannot link to “A mechanism”",
    ),
    "an ambiguity without a note": refused(
        condition(relations=[relation("related_to", OTHER, ambiguous=True)]),
        "/relations/0/note",
        "This relationship is marked “Ambiguous”",
    ),
    "a view without a note": refused(
        condition(relations=[relation("umbrella_for", OTHER, attributed=True)]),
        "/relations/0/note",
        "This relationship is marked “Attributed”",
    ),
    "a mechanism without likelihood": refused(
        with_mechanism(likelihood=None),
        "/relations/0/likelihood",
        "Choose how likely",
    ),
    "a mechanism without its gap": refused(
        with_mechanism(display_with=None),
        "/relations/0/display_with",
        "Choose the knowledge gap",
    ),
    "a mechanism without the unknown cause": refused(
        with_mechanism() | {"cause_status": "not_stated", "statements": [statement()]},
        "/statements",
        "Add a statement with the aspect “Cause”",
    ),
    "a statement of a mechanism without the unknown cause": refused(
        condition(statements=[statement("Nerves react too readily.", aspect="mechanism", likelihood="proposed")]),
        "/statements",
        "Add a statement with the aspect “Cause”",
    ),
    "a mechanism page without the unknown cause": refused(
        MECHANISM,
        "/statements",
        "Add a statement with the aspect “Cause”",
    ),
    "a condition that says nothing": refused(
        condition(statements=None),
        "/statements",
        "A condition needs at least one statement",
    ),
    "an unknown cause that no statement mentions": refused(
        condition(cause_status="unknown"),
        "/cause_status",
        "The cause is marked as unknown, which is a finding.",
    ),
    "a known cause that a statement calls unknown": refused(
        condition(cause_status="known", statements=[UNKNOWN]),
        "/cause_status",
        "A statement says that the cause is unknown.",
    ),
    "a cause that is not stated but a statement calls unknown": refused(
        condition(statements=[UNKNOWN]),
        "/cause_status",
        "A statement says that the cause is unknown.",
    ),
    "literature without a population": refused(
        condition(statements=[statement(layer="literature")]),
        "/statements/0/population",
        "Choose the population",
    ),
    "literature without a locator": refused(
        condition(statements=[statement(layer="literature", population="amps", citations=[{"source": "a-text"}])]),
        "/statements/0/citations/0/locator",
        "Say where in the source this is",
    ),
    "likelihood of what explains nothing": refused(
        condition(statements=[statement(likelihood="likely")]),
        "/statements/0/likelihood",
        "Likelihood is for mechanisms and causes only.",
    ),
    "a kind of what it is not the same as": refused(
        condition(relations=[relation("is_kind_of", OTHER, note="As some say."), relation("not_the_same_as", OTHER)]),
        "/relations/1/note",
        "“is a kind of The other” and",
    ),
    "an analogy with statements": refused(
        example(**ANALOGY, statements=[statement()]),
        "/statements",
        "An analogy cannot have statements",
    ),
    "an analogy without limits": refused(
        example(**ANALOGY | {"limits": None}),
        "/limits",
        "Say where the analogy breaks down.",
    ),
    "an analogy that is none": refused(
        example(relations=[relation("analogy_for", MECHANISM)]),
        "/relations/0/predicate",
        "Only an analogy",
    ),
    "a name in common": refused(
        condition(names=[{"text": "THE OTHER", "type": "synonym"}], relations=[relation("not_the_same_as", OTHER)]),
        "/relations/0",
        "“the other” is a name of both",
    ),
    "a code that needs a licence": refused(
        condition(codings=[coding("umls", "C0016053")]),
        "/codings/0/system",
        "UMLS CUI needs a licence",
    ),
    "a code that cannot be one": refused(
        condition(codings=[coding(code="79.7")]),
        "/codings/0/code",
        "“79.7” is not in the format",
    ),
    "a code without its title": refused(
        condition(codings=[{k: v for k, v in coding().items() if k != "display"}]),
        "/codings/0/display",
        "Enter the title of M79.7 in ICD-10-CM.",
    ),
    "a foreign subtopic": refused(
        concept(subtopic="tissue"),
        "/subtopic",
        "The subtopic “Tissue” does not belong",
    ),
    "a plain summary that is not plain": (
        condition(summary={"clinical": "x", "plain": LONG}),
        EVERYTHING,
        WARNING,
        "/summary/plain",
        "Reading level: grade",
    ),
    "a plain statement that is not plain": (
        condition(statements=[statement(plain=LONG)]),
        EVERYTHING,
        WARNING,
        "/statements/0/plain",
        "Reading level: grade",
    ),
    "letters that a PDF runs together": (
        condition(statements=[statement("A \ufb01nding.")]),
        EVERYTHING,
        WARNING,
        "/statements/0/clinical",
        "This text has “\ufb01” as one character",
    ),
    "a word that was broken at the end of a line": (
        condition(summary={"clinical": "An inter- national study.", "plain": "A study."}),
        EVERYTHING,
        WARNING,
        "/summary/clinical",
        "“inter- national” looks like a word that was broken",
    ),
    "an overdue review": (
        condition(),
        around(review_due_on=TODAY - datetime.timedelta(days=1)),
        WARNING,
        "",
        "The review was due on 22 Nov 2026.",
    ),
}

RIGHT = {
    **ALIKE,
    "a plain condition": (condition(), EVERYTHING),
    "a mechanism with all that belongs beside it": (with_mechanism(), EVERYTHING),
    "a mechanism whose cause is known": (
        with_mechanism() | {"cause_status": "known", "statements": [statement()]},
        EVERYTHING,
    ),
    "a mechanism page": (MECHANISM | {"statements": [UNKNOWN]}, EVERYTHING),
    "an unknown cause with its statement": (condition(cause_status="unknown", statements=[UNKNOWN]), EVERYTHING),
    "a partly known cause with a statement of what is unknown": (
        condition(cause_status="partly_known", statements=[UNKNOWN]),
        EVERYTHING,
    ),
    "cited literature": (condition(statements=[statement(layer="literature", population="amps")]), EVERYTHING),
    "a likely cause": (condition(statements=[statement(aspect="cause", likelihood="likely")]), EVERYTHING),
    "both a kind of and not the same as, explained": (
        condition(
            relations=[relation(code, OTHER, note="As some say.") for code in ("is_kind_of", "not_the_same_as")],
        ),
        EVERYTHING,
    ),
    "nobody has looked for a code": (
        condition(codings=[{k: v for k, v in coding(match="not_checked").items() if k not in ("code", "display")}]),
        EVERYTHING,
    ),
    "a doubt with a note": (
        condition(relations=[relation("related_to", OTHER, ambiguous=True, note="Not clear.")]),
        EVERYTHING,
    ),
    "two places of one source": (
        condition(citations=[{"source": "a-text", "locator": "1"}, {"source": "a-text", "locator": "2"}]),
        EVERYTHING,
    ),
    "a shared everyday wording": (
        condition(
            names=[{"text": "the other", "type": "everyday_wording"}], relations=[relation("not_the_same_as", OTHER)]
        ),
        EVERYTHING,
    ),
    "an analogy": (example(**ANALOGY, relations=[relation("analogy_for", MECHANISM)]), EVERYTHING),
    "a vignette": (example(), EVERYTHING),
    "no code exists": (
        condition(codings=[{k: v for k, v in coding(match="none").items() if k not in ("code", "display")}]),
        EVERYTHING,
    ),
    "a hedge taken out with a source of its own": (
        condition(statements=[statement(citations=[{"source": "another", "locator": "1"}])]),
        around(published=condition(statements=[statement(assertion="hedged")])),
    ),
    "a safety change that says so": (
        condition(caution="More."),
        around(published=condition(caution="Less."), significance="safety"),
    ),
    "a licensed code without title": (
        condition(
            codings=[
                {
                    k: v
                    for k, v in coding("umls", "C0016053", verification="corroborated", verified_by=["UMLS"]).items()
                    if k != "display"
                }
            ]
        ),
        around(licensed=frozenset({"umls"})),
    ),
    "a fitting subtopic": (concept(topic="body_site", subtopic="tissue"), EVERYTHING),
    "a review due today": (condition(), around(review_due_on=TODAY)),
    "a symptom": (symptom_type(), EVERYTHING),
    "a hyphen that stands for a word": (
        condition(statements=[statement("Self- and peer-reported.", plain="It is so.")]),
        EVERYTHING,
    ),
}


@pytest.mark.parametrize("about", FIRES)
def test_a_rule_fires_at_its_place(about):
    document, context, severity, pointer, sentence = FIRES[about]
    found = rules.check(document, context)
    assert [f for f in found if (f.severity, f.pointer) == (severity, pointer) and f.sentence.startswith(sentence)], (
        found
    )


@pytest.mark.parametrize("about", FIRES)
def test_a_rule_says_nothing_else(about):
    document, context, severity, *_ = FIRES[about]
    found = rules.check(document, context)
    assert all(f.severity == severity for f in found)
    assert len(found) <= 2


@pytest.mark.parametrize("about", RIGHT)
def test_no_rule_fires_on_what_is_right(about):
    assert rules.check(*RIGHT[about]) == []


def test_every_rule_is_shown_to_fire():
    fired = {
        rule.__name__
        for document, context, *_ in list(FIRES.values())[1:]
        for rule in rules.RULES
        if any(rule(document, context))
    }
    assert fired == {rule.__name__ for rule in rules.RULES}


def test_obstacles_come_before_warnings():
    document = condition(citations=None, summary={"clinical": "x", "plain": LONG})
    assert [finding.severity for finding in rules.check(document, EVERYTHING)] == [OBSTACLE, WARNING]


def test_every_sentence_is_a_sentence():
    for document, context, *_ in FIRES.values():
        for finding in rules.check(document, context):
            assert finding.sentence[0].isupper() or finding.sentence[0] == "“"
            assert finding.sentence[-1] in ".?"
