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

from content_app.models import (
    KIND_MODELS,
    Citation,
    Coding,
    Item,
    Name,
    Relation,
    Source,
    Statement,
)
from content_app.vocabulary import fields
from content_app.vocabulary.fields import OWN, PARTS, Field

Document = dict[str, Any]
EVERY_FIELD = [field for given in (*OWN.values(), *PARTS.values()) for field in given]
DEFAULTS = {field.name: field.default for field in EVERY_FIELD if field.default} | {"review_cycle_months": 12}
Place = tuple[int | None, int | None, int | None]  # keys of the name, statement or relation that is cited for
SOURCE_FIELDS = ("slug", *fields.names(PARTS["sources"]))
FLAGS = {field.name for field in EVERY_FIELD if field.form == fields.FLAG}  # said only if true
# What a column has where a document says nothing; elsewhere it is "".
BLANK: dict[str, Any] = {fields.LINES: [], fields.FLAG: False} | dict.fromkeys(
    (fields.ANSWER, fields.NUMBER, fields.DAY)
)


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
    return [
        "names",
        "statements",
        Prefetch("relations", Relation.objects.select_related("object", "display_with")),
        "codings",
        Prefetch("citations", Citation.objects.select_related("source")),
    ]


def _item_document(item: Item) -> Document:
    own = item if item.KIND else getattr(item, item.kind.replace("_", ""))
    cited: dict[Place, list[Document]] = defaultdict(list)
    for c in item.citations.all():
        cited[c.name_id, c.statement_id, c.relation_id].append(
            without_empty({"source": c.source.slug, "locator": c.locator})
        )
    return without_empty(
        {"kind": item.kind, "uuid": str(item.uuid), "slug": item.slug, "name": item.name}
        | _values(own, OWN[item.kind])
        | {
            "summary": without_empty({"clinical": item.summary_clinical, "plain": item.summary_plain}),
            "citations": cited[None, None, None],
            "names": [_name(name, cited[name.pk, None, None]) for name in item.names.all()],
            "statements": [_statement(s, cited[None, s.pk, None]) for s in item.statements.all()],
            "relations": [_relation(relation, cited[None, None, relation.pk]) for relation in item.relations.all()],
            "codings": [_coding(coding) for coding in item.codings.all()],
            "safety_notice": item.safety_notice,
            "caution": item.caution,
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


def _values(row: Any, given: Iterable[Field]) -> Document:
    """The fields of a row as documents hold them. A flag is said only if it is true."""
    return {field.name: _value(getattr(row, field.name), field.form) for field in fields.written(given)}


def _value(value: Any, form: str) -> Any:
    if form == fields.FLAG:
        return value or None
    if form == fields.ITEM:
        return value.reference if value else None
    return value.isoformat() if form == fields.DAY and value else value


def _name(name: Name, citations: list[Document]) -> Document:
    return without_empty(_values(name, PARTS["names"]) | {"citations": citations})


def _statement(statement: Statement, citations: list[Document]) -> Document:
    values = _values(statement, PARTS["statements"])
    return without_empty({"uuid": str(statement.uuid)} | values | {"citations": citations})


def _relation(relation: Relation, citations: list[Document]) -> Document:
    return without_empty(_values(relation, PARTS["relations"]) | {"citations": citations})


def _coding(coding: Coding) -> Document:
    return without_empty(_values(coding, PARTS["codings"]))


def entry(part: Name | Statement | Relation | Coding) -> Document:
    """One part as documents have it, with its citations."""
    if isinstance(part, Coding):
        return _coding(part)
    cited = [without_empty({"source": c.source.slug, "locator": c.locator}) for c in part.citations.all()]
    makers: dict[type, Callable[..., Document]] = {Name: _name, Statement: _statement, Relation: _relation}
    return makers[type(part)](part, cited)


def source_document(source: Source) -> Document:
    """The editorial document of a source."""
    identity = {"kind": "source", "uuid": str(source.uuid), "slug": source.slug}
    return without_empty(identity | _values(source, PARTS["sources"]))


def write_source(document: Document) -> Source:
    """Store a source as the document says, creating it if its uuid is new."""
    values = {"slug": document["slug"], **_columns(document, PARTS["sources"])}
    source, _ = Source.objects.update_or_create(uuid=document["uuid"], defaults=values)
    return source


def _columns(document: Document, given: Iterable[Field]) -> Document:
    """What the columns of these fields are to hold."""
    return {field.name: _column(document.get(field.name), field) for field in fields.written(given)}


def _column(value: Any, field: Field) -> Any:
    if value is None:
        return BLANK.get(field.form, field.default)
    return datetime.date.fromisoformat(value) if field.form == fields.DAY else value


def write_item(document: Document) -> Item:
    """Store the item's own fields as the document says, creating it if its uuid is new. Parts are left alone."""
    model = KIND_MODELS[document["kind"]]
    item = model.objects.filter(uuid=document["uuid"]).first() or model(uuid=uuid.UUID(document["uuid"]))
    for name, value in _columns(document, OWN[document["kind"]]).items():
        setattr(item, name, value)
    item.slug = document["slug"]
    item.name = document["name"]
    item.summary_clinical = document.get("summary", {}).get("clinical", "")
    item.summary_plain = document.get("summary", {}).get("plain", "")
    item.safety_notice = document.get("safety_notice", "")
    item.caution = document.get("caution", "")
    item.review_cycle_months = document.get("review_cycle_months", DEFAULTS["review_cycle_months"])
    item.save()
    return item


def clear_parts(item: Item) -> None:
    """Delete all parts of the item, before `write_parts`. Clear every item of a set before writing the first."""
    clear_parts_of([item])


def clear_parts_of(items: Iterable[Item]) -> None:
    """Delete all parts of these items, in a fixed number of queries."""
    keys = [item.pk for item in items]
    Relation.objects.filter(subject__in=keys).delete()
    for model in (Citation, Name, Statement, Coding):
        model.objects.filter(item__in=keys).delete()


def write_parts(item: Item, document: Document, find_item: Callable[[str], Item]) -> None:
    """Store all parts of the document for an item that has none.

    `find_item` gives the item for a reference such as `concept/cause-unknown`. Raises KeyError from it, and for
    a source that is not there; callers check before.
    """
    citations = [(citation, {}) for citation in enumerate(document.get("citations", []))]
    for place, model in (("name", Name), ("statement", Statement), ("relation", Relation)):
        entries = document.get(f"{place}s", [])
        parts = model.objects.bulk_create(
            _part(model, item, position, entry, find_item) for position, entry in enumerate(entries)
        )
        for part, entry in zip(parts, entries, strict=True):
            citations += [(citation, {place: part}) for citation in enumerate(entry.get("citations", []))]
    Coding.objects.bulk_create(
        _part(Coding, item, position, entry, find_item) for position, entry in enumerate(document.get("codings", []))
    )
    slugs = {citation["source"] for (_, citation), _ in citations}
    sources = {source.slug: source for source in Source.objects.filter(slug__in=slugs)}
    Citation.objects.bulk_create(
        Citation(
            item_id=item.pk,
            source=sources[citation["source"]],
            locator=citation.get("locator", ""),
            position=position,
            **place,
        )
        for (position, citation), place in citations
    )


def _part(model, item: Item, position: int, entry: Document, find_item: Callable[[str], Item]):
    """One part as the document says, not yet stored."""
    values = {key: value for key, value in entry.items() if key != "citations"}
    for field in PARTS[f"{model.__name__.lower()}s"]:
        if field.name in values and field.form in (fields.DAY, fields.ITEM):
            read = datetime.date.fromisoformat if field.form == fields.DAY else find_item
            values[field.name] = read(values[field.name])
    owner = {"subject_id" if model is Relation else "item_id": item.pk}
    part = model(**owner, position=position, **values)
    if isinstance(part, Relation):
        part.subject_kind, part.object_kind = item.kind, part.object.kind
    return part
