"""The published shape of every kind of document: what the compiler emits and what OpenAPI describes, once.

In: plain data from the compiler. Out: plain data with exactly these fields in exactly this order.
Readers are answered from stored bytes; no serializer runs when something is read.
"""

from copy import deepcopy

from rest_framework import serializers

from content_app.vocabulary import terms as vocabulary
from content_app.vocabulary.code_systems import CODE_SYSTEMS
from content_app.vocabulary.predicates import PREDICATES
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


class NameSerializer(serializers.Serializer):
    text = string("The name as readers see it.")
    type = word(vocabulary.NAME_TYPES, "The type of name, such as synonym or abbreviation.")
    language = string("The language of the name, as a tag (BCP 47).")
    note = maybe_string("How the name differs from the item, for example that it is narrower.")
    citations = CitationSerializer(many=True, help_text="The citations that support this entry.")


class SummarySerializer(serializers.Serializer):
    clinical = string("The summary written for clinicians.")
    plain = string("The summary in plain words, for patients and families.")
    citations = CitationSerializer(many=True, help_text="The citations that support this entry.")


class StatementSerializer(serializers.Serializer):
    id = serializers.UUIDField(
        help_text="The permanent identifier. Read the statement alone at `/api/v1/statements/{id}/`."
    )
    aspect = word(vocabulary.ASPECTS, "The aspect that the statement is about.")
    clinical = string("The statement, written for clinicians.")
    plain = string("The same statement in plain words, for patients and families.")
    certainty = word(
        vocabulary.CERTAINTIES, "How certain the source is. Always show it: a likely cause is not a known cause."
    )
    frequency = word(
        vocabulary.FREQUENCIES, "How often this applies, where the source says so; otherwise null.", allow_null=True
    )
    citations = CitationSerializer(many=True, help_text="The citations that support this entry.")


class ItemReferenceSerializer(serializers.Serializer):
    id = serializers.UUIDField(help_text="The permanent identifier of the item.")
    kind = word(vocabulary.KINDS, "The kind of item, such as a condition.")
    slug = serializers.SlugField(help_text="The last part of the item's address.")
    name = string("The preferred English name of the item.")
    href = string("The address of the item, relative to the server.")


class RelationSerializer(serializers.Serializer):
    id = serializers.UUIDField(help_text="A stable identifier, derived from subject, predicate and object.")
    predicate = serializers.ChoiceField(
        [(p.code, p.label) for p in PREDICATES.values()], help_text="The type of relation, as a predicate code."
    )
    label = string("The predicate in words, as read from this item to the other.")
    object = ItemReferenceSerializer(help_text="The item at the other end of the relation.")
    modality = word(vocabulary.MODALITIES, "How the source expresses the relation, for example as a possibility.")
    certainty = word(
        vocabulary.CERTAINTIES,
        "How certain the source is, if the relation is a claim; otherwise null.",
        allow_null=True,
    )
    frequency = word(
        vocabulary.FREQUENCIES, "How often this applies, where the source says so; otherwise null.", allow_null=True
    )
    ambiguous = serializers.BooleanField(help_text="True if it is unclear whether the source means this relation.")
    attributed = serializers.BooleanField(help_text="True if this is the view of the cited source and others disagree.")
    display_with = ItemReferenceSerializer(
        allow_null=True, help_text="The item that must be shown wherever this relation is shown."
    )
    note = maybe_string("Anything else a reader needs to know about the relation.")
    citations = CitationSerializer(many=True, help_text="The citations that support this entry.")


class CodingSerializer(serializers.Serializer):
    system = serializers.ChoiceField(
        [(s.key, s.name) for s in CODE_SYSTEMS.values()], help_text="The key of the code system in this API."
    )
    system_uri = string("The FHIR address of the code system.")
    code = maybe_string("The code; null if `match` is `none`, meaning that no matching code was found.")
    display = maybe_string("The title of the code in the code system.")
    match = word(
        vocabulary.MATCHES, "How the code relates to the item. `broad` means that the code is broader than the item."
    )
    version = string("The release of the code system in which the code was looked up.")
    uri = maybe_string("An address for the coded entity that stays the same if its code changes.")
    billable = serializers.BooleanField(
        allow_null=True, help_text="For ICD-10-CM: whether the code has no subdivisions and can be billed."
    )
    verification = word(vocabulary.VERIFICATIONS, "How the code was checked.")
    verified_by = serializers.ListField(
        child=serializers.CharField(), help_text="The publications in which the code was checked."
    )
    checked_on = serializers.DateField(help_text="The day on which the code was checked.")
    note = maybe_string("Anything else a clinical coder needs to know.")


class CitedSourceSerializer(serializers.Serializer):
    id = serializers.UUIDField(help_text="The permanent identifier.")
    slug = serializers.SlugField(help_text="The short name that citations use for the source.")
    type = word(vocabulary.SOURCE_TYPES, "The type of work, such as a journal article or a guideline.")
    evidence_level = word(vocabulary.EVIDENCE_LEVELS, "The level of evidence that the work provides.")
    title = string("The title of the work, as published.")
    authors = serializers.ListField(
        child=serializers.CharField(), help_text="The authors, in the order in which the work names them."
    )
    organisation = maybe_string("The organisation that published the work.")
    container = maybe_string("The journal, book or website in which the work appeared.")
    year = serializers.IntegerField(allow_null=True, help_text="The year in which the work was published.")
    url = maybe_string("The web address of the work.")
    doi = maybe_string("The DOI of the work, if it has one.")
    pmid = maybe_string("The PubMed identifier of the work, if it has one.")
    isbn = maybe_string("The ISBN of the work, if it has one.")
    licence = maybe_string("The licence or terms under which the work may be used.")
    retracted = serializers.BooleanField(help_text="True if the work has been retracted.")
    note = maybe_string("Anything a reader needs to know about the work, for example which patients it covers.")
    href = string("The address of the source in this API.")


class ReviewSerializer(serializers.Serializer):
    reviewed_on = serializers.DateField(help_text="The day on which the item was signed off.")
    review_due_on = serializers.DateField(
        help_text="The day by which the item must be reviewed again. After it, say that the review is overdue."
    )
    reviewer_role = string("The role of the person who signed the item off.")
    cycle_months = serializers.IntegerField(help_text="The number of months between reviews.")


class NotCoveredSerializer(serializers.Serializer):
    aspect = word(vocabulary.ASPECTS, "The aspect that is not covered.")
    label = string("The name of the aspect, to show to readers.")
    covers = string("The matters that this aspect includes.")
    status = serializers.ChoiceField(
        [("not_covered_by_source", "Not covered by the source")], help_text="Always `not_covered_by_source`."
    )
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
    not_covered = NotCoveredSerializer(many=True, help_text="The aspects that the sources do not cover.")
    notices = NoticeSerializer(many=True, help_text="The notices that must be shown with the content.")
    licence = LicenceSerializer(help_text="The licence of this content.")
    links = LinksSerializer(help_text="Links to this document and to related lists.")


class ConditionFields(serializers.Serializer):
    abbreviation = maybe_string("The usual abbreviation of the condition.")
    cause_status = word(vocabulary.CAUSE_STATUSES, "How much is known about the cause. Show it beside every mechanism.")


class ConceptFields(serializers.Serializer):
    topic = word(vocabulary.TOPICS, "The topic that the concept belongs to.")
    subtopic = word(vocabulary.SUBTOPICS, "A narrower topic, if there is one.", allow_null=True)


class SymptomTypeFields(serializers.Serializer):
    category = word(vocabulary.CATEGORIES, "The category that the symptom belongs to.")
    observation = word(vocabulary.OBSERVATIONS, "Who notices it: the person or an examiner, if the source says which.")


class ExampleFields(serializers.Serializer):
    form = word(vocabulary.FORMS, "The form of the example: a vignette, an analogy or a contrast.")
    trigger = maybe_string("The event with which the example begins.")
    context = maybe_string("The circumstances in which it happens.")
    expected_response = maybe_string("The response that would normally follow.")
    expected_response_implied = serializers.BooleanField(
        allow_null=True, help_text="Whether the source only implies the normal response."
    )
    amplified_response = maybe_string("The amplified response that follows instead.")
    analogy_source = maybe_string("The image that the analogy uses.")
    analogy_target = maybe_string("The idea that the image stands for.")
    limits = maybe_string("The limits of the analogy. Always show them with it.")


KIND_FIELDS: dict[str, type[serializers.Serializer]] = {
    "condition": ConditionFields,
    "concept": ConceptFields,
    "symptom_type": SymptomTypeFields,
    "example": ExampleFields,
}


def in_order(fields: dict[str, serializers.Field]) -> dict[str, serializers.Field]:
    """The same fields as a class is to declare them: it takes them in the order in which they were made."""
    return {name: deepcopy(field) for name, field in fields.items()}


def identity(kind: str) -> dict[str, serializers.Field]:
    """The fields that say which item it is; its kind can be no other."""
    only = word({kind: vocabulary.KINDS[kind]}, "The kind of item, which is always this one.")
    return in_order(IdentitySerializer().get_fields() | {"kind": only})


def document_serializer(name: str, kind: str) -> type[serializers.Serializer]:
    """The full shape of one kind: identity, the fields of the kind, what all share, meta."""
    fields = identity(kind)
    for part in (KIND_FIELDS[kind], SharedSerializer):
        fields |= part().get_fields()
    return type(f"{name}Serializer", (serializers.Serializer,), fields | {"meta": MetaSerializer()})


def summary_serializer(name: str, kind: str) -> type[serializers.Serializer]:
    """The shape of one kind in lists."""
    fields = identity(kind) | KIND_FIELDS[kind]().get_fields()
    fields |= {
        "summary": ListedSummarySerializer(help_text="The item in one or two sentences, for each audience."),
        "review_due_on": serializers.DateField(help_text="The day by which the item must be reviewed again."),
        "href": string("The address of the file, relative to the server."),
        "meta": MetaSerializer(),
    }
    return type(f"{name}Serializer", (serializers.Serializer,), fields)


class ListedSummarySerializer(serializers.Serializer):
    clinical = string("The summary written for clinicians.")
    plain = string("The summary in plain words, for patients and families.")


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
