"""The shapes of what search and suggest answer. For OpenAPI only; nothing here runs when something is searched."""

from drf_spectacular.utils import PolymorphicProxySerializer
from rest_framework import serializers

from content_app import serializers as published
from content_app.delivery.search.question import FACETS
from content_app.publication.index.texts import EXAMPLE_FIELDS, RANKS
from content_app.serializers import maybe_string, string, word
from content_app.vocabulary import terms

NAME_FIELDS = [(name, name.replace("_", " ").capitalize()) for name in RANKS]
TEXT_FIELDS = [(name, name.replace("_", " ").capitalize()) for name in ("summary", "statement", *EXAMPLE_FIELDS)]
NOTICE_HELP = "Show it: a search in texts is not a diagnosis."


class ExcerptPieceSerializer(serializers.Serializer):
    text = string("Plain text: escape it as any text.")
    is_match = serializers.BooleanField(help_text="True if it is what was searched for: highlight it.")


class SearchMatchSerializer(serializers.Serializer):
    tier = serializers.ChoiceField(
        [("exact", "A name or code is exactly this"), ("name", "A name holds it"), ("text", "A text holds it")],
        help_text="How it matched. Hits come in this order.",
    )
    field = serializers.ChoiceField(
        [*NAME_FIELDS, *TEXT_FIELDS, ("code_display", "Code display")],
        help_text="What matched: a sort of name, a code by how well it fits, or a text.",
    )
    statement = serializers.UUIDField(allow_null=True, help_text="The statement, if `field` is `statement`.")
    aspect = word(terms.ASPECTS, "What the statement is about.", allow_null=True)
    excerpt = ExcerptPieceSerializer(
        many=True, help_text="The text around the match, in pieces that follow one another."
    )


class SearchHitSerializer(serializers.Serializer):
    item = PolymorphicProxySerializer(
        component_name="ListedItem",
        serializers={kind: published.LISTED_SERIALIZERS[kind] for kind in terms.KINDS},
        resource_type_field_name="kind",
    )
    match = SearchMatchSerializer(help_text="Where and how it matched.")


class SearchCorrectionSerializer(serializers.Serializer):
    to = string("What was searched for in its place.")

    def get_fields(self):
        return {"from": string("What was typed.")} | super().get_fields()


class SearchInterpretationSerializer(serializers.Serializer):
    q = string("The words that were searched for.")
    corrected = SearchCorrectionSerializer(many=True, help_text="Misspelt words, and what they were taken for.")
    left_out = serializers.ListField(child=serializers.CharField(), help_text="Words that no published text has.")
    words = serializers.ChoiceField(
        [("all", "Every hit has all of them"), ("some", "No item has them all: every hit has some")],
        help_text="How many of the words a hit has.",
    )


class SearchTotalSerializer(serializers.Serializer):
    value = serializers.IntegerField(help_text="How many hits there are; at most 1,000 are counted and shown.")
    is_exact = serializers.BooleanField(help_text="False: there are more than `value`.")


class FacetValueSerializer(serializers.Serializer):
    value = string("What to give as parameter.")
    label = string("What to show.")
    count = serializers.IntegerField(
        allow_null=True, help_text="How many hits the narrowed search has; null if `total` is not exact."
    )


SearchFacetsSerializer = type(
    "SearchFacetsSerializer",
    (serializers.Serializer,),
    {name: FacetValueSerializer(many=True, help_text=f"The hits by {name}.") for name in FACETS},
)


class SearchPageSerializer(serializers.Serializer):
    """A page of what a question finds."""

    release = serializers.IntegerField(help_text="The release that all pages are read from.")
    q = string("What was asked.")
    interpreted_as = SearchInterpretationSerializer(
        allow_null=True, help_text="How it was taken; null: as it was typed."
    )
    total = SearchTotalSerializer(help_text="How many hits there are.")
    facets = SearchFacetsSerializer(help_text="What the hits can be narrowed to.")
    notice = string(NOTICE_HELP)
    next = maybe_string("Address of the next page, relative to the server; null on the last.")
    results = SearchHitSerializer(many=True, help_text="The hits of this page.")


class SuggestionSerializer(serializers.Serializer):
    text = string("The name or code to offer.")
    field = serializers.ChoiceField(NAME_FIELDS, help_text="What sort of name or code it is.")
    excerpt = ExcerptPieceSerializer(many=True, help_text="The same in pieces, with what was typed as a match.")
    item = published.ItemReferenceSerializer(help_text="The item that is called so.")


class CompletedInsteadSerializer(serializers.Serializer):
    q = string("What was completed in place of what was typed.")


class SuggestionsSerializer(serializers.Serializer):
    """Names that go on from what is typed."""

    release = serializers.IntegerField(help_text="The release that they are read from.")
    q = string("What was typed.")
    interpreted_as = CompletedInsteadSerializer(allow_null=True, help_text="How it was taken; null: as it was typed.")
    notice = string(NOTICE_HELP)
    results = SuggestionSerializer(many=True, help_text="Names, best first, each item once.")
