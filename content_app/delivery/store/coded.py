"""Items by code, for every protocol: codes of other systems as their codings say, and the library's own.

In: a release, and codes as callers spell them. Out: documents, each with the coding that answers.
"""

import json
from collections.abc import Iterable
from typing import Any

from content_app.delivery.store import own_codes, reading
from content_app.vocabulary.code_systems import CODE_SYSTEMS, OWN, spellings_of
from content_app.vocabulary.terms import MATCHES

CODED_SYSTEMS = (*CODE_SYSTEMS, OWN.key)
CLOSEST_FIRST = {match: place for place, match in enumerate(MATCHES)}

Document = dict[str, Any]
Found = tuple[Document, dict[str, Any]]


def terms_of(asked: Iterable[tuple[str, str]]) -> set[str]:
    """What the index calls these (system key, code), in every spelling."""
    return {
        f"{key}|{spelling.casefold()}" for key, code in asked if key != OWN.key for spelling in spellings_of(key, code)
    }


def coded(moment: reading.Moment, asked: Iterable[tuple[str, str]], most: int) -> list[Found]:
    """(document, coding) for every coding that is one of these (system key, code); at most so many documents."""
    asked = list(asked)
    of_others = terms_of(asked)
    own = own_codes_in(asked, moment)
    living = reading.living(moment)
    found: list[Found] = []
    if own:
        bodies = reading.bodies(living.filter(item_uuid__in=own), most)
        found += [(document, own_codes.coding(document, own[document["id"]], moment)) for document in _read(bodies)]
    if of_others:
        bodies = reading.bodies(reading.with_term(living, "code", *sorted(of_others)), most)
        found += [
            (document, coding)
            for document in _read(bodies)
            for coding in document["codings"]
            if term_of(coding) in of_others
        ]
    return found


def term_of(coding: dict[str, Any]) -> str:
    """What the index calls the code of a coding."""
    return f"{coding['system']}|{(coding['code'] or '').casefold()}"


def own_codes_in(asked: Iterable[tuple[str, str]], moment: reading.Moment) -> dict[str, str]:
    """The items, with their code, that are meant by the library's own codes among these."""
    spellings = {spelling for key, code in asked if key == OWN.key for spelling in spellings_of(key, code)}
    return own_codes.items_with(spellings, moment.release)


def _read(bodies: list[tuple[str, str, bytes]]) -> list[Document]:
    return [json.loads(body) for _, _, body in bodies]
