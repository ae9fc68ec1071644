"""Finds the documents that answer an Infobutton request, or any other request that names codes.

In: a release and concepts. Out: hits, best match first, and the outcome. Reads through `reading` only.
"""

from dataclasses import replace

from content_app.delivery.infobutton.asking import Concept
from content_app.delivery.infobutton.feed import Hit
from content_app.delivery.search import naming
from content_app.delivery.store import reading, symmetric_query
from content_app.delivery.store.coded import coded
from content_app.vocabulary.code_systems import system_named

BEST_FIRST = ("exact", "close", "narrow", "broad", "related")
KINDS_FIRST = ("condition", "symptom_type", "concept", "example")
MOST_HITS = 100


def find(moment: reading.Moment, concepts: tuple[Concept, ...], audience: str) -> tuple[list[Hit], str]:
    """The documents that answer any of the concepts, each once, and what became of the search.

    A code that is broader than a condition, or only related to it, never opens that condition for a patient.
    """
    found, outcomes = [], []
    for concept in concepts:
        hits, outcome = _by_code(moment, concept) if concept.code else _by_name(moment, concept.text)
        if audience == "plain" and hits:
            hits = [hit for hit in hits if hit.may_open]
            outcome = outcome if hits else "broader-code"
        found += hits
        outcomes.append(outcome)
    best: dict[str, Hit] = {}
    for hit in sorted(found, key=_rank):
        best.setdefault(hit.document["id"], hit)
    told = symmetric_query.with_both_ends((hit.document for hit in best.values()), moment)
    hits = [replace(hit, document=document) for hit, document in zip(best.values(), told, strict=True)]
    return hits, next((o for o in ("found", "broader-code", "unknown-code") if o in outcomes), outcomes[0])


def with_code(moment: reading.Moment, system_key: str, code: str) -> list[Hit]:
    """All documents with a code, best match first."""
    hits: dict[str, Hit] = {}
    for hit in sorted((Hit(*found) for found in coded(moment, [(system_key, code)], MOST_HITS)), key=_rank):
        hits.setdefault(hit.document["id"], hit)
    return list(hits.values())


def _by_code(moment: reading.Moment, concept: Concept) -> tuple[list[Hit], str]:
    system = system_named(concept.system)
    if system is None:
        return [], "unknown-code-system"
    hits = with_code(moment, system.key, concept.code)
    return hits, "found" if hits else "unknown-code"


def _by_name(moment: reading.Moment, text: str) -> tuple[list[Hit], str]:
    hits = [Hit(document, None) for document in naming.called(text, moment.release)]
    return hits, "found" if hits else "unknown-name"


def _rank(hit: Hit) -> tuple[int, int, str]:
    closeness = BEST_FIRST.index(hit.coding["match"]) if hit.coding else 0
    return closeness, KINDS_FIRST.index(hit.document["kind"]), hit.document["name"].casefold()
