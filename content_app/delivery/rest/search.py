"""`/search/` and `/suggest/`: what a question finds in one release, and what a beginning may go on to.

Strict as lists are; a page keeps its release. Nothing here is a diagnosis, and every answer says so.
"""

import json
from collections import Counter
from typing import Any

from django.http import HttpResponse

from content_app.canonical import compact_json
from content_app.delivery.http.problems import invalid
from content_app.delivery.http.responses import answer
from content_app.delivery.query import cursors, paging, parameters
from content_app.delivery.query.base_view import READ_PARAMETERS, ReadView
from content_app.delivery.query.paging import PAGE_PARAMETERS
from content_app.delivery.search import excerpts, finding, index, question, suggesting
from content_app.delivery.search.finding import NOTICE, interpretation

MOST_SUGGESTIONS, USUAL_SUGGESTIONS = 20, 10


class SearchView(ReadView):
    """A page of what a question finds."""

    known_parameters = ("q", *question.FACETS, *PAGE_PARAMETERS, *READ_PARAMETERS)

    def get(self, request) -> HttpResponse:
        wanted = question.read(required(request.query_params))
        page = paging.asked_for(self, ("start",))
        start = page.key[0] if page.key else 0
        if start >= finding.MOST:
            raise cursors.not_one_of_ours()
        found = finding.find(wanted, page.moment.release)
        hits, next_page = page.cut(found.hits[start : start + page.size + 1], lambda _: (start + page.size,))
        return page.answer(results(hits, found), next_page, **members(wanted, found))


def required(query):
    """The parameters, if `q` is among them."""
    if "q" not in query:
        raise invalid("q", "Say what to search for: ?q=allodynia.")
    return query


def members(wanted: question.Question, found: finding.Found) -> dict[str, Any]:
    """What the answer says beside the hits."""
    return {
        "q": wanted.text,
        "interpreted_as": interpretation(wanted, found),
        "total": {"value": len(found.hits), "is_exact": not found.has_more},
        "facets": facet_counts(found),
        "notice": NOTICE,
    }


def facet_counts(found: finding.Found) -> dict[str, list[dict[str, Any]]]:
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


def results(page: list[finding.Hit], found: finding.Found) -> list[bytes]:
    """The hits of a page: the short form of the item as lists show it, and how it matched."""
    stored = index.documents([hit.place for hit in page])
    shown = []
    for hit in page:
        list_form, body = stored[hit.place]
        match = excerpts.match(json.loads(body), found.stems, hit.tier, found.whole)
        shown.append(b'{"item":' + list_form + b',"match":' + compact_json(match) + b"}")
    return shown


class SuggestView(ReadView):
    """Names that go on from what is typed."""

    known_parameters = ("q", "kind", "limit", *READ_PARAMETERS)

    def get(self, request) -> HttpResponse:
        query = required(request.query_params)
        most = parameters.whole_number(query, "limit", default=USUAL_SUGGESTIONS, least=1, most=MOST_SUGGESTIONS)
        question.facets(query)
        prefix = suggesting.prefix_of(query["q"])
        if not prefix:
            raise invalid("q", "Give at least one letter or digit to complete.")
        moment = self.moment()
        names = suggesting.suggest(prefix, moment.release, most, query.get("kind"))
        corrected = None if names else suggesting.corrected_prefix(query["q"], moment.release)
        if corrected:
            names = suggesting.suggest(corrected, moment.release, most, query.get("kind"))
        body = {
            "release": moment.release,
            "q": query["q"].strip(),
            "interpreted_as": {"q": corrected} if names and corrected else None,
            "notice": NOTICE,
            "results": self.entries(names, corrected or prefix),
        }
        return answer(request, compact_json(body), moment=moment)

    def entries(self, names: list[index.Name], prefix: str) -> list[dict[str, Any]]:
        stored = index.documents([name.place for name in names])
        return [suggesting.entry(name, prefix, json.loads(stored[name.place][0])) for name in names]
