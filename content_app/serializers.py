"""The published shape of every kind of document: what the compiler emits and what OpenAPI describes, once.

In: plain data from the compiler. Out: plain data with exactly these fields in exactly this order.
Readers are answered from stored bytes; no serializer runs when something is read.
"""

from collections.abc import Iterable
from copy import deepcopy

from rest_framework import serializers

from content_app.vocabulary import fields
from content_app.vocabulary import terms as vocabulary
from content_app.vocabulary.fields import OWN, PARTS, Field
from content_app.vocabulary.terms import choices


def word(terms, help_text, **kwargs):
    """A field that holds a code of a vocabulary."""
    return serializers.ChoiceField(choices(terms), help_text=help_text, **kwargs)


def string(help_text, **kwargs):
    return serializers.CharField(help_text=help_text, **kwargs)


def maybe_string(help_text):
    """A text that is null where there is none: never an empty string."""
    return serializers.CharField(allow_null=True, help_text=help_text)


class CitationSerializer(serializers.Serializer):
    source = serializers.SlugField(help_text="The slug of the source, listed in full under `sources`.")
    locator = maybe_string("The place in the source: a paragraph and sentence, a page or a table.")


def field_of(field: Field) -> serializers.Field:
    """How a field of the table is published."""
    told = " ".join(filter(None, (field.meaning, field.advice)))
    null = {} if field.is_required or field.default else {"allow_null": True}
    by_form = {
        fields.PROSE: lambda: string(told, **null),
        fields.LINE: lambda: string(told, **null),
        fields.LINES: lambda: serializers.ListField(child=serializers.CharField(), help_text=told),
        fields.CODE: lambda: word(field.terms, told, **null),
        fields.FLAG: lambda: serializers.BooleanField(help_text=told),
        fields.ANSWER: lambda: serializers.BooleanField(allow_null=True, help_text=told),
        fields.NUMBER: lambda: serializers.IntegerField(help_text=told, **null),
        fields.DAY: lambda: serializers.DateField(help_text=told, **null),
        fields.ITEM: lambda: ItemReferenceSerializer(help_text=told, **null),
    }
    return by_form[field.form]()


def described(given: Iterable[Field]) -> dict[str, serializers.Field]:
    """The published form of these fields."""
    return {field.name: field_of(field) for field in given}


def in_order(members: dict[str, serializers.Field]) -> dict[str, serializers.Field]:
    """The same fields as a class is to declare them: it takes them in the order in which they were made."""
    return {name: deepcopy(field) for name, field in members.items()}


def shape(name: str, members: dict[str, serializers.Field]) -> type[serializers.Serializer]:
    """A serializer with these members, in this order."""
    return type(f"{name}Serializer", (serializers.Serializer,), in_order(members))


def followed(
    members: dict[str, serializers.Field], first: str, **after: serializers.Field
) -> dict[str, serializers.Field]:
    """The members, with others behind the first."""
    return {first: members[first], **after, **members}


def cited(part: str) -> dict[str, serializers.Field]:
    """The fields of a part, with its citations."""
    return described(PARTS[part]) | {
        "citations": CitationSerializer(many=True, help_text="The citations that support this entry.")
    }


class ItemReferenceSerializer(serializers.Serializer):
    id = serializers.UUIDField(help_text="The permanent identifier of the item.")
    kind = word(vocabulary.KINDS, "The kind of item, such as a condition.")
    slug = serializers.SlugField(help_text="The last part of the item's address.")
    name = string("The preferred English name of the item.")
    href = string("The address of the item, relative to the server.")


STATEMENT_ID = "The permanent identifier. Read the statement alone at `/api/v1/statements/{id}/`."
RELATION_ID = "An identifier made from subject, predicate and object, so it stays the same for the same relation."
LABEL = string("The predicate in words, as read from this item to the other.")
SYSTEM_URI = string("The FHIR address of the code system.")

NameSerializer = shape("Name", cited("names"))
SummarySerializer = shape("Summary", cited("summary"))
ListedSummarySerializer = shape("ListedSummary", described(PARTS["summary"]))
StatementSerializer = shape("Statement", {"id": serializers.UUIDField(help_text=STATEMENT_ID), **cited("statements")})
RelationSerializer = shape(
    "Relation",
    {"id": serializers.UUIDField(help_text=RELATION_ID), **followed(cited("relations"), "predicate", label=LABEL)},
)
CodingSerializer = shape("Coding", followed(described(PARTS["codings"]), "system", system_uri=SYSTEM_URI))
CitedSourceSerializer = shape(
    "CitedSource",
    {
        "id": serializers.UUIDField(help_text="The permanent identifier."),
        "slug": serializers.SlugField(help_text="The short name that citations use for the source."),
        **described(PARTS["sources"]),
        "href": string("The address of the source in this API."),
    },
)


class ReviewSerializer(serializers.Serializer):
    state = word(
        vocabulary.REVIEW_STATES,
        "Whether a clinician has signed off the content. Always show it. After `review_due_on`, the review is overdue.",
    )
    reviewed_on = serializers.DateField(help_text="The day on which the item was signed off.")
    review_due_on = serializers.DateField(
        help_text="The day by which the item must be reviewed again. After that day, say that the review is overdue."
    )
    reviewer_role = string("The role of the person who signed off the item.")
    cycle_months = serializers.IntegerField(help_text="The number of months between reviews.")


class NotCoveredSerializer(serializers.Serializer):
    aspect = word(vocabulary.ASPECTS, "The aspect that is not covered.")
    label = string("The name of the aspect, to show to readers.")
    covers = string("The matters that this aspect includes.")
    status = serializers.ChoiceField([("not_covered", "Not covered")], help_text="Always `not_covered`.")
    must_show = serializers.BooleanField(help_text="True if readers must always be told, as with red flags.")
    text = string("The sentence to show instead of the section. Never show an empty section.")


class NoticeSerializer(serializers.Serializer):
    type = word(vocabulary.NOTICE_TYPES, "The type of notice. The most urgent notices come first.")
    text = string("The text of the notice. Always show it with the content.")


class LicenceSerializer(serializers.Serializer):
    name = string("The full name of the licence.")
    spdx = string("The SPDX identifier of the licence.")
    url = string("The address of the licence text.")
    attribution = string("The attribution to show with the content.")


class LinksSerializer(serializers.Serializer):
    self = string("The address of this document.")
    item = string("The same document, by its permanent identifier.")
    collection = string("The list of all documents of this kind.")
    relations_from = string("The relations from this item to others.")
    relations_to = string("The relations from other items to this one.")


class MetaSerializer(serializers.Serializer):
    version = serializers.IntegerField(help_text="The version of the item: 1, 2, 3 and so on.")
    release = serializers.IntegerField(help_text="The release in which this version was first published.")
    published_at = serializers.DateTimeField(help_text="The time at which this version was published (UTC).")
    sha256 = string("The SHA-256 of the canonical JSON (RFC 8785) of this document without `meta`.")


class IdentitySerializer(serializers.Serializer):
    id = serializers.UUIDField(help_text="The permanent identifier.")
    kind = word(vocabulary.KINDS, "The kind of item, such as a condition.")
    slug = serializers.SlugField(
        help_text="The last part of the address. If it changes, the old address redirects with a 308."
    )
    name = string("The preferred name in English.")


class SharedSerializer(serializers.Serializer):
    """What every kind of item has after the fields of its kind."""

    names = NameSerializer(many=True, help_text="All names of the item, with the preferred English name first.")
    summary = SummarySerializer(help_text="The item in one or two sentences, for each audience.")
    statements = StatementSerializer(many=True, help_text="The statements about the item, in reading order.")
    relations = RelationSerializer(many=True, help_text="The relations from this item to others.")
    codings = CodingSerializer(
        many=True, help_text="The codes of the item in external code systems, and the systems that have no code for it."
    )
    sources = CitedSourceSerializer(many=True, help_text="Every source that this document cites.")
    review = ReviewSerializer(help_text="When the item was reviewed and when the next review is due.")
    not_covered = NotCoveredSerializer(many=True, help_text="The aspects that this item does not cover.")
    notices = NoticeSerializer(many=True, help_text="The notices that must be shown with the content.")
    licence = LicenceSerializer(help_text="The licence of this content.")
    links = LinksSerializer(help_text="Links to this document and to related lists.")


def identity(kind: str) -> dict[str, serializers.Field]:
    """The fields that say which item it is; its kind can be no other."""
    only = word({kind: vocabulary.KINDS[kind]}, "The kind of item, which is always this one.")
    return IdentitySerializer().get_fields() | {"kind": only}


def document_serializer(name: str, kind: str) -> type[serializers.Serializer]:
    """The full shape of one kind: identity, the fields of the kind, what all share, meta."""
    members = identity(kind) | described(OWN[kind]) | SharedSerializer().get_fields()
    return shape(name, members | {"meta": MetaSerializer()})


def summary_serializer(name: str, kind: str) -> type[serializers.Serializer]:
    """The shape of one kind in lists."""
    members = identity(kind) | described(OWN[kind])
    members |= {
        "summary": ListedSummarySerializer(help_text="The item in one or two sentences, for each audience."),
        "review_due_on": serializers.DateField(help_text="The day by which the item must be reviewed again."),
        "href": string("The address of the item, relative to the server."),
        "meta": MetaSerializer(),
    }
    return shape(name, members)


ConditionSerializer = document_serializer("Condition", "condition")
ConceptSerializer = document_serializer("Concept", "concept")
SymptomTypeSerializer = document_serializer("SymptomType", "symptom_type")
ExampleSerializer = document_serializer("Example", "example")


class SourceSerializer(CitedSourceSerializer):
    """A source, published as a document of its own."""

    kind = serializers.ChoiceField([("source", "Source")], help_text="The kind of document: always `source`.")
    name = string("The title of the work, as published.")
    meta = MetaSerializer()


class TombstoneSerializer(serializers.Serializer):
    """The tombstone at the address of a withdrawn item."""

    id = serializers.UUIDField(help_text="The permanent identifier.")
    kind = word(vocabulary.KINDS, "The kind of item, such as a condition.")
    slug = serializers.SlugField(help_text="The last part of the item's address.")
    name = string("The preferred name in English.")
    withdrawn = serializers.BooleanField(help_text="Always true in a tombstone.")
    reason = word(vocabulary.WITHDRAWAL_REASONS, "The reason for the withdrawal.")
    note = maybe_string("The publisher's note about the withdrawal.")
    replaced_by = ItemReferenceSerializer(allow_null=True, help_text="The item that replaces it, if there is one.")
    meta = MetaSerializer()


DOCUMENT_SERIALIZERS: dict[str, type[serializers.Serializer]] = {
    "condition": ConditionSerializer,
    "concept": ConceptSerializer,
    "symptom_type": SymptomTypeSerializer,
    "example": ExampleSerializer,
    "source": SourceSerializer,
}
LISTED_SERIALIZERS: dict[str, type[serializers.Serializer]] = {
    "condition": summary_serializer("ListedCondition", "condition"),
    "concept": summary_serializer("ListedConcept", "concept"),
    "symptom_type": summary_serializer("ListedSymptomType", "symptom_type"),
    "example": summary_serializer("ListedExample", "example"),
    "source": SourceSerializer,
}
