"""The shapes of documents of which readers have chosen a part. For OpenAPI only; nothing here runs on a read.

In: the shapes of whole documents, and what must be shown. Out: `SELECTED`, by kind. What must be shown is there for
certain, everything else may be; texts may be for one audience only; related documents may come along.
"""

from typing import ClassVar

from drf_spectacular.utils import PolymorphicProxySerializer
from rest_framework import serializers

from content_app import serializers as published
from content_app.delivery.query import selection
from content_app.vocabulary import terms

Shape = type[serializers.Serializer]


class Loosened(serializers.Serializer):
    """A part of a document: only the fields in `certain` are there for certain."""

    certain: ClassVar[set[str]] = set()

    def get_fields(self) -> dict[str, serializers.Field]:
        fields = super().get_fields()
        for name in fields.keys() - self.certain:
            fields[name].required = False
        return fields


def loosened(whole: Shape, certain: set[str], **parts: serializers.Field) -> Shape:
    """The shape of a part of `whole`. `parts` have shapes of their own; those that `whole` lacks are further fields."""
    fields = published.in_order(whole().get_fields() | parts)
    return type(f"Selected{whole.__name__}", (Loosened,), {"certain": certain, **fields})


def of_some_audience(whole: Shape) -> Shape:
    """The shape of a part whose text for one of the audiences may be missing."""
    return loosened(whole, whole().get_fields().keys() - set(selection.AUDIENCES))


def selected_item(**told) -> PolymorphicProxySerializer:
    """What is chosen of an item of any kind, told apart by `kind`."""
    return PolymorphicProxySerializer(
        component_name="SelectedItem",
        serializers=lambda: {kind: SELECTED[kind] for kind in terms.KINDS},
        resource_type_field_name="kind",
        **told,
    )


SummarySerializer = of_some_audience(published.SummarySerializer)
StatementSerializer = of_some_audience(published.StatementSerializer)
PARTS = {
    "summary": SummarySerializer(help_text="What it is, in one or two sentences."),
    "statements": StatementSerializer(many=True, help_text="Its assertions, in reading order."),
}
RELATED = {
    "included": selected_item(many=True, help_text="With `include`: what its relations lead to."),
    "included_left_off": serializers.IntegerField(help_text="With `include`: how many more there would have been."),
}
SELECTED: dict[str, Shape] = {
    kind: loosened(
        whole,
        {*selection.MUST_SHOW, *selection.MUST_SHOW_OF_KIND.get(kind, ())},
        **{name: part for name, part in PARTS.items() if name in whole().get_fields()},
        **RELATED,
    )
    for kind, whole in published.DOCUMENT_SERIALIZERS.items()
}


class SelectedBatchSerializer(serializers.Serializer):
    """What reading parts of many items at once answers."""

    release = serializers.IntegerField(help_text="The release that all are read from.")
    results = selected_item(many=True, help_text="What is chosen of the documents.")
    withdrawn = published.TombstoneSerializer(many=True, help_text="Those that were withdrawn.")
    unknown = serializers.ListField(child=serializers.UUIDField(), help_text="Identifiers of no item.")
