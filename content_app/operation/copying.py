"""From SQLite to PostgreSQL when a library has outgrown its file: every row of every table, and the proof of it.

In: the database of this deployment, which nobody writes to meanwhile, and another one that is empty. Out: the rows that
were copied, by table. Raises `NotCopied` with a sentence; then the target is as it was, but for empty tables.
"""

import hashlib
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.core.management.base import CommandError
from django.core.management.color import no_style
from django.db import DEFAULT_DB_ALIAS, connections, models, transaction

from content_app.models import Release, guards

TARGET = "target"
BATCH = 500
Row = tuple[Any, ...]


class NotCopied(CommandError):
    """Nothing was copied. The message says why."""


def copy(target: dict[str, Any]) -> dict[str, int]:
    """Copy everything to a database, as Django's settings describe it."""
    connections.settings[TARGET] = connections.configure_settings({DEFAULT_DB_ALIAS: {}, TARGET: target})[TARGET]
    there = connections[TARGET]
    call_command("migrate", database=TARGET, verbosity=0, interactive=False)
    if Release.objects.using(TARGET).exists():
        raise NotCopied("The target database has releases already. Name an empty one.")
    tables = list(every_table())
    with transaction.atomic(using=TARGET), transaction.atomic():
        guards.remove(there)
        with there.cursor() as cursor:
            names = ", ".join(there.ops.quote_name(table._meta.db_table) for table in tables)
            cursor.execute(f"TRUNCATE {names}")  # what migrations have put there, such as groups
        counts = {table._meta.db_table: _copy_table(table) for table in tables}
        with there.cursor() as cursor:
            for statement in there.ops.sequence_reset_sql(no_style(), tables):
                cursor.execute(statement)
        guards.install(there)
    different = [table._meta.db_table for table in tables if digest(table, TARGET) != digest(table, DEFAULT_DB_ALIAS)]
    if different:
        raise NotCopied(f"After copying, these tables are not the same: {', '.join(different)}. Do not use the target.")
    return counts


def every_table() -> Iterator[type[models.Model]]:
    """The model of each table of this project and of the applications that it uses."""
    return (model for model in apps.get_models(include_auto_created=True) if model._meta.managed)


def _copy_table(table: type[models.Model]) -> int:
    there, meta = connections[TARGET], table._meta
    columns = ", ".join(there.ops.quote_name(field.column) for field in meta.local_concrete_fields)
    places = ", ".join(["%s"] * len(meta.local_concrete_fields))
    insert = f"INSERT INTO {there.ops.quote_name(meta.db_table)} ({columns}) VALUES ({places})"  # noqa: S608 - our names
    count, batch = 0, []
    with there.cursor() as cursor:
        for row in rows(table, DEFAULT_DB_ALIAS):
            fields = zip(meta.local_concrete_fields, row, strict=True)
            batch.append([field.get_db_prep_save(value, there) for field, value in fields])
            if len(batch) == BATCH:
                cursor.executemany(insert, batch)
                count, batch = count + len(batch), []
        if batch:
            cursor.executemany(insert, batch)
    return count + len(batch)


def rows(table: type[models.Model], alias: str) -> Iterator[Row]:
    """What a table itself has, in the order of its keys: of a kind of item, not what all items have."""
    names = [field.attname for field in table._meta.local_concrete_fields]
    found = table._base_manager.using(alias).order_by("pk").values_list(*names)
    return found.iterator(chunk_size=BATCH)


def digest(table: type[models.Model], alias: str) -> tuple[int, str]:
    """How many rows a table has, and a hash of them that is the same on every kind of database."""
    said = sorted(
        hashlib.sha256(repr([_plain(value) for value in row]).encode()).digest() for row in rows(table, alias)
    )
    return len(said), hashlib.sha256(b"".join(said)).hexdigest()


def _plain(value: Any) -> Any:
    """A value as both kinds of database give it: binary data as bytes, and the members of objects in one order."""
    if isinstance(value, memoryview):
        return bytes(value)
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return sorted((key, _plain(inner)) for key, inner in value.items()) if isinstance(value, dict) else value
