"""Receipts: what a row that is written once said when it was written, as a hash.

In: rows that have just been inserted. Out: a `Receipt` for each, stored in the same transaction, so that
`verify_releases` can tell what was changed, added or taken away by other means. A column that holds its default is left
out of the hash, so a column that is added later voids no receipt.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, models
from django.db.models import Q

from content_app.canonical import rfc3339, sha256_of, sha256_of_bytes

BATCH = 200  # receipts
# Rows that are written together and share one receipt, by the column that says which.
TOGETHER = {"indexterm": "document_id"}
# Columns that are written later, and what holds them instead.
WRITTEN_LATER = {"document": {"superseded_in_id": "the versions of an item, which follow each other"}}


def keep(rows: Iterable[models.Model], receipt: type[models.Model] | None = None) -> None:
    """Store the receipts of rows of one model, in their database. `receipt` is the model to use during a migration."""
    receipt, rows = receipt or apps.get_model("content_app", "Receipt"), list(rows)
    if rows:
        kept = [receipt(of=name, key=key, sha256=digest(group)) for name, key, group in _groups(rows)]
        receipt.objects.using(rows[0]._state.db).bulk_create(kept)


def key_of(model: type[models.Model]) -> str:
    """The attribute of a row that its receipt goes by."""
    return TOGETHER.get(model._meta.model_name, model._meta.pk.attname)


def _groups(rows: list[models.Model]) -> Iterator[tuple[str, int, list[models.Model]]]:
    for key, group in groupby(rows, attrgetter(key_of(type(rows[0])))):
        yield rows[0]._meta.model_name, key, list(group)


def keep_all(model: type[models.Model], receipt: type[models.Model], using: str) -> None:
    """Store the receipts of every row in a database, as it is now: for rows that are older than receipts."""
    for rows, _ in in_batches(model, using):
        keep(rows, receipt)


def in_batches(
    model: type[models.Model], using: str = DEFAULT_DB_ALIAS
) -> Iterator[tuple[models.QuerySet, tuple[int | None, int | None]]]:
    """All rows, in the order of their receipts, and between which keys they are: above the first, up to the second.

    So many keys at a time, on any database; the last batch has no upper end.
    """
    by, low, rows = key_of(model), None, model.objects.using(using)
    while True:
        keys = rows.filter(*between(by, low, None)).order_by(by).values_list(by, flat=True).distinct()
        keys = list(keys[:BATCH])
        high = keys[-1] if len(keys) == BATCH else None
        yield rows.filter(*between(by, low, high)).order_by(by, "pk"), (low, high)
        if high is None:
            return
        low = high


def between(by: str, low: int | None, high: int | None) -> list[Q]:
    """The conditions for a column to be in such a range."""
    return [Q(**{f"{by}__{end}": key}) for end, key in (("gt", low), ("lte", high)) if key is not None]


def digest(rows: list[models.Model]) -> str:
    """The hash of what rows of one model say, those of one receipt in the order of their keys."""
    return sha256_of({"of": rows[0]._meta.model_name, "rows": [_facts(row) for row in rows]})


def _facts(row: models.Model) -> dict[str, Any]:
    left_out = WRITTEN_LATER.get(row._meta.model_name, {})
    columns = [field for field in row._meta.concrete_fields if field.column not in left_out]
    said = {field.column: (_plain(field, getattr(row, field.attname)), field) for field in columns}
    return {column: value for column, (value, field) in said.items() if value != _plain(field, field.get_default())}


def _plain(field: models.Field, value: Any) -> Any:
    """A value as the database gives it back, as plain data."""
    if value is None:
        return None
    if isinstance(field, models.JSONField):
        return json.loads(json.dumps(value, cls=field.encoder))
    if isinstance(field, models.BinaryField):
        return sha256_of_bytes(bytes(value))
    value = field.to_python(value)
    if isinstance(value, datetime):
        return rfc3339(value)
    return value if isinstance(value, bool | int) else value.isoformat() if isinstance(value, date) else str(value)
