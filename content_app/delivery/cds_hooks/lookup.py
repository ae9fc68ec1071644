"""Finds the documents that codes of a problem list lead to.

In: a release and (system, code) pairs. Out: matches, one for each code of each document. One query, however many codes.
"""

from content_app.delivery.cds_hooks.cards import Match
from content_app.delivery.store import reading
from content_app.delivery.store.coded import coded
from content_app.vocabulary.code_systems import system_named

MOST_DOCUMENTS = 50


def matches_of(moment: reading.Moment, codes: list[tuple[str, str]]) -> list[Match]:
    """What the codes lead to, by name of the documents. Codes of systems that are not known here lead nowhere."""
    known = [(system.key, code) for name, code in codes if (system := system_named(name))]
    return [Match(document, coding) for document, coding in coded(moment, known, MOST_DOCUMENTS)]
