"""What a search found, as it is shown: each hit with the short form of its item, and how it matched.

In: a question, and which page of its answer; hits of one page. Out: JSON, as bytes.
"""

from collections import Counter
from typing import Any

from content_app.canonical import compact_json
from content_app.delivery.query import paging
from content_app.delivery.search import covered, excerpts, finding, material, question
from content_app.delivery.search.finding import NOTICE, interpretation


def results(page: list[finding.Hit], found: finding.Found) -> list[bytes]:
    """The hits of a page: the short form of the item as lists show it, and how it matched."""
    known = material.of_places([hit.place for hit in page])
    shown = []
    for hit in page:
        list_form, of_hit = known[hit.place]
        match = excerpts.match(of_hit, found.stems, hit.tier, found.whole)
        shown.append(b'{"item":' + list_form + b',"match":' + compact_json(match) + b"}")
    return shown


def page_of(wanted: question.Question, page: paging.Page, start: int) -> bytes:
    """The page of an answer that begins at a hit, as JSON."""
    found = finding.find(wanted, page.moment.release)
    hits, onward = page.cut(found.hits[start : start + page.size + 1], lambda _: (start + page.size,))
    return page.body(results(hits, found), onward, **_members(wanted, found, page.moment.release))


def _members(wanted: question.Question, found: finding.Found, release: int) -> dict[str, Any]:
    """What the answer says beside the hits."""
    return {
        "q": wanted.text,
        "seek_help": wanted.recognised.seek_help,
        "aspects": covered.answers(wanted, found, release),
        "interpreted_as": interpretation(wanted, found),
        "total": {"value": len(found.hits), "is_exact": not found.has_more},
        "facets": _facet_counts(found),
        "notice": NOTICE,
    }


def _facet_counts(found: finding.Found) -> dict[str, list[dict[str, Any]]]:
    """How many hits each value has: as many as the search has that is narrowed to it. Null beyond the bound."""
    counts: dict[str, dict[str, int]] = {name: {} for name in question.FACETS}
    for facets, hits in Counter(hit.facets for hit in found.hits).items():
        for facet in facets.split():
            name, _, value = facet.partition("=")
            counts[name][value] = counts[name].get(value, 0) + hits
    return {
        name: [
            {"value": code, "label": term.label, "count": None if found.has_more else counts[name][code]}
            for code, term in terms.items()
            if code in counts[name]
        ]
        for name, terms in question.FACETS.items()
    }
