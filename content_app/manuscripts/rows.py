"""Rows to editorial documents. `writing` is the way back, and the round trip is exact.

In: an item or source with its parts. Out: a document that fits `editorial_schema`.
A document holds no empty values: what is not there is not said. Keys stand in the order of the schema.
"""

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


def to_document(item: Item) -> Document:
    """The editorial document of one item (of its own kind's class or the base class)."""
    return to_documents(Item.objects.filter(pk=item.pk))[0]


def to_documents(items) -> list[Document]:
    """The editorial documents of a queryset of items, in its order, in a fixed number of queries."""
    return [document_of(item) for item in with_parts(items)]


def with_parts(items):
    """The queryset, so that all that documents say of its items is read at once."""
    kinds = (model.__name__.lower() for model in KIND_MODELS.values())
    return items.select_related(*kinds).prefetch_related(
        "names",
        "statements",
        Prefetch("relations", Relation.objects.select_related("object", "display_with")),
        "codings",
        Prefetch("citations", Citation.objects.select_related("source")),
    )


def document_of(item: Item) -> Document:
    """The editorial document of an item that was read `with_parts`."""
    own = item if item.KIND else getattr(item, item.kind.replace("_", ""))
    parts = {sort: [entry for _, entry in stored] for sort, stored in entries(item).items()}
    return without_empty(
        {"kind": item.kind, "uuid": str(item.uuid), "slug": item.slug, "name": item.name}
        | _values(own, OWN[item.kind])
        | {
            "summary": without_empty({"clinical": item.summary_clinical, "plain": item.summary_plain}),
            "citations": own_citations(item),
        }
        | parts
        | {
            "safety_notice": item.safety_notice,
            "caution": item.caution,
            "review_cycle_months": item.review_cycle_months,
        }
    )


def _cited_at(item: Item) -> dict[Place, list[Document]]:
    cited: dict[Place, list[Document]] = defaultdict(list)
    for c in item.citations.all():
        cited[c.name_id, c.statement_id, c.relation_id].append(_citation(c))
    return cited


def _citation(c: Citation) -> Document:
    return without_empty({"source": c.source.slug, "locator": c.locator, "passage": c.passage})


def own_citations(item: Item) -> list[Document]:
    """The citations of the item's own fields."""
    return _cited_at(item)[None, None, None]


def entries(item: Item) -> dict[str, list[tuple[Any, Document]]]:
    """Every part of the item, by its sort: the stored row, and what documents say of it. See `with_parts`."""
    cited = _cited_at(item)
    return {
        "names": [(name, _name(name, cited[name.pk, None, None])) for name in item.names.all()],
        "statements": [(s, _statement(s, cited[None, s.pk, None])) for s in item.statements.all()],
        "relations": [(r, _relation(r, cited[None, None, r.pk])) for r in item.relations.all()],
        "codings": [(coding, _coding(coding)) for coding in item.codings.all()],
    }


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
    cited = [_citation(c) for c in part.citations.all()]
    makers: dict[type, Callable[..., Document]] = {Name: _name, Statement: _statement, Relation: _relation}
    return makers[type(part)](part, cited)


def source_document(source: Source) -> Document:
    """The editorial document of a source."""
    identity = {"kind": "source", "uuid": str(source.uuid), "slug": source.slug}
    return without_empty(identity | _values(source, PARTS["sources"]))
