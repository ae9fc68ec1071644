"""Items and their context, as the rules know them, for tests of the rules."""

import datetime

from content_app.manuscripts import rules
from content_app.manuscripts.findings import OBSTACLE, Neighbour, RuleContext
from tests.library import concept, condition, relation, statement

MECHANISM = concept("a-mechanism", topic="mechanism")
GAP = concept("cause-unknown", topic="knowledge_gap")
OTHER = condition("the-other")
TODAY = datetime.date(2026, 11, 23)
UNKNOWN = statement("Nobody knows why.", aspect="cause", assertion="unknown")


def neighbour(document, **changes) -> Neighbour:
    values = {
        "kind": document["kind"],
        "sort": rules.sort_of(document),
        "name": document["name"],
        "names": rules.folded_names(document),
        "will_be_published": True,
    }
    return Neighbour(**values | changes)


def around(*documents, **changes) -> RuleContext:
    neighbours = {f"{d['kind']}/{d['slug']}": neighbour(d) for d in documents}
    known = {"releases": {"icd-10-cm": "2026"}, "titles": {("icd-10-cm", "M79.7"): "Fibromyalgia"}}
    return RuleContext(**{"neighbours": neighbours, "today": TODAY} | known | changes)


def with_mechanism(**changes) -> dict:
    link = relation("has_mechanism", MECHANISM, likelihood="likely", display_with="concept/cause-unknown") | changes
    return condition(
        cause_status="unknown", statements=[UNKNOWN], relations=[{k: v for k, v in link.items() if v is not None}]
    )


EVERYTHING = around(MECHANISM, GAP, OTHER)
LONG = "Nociplastic dysregulation necessitates clarification notwithstanding phenomenological heterogeneity."
ANALOGY = {"form": "analogy", "analogy_source": "A loudspeaker.", "analogy_target": "The nerves.", "limits": "Nerves."}


def refused(document, pointer, sentence):
    """What stands in the way of publishing a document among the items above."""
    return document, EVERYTHING, OBSTACLE, pointer, sentence
