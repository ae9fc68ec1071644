"""`/search/` and `/suggest/`: what a question finds in one release, and what a beginning may go on to.

Strict as lists are; a page keeps its release. Nothing here is a diagnosis, and every answer says so.
"""

import json
from collections import Counter
from typing import Any

from django.http import HttpResponse

from content_app.canonical import compact_json
from content_app.delivery import cursors, filters, parameters, reading
from content_app.delivery.problems import invalid
from content_app.delivery.responses import answer
from content_app.delivery.search import excerpts, finding, index, question, suggesting
from content_app.delivery.search.finding import NOTICE, interpretation
from content_app.delivery.views.base import READ_PARAMETERS, ReadView
from content_app.delivery.views.documents import next_address

MOST_SUGGESTIONS, USUAL_SUGGESTIONS = 20, 10


class SearchView(ReadView):
    """A page of what a question finds."""

    known_parameters = ("q", *question.FACETS, "page_size", "cursor", *READ_PARAMETERS)

    def get(self, request) -> HttpResponse:
        query, asked = request.query_params, cursors.question(request)
        page_size = parameters.whole_number(
            query, "page_size", default=filters.USUAL_PAGE, least=filters.SMALLEST_PAGE, most=filters.LARGEST_PAGE
        )
        wanted = question.read(required(query))
        cursor = cursors.decode(query["cursor"], asked, (int,)) if "cursor" in query else None
        moment = reading.moment_of_release(cursor.release) if cursor else self.moment()
        start = cursor.key[0] if cursor else 0
        if moment is None or not 0 <= start < finding.MOST:
            raise cursors.not_one_of_ours()
        found = finding.find(wanted, moment.release)
        page = found.hits[start : start + page_size]
        next_page = None
        if len(found.hits) > start + page_size:
            next_page = next_address(request, cursors.Cursor(moment.release, (start + page_size,)), asked)
        head = {"release": moment.release, **members(wanted, found), "next": next_page}
        return answer(request, with_results(head, results(page, found)), moment=moment)


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


def with_results(head: dict[str, Any], entries: list[bytes]) -> bytes:
    return compact_json(head)[:-1] + b',"results":[' + b",".join(entries) + b"]}"


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
