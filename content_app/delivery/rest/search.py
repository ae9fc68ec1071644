"""`/search/` and `/suggest/`: what a question finds in one release, and what a beginning may go on to.

Strict as lists are; a page keeps its release. Nothing here is a diagnosis, and every answer says so.
"""

from django.http import HttpResponse

from content_app.delivery.http.problems import invalid
from content_app.delivery.http.responses import answer
from content_app.delivery.query import cursors, labels, paging, parameters
from content_app.delivery.query.base_view import READ_PARAMETERS, ReadView
from content_app.delivery.query.operation import Operation
from content_app.delivery.query.paging import PAGE_PARAMETERS
from content_app.delivery.rest.search_shapes import SearchPageSerializer, SuggestionsSerializer
from content_app.delivery.search import finding, question, results, suggesting
from content_app.delivery.search.finding import MOST
from content_app.delivery.search.question import FACETS, MOST_WORDS

MOST_SUGGESTIONS, USUAL_SUGGESTIONS = 20, suggesting.USUAL
Q = {
    "type": "string",
    "minLength": 1,
    "maxLength": 500,
    "pattern": r"^[^\x00-\x1f\x7f\ufffd]*[^\W_][^\x00-\x1f\x7f\ufffd]*$",
    "examples": ["hurts when touched", "CRPS", "M79.7"],
}
NARROWING = {
    "kind": "Only items of these kinds, such as conditions.",
    "topic": "Only concepts with one of these topics.",
    "category": "Only symptom types in one of these categories.",
    "form": "Only examples of one of these forms.",
    "aspect": "Only items with a statement on one of these aspects.",
    "layer": "Only items with a statement from one of these layers.",
}
FACET_PARAMETERS = {name: (parameters.several_of(FACETS[name]), text) for name, text in NARROWING.items()}


class SearchView(ReadView):
    """A page of search results."""

    operation = Operation(
        "search",
        "search",
        "Search names, codes and texts",
        "Exact matches of a name, abbreviation or code come first, then names and everyday wordings that contain the "
        "words, then texts. Case, accents, hyphens, apostrophes, plurals and British or American spelling make no "
        "difference. Quotation marks, asterisks, AND and OR have no special meaning. If nothing contains all the "
        "words, misspelt words are corrected, unknown words are ignored and, as a last resort, results with some of "
        "the words are returned; `interpreted_as` says what was done. Codes are never corrected.\n\n"
        f"`total` and `facets` are exact up to {MOST:,} results. If there are more, the best {MOST:,} are shown. The "
        "count of a facet is the number of results you get if you filter by it. Excerpts are plain text in pieces, so "
        "you can highlight matches without parsing markup.\n\n"
        "If the search contains a possible warning sign, `seek_help` contains a notice: show it first, before any "
        "result. `aspects` answers questions about topics such as treatment, and says if there is no reviewed content "
        "yet.\n\n"
        "Always show `notice`. The search never ranks conditions by symptoms: conditions that match only in their "
        "texts come after everything else, in alphabetical order.",
        SearchPageSerializer,
        required=("q",),
        describes={
            "q": (
                Q,
                f"The search text: up to {MOST_WORDS} words, or a code, optionally with its system in front "
                "(`icd-10-cm|M79.7`).",
            ),
            **FACET_PARAMETERS,
            "labels": labels.PARAMETER,
        },
        example="search",
    )

    labelled = staticmethod(labels.labelled_hit)
    several = tuple(FACETS)
    known_parameters = ("q", *question.FACETS, "labels", *PAGE_PARAMETERS, *READ_PARAMETERS)

    def get(self, request) -> HttpResponse:
        wanted = question.read(required(request.query_params))
        page = paging.asked_for(self, ("start",))
        start = page.key[0] if page.key else 0
        if start >= finding.MOST:
            raise cursors.not_one_of_ours()
        return answer(request, results.page_of(wanted, page, start), moment=page.moment)


def required(query):
    """The parameters, if `q` is among them."""
    if "q" not in query:
        raise invalid("q", "Give a search text, such as ?q=allodynia.")
    return query


class SuggestView(ReadView):
    """Names and codes that complete the typed text."""

    operation = Operation(
        "suggest",
        "search",
        "Suggest names and codes",
        "Names and codes that complete the typed text. Names that begin with it come first, then names in which a "
        "later word begins with it, with each item once. It is fast enough to call on every keystroke.",
        SuggestionsSerializer,
        required=("q",),
        describes={
            "q": (Q, "The text typed so far, to be completed."),
            "kind": FACET_PARAMETERS["kind"],
            "limit": (
                {"type": "integer", "minimum": 1, "maximum": MOST_SUGGESTIONS, "default": USUAL_SUGGESTIONS},
                "The maximum number of suggestions.",
            ),
        },
        example="suggest",
    )

    several = ("kind",)
    known_parameters = ("q", "kind", "limit", *READ_PARAMETERS)

    def get(self, request) -> HttpResponse:
        query = required(request.query_params)
        most = parameters.whole_number(query, "limit", default=USUAL_SUGGESTIONS, least=1, most=MOST_SUGGESTIONS)
        kinds = parameters.values_of(query, "kind", FACETS["kind"])
        prefix = suggesting.prefix_of(query["q"])
        if not prefix:
            raise invalid("q", "Give at least one letter or digit.")
        moment = self.moment()
        body = suggesting.answer(query["q"], prefix, moment.release, most, kinds)
        return answer(request, body, moment=moment)
