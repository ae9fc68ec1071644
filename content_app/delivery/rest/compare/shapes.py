"""The shapes of comparisons: of two releases, and of two conditions. For OpenAPI only.

In: nothing. Out: serializer classes that describe; nothing here runs when something is read.
"""

from rest_framework import serializers

from content_app import serializers as published
from content_app.delivery.rest.shapes import StoredVersionSerializer, kind, maybe
from content_app.serializers import maybe_string, string, word
from content_app.vocabulary import terms


class ComparedReleaseSerializer(serializers.Serializer):
    number = serializers.IntegerField(help_text="Its number.")
    published_at = serializers.DateTimeField(help_text="When it was published (UTC).")
    href = string("Its manifest.")


class ComparedVersionSerializer(StoredVersionSerializer):
    withdrawn = serializers.BooleanField(help_text="True if it was withdrawn.")


class ProseRunSerializer(serializers.Serializer):
    change = serializers.ChoiceField(["same", "removed", "added"], help_text="Whether these words stand in both.")
    text = serializers.CharField(trim_whitespace=False, help_text="The words, with the white space before them.")


class ChangedFieldSerializer(serializers.Serializer):
    field = string("The field; `place` is where the entry stands in its list, from 1.")
    before = serializers.JSONField(help_text="What it was.")
    after = serializers.JSONField(help_text="What it is.")
    words = ProseRunSerializer(many=True, allow_null=True, help_text="For prose: the words that differ.")


class DifferenceSerializer(serializers.Serializer):
    part = string("The field of the document: `statements`, `name` …")
    id = maybe_string("What the entry of a list is recognised by: of a statement, its identifier.")
    label = string("What a reader calls it.")
    change = serializers.ChoiceField(["added", "removed", "changed"], help_text="What happened to it.")
    before = serializers.JSONField(help_text="The whole entry, if it was removed.")
    after = serializers.JSONField(help_text="The whole entry, if it was added.")
    fields = ChangedFieldSerializer(many=True, help_text="What differs, if it changed.")


class PatchOperationSerializer(serializers.Serializer):
    op = serializers.ChoiceField(["add", "remove", "replace"], help_text="What to do (RFC 6902).")
    path = serializers.CharField(allow_blank=True, help_text="Where (RFC 6901).")
    value = serializers.JSONField(required=False, help_text="The new value, unless removed.")


class ComparedItemSerializer(serializers.Serializer):
    id = serializers.UUIDField(help_text="Permanent identifier.")
    kind = kind()
    slug = serializers.SlugField(help_text="The last part of its address.")
    name = string("Its name.")
    change = serializers.ChoiceField(
        [
            ("added", "Can be read in b only"),
            ("changed", "Can be read in both"),
            ("withdrawn", "Cannot be read in b"),
        ],
        help_text="What happened to it from a to b.",
    )
    significance = word(terms.SIGNIFICANCES, "The most significant change between the two.")
    before = maybe(ComparedVersionSerializer, "The item in a; null if it was not there.")
    after = maybe(ComparedVersionSerializer, "The item in b; null if it was not there.")
    changes = DifferenceSerializer(many=True, allow_null=True, help_text="What differs; with `show=changes`.")
    patch = PatchOperationSerializer(
        many=True, allow_null=True, help_text="JSON Patch from the document in a to that in b; with `show=patch`."
    )


class ReleaseComparisonSerializer(serializers.Serializer):
    a = ComparedReleaseSerializer(help_text="The release to start from.")
    b = ComparedReleaseSerializer(help_text="The release to arrive at.")
    next = maybe_string("Address of the next page; null on the last.")
    results = ComparedItemSerializer(many=True, help_text="The items that differ, by kind and identifier.")


def row(name: str, side: type[serializers.Serializer], differs: bool = False, **fields) -> type[serializers.Serializer]:
    """A row of a comparison of two conditions: in which of them it stands, and what each says."""
    members = {"in": serializers.ChoiceField(["both", "a", "b"], help_text="In which of the two it stands.")} | fields
    if differs:
        members["differs_in"] = serializers.ListField(
            child=serializers.CharField(), help_text="If both have it: what differs between them."
        )
    members |= {"a": maybe(side, "What a has."), "b": maybe(side, "What b has.")}
    return type(f"{name}Serializer", (serializers.Serializer,), members)


def chosen(serializer: type[serializers.Serializer], *fields: str) -> dict[str, serializers.Field]:
    known = serializer().get_fields()
    return {field: known[field] for field in fields}


RelationFactsSerializer = type(
    "RelationFactsSerializer",
    (serializers.Serializer,),
    chosen(
        published.RelationSerializer,
        *("id", "modality", "certainty", "frequency", "ambiguous", "attributed", "display_with", "note", "citations"),
    ),
)


class AspectSideSerializer(serializers.Serializer):
    status = serializers.ChoiceField(
        [
            ("stated", "It has statements on the aspect"),
            ("not_covered_by_source", "Its sources are silent on it"),
            ("not_stated", "Nothing is said of it"),
        ],
        help_text="Whether it speaks of the aspect.",
    )
    statements = published.StatementSerializer(many=True, help_text="Its statements.")
    text = maybe_string("The sentence to show, if its sources are silent.")


class ComparedConditionSerializer(serializers.Serializer):
    id = serializers.UUIDField(help_text="Permanent identifier.")
    kind = kind()
    slug = serializers.SlugField(help_text="The last part of its address.")
    name = string("Its name.")
    href = string("Its address, relative to the server.")
    summary = published.SummarySerializer(help_text="What it is.")
    cause_status = word(terms.CAUSE_STATUSES, "What is known of its cause.")
    review = published.ReviewSerializer(help_text="Its review.")
    notices = published.NoticeSerializer(many=True, help_text="What must be shown with it.")
    meta = published.MetaSerializer(help_text="Its version.")


class JoiningRelationSerializer(published.RelationSerializer):
    subject = published.ItemReferenceSerializer(help_text="The condition that says so.")


CODED = {"system": string("The code system."), "code": maybe_string("The code; null: searched for and not there.")}
ASPECT = {"aspect": word(terms.ASPECTS, "The aspect."), "label": string("The aspect in words.")}


class ConditionComparisonSerializer(serializers.Serializer):
    release = serializers.IntegerField(help_text="The release that both are read from.")
    a = ComparedConditionSerializer(help_text="The one.")
    b = ComparedConditionSerializer(help_text="The other.")
    disclaimer = string("Show it with the comparison: it is no differential diagnosis.")
    between = JoiningRelationSerializer(many=True, help_text="Relations that lead from one to the other.")
    relations = row(
        "RelationRow",
        RelationFactsSerializer,
        differs=True,
        **chosen(published.RelationSerializer, "predicate", "label", "object"),
    )(many=True, help_text="A row for each predicate and object.")
    aspects = row("AspectRow", AspectSideSerializer, **ASPECT)(many=True, help_text="A row for each aspect.")
    codings = row("CodingRow", published.CodingSerializer, differs=True, **CODED)(
        many=True, help_text="A row for each code."
    )
    not_covered = row("NotCoveredRow", published.NotCoveredSerializer, **ASPECT)(
        many=True, help_text="A row for each aspect on which the sources of one are silent."
    )
    sources = published.CitedSourceSerializer(many=True, help_text="Every source that one of them cites.")
    licence = published.LicenceSerializer(help_text="The licence of the content.")
