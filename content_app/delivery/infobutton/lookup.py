"""Finds the documents that answer an Infobutton request, or any other request that names codes.

In: a release and concepts. Out: hits, best match first, and the outcome. Reads through `reading` only.
"""

import json
import re
from dataclasses import replace
from typing import Any

from content_app.delivery.infobutton.asking import Concept
from content_app.delivery.infobutton.feed import Hit
from content_app.delivery.rest.entries import SYSTEM_NAMES
from content_app.delivery.search import naming
from content_app.delivery.store import reading, symmetric_query

BEST_FIRST = ("exact", "close", "narrow", "broad", "related")
KINDS_FIRST = ("condition", "symptom_type", "concept", "example")
MOST_HITS = 100


def find(moment: reading.Moment, concepts: tuple[Concept, ...]) -> tuple[list[Hit], str]:
    """The documents that answer any of the concepts, each once, and what became of the search."""
    found, outcomes = [], []
    for concept in concepts:
        hits, outcome = _by_code(moment, concept) if concept.code else _by_name(moment, concept.text)
        found += hits
        outcomes.append(outcome)
    best: dict[str, Hit] = {}
    for hit in sorted(found, key=_rank):
        best.setdefault(hit.document["id"], hit)
    told = symmetric_query.told((hit.document for hit in best.values()), moment)
    hits = [replace(hit, document=document) for hit, document in zip(best.values(), told, strict=True)]
    return hits, next((o for o in ("found", "unknown-code") if o in outcomes), outcomes[0])


def with_code(moment: reading.Moment, system_key: str, code: str) -> list[Hit]:
    """All documents with a code, best match first."""
    spellings = {spelling.casefold() for spelling in spellings_of(system_key, code)}
    terms = [f"{system_key}|{spelling}" for spelling in sorted(spellings)]
    bodies = reading.bodies(reading.with_term(reading.living(moment), "code", *terms), MOST_HITS)
    documents = (json.loads(body) for _, _, body in bodies)
    return sorted((Hit(document, _coding(document, system_key, spellings)) for document in documents), key=_rank)


def spellings_of(system_key: str, code: str) -> tuple[str, ...]:
    """The code as given, and for ICD-10 also with the dot that claims leave out: M797 for M79.7."""
    if system_key in ("icd-10", "icd-10-cm") and re.fullmatch(r"[A-Za-z][0-9A-Za-z]{3,6}", code, re.ASCII):
        return code, f"{code[:3]}.{code[3:]}"
    return (code,)


def _by_code(moment: reading.Moment, concept: Concept) -> tuple[list[Hit], str]:
    system = SYSTEM_NAMES.get(concept.system)
    if system is None:
        return [], "unknown-code-system"
    hits = with_code(moment, system.key, concept.code)
    return hits, "found" if hits else "unknown-code"


def _by_name(moment: reading.Moment, text: str) -> tuple[list[Hit], str]:
    hits = [Hit(document, None) for document in naming.called(text, moment.release)]
    return hits, "found" if hits else "unknown-name"


def _coding(document: dict[str, Any], system_key: str, spellings: set[str]) -> dict[str, Any]:
    codings = [
        coding
        for coding in document["codings"]
        if coding["system"] == system_key and (coding["code"] or "").casefold() in spellings
    ]
    return min(codings, key=lambda coding: BEST_FIRST.index(coding["match"]))


def _rank(hit: Hit) -> tuple[int, int, str]:
    closeness = BEST_FIRST.index(hit.coding["match"]) if hit.coding else 0
    return closeness, KINDS_FIRST.index(hit.document["kind"]), hit.document["name"].casefold()
