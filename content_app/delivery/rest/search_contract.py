"""What OpenAPI says of search and suggest.

In: nothing. Out: `SEARCH_OPERATIONS`, by the name of the view. The shapes stand in `search.shapes`.
"""

from content_app.delivery.rest.contract import Operation
from content_app.delivery.rest.search import MOST_SUGGESTIONS, USUAL_SUGGESTIONS
from content_app.delivery.rest.search_shapes import SearchPageSerializer, SuggestionsSerializer
from content_app.delivery.search.finding import MOST
from content_app.delivery.search.question import FACETS, MOST_WORDS

Q = {
    "type": "string",
    "minLength": 1,
    "maxLength": 500,
    "pattern": r"^[^\x00-\x1f\x7f\ufffd]*[^\W_][^\x00-\x1f\x7f\ufffd]*$",
    "examples": ["hurts when touched", "CRPS", "M79.7"],
}
NARROWING = {
    "kind": "Only items of this kind.",
    "topic": "Only concepts of this sort.",
    "category": "Only symptom types of this sort.",
    "form": "Only examples of this sort.",
    "aspect": "Only items with a statement on this aspect.",
}
FACET_PARAMETERS = {name: ({"type": "string", "enum": list(FACETS[name])}, text) for name, text in NARROWING.items()}

SEARCH_OPERATIONS = {
    "SearchView": Operation(
        "search", "search", "Search names, codes and texts",
        "Names, abbreviations and codes that are exactly what was typed come first, then names and everyday wordings "
        "that hold it, then texts. Case, accents, hyphens, apostrophes, plurals and British or American spelling make "
        "no difference; quotes, stars, AND and OR are taken literally. If nothing has all the words, misspelt ones are "
        "corrected, unknown ones left out, and at last some of them are enough: `interpreted_as` says which. A code is "
        "never corrected.\n\n"
        f"`total` and `facets` are exact up to {MOST:,} hits; beyond, there are more, and the best are shown. "
        "A facet's count is what the search finds that is narrowed to it. Excerpts are plain text in pieces, so that "
        "you can highlight without parsing markup.\n\n"
        "Show `notice`. Nothing here ranks conditions by symptoms: a condition that matches in its texts alone stands "
        "after everything else, in the order of names.",
        SearchPageSerializer,
        required=("q",),
        describes={
            "q": (Q, f"What to search for: at most {MOST_WORDS} words, or a code, also behind its system "
                  "(`icd-10-cm|M79.7`)."),
            **FACET_PARAMETERS,
        },
        example="search",
    ),
    "SuggestView": Operation(
        "suggest", "search", "Complete what is typed",
        "Names and codes that go on from what is typed: whole names first, then those that hold it from a later word "
        "on, each item once. Quick enough to ask at every key.",
        SuggestionsSerializer,
        required=("q",),
        describes={
            "q": (Q, "The beginning that is to be completed."),
            "kind": FACET_PARAMETERS["kind"],
            "limit": (
                {"type": "integer", "minimum": 1, "maximum": MOST_SUGGESTIONS, "default": USUAL_SUGGESTIONS},
                "How many suggestions to give at most.",
            ),
        },
        example="suggest",
    ),
}  # fmt: skip
