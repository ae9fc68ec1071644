"""Compositions by a code: the library's own, or one of another system that means the item or a part of it.

In: values of `event-code` or `context`, and how to find items by code. Out: Compositions, best match first, and a
sentence for each that the code does not simply mean. A code that is broader than an item, or only related to it, does
not find it: whoever has that code need not have that condition.
"""

from collections.abc import Callable, Iterable
from typing import Any

from content_app.delivery.fhir.library.resources import Library
from content_app.delivery.fhir.terminology.canonical_urls import CODE_SYSTEM
from content_app.delivery.fhir.terminology.outcome import Issue, Resource, refusal
from content_app.delivery.fhir.terminology.parameters import Pairs
from content_app.delivery.store.prose import DIRECT, match_sentence
from content_app.vocabulary.code_systems import OWN, named_in, system_named

NAMES = ("event-code", "context")
Coding = dict[str, Any]
Finder = Callable[[Iterable[tuple[str, str]]], list[tuple[str, Coding]]]
Told = list[tuple[str | None, Issue]]  # each with the id of the Composition that it is about, if it is about one


def compositions(library: Library, pairs: Pairs, find: Finder) -> tuple[list[Resource], Told]:
    """The Compositions that fit all of these parameters, and what must be said of how they fit."""
    found: dict[str, Coding] | None = None
    told: Told = []
    for name, text in pairs:
        asked = [code for part in text.split(",") for code in _codes(name, part, told)]
        meant = _meant(find(asked))
        found = meant if found is None else {key: found[key] for key in found if key in meant}
    documents = [(library.document(item_id), coding) for item_id, coding in (found or {}).items()]
    shown = [(document, coding) for document, coding in documents if document]
    for document, coding in shown:
        if coding["match"] != "exact":
            sentence = f"{document['name']}: {match_sentence(coding)}"
            told.append((document["id"], Issue("information", "informational", sentence)))
    return [library.prose(document) for document, _ in shown], told


def _meant(found: list[tuple[str, Coding]]) -> dict[str, Coding]:
    """The closest coding of each item that one of the codes means, closest first."""
    direct = [(item_id, coding) for item_id, coding in found if coding["match"] in DIRECT]
    closest: dict[str, Coding] = {}
    for item_id, coding in sorted(direct, key=lambda each: DIRECT.index(each[1]["match"])):
        closest.setdefault(item_id, coding)
    return closest


def _codes(name: str, token: str, told: Told) -> list[tuple[str, str]]:
    """What a token can mean, as (system key, code). Raises FhirError 400 for a system without a code."""
    system, bar, code = token.rpartition("|")
    if not bar:
        return [(OWN.key, code), *((found.key, its_code) for found, its_code in named_in(code))]
    if not code:
        raise refusal(400, "not-supported", f"“{name}” needs a code: {system or CODE_SYSTEM}|code", path=name)
    known = system_named(system)
    if known is None and system:
        told.append((None, Issue("warning", "not-found", f"This server does not know the code system {system[:200]}")))
    return [(known.key, code)] if known else []
