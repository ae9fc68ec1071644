"""The shapes of what search and suggest answer. For OpenAPI only; nothing here runs when something is searched."""

from drf_spectacular.utils import PolymorphicProxySerializer
from rest_framework import serializers

from content_app import serializers as published
from content_app.delivery.rest.shapes import LISTED, cursor_of_next, labelled, next_address
from content_app.delivery.search.question import FACETS
from content_app.publication.index.texts import OWN_TEXTS, RANKS
from content_app.serializers import string, word
from content_app.vocabulary import terms

NAME_FIELDS = [(name, name.replace("_", " ").capitalize()) for name in RANKS]
TEXT_FIELDS = [(name, name.replace("_", " ").capitalize()) for name in ("summary", "statement", *OWN_TEXTS)]
NOTICE_HELP = "The notice to show with the results: a text search is not a diagnosis."


class ExcerptPieceSerializer(serializers.Serializer):
    text = string("A piece of plain text. Escape it like any other text.")
    is_match = serializers.BooleanField(help_text="True if this piece matches the search and can be highlighted.")


class SearchMatchSerializer(serializers.Serializer):
    tier = serializers.ChoiceField(
        [("exact", "A name or code matches exactly"), ("name", "A name contains it"), ("text", "A text contains it")],
        help_text="How the item matched. Results are listed in this order.",
    )
    field = serializers.ChoiceField(
        [*NAME_FIELDS, *TEXT_FIELDS, ("code_display", "Code display")],
        help_text="The field that matched: a type of name, a code with its match quality, or a text.",
    )
    statement = serializers.UUIDField(
        allow_null=True, help_text="The identifier of the statement, if `field` is `statement`; otherwise null."
    )
    aspect = word(terms.ASPECTS, "The aspect that the statement is about; otherwise null.", allow_null=True)
    excerpt = ExcerptPieceSerializer(many=True, help_text="The text around the match, in consecutive pieces.")


class SearchHitSerializer(serializers.Serializer):
    item = PolymorphicProxySerializer(
        component_name="ListedItem",
        serializers={kind: LISTED[kind] for kind in terms.KINDS},
        resource_type_field_name="kind",
    )
    match = labelled(SearchMatchSerializer, ["aspect"])(help_text="Where and how the item matched.")


class SearchCorrectionSerializer(serializers.Serializer):
    to = string("The word that was searched for instead.")

    def get_fields(self):
        return {"from": string("The word or text that was typed.")} | super().get_fields()


class SearchInterpretationSerializer(serializers.Serializer):
    q = string("The words that were actually searched for.")
    corrected = SearchCorrectionSerializer(many=True, help_text="The misspelt words, each with its correction.")
    left_out = serializers.ListField(
        child=serializers.CharField(), help_text="The words that were ignored because no published text uses them."
    )
    words = serializers.ChoiceField(
        [
            ("all", "Every result contains all the words"),
            ("some", "Every result contains some of the words; none contains all"),
        ],
        help_text="Whether the results contain all the words or only some.",
    )


class SearchTotalSerializer(serializers.Serializer):
    value = serializers.IntegerField(help_text="The number of results. At most 1,000 are counted and shown.")
    is_exact = serializers.BooleanField(help_text="True if `value` is exact; false if there are more results.")


class FacetValueSerializer(serializers.Serializer):
    value = string("The value to send as the parameter.")
    label = string("The label to show to readers.")
    count = serializers.IntegerField(
        allow_null=True, help_text="The number of results with this filter; null if `total` is not exact."
    )


SearchFacetsSerializer = type(
    "SearchFacetsSerializer",
    (serializers.Serializer,),
    {name: FacetValueSerializer(many=True, help_text=f"The number of results for each {name}.") for name in FACETS},
)


class SeekHelpSerializer(serializers.Serializer):
    """A notice to show before everything else, because the search contains a possible warning sign."""

    type = serializers.ChoiceField([("when_to_seek_help", "When to seek help")], help_text="The type of notice.")
    text = string("The notice. Show it in full, before any result.")
    signs = serializers.ListField(
        child=serializers.CharField(), help_text="The warning signs that were recognised in the search."
    )


class AspectItemSerializer(serializers.Serializer):
    item = published.ItemReferenceSerializer(help_text="The condition that was meant.")
    is_covered = serializers.BooleanField(help_text="True if the condition has statements on the aspect.")
    review_state = word(terms.REVIEW_STATES, "Whether a clinician has signed off the condition's content.")
    statements = serializers.ListField(
        child=serializers.UUIDField(), help_text="The identifiers of these statements, in reading order."
    )


class AspectAnswerSerializer(serializers.Serializer):
    """The content on an aspect that the search asks about, such as treatment."""

    aspect = word(terms.ASPECTS, "The aspect that the search asks about.")
    label = string("The name of the aspect, to show to readers.")
    text = string("A sentence to show: either what is covered, or that there is no reviewed content yet.")
    items = AspectItemSerializer(many=True, help_text="The conditions that the search is about.")


class AspectSuggestionSerializer(serializers.Serializer):
    aspect = word(terms.ASPECTS, "An aspect that readers can search for.")
    label = string("The name of the aspect, to suggest to readers.")


class SearchPageSerializer(serializers.Serializer):
    """A page of search results."""

    release = serializers.IntegerField(help_text="The release from which all pages are read.")
    q = string("The search text, as you sent it.")
    seek_help = SeekHelpSerializer(
        allow_null=True, help_text="A notice to show first; null if the text contains no possible warning sign."
    )
    aspects = AspectAnswerSerializer(many=True, help_text="The aspects that the search asks about, such as treatment.")
    interpreted_as = SearchInterpretationSerializer(
        allow_null=True, help_text="How the search text was interpreted; null if it was used as typed."
    )
    total = SearchTotalSerializer(help_text="The total number of results.")
    facets = SearchFacetsSerializer(help_text="The filters that you can apply, with the number of results for each.")
    notice = string(NOTICE_HELP)
    next = next_address()
    next_cursor = cursor_of_next()
    results = SearchHitSerializer(many=True, help_text="The results on this page.")


class SuggestionSerializer(serializers.Serializer):
    text = string("The name or code to suggest.")
    field = serializers.ChoiceField(NAME_FIELDS, help_text="The type of name or code.")
    excerpt = ExcerptPieceSerializer(
        many=True, help_text="The same text in pieces, with the typed part marked as a match."
    )
    item = published.ItemReferenceSerializer(help_text="The item that has this name or code.")


class CompletedInsteadSerializer(serializers.Serializer):
    q = string("The corrected text that was completed instead.")


class SuggestionsSerializer(serializers.Serializer):
    """Names and codes that complete the typed text."""

    release = serializers.IntegerField(help_text="The release from which suggestions are read.")
    q = string("The word or text that was typed.")
    seek_help = SeekHelpSerializer(
        allow_null=True, help_text="A notice to show first; null if the text contains no possible warning sign."
    )
    aspects = AspectSuggestionSerializer(many=True, help_text="The aspects to suggest in addition to names.")
    interpreted_as = CompletedInsteadSerializer(
        allow_null=True, help_text="How the search text was interpreted; null if it was used as typed."
    )
    notice = string(NOTICE_HELP)
    results = SuggestionSerializer(many=True, help_text="The suggestions, best first, with each item once.")
