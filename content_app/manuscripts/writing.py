"""Editorial documents to rows: the way back of `rows`. The round trip is exact.

In: documents that fit `editorial_schema`. Out: items and sources with their parts. A part that says what it said
keeps its row untouched, and one that changed keeps its key, so that whoever has it open in a form still finds it.
Nothing is checked here: `editorial.saving` does.
"""

import datetime
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from content_app.manuscripts import rows
from content_app.manuscripts.compiler import references
from content_app.manuscripts.rows import DEFAULTS, Document
from content_app.manuscripts.rule_context import items_by_reference
from content_app.models import KIND_MODELS, Citation, Coding, Item, Name, Relation, Source, Statement
from content_app.vocabulary import fields
from content_app.vocabulary.fields import OWN, PARTS, Field

# By sort, for each entry of a document: the key of the row that it is, or None if it is new.
Keys = Mapping[str, Sequence[int | None]]
SORTS: dict[str, type[models.Model]] = {
    "names": Name,
    "statements": Statement,
    "relations": Relation,
    "codings": Coding,
}
# What makes two entries the same one, where nobody says which row an entry is.
IDENTITY = {
    "names": ("language", "type", "text"),
    "statements": ("uuid",),
    "relations": ("predicate", "object"),
    "codings": ("system", "code"),
}
# What a column has where a document says nothing; elsewhere it is "".
BLANK: dict[str, Any] = {fields.LINES: [], fields.FLAG: False} | dict.fromkeys(
    (fields.ANSWER, fields.NUMBER, fields.DAY)
)


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


def write_items(documents: Iterable[Document], keys: Mapping[str, Keys] | None = None) -> None:
    """Store items with all their parts as the documents say, creating those whose uuid is new.

    An item that says the same is left alone. `keys` says of an item, by its uuid, which rows its entries are; without
    it they are told by what they say. Raises KeyError for an item or a source that is not there, IntegrityError for
    what the database refuses.
    """
    documents, keys = list(documents), keys or {}
    stored = _stored(documents)
    changed = [one for one in documents if stored.get(one["uuid"], (None, None))[1] != one]
    written = [_write_own(document) for document in changed]
    found = items_by_reference(list(dict.fromkeys(one for document in changed for one in references(document))))
    merges = [
        _Merge(item, document, stored.get(document["uuid"], (None, {}))[0], keys.get(document["uuid"]))
        for item, document in zip(written, changed, strict=True)
    ]
    # All that goes before anything comes: two items may swap what only one of them can say.
    for sort, model in SORTS.items():
        going = [key for merge in merges for key in merge.going[sort]]
        if going:
            model.objects.filter(pk__in=going).delete()
    sources = _sources(changed)
    for merge in merges:
        merge.write(found, sources)


def _stored(documents: Iterable[Document]) -> dict[str, tuple[Item, Document]]:
    """The items that are there already, read with all their parts, and what they say."""
    items = rows.with_parts(Item.objects.filter(uuid__in=[document["uuid"] for document in documents]))
    return {str(item.uuid): (item, rows.document_of(item)) for item in items}


def _write_own(document: Document) -> Item:
    """Store the item's own fields."""
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


def _sources(documents: Iterable[Document]) -> dict[str, Source]:
    cited = {
        citation["source"]
        for document in documents
        for entry in (document, *(entry for sort in SORTS for entry in document.get(sort, [])))
        for citation in entry.get("citations", [])
    }
    return {source.slug: source for source in Source.objects.filter(slug__in=cited)}


@dataclass
class _Merge:
    """What is stored of one item beside what its document says: by sort, rows that go, and entries that come."""

    item: Item
    document: Document
    stored: Item | None
    keys: Keys | None
    going: dict[str, list[int]] = field(default_factory=dict)
    coming: dict[str, list[tuple[int, Document, int | None]]] = field(default_factory=dict)

    def __post_init__(self):
        self.moved: list[models.Model] = []
        entries = rows.entries(self.stored) if self.stored else {}
        for sort in SORTS:
            self._compare(sort, entries.get(sort, []))

    def _compare(self, sort: str, stored: list[tuple[models.Model, Document]]) -> None:
        given = self.document.get(sort, [])
        by_key = {row.pk: (row, entry) for row, entry in stored}
        keys = self.keys[sort] if self.keys else self._told(sort, given, stored)
        kept = set()
        self.coming[sort] = []
        for position, (entry, key) in enumerate(zip(given, keys, strict=True)):
            row, before = by_key.get(key, (None, None))
            if before != entry:
                self.coming[sort].append((position, entry, key if row else None))
                continue
            kept.add(key)
            if row.position != position:
                row.position = position
                self.moved.append(row)
        self.going[sort] = [key for key in by_key if key not in kept]

    def _told(self, sort: str, given: list[Document], stored: list[tuple[models.Model, Document]]) -> list[int | None]:
        known = {_identity(sort, entry): row.pk for row, entry in stored}
        return [known.get(_identity(sort, entry)) for entry in given]

    def write(self, found: Mapping[str, Item], sources: Mapping[str, Source]) -> None:
        """Store what comes; what goes is gone."""
        own = self.document.get("citations", [])
        citations = []
        if own != (rows.own_citations(self.stored) if self.stored else []):
            self.item.citations.filter(name=None, statement=None, relation=None).delete()
            citations += [(citation, {}) for citation in enumerate(own)]
        for sort, model in SORTS.items():
            parts = [_part(model, self.item, *coming, found) for coming in self.coming[sort]]
            if parts:
                model.objects.bulk_create(parts)
            for part, (_, entry, _) in zip(parts, self.coming[sort], strict=True):
                place = {sort[:-1]: part}
                citations += [(citation, place) for citation in enumerate(entry.get("citations", []))]
            moved = [row for row in self.moved if isinstance(row, model)]
            if moved:
                model.objects.bulk_update(moved, ["position"])
        Citation.objects.bulk_create(
            Citation(
                item_id=self.item.pk,
                source=sources[citation["source"]],
                locator=citation.get("locator", ""),
                passage=citation.get("passage", ""),
                position=position,
                **place,
            )
            for (position, citation), place in citations
        )


def _identity(sort: str, entry: Document) -> tuple:
    return tuple(entry.get(name) or DEFAULTS.get(name) for name in IDENTITY[sort])


def _part(model, item: Item, position: int, entry: Document, key: int | None, found: Mapping[str, Item]):
    """One part as the document says, not yet stored."""
    values = {key: value for key, value in entry.items() if key != "citations"}
    for one in PARTS[f"{model.__name__.lower()}s"]:
        if one.name in values and one.form in (fields.DAY, fields.ITEM):
            read = datetime.date.fromisoformat if one.form == fields.DAY else found.__getitem__
            values[one.name] = read(values[one.name])
    owner = {"subject_id" if model is Relation else "item_id": item.pk}
    part = model(pk=key, **owner, position=position, **values)
    if isinstance(part, Relation):
        part.subject_kind, part.object_kind = item.kind, part.object.kind
    return part
