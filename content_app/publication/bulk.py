"""Writes rows by the hundred thousand: what a release adds, without a model instance for each row.

In: a model, names of its columns, and rows of plain texts, numbers and truth values in that order. Out: stored rows.
Only for what can be made anew, as the search index: rows that are written once need their receipts (`models.receipts`).
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection, models

Rows = Iterable[Sequence[Any]]


def insert(model: type[models.Model], columns: Sequence[str], rows: Rows) -> None:
    """Add rows."""
    _run(_insertion(model, columns), rows)


def insert_or_update(model: type[models.Model], columns: Sequence[str], rows: Rows) -> None:
    """Add rows; where there is one with the same first column, set its other columns instead."""
    key, *others = columns
    changed = ", ".join(f"{column} = excluded.{column}" for column in others)
    _run(f"{_insertion(model, columns)} ON CONFLICT ({key}) DO UPDATE SET {changed}", rows)


def _insertion(model: type[models.Model], columns: Sequence[str]) -> str:
    places = ", ".join(["%s"] * len(columns))
    return f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) VALUES ({places})"  # noqa: S608 - our own names


def _run(sql: str, rows: Rows) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(sql, list(rows))
