"""The shapes of answers that are put together from documents: pages, parts, releases, problems. For OpenAPI only.

In: nothing. Out: serializer classes that describe; nothing here runs when something is read.
"""

from collections.abc import Iterable

from drf_spectacular.utils import PolymorphicProxySerializer
from rest_framework import serializers

from content_app import serializers as published
from content_app.delivery.http.problems import PROBLEM_TYPES
from content_app.delivery.query.labels import BESIDE, OF_KIND, OF_PART
from content_app.serializers import maybe_string, string, word
from content_app.vocabulary import terms
from content_app.vocabulary.code_systems import CODE_SYSTEMS
from content_app.vocabulary.predicates import PREDICATES


def kind(help_text: str = "The kind of document, such as a condition or a source.") -> serializers.ChoiceField:
    """The kind of a document: a source has one too."""
    return serializers.ChoiceField([*terms.choices(terms.KINDS), ("source", "Source")], help_text=help_text)


def maybe(serializer: type[serializers.Serializer], help_text: str) -> serializers.Serializer:
    return serializer(allow_null=True, help_text=help_text)


class StoredVersionSerializer(serializers.Serializer):
    """One version of a document, with its permanent address."""

    slug = serializers.SlugField(help_text="The last part of the document's address.")
    name = string("The name of the document.")
    version = serializers.IntegerField(help_text="The version of the document.")
    sha256 = string("The SHA-256 of the document's content.")
    release = serializers.IntegerField(help_text="The release in which this version was first published.")
    href = string("The permanent address of this version.")


def labels_of(codes: Iterable[str]) -> dict[str, serializers.Field]:
    """The labels that may stand beside these codes."""
    return {
        code + BESIDE: serializers.CharField(
            required=False, allow_null=True, help_text=f"With `labels=beside`: the label of `{code}`, for readers."
        )
        for code in codes
    }


def labelled(shape: type[serializers.Serializer], codes: Iterable[str], name: str = "") -> type[serializers.Serializer]:
    """The shape, whose codes may have labels beside them; under a name of its own if it is also used without."""
    return type(name or shape.__name__, (shape,), {"__doc__": shape.__doc__, **labels_of(codes)})


def next_address() -> serializers.CharField:
    return maybe_string("The address of the next page, relative to the server; null on the last page.")


def cursor_of_next() -> serializers.CharField:
    return maybe_string("The `cursor` of the next page, to send with the same parameters; null on the last page.")


def page_of(name: str, entry, *, counted: bool = True, **members) -> type[serializers.Serializer]:
    """A page of a list: its release, how many there are, where it goes on, the entries."""
    fields = {"release": serializers.IntegerField(help_text="The release from which the whole list is read.")}
    if counted:
        fields["count"] = serializers.IntegerField(
            allow_null=True,
            help_text="The number of entries; null if a filtered list has more pages and `count` is not `exact`.",
        )
    fields |= members
    fields |= {"next": next_address(), "next_cursor": cursor_of_next()}
    fields["results"] = entry(many=True, help_text="The entries on this page.")
    return type(f"{name}Serializer", (serializers.Serializer,), fields)


LISTED = {kind: labelled(listed, OF_KIND[kind]) for kind, listed in published.LISTED_SERIALIZERS.items()}
LISTED["source"] = labelled(published.SourceSerializer, OF_KIND["source"], "ListedSourceSerializer")
ConditionPage = page_of("ConditionPage", LISTED["condition"])
ConceptPage = page_of("ConceptPage", LISTED["concept"])
SymptomTypePage = page_of("SymptomTypePage", LISTED["symptom_type"])
ExamplePage = page_of("ExamplePage", LISTED["example"])
SourcePage = page_of("SourcePage", LISTED["source"])


class StatementDocumentSerializer(published.StatementSerializer):
    """A single statement, with everything that must be shown with it."""

    item = published.ItemReferenceSerializer(help_text="The item that the statement is about.")
    sources = published.CitedSourceSerializer(many=True, help_text="The sources that the statement cites.")
    review = published.ReviewSerializer(help_text="The review of the item that the statement belongs to.")
    notices = published.NoticeSerializer(many=True, help_text="The notices that must be shown with the statement.")
    licence = published.LicenceSerializer(help_text="The licence of this content.")
    meta = published.MetaSerializer(help_text="The version and hash of the item's document.")


class ItemRelationSerializer(published.RelationSerializer):
    """A relation, with the items at both ends."""

    subject = published.ItemReferenceSerializer(help_text="The item from which the relation starts.")
    inverse_label = string("The predicate in words, as read from the object to the subject.")
    is_symmetric = serializers.BooleanField(help_text="True if the relation means the same in both directions.")


RelationPage = page_of("RelationPage", labelled(ItemRelationSerializer, OF_PART["relations"]), counted=False)


class CodeSystemSerializer(serializers.Serializer):
    key = serializers.ChoiceField(
        [(s.key, s.name) for s in CODE_SYSTEMS.values()], help_text="The key of the code system in this API."
    )
    name = string("The name of the code system.")
    uri = string("The FHIR address of the code system.")
    oid = maybe_string("The object identifier (OID) of the code system, if it has one.")
    version = string("The release in which codes were looked up, unless a coding names another.")
    licence = string("The terms of use of the code system.")
    attribution = string("The attribution to show with codes of this system.")
    needs_licence = serializers.BooleanField(
        help_text="True if codes are shown only on servers whose operator holds a licence."
    )


class ItemCodingSerializer(published.CodingSerializer):
    """A coding, with the item that it codes."""

    item = published.ItemReferenceSerializer(help_text="The item that has the code.")


CodingPage = page_of(
    "CodingPage",
    labelled(ItemCodingSerializer, OF_PART["codings"]),
    counted=False,
    system=CodeSystemSerializer(allow_null=True, help_text="The code system that you asked for."),
    code=maybe_string("The code that you asked for."),
    outcome=serializers.ChoiceField(
        [
            ("found", "Codings were found"),
            ("unknown_code", "The code system is known, but no item has this code"),
            ("no_codings", "No item is coded in this system"),
        ],
        help_text="The result of the lookup.",
    ),
    detail=maybe_string("An explanation if nothing was found; otherwise null."),
)


class CountsSerializer(serializers.Serializer):
    condition = serializers.IntegerField(help_text="The number of current conditions.")
    concept = serializers.IntegerField(help_text="The number of current concepts.")
    symptom_type = serializers.IntegerField(help_text="The number of current symptom types.")
    example = serializers.IntegerField(help_text="The number of current examples.")
    source = serializers.IntegerField(help_text="The number of current sources.")


class ListedReleaseSerializer(serializers.Serializer):
    number = serializers.IntegerField(help_text="The number of the release: 1, 2, 3 and so on, without gaps.")
    published_at = serializers.DateTimeField(help_text="The time at which the release was published (UTC).")
    significance = word(terms.SIGNIFICANCES, "The significance of the most significant change in the release.")
    note = serializers.CharField(help_text="The publisher's note on the release. It can be empty.", allow_blank=True)
    counts = CountsSerializer(help_text="The number of current documents of each kind.")
    manifest_sha256 = string(
        "The SHA-256 of the manifest. The description of `get_release` explains how it is calculated."
    )
    href = string("The address of the release and its manifest.")


ReleasePage = page_of("ReleasePage", ListedReleaseSerializer)


class ManifestEntrySerializer(serializers.Serializer):
    id = serializers.UUIDField(help_text="The permanent identifier.")
    kind = kind()
    slug = serializers.SlugField(help_text="The last part of the document's address.")
    version = serializers.IntegerField(help_text="The version of the document.")
    sha256 = string("The SHA-256 of the document's content.")
    withdrawn = serializers.BooleanField(help_text="True if the document is a tombstone.")
    first_release = serializers.IntegerField(help_text="The release in which this version was first published.")
    href = string("The permanent address of this version.")


class ReleaseSerializer(ListedReleaseSerializer):
    """A release, with its manifest."""

    previous_manifest_sha256 = maybe_string("The manifest hash of the previous release; null for release 1.")
    documents = ManifestEntrySerializer(many=True, help_text="Every document that is current in the release.")
    next = next_address()
    next_cursor = cursor_of_next()


class CurrentReleaseSerializer(serializers.Serializer):
    number = serializers.IntegerField(help_text="The number of the release.")
    published_at = serializers.DateTimeField(help_text="The time at which the release was published (UTC).")
    href = string("The address of the release and its manifest.")


class LibrarySerializer(serializers.Serializer):
    name = string("The name of the API, to show to readers.")
    description = string("A short description of the content.")
    release = CurrentReleaseSerializer(help_text="The release from which responses are read.")
    counts = CountsSerializer(help_text="The number of current documents of each kind.")
    licence = published.LicenceSerializer(help_text="The licence of the content.")
    disclaimer = string("The disclaimer. Show it wherever you show content.")
    links = serializers.DictField(
        child=serializers.CharField(),
        help_text="The addresses of everything in the API. Replace `{q}`, `{id}` and `{ids}` with your own values.",
    )
    self = string("The address of this response.")


class JsonLdContextSerializer(serializers.Serializer):
    """The JSON-LD context document (JSON-LD 1.1, section 4.1)."""

    def get_fields(self) -> dict[str, serializers.Field]:
        """Its one field, whose name is no name in Python."""
        return {"@context": serializers.DictField(help_text="The definition of each name.")}


class VocabularyTermSerializer(serializers.Serializer):
    code = string("The code that documents use.")
    label = string("The label to show to readers.")
    meaning = string("The definition of the term.")
    within = serializers.CharField(required=False, help_text="The code of the broader term to which it belongs.")


class PredicateSerializer(serializers.Serializer):
    code = string("The code that documents use.")
    label = string("The label, as read from subject to object.")
    inverse_label = string("The label, as read from object to subject.")
    meaning = string("The definition of the predicate.")
    is_symmetric = serializers.BooleanField(help_text="True if the relation means the same in both directions.")
    subjects = serializers.ListField(
        child=serializers.CharField(), help_text="The kinds of item that can be the subject."
    )
    objects = serializers.ListField(
        child=serializers.CharField(), help_text="The kinds of item that can be the object."
    )


VocabularySerializer = type(
    "VocabularySerializer",
    (serializers.Serializer,),
    {table: VocabularyTermSerializer(many=True) for table in terms.PUBLISHED}
    | {"predicates": PredicateSerializer(many=True), "code_systems": CodeSystemSerializer(many=True)},
)


class ParameterErrorSerializer(serializers.Serializer):
    parameter = serializers.CharField(required=False, help_text="The query parameter that is wrong.")
    pointer = serializers.CharField(
        required=False, help_text="For a request body: a pointer to the place that is wrong (RFC 6901)."
    )
    detail = string("An explanation of what is wrong and which values are valid.")


class ProblemSerializer(serializers.Serializer):
    """A problem document (RFC 9457). Branch on `code`. Show `detail` to people, but never parse it."""

    type = string("The type of problem: the path of a page that says what to do, or a registered address.")
    code = serializers.ChoiceField(
        [(slug, problem.title) for slug, problem in PROBLEM_TYPES.items()],
        help_text="The type of problem as a short code that never changes.",
    )
    title = string("The title of the type of problem, the same every time.")
    status = serializers.IntegerField(help_text="The HTTP status code of the response.")
    detail = string("An explanation of this problem, for people to read.")
    instance = string("The address that you requested.")
    errors = ParameterErrorSerializer(
        many=True, required=False, help_text="Every parameter, or place in the request body, that is wrong."
    )
    available = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="With status 406: the media types that are available."
    )

    def get_fields(self):
        policies = serializers.ListField(
            child=serializers.CharField(), required=False, help_text="With status 429: the limits that you exceeded."
        )
        return super().get_fields() | {"violated-policies": policies}


class WithdrawnSerializer(published.TombstoneSerializer):
    """The problem document for a withdrawn item, with its replacement if there is one."""

    type = string("The type of problem: the path of a page that says what to do.")
    code = serializers.ChoiceField([("withdrawn", "Item withdrawn")], help_text="Always `withdrawn`.")
    title = string("The title of the type of problem, the same every time.")
    status = serializers.IntegerField(help_text="The HTTP status code: always 410.")
    detail = string("An explanation of this problem, for people to read.")
    instance = string("The address that you requested.")

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


def published_document() -> PolymorphicProxySerializer:
    """A document of any kind, sources included."""
    return PolymorphicProxySerializer(
        component_name="Document", serializers=published.DOCUMENT_SERIALIZERS, resource_type_field_name="kind"
    )
