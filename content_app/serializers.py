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
    source = serializers.SlugField(help_text="Slug of the source; it stands in full under `sources`.")
    locator = maybe_string("Where in the source: a paragraph and sentence, a page, a table.")


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
    return described(PARTS[part]) | {"citations": CitationSerializer(many=True)}


class ItemReferenceSerializer(serializers.Serializer):
    id = serializers.UUIDField(help_text="Permanent identifier of the other item.")
    kind = word(vocabulary.KINDS, "Its kind.")
    slug = serializers.SlugField(help_text="The last part of its address.")
    name = string("Its preferred English name.")
    href = string("Its address, relative to the server.")


STATEMENT_ID = "Permanent identifier; `/api/v1/statements/{id}/` answers to it."
RELATION_ID = "Made from subject, predicate and object: the same relation keeps it."
LABEL = string("The predicate in words, read from this item to the other.")
SYSTEM_URI = string("FHIR address of the code system.")

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
        "id": serializers.UUIDField(help_text="Permanent identifier."),
        "slug": serializers.SlugField(help_text="What citations name."),
        **described(PARTS["sources"]),
        "href": string("Its address in this API."),
    },
)


class ReviewSerializer(serializers.Serializer):
    reviewed_on = serializers.DateField(help_text="When it was signed off.")
    review_due_on = serializers.DateField(
        help_text="When it must be reviewed again. After this day, say it is overdue."
    )
    reviewer_role = string("In what capacity it was signed off.")
    cycle_months = serializers.IntegerField(help_text="Months between reviews.")


class NotCoveredSerializer(serializers.Serializer):
    aspect = word(vocabulary.ASPECTS, "The aspect.")
    label = string("The aspect in words.")
    covers = string("What the aspect would hold.")
    status = serializers.ChoiceField([("not_covered_by_source", "Not covered by the source")], help_text="Always this.")
    text = string("The sentence to show in place of a section. Never show an empty section.")


class NoticeSerializer(serializers.Serializer):
    type = word(vocabulary.NOTICE_TYPES, "What sort of notice it is; the most urgent stand first.")
    text = string("The notice. Show it with the content.")


class LicenceSerializer(serializers.Serializer):
    name = string("Its name.")
    spdx = string("Its SPDX identifier.")
    url = string("Its text.")
    attribution = string("What to show.")


class LinksSerializer(serializers.Serializer):
    self = string("This document.")
    item = string("The same by its permanent identifier.")
    collection = string("All of its kind.")
    relations_from = string("Relations that start from it.")
    relations_to = string("Relations that point to it.")


class MetaSerializer(serializers.Serializer):
    version = serializers.IntegerField(help_text="1, 2, 3 … counted per item.")
    release = serializers.IntegerField(help_text="The release in which this version was first published.")
    published_at = serializers.DateTimeField(help_text="When that was (UTC).")
    sha256 = string("SHA-256 over the canonical JSON (RFC 8785) of this document without `meta`.")


class IdentitySerializer(serializers.Serializer):
    id = serializers.UUIDField(help_text="Permanent identifier.")
    kind = word(vocabulary.KINDS, "Its kind.")
    slug = serializers.SlugField(help_text="The last part of its address. If it changes, the old address answers 308.")
    name = string("The preferred English name.")


class SharedSerializer(serializers.Serializer):
    """What every kind of item has after the fields of its kind."""

    names = NameSerializer(many=True, help_text="All names, the preferred English one first.")
    summary = SummarySerializer(help_text="What it is, in one or two sentences.")
    statements = StatementSerializer(many=True, help_text="Its assertions, in reading order.")
    relations = RelationSerializer(many=True, help_text="Relations that start from it.")
    codings = CodingSerializer(many=True, help_text="Its codes in external code systems, and where none exists.")
    sources = CitedSourceSerializer(many=True, help_text="Every source cited in this document.")
    review = ReviewSerializer(help_text="When it was reviewed and when it must be reviewed again.")
    not_covered = NotCoveredSerializer(many=True, help_text="Aspects on which the sources are silent.")
    notices = NoticeSerializer(many=True, help_text="What must be shown with the content.")
    licence = LicenceSerializer(help_text="The licence of this content.")
    links = LinksSerializer(help_text="Where to go from here.")


def identity(kind: str) -> dict[str, serializers.Field]:
    """The fields that say which item it is; its kind can be no other."""
    only = word({kind: vocabulary.KINDS[kind]}, "Its kind: always this.")
    return IdentitySerializer().get_fields() | {"kind": only}


def document_serializer(name: str, kind: str) -> type[serializers.Serializer]:
    """The full shape of one kind: identity, the fields of the kind, what all share, meta."""
    members = identity(kind) | described(OWN[kind]) | SharedSerializer().get_fields()
    return shape(name, members | {"meta": MetaSerializer()})


def summary_serializer(name: str, kind: str) -> type[serializers.Serializer]:
    """The shape of one kind in lists."""
    members = identity(kind) | described(OWN[kind])
    members |= {
        "summary": ListedSummarySerializer(help_text="What it is, in one or two sentences."),
        "review_due_on": serializers.DateField(help_text="When it must be reviewed again."),
        "href": string("Its address, relative to the server."),
        "meta": MetaSerializer(),
    }
    return shape(name, members)


ConditionSerializer = document_serializer("Condition", "condition")
ConceptSerializer = document_serializer("Concept", "concept")
SymptomTypeSerializer = document_serializer("SymptomType", "symptom_type")
ExampleSerializer = document_serializer("Example", "example")


class SourceSerializer(CitedSourceSerializer):
    """A source as a document of its own."""

    kind = serializers.ChoiceField([("source", "Source")], help_text="Always `source`.")
    name = string("Its title.")
    meta = MetaSerializer()


class TombstoneSerializer(serializers.Serializer):
    """What stands at the address of a withdrawn item."""

    id = serializers.UUIDField(help_text="Permanent identifier.")
    kind = word(vocabulary.KINDS, "Its kind.")
    slug = serializers.SlugField(help_text="The last part of its address.")
    name = string("The preferred English name.")
    withdrawn = serializers.BooleanField(help_text="Always true.")
    reason = word(vocabulary.WITHDRAWAL_REASONS, "Why it was withdrawn.")
    note = maybe_string("What the publisher says about it.")
    replaced_by = ItemReferenceSerializer(allow_null=True, help_text="The item that takes its place.")
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
