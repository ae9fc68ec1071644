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
    source = serializers.SlugField(help_text="Slug of the source; it stands in full under `sources`.")
    locator = maybe_string("Where in the source: a paragraph and sentence, a page, a table.")


class NameSerializer(serializers.Serializer):
    text = string("The name.")
    type = word(vocabulary.NAME_TYPES, "What sort of name it is.")
    language = string("Language tag (BCP 47).")
    note = maybe_string("Where the name differs from the item, for example that it is narrower.")
    citations = CitationSerializer(many=True)


class SummarySerializer(serializers.Serializer):
    clinical = string("For clinicians.")
    plain = string("In plain words, for patients and families.")
    citations = CitationSerializer(many=True)


class StatementSerializer(serializers.Serializer):
    id = serializers.UUIDField(help_text="Permanent identifier; `/api/v1/statements/{id}/` answers to it.")
    aspect = word(vocabulary.ASPECTS, "What it is about.")
    clinical = string("The assertion for clinicians.")
    plain = string("The same assertion in plain words.")
    certainty = word(vocabulary.CERTAINTIES, "How sure the source is. Show it: a likely cause is not a known cause.")
    frequency = word(vocabulary.FREQUENCIES, "How often, where the source says so.", allow_null=True)
    citations = CitationSerializer(many=True)


class ItemReferenceSerializer(serializers.Serializer):
    id = serializers.UUIDField(help_text="Permanent identifier of the other item.")
    kind = word(vocabulary.KINDS, "Its kind.")
    slug = serializers.SlugField(help_text="The last part of its address.")
    name = string("Its preferred English name.")
    href = string("Its address, relative to the server.")


class RelationSerializer(serializers.Serializer):
    id = serializers.UUIDField(help_text="Made from subject, predicate and object: the same relation keeps it.")
    predicate = serializers.ChoiceField([(p.code, p.label) for p in PREDICATES.values()], help_text="Type of relation.")
    label = string("The predicate in words, read from this item to the other.")
    object = ItemReferenceSerializer(help_text="The other item.")
    modality = word(vocabulary.MODALITIES, "How the source puts it.")
    certainty = word(vocabulary.CERTAINTIES, "How sure the source is, if this is a claim.", allow_null=True)
    frequency = word(vocabulary.FREQUENCIES, "How often, where the source says so.", allow_null=True)
    ambiguous = serializers.BooleanField(help_text="True if the source leaves open whether this is meant.")
    attributed = serializers.BooleanField(help_text="True if this is the view of the cited source and others differ.")
    display_with = ItemReferenceSerializer(
        allow_null=True, help_text="What must be shown wherever this relation is shown."
    )
    note = maybe_string("What a reader has to know about it.")
    citations = CitationSerializer(many=True)


class CodingSerializer(serializers.Serializer):
    system = serializers.ChoiceField([(s.key, s.name) for s in CODE_SYSTEMS.values()], help_text="Key of the system.")
    system_uri = string("FHIR address of the code system.")
    code = maybe_string("The code; null where `match` is `none`: looked for and not there.")
    display = maybe_string("Its title in the code system.")
    match = word(vocabulary.MATCHES, "How the code relates to the item: `broad` means that the code is wider.")
    version = string("The release of the code system in which it was read.")
    uri = maybe_string("An address for the coded entity that stays when codes move.")
    billable = serializers.BooleanField(
        allow_null=True, help_text="ICD-10-CM: whether it is a leaf that may be billed."
    )
    verification = word(vocabulary.VERIFICATIONS, "How it was checked.")
    verified_by = serializers.ListField(child=serializers.CharField(), help_text="What it was read from.")
    checked_on = serializers.DateField(help_text="When it was checked.")
    note = maybe_string("What a coder has to know.")


class CitedSourceSerializer(serializers.Serializer):
    id = serializers.UUIDField(help_text="Permanent identifier.")
    slug = serializers.SlugField(help_text="What citations name.")
    type = word(vocabulary.SOURCE_TYPES, "What sort of work it is.")
    evidence_level = word(vocabulary.EVIDENCE_LEVELS, "What its assertions rest on.")
    title = string("Its title.")
    authors = serializers.ListField(child=serializers.CharField(), help_text="Its authors, in order.")
    organisation = maybe_string("The publishing body.")
    container = maybe_string("The journal, book or site it appeared in.")
    year = serializers.IntegerField(allow_null=True, help_text="Year of publication.")
    url = maybe_string("Its address.")
    doi = maybe_string("Its DOI.")
    pmid = maybe_string("Its PubMed identifier.")
    isbn = maybe_string("Its ISBN.")
    licence = maybe_string("The terms on which the work may be used.")
    retracted = serializers.BooleanField(help_text="True if the work has been retracted.")
    note = maybe_string("What a reader has to know when it is cited, for example whom it is about.")
    href = string("Its address in this API.")


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


class ConditionFields(serializers.Serializer):
    abbreviation = maybe_string("Its usual abbreviation.")
    cause_status = word(vocabulary.CAUSE_STATUSES, "What is known of its cause. Show it beside every mechanism.")


class ConceptFields(serializers.Serializer):
    topic = word(vocabulary.TOPICS, "What sort of concept it is.")
    subtopic = word(vocabulary.SUBTOPICS, "A closer sort.", allow_null=True)


class SymptomTypeFields(serializers.Serializer):
    category = word(vocabulary.CATEGORIES, "What sort of symptom it is.")
    observation = word(vocabulary.OBSERVATIONS, "Who notices it: the person, an examiner, or not said.")


class ExampleFields(serializers.Serializer):
    form = word(vocabulary.FORMS, "Vignette, analogy or contrast.")
    trigger = maybe_string("What happens.")
    context = maybe_string("The circumstances.")
    expected_response = maybe_string("What would ordinarily follow.")
    expected_response_implied = serializers.BooleanField(
        allow_null=True, help_text="Whether the source only implies the ordinary response."
    )
    amplified_response = maybe_string("What follows instead.")
    analogy_source = maybe_string("The picture that an analogy uses.")
    analogy_target = maybe_string("What the picture stands for.")
    limits = maybe_string("Where the analogy ends. Show it with the analogy.")


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
    only = word({kind: vocabulary.KINDS[kind]}, "Its kind: always this.")
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
        "summary": ListedSummarySerializer(help_text="What it is, in one or two sentences."),
        "review_due_on": serializers.DateField(help_text="When it must be reviewed again."),
        "href": string("Its address, relative to the server."),
        "meta": MetaSerializer(),
    }
    return type(f"{name}Serializer", (serializers.Serializer,), fields)


class ListedSummarySerializer(serializers.Serializer):
    clinical = string("For clinicians.")
    plain = string("In plain words, for patients and families.")


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
