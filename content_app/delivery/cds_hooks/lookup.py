"""Finds the documents that codes of a problem list lead to.

In: a release and (system, code) pairs. Out: matches, one for each code of each document. One query, however many codes.
"""

import json

from content_app.delivery.cds_hooks.cards import Match
from content_app.delivery.infobutton.lookup import spellings_of
from content_app.delivery.rest.entries import SYSTEM_NAMES
from content_app.delivery.store import reading

MOST_DOCUMENTS = 50


def matches_of(moment: reading.Moment, codes: list[tuple[str, str]]) -> list[Match]:
    """What the codes lead to, by name of the documents. Codes of systems that are not known here lead nowhere."""
    terms = {
        f"{SYSTEM_NAMES[system].key}|{spelling.casefold()}"
        for system, code in codes
        if system in SYSTEM_NAMES
        for spelling in spellings_of(SYSTEM_NAMES[system].key, code)
    }
    if not terms:
        return []
    found = reading.with_term(reading.living(moment), "code", *sorted(terms))
    return [
        Match(document, coding)
        for document in (json.loads(body) for _, _, body in reading.bodies(found, MOST_DOCUMENTS))
        for coding in document["codings"]
        if f"{coding['system']}|{(coding['code'] or '').casefold()}" in terms
    ]
