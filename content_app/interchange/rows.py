"""Rows to editorial documents and back. The round trip is exact.

In: an item or source with its parts, or a document that fits `editorial_schema`. Out: the other.
A document holds no empty values: what is not there is not said. Keys stand in the order of the schema.
"""

import datetime
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Prefetch

from content_app.editorial_schema import KIND_PROPERTIES, SCHEMAS_BY_KIND
from content_app.models import (
    KIND_MODELS,
    Citation,
    Coding,
    Item,
    Name,
    NotCovered,
    Relation,
    Source,
    Statement,
)

Document = dict[str, Any]
DEFAULTS = {"language": "en", "modality": "asserted", "review_cycle_months": 12}
CODING_FIELDS = ("system", "code", "display", "match", "version", "uri", "billable", "verification", "verified_by")
SOURCE_FIELDS = tuple(key for key in SCHEMAS_BY_KIND["source"]["properties"] if key not in ("kind", "uuid"))


def to_document(item: Item) -> Document:
    """The editorial document of one item (of its own kind's class or the base class)."""
    return to_documents(Item.objects.filter(pk=item.pk))[0]


def to_documents(items) -> list[Document]:
    """The editorial documents of a queryset of items, in its order, in a fixed number of queries."""
    items = list(
        items.prefetch_related(*_all_parts()).select_related(
            *(model.__name__.lower() for model in KIND_MODELS.values())
        )
    )
    return [_item_document(item) for item in items]


def _all_parts() -> list[Prefetch]:
    cited = Prefetch("citations", Citation.objects.select_related("source"))
    return [
        Prefetch("names", Name.objects.prefetch_related(cited)),
        Prefetch("statements", Statement.objects.prefetch_related(cited)),
        Prefetch("relations", Relation.objects.select_related("object", "display_with").prefetch_related(cited)),
        "codings",
        "not_covered",
        Prefetch(
            "citations",
            Citation.objects.filter(statement=None, relation=None, name=None).select_related("source"),
            to_attr="own_citations",
        ),
    ]


def _item_document(item: Item) -> Document:
    own = item if item.KIND else getattr(item, item.kind.replace("_", ""))
    kind_fields = {field: getattr(own, field) for field in KIND_PROPERTIES[item.kind][0]}
    return without_empty(
        {"kind": item.kind, "uuid": str(item.uuid), "slug": item.slug, "name": item.name}
        | kind_fields
        | {
            "summary": without_empty({"clinical": item.summary_clinical, "plain": item.summary_plain}),
            "citations": _citations(item.own_citations),
            "names": [_name(name) for name in item.names.all()],
            "statements": [_statement(statement) for statement in item.statements.all()],
            "relations": [_relation(relation) for relation in item.relations.all()],
            "codings": [_coding(coding) for coding in item.codings.all()],
            "not_covered": [silent.aspect for silent in item.not_covered.all()],
            "safety_notice": item.safety_notice,
            "review_cycle_months": item.review_cycle_months,
        }
    )


def without_empty(document: Document) -> Document:
    """The document without values that say nothing: None, "", [], {} and defaults. False and 0 stay."""
    return {
        key: value
        for key, value in document.items()
        if value is not None and value != "" and value != [] and value != {} and DEFAULTS.get(key) != value
    }


def _citations(citations: Iterable[Citation]) -> list[Document]:
    return [without_empty({"source": c.source.slug, "locator": c.locator}) for c in citations]


def _name(name: Name) -> Document:
    return without_empty(
        {"text": name.text, "type": name.type, "language": name.language, "note": name.note}
        | {"citations": _citations(name.citations.all())}
    )


def _statement(statement: Statement) -> Document:
    fields = ("aspect", "clinical", "plain", "certainty", "frequency")
    return without_empty(
        {"uuid": str(statement.uuid)}
        | {field: getattr(statement, field) for field in fields}
        | {"citations": _citations(statement.citations.all())}
    )


def _relation(relation: Relation) -> Document:
    return without_empty(
        {
            "predicate": relation.predicate,
            "object": relation.object.reference,
            "modality": relation.modality,
            "certainty": relation.certainty,
            "frequency": relation.frequency,
            "ambiguous": relation.ambiguous or None,
            "attributed": relation.attributed or None,
            "display_with": relation.display_with.reference if relation.display_with else None,
            "note": relation.note,
            "citations": _citations(relation.citations.all()),
        }
    )


def _coding(coding: Coding) -> Document:
    return without_empty(
        {field: getattr(coding, field) for field in CODING_FIELDS}
        | {"checked_on": coding.checked_on.isoformat(), "note": coding.note}
    )


def source_document(source: Source) -> Document:
    """The editorial document of a source."""
    fields = {field: getattr(source, field) for field in SOURCE_FIELDS}
    fields["retracted"] = source.retracted or None
    return without_empty({"kind": "source", "uuid": str(source.uuid)} | fields)


def write_source(document: Document) -> Source:
    """Store a source as the document says, creating it if its uuid is new."""
    blank = {"authors": [], "year": None, "retracted": False}
    values = {field: document.get(field, blank.get(field, "")) for field in SOURCE_FIELDS}
    source, _ = Source.objects.update_or_create(uuid=document["uuid"], defaults=values)
    return source


def write_item(document: Document) -> Item:
    """Store the item's own fields as the document says, creating it if its uuid is new. Parts are left alone."""
    model = KIND_MODELS[document["kind"]]
    item = model.objects.filter(uuid=document["uuid"]).first() or model(uuid=uuid.UUID(document["uuid"]))
    for field in KIND_PROPERTIES[document["kind"]][0]:
        setattr(item, field, document.get(field, None if field == "expected_response_implied" else ""))
    item.slug = document["slug"]
    item.name = document["name"]
    item.summary_clinical = document.get("summary", {}).get("clinical", "")
    item.summary_plain = document.get("summary", {}).get("plain", "")
    item.safety_notice = document.get("safety_notice", "")
    item.review_cycle_months = document.get("review_cycle_months", DEFAULTS["review_cycle_months"])
    item.save()
    return item


def clear_parts(item: Item) -> None:
    """Delete all parts of the item, before `write_parts`. Clear every item of a set before writing the first."""
    for parts in (item.citations, item.names, item.statements, item.relations, item.codings, item.not_covered):
        parts.all().delete()


def write_parts(item: Item, document: Document, find_item: Callable[[str], Item]) -> None:
    """Store all parts of the document for an item that has none.

    `find_item` gives the item for a reference such as `concept/cause-unknown`. Raises KeyError from it, and
    Source.DoesNotExist, if something the document names is not there; callers check before.
    """
    base = Item.objects.get(pk=item.pk)
    citations: list[Citation] = []
    cited: dict[str, list[Citation]] = defaultdict(list)

    def cite(entry: Document, **place) -> None:
        for position, citation in enumerate(entry.get("citations", [])):
            row = Citation(item=base, locator=citation.get("locator", ""), position=position, **place)
            citations.append(row)
            cited[citation["source"]].append(row)

    cite(document)
    for position, entry in enumerate(document.get("names", [])):
        values = {"language": "en", "note": ""} | {key: value for key, value in entry.items() if key != "citations"}
        cite(entry, name=Name.objects.create(item=base, position=position, **values))
    for position, entry in enumerate(document.get("statements", [])):
        values = {key: value for key, value in entry.items() if key != "citations"}
        cite(entry, statement=Statement.objects.create(item=base, position=position, **values))
    for position, entry in enumerate(document.get("relations", [])):
        values = {key: value for key, value in entry.items() if key != "citations"}
        for reference in ("object", "display_with"):
            if reference in values:
                values[reference] = find_item(values[reference])
        cite(entry, relation=Relation.objects.create(subject=base, position=position, **values))
    Coding.objects.bulk_create(
        Coding(item=base, position=position, **entry | {"checked_on": datetime.date.fromisoformat(entry["checked_on"])})
        for position, entry in enumerate(document.get("codings", []))
    )
    NotCovered.objects.bulk_create(
        NotCovered(item=base, position=position, aspect=aspect)
        for position, aspect in enumerate(document.get("not_covered", []))
    )
    for source in Source.objects.filter(slug__in=cited):
        for row in cited[source.slug]:
            row.source = source
    Citation.objects.bulk_create(citations)
