"""The shapes of answers that are put together from documents: pages, parts, releases, problems. For OpenAPI only.

In: nothing. Out: serializer classes that describe; nothing here runs when something is read.
"""

from drf_spectacular.utils import PolymorphicProxySerializer
from rest_framework import serializers

from content_app import serializers as published
from content_app.serializers import maybe_string, string, word
from content_app.vocabulary import terms
from content_app.vocabulary.code_systems import CODE_SYSTEMS
from content_app.vocabulary.predicates import PREDICATES


def kind(help_text: str = "Its kind.") -> serializers.ChoiceField:
    """The kind of a document: a source has one too."""
    return serializers.ChoiceField([*terms.choices(terms.KINDS), ("source", "Source")], help_text=help_text)


def maybe(serializer: type[serializers.Serializer], help_text: str) -> serializers.Serializer:
    return serializer(allow_null=True, help_text=help_text)


class StoredVersionSerializer(serializers.Serializer):
    """One version of a document, and where it is for ever."""

    slug = serializers.SlugField(help_text="The last part of its address.")
    name = string("Its name.")
    version = serializers.IntegerField(help_text="Its version.")
    sha256 = string("The hash of its content.")
    release = serializers.IntegerField(help_text="The release in which this version was new.")
    href = string("This very version, for ever.")


def page_of(name: str, entry, *, counted: bool = True, **members) -> type[serializers.Serializer]:
    """A page of a list: its release, how many there are, where it goes on, the entries."""
    fields = {"release": serializers.IntegerField(help_text="The release that the whole list is read from.")}
    if counted:
        fields["count"] = serializers.IntegerField(
            allow_null=True,
            help_text="How many there are in the release; null for a narrowed list, which is not counted.",
        )
    fields |= members
    fields["next"] = maybe_string("Address of the next page, relative to the server; null on the last.")
    fields["results"] = entry(many=True, help_text="The entries of this page.")
    return type(f"{name}Serializer", (serializers.Serializer,), fields)


ConditionPage = page_of("ConditionPage", published.LISTED_SERIALIZERS["condition"])
ConceptPage = page_of("ConceptPage", published.LISTED_SERIALIZERS["concept"])
SymptomTypePage = page_of("SymptomTypePage", published.LISTED_SERIALIZERS["symptom_type"])
ExamplePage = page_of("ExamplePage", published.LISTED_SERIALIZERS["example"])
SourcePage = page_of("SourcePage", published.SourceSerializer)


class StatementDocumentSerializer(published.StatementSerializer):
    """A statement by itself, with what must be shown with it."""

    item = published.ItemReferenceSerializer(help_text="The item that it belongs to.")
    sources = published.CitedSourceSerializer(many=True, help_text="The sources that it cites.")
    review = published.ReviewSerializer(help_text="The review of its item.")
    notices = published.NoticeSerializer(many=True, help_text="What must be shown with it.")
    licence = published.LicenceSerializer(help_text="The licence of this content.")
    meta = published.MetaSerializer(help_text="Version and hash of its item's document.")


class ItemRelationSerializer(published.RelationSerializer):
    """A relation with both its ends."""

    subject = published.ItemReferenceSerializer(help_text="The item that it starts from.")
    inverse_label = string("The predicate in words, read from the object to the subject.")
    is_symmetric = serializers.BooleanField(help_text="True if it reads the same in both directions.")


RelationPage = page_of("RelationPage", ItemRelationSerializer, counted=False)


class CodeSystemSerializer(serializers.Serializer):
    key = serializers.ChoiceField([(s.key, s.name) for s in CODE_SYSTEMS.values()], help_text="What this API calls it.")
    name = string("Its name.")
    uri = string("Its FHIR address.")
    oid = maybe_string("Its object identifier, if it has one.")
    version = string("The release that codes were read from, unless a coding says otherwise.")
    licence = string("The terms of the code system.")
    attribution = string("What to show.")
    needs_licence = serializers.BooleanField(help_text="True if its codes are shown only where a licence is held.")


class ItemCodingSerializer(published.CodingSerializer):
    """A coding with the item that it belongs to."""

    item = published.ItemReferenceSerializer(help_text="The item that answers to the code.")


CodingPage = page_of(
    "CodingPage",
    ItemCodingSerializer,
    counted=False,
    system=CodeSystemSerializer(allow_null=True, help_text="The code system asked for."),
    code=maybe_string("The code asked for."),
    outcome=serializers.ChoiceField(
        [
            ("found", "There are codings"),
            ("unknown_code", "The system is known here, the code is on no item"),
            ("no_codings", "Nothing is coded in this system"),
        ],
        help_text="What was found.",
    ),
    detail=maybe_string("What that means, if nothing was found."),
)


class CountsSerializer(serializers.Serializer):
    condition = serializers.IntegerField()
    concept = serializers.IntegerField()
    symptom_type = serializers.IntegerField()
    example = serializers.IntegerField()
    source = serializers.IntegerField()


class ListedReleaseSerializer(serializers.Serializer):
    number = serializers.IntegerField(help_text="1, 2, 3 … without gaps.")
    published_at = serializers.DateTimeField(help_text="When it was published (UTC).")
    significance = word(terms.SIGNIFICANCES, "The most significant change in it.")
    note = serializers.CharField(help_text="What the publisher says about it; may be empty.", allow_blank=True)
    counts = CountsSerializer(help_text="How many documents of each kind are current in it.")
    manifest_sha256 = string("SHA-256 over the canonical JSON of {documents, previous, release}; see the description.")
    href = string("Its manifest.")


ReleasePage = page_of("ReleasePage", ListedReleaseSerializer)


class ManifestEntrySerializer(serializers.Serializer):
    id = serializers.UUIDField(help_text="Permanent identifier.")
    kind = kind()
    slug = serializers.SlugField(help_text="The last part of its address.")
    version = serializers.IntegerField(help_text="Its version.")
    sha256 = string("The hash of its content.")
    withdrawn = serializers.BooleanField(help_text="True if it is a tombstone.")
    first_release = serializers.IntegerField(help_text="The release in which this version was new.")
    href = string("This very version, for ever.")


class ReleaseSerializer(ListedReleaseSerializer):
    """A release with its manifest."""

    previous_manifest_sha256 = maybe_string("The manifest hash of the release before; null for release 1.")
    documents = ManifestEntrySerializer(many=True, help_text="Every document current in the release.")
    next = maybe_string("Address of the next page; null on the last.")


class CurrentReleaseSerializer(serializers.Serializer):
    number = serializers.IntegerField(help_text="Its number.")
    published_at = serializers.DateTimeField(help_text="When it was published (UTC).")
    href = string("Its manifest.")


class LibrarySerializer(serializers.Serializer):
    name = string("The name of this API.")
    description = string("What it holds.")
    release = CurrentReleaseSerializer(help_text="The release that answers are read from.")
    counts = CountsSerializer(help_text="How many documents of each kind are current.")
    licence = published.LicenceSerializer(help_text="The licence of the content.")
    disclaimer = string("Show it wherever you show content.")
    links = serializers.DictField(
        child=serializers.CharField(), help_text="Where everything is; put what is looked for in place of `{q}`."
    )
    self = string("The address of this answer.")


class JsonLdContextSerializer(serializers.Serializer):
    """The context document (JSON-LD 1.1, section 4.1)."""

    def get_fields(self) -> dict[str, serializers.Field]:
        """Its one field, whose name is no name in Python."""
        return {"@context": serializers.DictField(help_text="Each name, and what it means.")}


class VocabularyTermSerializer(serializers.Serializer):
    code = string("What is stored and served.")
    label = string("What to show.")
    meaning = string("What it means.")
    within = serializers.CharField(required=False, help_text="The term that it belongs to.")


class PredicateSerializer(serializers.Serializer):
    code = string("What is stored and served.")
    label = string("Read from subject to object.")
    inverse_label = string("Read from object to subject.")
    meaning = string("What it means.")
    is_symmetric = serializers.BooleanField(help_text="True if it reads the same in both directions.")
    subjects = serializers.ListField(child=serializers.CharField(), help_text="What it may start from.")
    objects = serializers.ListField(child=serializers.CharField(), help_text="What it may lead to.")


VocabularySerializer = type(
    "VocabularySerializer",
    (serializers.Serializer,),
    {table: VocabularyTermSerializer(many=True) for table in terms.PUBLISHED}
    | {"predicates": PredicateSerializer(many=True), "code_systems": CodeSystemSerializer(many=True)},
)


class ParameterErrorSerializer(serializers.Serializer):
    parameter = serializers.CharField(required=False, help_text="The query parameter.")
    pointer = serializers.CharField(required=False, help_text="Or where in the body that was sent (RFC 6901).")
    detail = string("What would be right.")


class ProblemSerializer(serializers.Serializer):
    """RFC 9457. Branch on `type`; show `detail`; never parse it."""

    type = serializers.URLField(help_text="Stable; leads to a page on what to do.")
    title = string("The same for each type.")
    status = serializers.IntegerField(help_text="The HTTP status.")
    detail = string("What happened this time, for people.")
    instance = string("The address that was asked for.")
    errors = ParameterErrorSerializer(
        many=True, required=False, help_text="Each parameter, or place in the body, that is wrong."
    )
    available = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="The media types that there are (406)."
    )

    def get_fields(self):
        policies = serializers.ListField(
            child=serializers.CharField(), required=False, help_text="The limits that were exceeded (429)."
        )
        return super().get_fields() | {"violated-policies": policies}


class WithdrawnSerializer(published.TombstoneSerializer):
    """The problem that an item is withdrawn, with what takes its place."""

    type = serializers.URLField(help_text="Stable; leads to a page on what to do.")
    title = string("The same for each type.")
    status = serializers.IntegerField(help_text="410.")
    detail = string("What happened, for people.")
    instance = string("The address that was asked for.")

    def get_fields(self):
        fields = super().get_fields()
        fields.pop("withdrawn")
        return fields


PREDICATE_CODES = list(PREDICATES)


def published_item(**told) -> PolymorphicProxySerializer:
    """A document of any kind of item, told apart by `kind`."""
    return PolymorphicProxySerializer(
        component_name="Item",
        serializers={kind: published.DOCUMENT_SERIALIZERS[kind] for kind in terms.KINDS},
        resource_type_field_name="kind",
        **told,
    )
