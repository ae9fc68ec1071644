"""The shapes of documents of which readers have chosen a part. For OpenAPI only; nothing here runs on a read.

In: the shapes of whole documents, and what must be shown. Out: `SELECTED`, by kind. What must be shown is there for
certain, everything else may be; texts may be for one audience only; related documents may come along.
"""

from typing import ClassVar

from drf_spectacular.utils import PolymorphicProxySerializer
from rest_framework import serializers

from content_app import serializers as published
from content_app.delivery.query import selection
from content_app.delivery.query.labels import OF_KIND, OF_PART
from content_app.delivery.rest.shapes import labels_of
from content_app.vocabulary import terms

Shape = type[serializers.Serializer]


class Loosened(serializers.Serializer):
    """Part of a document. Only the fields marked required are always present."""

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


def selected_item(**told) -> PolymorphicProxySerializer:
    """What is chosen of an item of any kind, told apart by `kind`."""
    return PolymorphicProxySerializer(
        component_name="SelectedItem",
        serializers=lambda: {kind: SELECTED[kind] for kind in terms.KINDS},
        resource_type_field_name="kind",
        **told,
    )


def part(name: str, whole: Shape) -> Shape:
    """The shape of a part whose text for one of the audiences may be missing, and whose codes may have labels."""
    certain = whole().get_fields().keys() - set(selection.AUDIENCES)
    return loosened(whole, certain, **labels_of(OF_PART.get(name, ())))


class MustShowSerializer(serializers.Serializer):
    """What must be shown with the content and is not in the response."""

    fields = serializers.ListField(child=serializers.CharField(), help_text="The fields that were left out.")
    notices = serializers.ListField(
        child=serializers.ChoiceField(terms.choices(terms.NOTICE_TYPES)), help_text="The types of the notices."
    )
    not_covered = serializers.ListField(
        child=serializers.ChoiceField(terms.choices(terms.ASPECTS)),
        help_text="The aspects that the item does not cover, and that readers must be told about.",
    )
    href = serializers.CharField(help_text="The address at which to read it, relative to the server.")


ONE = ("summary", "review")
PARTS = {
    name: part(name, type(field.child if hasattr(field, "child") else field))(
        many=name not in ONE, help_text=field.help_text
    )
    for name, field in published.SharedSerializer().get_fields().items()
    if name in (*OF_PART, "summary")
}
RELATED = {
    "must_show": MustShowSerializer(help_text="With `must_show=reference`: what must be shown with the content."),
    "included": selected_item(many=True, help_text="With `include`: the documents that the item is related to."),
    "included_left_off": serializers.IntegerField(
        help_text="With `include`: the number of related documents that were left out."
    ),
}
SELECTED: dict[str, Shape] = {
    kind: loosened(
        whole,
        {*selection.MUST_SHOW, *selection.MUST_SHOW_OF_KIND.get(kind, ())} - {*selection.REFERRED},
        **{name: part for name, part in PARTS.items() if name in whole().get_fields()},
        **labels_of(OF_KIND[kind]),
        **RELATED,
    )
    for kind, whole in published.DOCUMENT_SERIALIZERS.items()
}


class SelectedBatchSerializer(serializers.Serializer):
    """The response to a request for selected parts of many items."""

    release = serializers.IntegerField(help_text="The release from which all items are read.")
    results = selected_item(many=True, help_text="The parts of the documents that you selected.")
    withdrawn = published.TombstoneSerializer(
        many=True, help_text="The tombstones of the items that have been withdrawn."
    )
    unknown = serializers.ListField(child=serializers.UUIDField(), help_text="The identifiers that belong to no item.")
