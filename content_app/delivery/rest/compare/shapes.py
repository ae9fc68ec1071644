"""The shapes of comparisons: of two releases, and of two conditions. For OpenAPI only.

In: nothing. Out: serializer classes that describe; nothing here runs when something is read.
"""

from rest_framework import serializers

from content_app import serializers as published
from content_app.delivery.rest.compare.conditions import FACTS
from content_app.delivery.rest.shapes import StoredVersionSerializer, cursor_of_next, kind, maybe, next_address
from content_app.serializers import maybe_string, string, word
from content_app.vocabulary import terms
from content_app.vocabulary.fields import OWN


class ComparedReleaseSerializer(serializers.Serializer):
    number = serializers.IntegerField(help_text="The number of the release.")
    published_at = serializers.DateTimeField(help_text="The time at which the release was published (UTC).")
    href = string("The address of the release and its manifest.")


class ComparedVersionSerializer(StoredVersionSerializer):
    withdrawn = serializers.BooleanField(help_text="True if the item had been withdrawn.")


class ProseRunSerializer(serializers.Serializer):
    change = serializers.ChoiceField(
        ["same", "removed", "added"],
        help_text="Whether the words are in both texts, only in the first or only in the second.",
    )
    text = serializers.CharField(trim_whitespace=False, help_text="The words, with the white space that precedes them.")


class ChangedFieldSerializer(serializers.Serializer):
    field = string("The field that changed. `place` is the position of the entry in its list, counted from 1.")
    before = serializers.JSONField(help_text="The value before the change.")
    after = serializers.JSONField(help_text="The value after the change.")
    words = ProseRunSerializer(
        many=True, allow_null=True, help_text="For prose: a comparison word by word; otherwise null."
    )


class DifferenceSerializer(serializers.Serializer):
    part = string("The field of the document, such as `statements` or `name`.")
    id = maybe_string("For an entry in a list: the key that identifies it, such as the identifier of a statement.")
    label = string("A label for the entry, to show to readers.")
    change = serializers.ChoiceField(
        ["added", "removed", "changed"], help_text="The type of difference: an addition, a removal or a change."
    )
    before = serializers.JSONField(help_text="The whole entry if it was removed; otherwise null.")
    after = serializers.JSONField(help_text="The whole entry if it was added; otherwise null.")
    fields = ChangedFieldSerializer(many=True, help_text="The fields that differ, if the entry was changed.")


class PatchOperationSerializer(serializers.Serializer):
    op = serializers.ChoiceField(["add", "remove", "replace"], help_text="The operation of the patch (RFC 6902).")
    path = serializers.CharField(allow_blank=True, help_text="The place to change, as a JSON Pointer (RFC 6901).")
    value = serializers.JSONField(required=False, help_text="The new value; absent if `op` is `remove`.")


class ComparedItemSerializer(serializers.Serializer):
    id = serializers.UUIDField(help_text="The permanent identifier.")
    kind = kind()
    slug = serializers.SlugField(help_text="The last part of the item's address.")
    name = string("The name of the item in English.")
    change = serializers.ChoiceField(
        [
            ("added", "Available only in b"),
            ("changed", "Available in both, with differences"),
            ("withdrawn", "Not available in b"),
        ],
        help_text="How the item changed from a to b.",
    )
    significance = word(terms.SIGNIFICANCES, "The significance of the most significant change between a and b.")
    before = maybe(ComparedVersionSerializer, "The item in a; null if a does not contain it.")
    after = maybe(ComparedVersionSerializer, "The item in b; null if b does not contain it.")
    changes = DifferenceSerializer(
        many=True, allow_null=True, help_text="With `show=changes`: the differences; otherwise null."
    )
    patch = PatchOperationSerializer(
        many=True,
        allow_null=True,
        help_text="With `show=patch`: a JSON Patch that turns the document in a into the one in b.",
    )


class ReleaseComparisonSerializer(serializers.Serializer):
    a = ComparedReleaseSerializer(help_text="The release to compare from.")
    b = ComparedReleaseSerializer(help_text="The release to compare with.")
    next = next_address()
    next_cursor = cursor_of_next()
    results = ComparedItemSerializer(many=True, help_text="The items that differ, ordered by kind and identifier.")


def row(name: str, side: type[serializers.Serializer], differs: bool = False, **fields) -> type[serializers.Serializer]:
    """A row of a comparison of two conditions: in which of them it stands, and what each says."""
    members = {
        "in": serializers.ChoiceField(
            ["both", "a", "b"], help_text="Whether both conditions have this row, or only a or b."
        )
    } | fields
    if differs:
        members["differs_in"] = serializers.ListField(
            child=serializers.CharField(), help_text="If both have the row: the names of the fields that differ."
        )
    members |= {
        "a": maybe(side, "The entry in a; null if a has none."),
        "b": maybe(side, "The entry in b; null if b has none."),
    }
    return type(f"{name}Serializer", (serializers.Serializer,), members)


def chosen(serializer: type[serializers.Serializer], *fields: str) -> dict[str, serializers.Field]:
    known = serializer().get_fields()
    return {field: known[field] for field in fields}


RelationFactsSerializer = type(
    "RelationFactsSerializer",
    (serializers.Serializer,),
    chosen(
        published.RelationSerializer,
        *FACTS,
    ),
)


class AspectSideSerializer(serializers.Serializer):
    status = serializers.ChoiceField(
        [
            ("stated", "There are statements on the aspect"),
            ("not_covered", "The condition's page says that it does not cover the aspect"),
            ("not_stated", "The aspect is not mentioned"),
        ],
        help_text="Whether the condition has statements on the aspect.",
    )
    statements = published.StatementSerializer(many=True, help_text="The statements on the aspect.")
    text = maybe_string("The sentence to show if the aspect is not covered; otherwise null.")


ComparedConditionSerializer = published.shape(
    "ComparedCondition",
    {
        "id": serializers.UUIDField(help_text="The permanent identifier."),
        "kind": kind(),
        "slug": serializers.SlugField(help_text="The last part of the item's address."),
        "name": string("The name of the item in English."),
        "href": string("The address of the condition, relative to the server."),
        "summary": published.SummarySerializer(help_text="The condition in one or two sentences, for each audience."),
        **published.described(field for field in OWN["condition"] if field.must_show),
        "review": published.ReviewSerializer(help_text="The review of the condition."),
        "notices": published.NoticeSerializer(
            many=True, help_text="The notices that must be shown with the condition."
        ),
        "meta": published.MetaSerializer(help_text="The version and hash of the condition's document."),
    },
)


class JoiningRelationSerializer(published.RelationSerializer):
    subject = published.ItemReferenceSerializer(help_text="The condition from which the relation starts.")


CODED = {
    "system": string("The key of the code system."),
    "code": maybe_string("The code; null if no matching code was found."),
}
ASPECT = {
    "aspect": word(terms.ASPECTS, "The aspect that is compared."),
    "label": string("The name of the aspect, to show to readers."),
}


class ConditionComparisonSerializer(serializers.Serializer):
    release = serializers.IntegerField(help_text="The release from which both conditions are read.")
    a = ComparedConditionSerializer(help_text="The first condition, named a in the address.")
    b = ComparedConditionSerializer(help_text="The second condition, named b in the address.")
    disclaimer = string("The disclaimer. Show it with the comparison, which is not a differential diagnosis.")
    between = JoiningRelationSerializer(many=True, help_text="The relations between the two conditions.")
    relations = row(
        "RelationRow",
        RelationFactsSerializer,
        differs=True,
        **chosen(published.RelationSerializer, "predicate", "label", "object"),
    )(many=True, help_text="One row for each predicate and object.")
    aspects = row("AspectRow", AspectSideSerializer, **ASPECT)(
        many=True, help_text="One row for each aspect that either condition has statements on."
    )
    codings = row("CodingRow", published.CodingSerializer, differs=True, **CODED)(
        many=True, help_text="One row for each code of either condition."
    )
    not_covered = row("NotCoveredRow", published.NotCoveredSerializer, **ASPECT)(
        many=True, help_text="One row for each aspect that the sources of either condition do not cover."
    )
    sources = published.CitedSourceSerializer(many=True, help_text="Every source that either condition cites.")
    licence = published.LicenceSerializer(help_text="The licence of the content.")
