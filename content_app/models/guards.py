"""Guards: database triggers that hold what constraints cannot say, whoever writes, on SQLite and PostgreSQL.

In: what the models declare beside their tables, as `GUARDS`; a model that is written once has its guards without
saying so. Out: triggers that are exactly these after every `migrate`. Must not change a row.

They are no part of a migration. SQLite changes a table by making a new one, which drops its triggers, and refuses to
where a trigger of another table looks into it. So on SQLite all guards step aside before migrations run, and on both
databases whatever is missing, different or no longer declared is put right after them.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import connections, models, transaction

from content_app.models.immutable import WriteOnceModel


@dataclass(frozen=True)
class Guard:
    """A trigger: on which rows of its model's table it refuses what, and in which words. `new` and `old` are the rows.

    `refuses` is an SQL condition that both databases read alike.
    """

    event: str
    refuses: str
    message: str
    timing: str = "BEFORE"
    # One transaction at a time may pass, so that two of them cannot make together what neither could alone.
    one_at_a_time: bool = False
    only_on: tuple[str, ...] = ("sqlite", "postgresql")


# A trigger as a database tells of it: on SQLite its statement, on PostgreSQL its statement and its function's body.
Trigger = tuple[str, ...]


def every_guard() -> dict[str, tuple[type[models.Model], Guard]]:
    """All guards, each with its model, by the name of the trigger."""
    return {
        name: (model, guard)
        for model in apps.get_app_config("content_app").get_models()
        for name, guard in guards_of(model).items()
    }


def guards_of(model: type[models.Model]) -> dict[str, Guard]:
    """The guards of a model's own table: a kind of item does not repeat those of the table of items."""
    implied = written_once(model) if issubclass(model, WriteOnceModel) else {}
    return implied | vars(model).get("GUARDS", {})


def written_once(model: type[models.Model]) -> dict[str, Guard]:
    """The guards of a table whose rows never change.

    The third is against INSERT OR REPLACE of SQLite, which would delete the row in its way, past other triggers.
    """
    name = model._meta.model_name
    start, message = f"{name}_is_written_once", f"{name} is written once"
    in_the_way = f"EXISTS (SELECT 1 FROM {model._meta.db_table} WHERE {_in_the_way(model)})"  # noqa: S608 - our own names
    return {
        f"{start}_update": Guard("update", "true", message),
        f"{start}_delete": Guard("delete", "true", message),
        f"{start}_replace": Guard("insert", in_the_way, message, only_on=("sqlite",)),
    }


def _in_the_way(model: type[models.Model]) -> str:
    """Which rows a new one would replace: those with its key, or with what is unique among all rows.

    What is unique under a condition the model has to declare itself.
    """
    unique = [[field.name] for field in model._meta.fields if field.unique and not field.primary_key]
    for one in model._meta.constraints:
        if isinstance(one, models.UniqueConstraint) and one.fields and one.condition is None:
            unique.append(one.fields)
    columns = [[model._meta.get_field(field).column for field in fields] for fields in unique]
    key = f"{model._meta.pk.column} = new.{model._meta.pk.column}"
    return " OR ".join([key, *(f"({' AND '.join(f'{c} = new.{c}' for c in one)})" for one in columns)])


def wanted(vendor: str) -> dict[str, tuple[str, Trigger]]:
    """What a database of this vendor should have: by the trigger's name its table, and the trigger."""
    written = _on_sqlite if vendor == "sqlite" else _on_postgresql
    return {
        trigger: (model._meta.db_table, definition)
        for name, (model, guard) in every_guard().items()
        if vendor in guard.only_on
        for trigger, definition in written(name, model._meta.db_table, guard)
    }


def _on_sqlite(name: str, table: str, guard: Guard) -> Iterator[tuple[str, Trigger]]:
    """One trigger. Its message becomes an IntegrityError in Django."""
    yield (
        name,
        (
            f"CREATE TRIGGER {name} {guard.timing} {guard.event} ON {table} WHEN {guard.refuses} "
            f"BEGIN SELECT RAISE(ABORT, '{guard.message}'); END",
        ),
    )


def _on_postgresql(name: str, table: str, guard: Guard) -> Iterator[tuple[str, Trigger]]:
    """One trigger and its function; where DELETE is always refused, a second that refuses TRUNCATE."""
    event = guard.event.upper()
    raise_it = f"RAISE EXCEPTION '{guard.message}' USING ERRCODE = 'integrity_constraint_violation'"
    # The lock is that of the table: an insert and an update together break the rule as two inserts do. What waited
    # sees what the other has committed, as each statement in a function looks afresh. SQLite has one writer anyway.
    wait = "PERFORM pg_advisory_xact_lock(hashtext(TG_TABLE_NAME));" if guard.one_at_a_time else ""
    result = "old" if event == "DELETE" else "new"
    yield (
        name,
        (
            f"CREATE TRIGGER {name} {guard.timing} {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
            f" BEGIN {wait} IF {guard.refuses} THEN {raise_it}, CONSTRAINT = '{name}'; END IF; RETURN {result}; END ",
        ),
    )
    if event == "DELETE" and guard.refuses == "true":
        name = f"{name}_all"
        yield (
            name,
            (
                f"CREATE TRIGGER {name} BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {name}()",
                f" BEGIN {raise_it}; END ",
            ),
        )


PRESENT = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'",
    # Pretty-printed, the statement names no schema and reads as it was written.
    "postgresql": "SELECT tgname, pg_get_triggerdef(t.oid, true), prosrc FROM pg_trigger t JOIN pg_proc p "
    "ON p.oid = tgfoid JOIN pg_class c ON c.oid = tgrelid "
    "WHERE NOT tgisinternal AND relnamespace = current_schema()::regnamespace",
}


def present(connection) -> dict[str, Trigger]:
    """The triggers that are in the database. There are none but guards."""
    with connection.cursor() as cursor:
        cursor.execute(PRESENT[connection.vendor])
        return {name: tuple(definition) for name, *definition in cursor.fetchall()}


def install(connection) -> None:
    """Make the triggers what the models declare. Where they are that already, nothing is locked or written."""
    have, want = present(connection), wanted(connection.vendor)
    tables = set(connection.introspection.table_names())  # fewer than declared after migrating backwards
    want = {name: trigger for name, (table, trigger) in want.items() if table in tables}
    with transaction.atomic(using=connection.alias):
        _drop(connection, [name for name, trigger in have.items() if want.get(name) != trigger])
        for name, trigger in want.items():
            if have.get(name) != trigger:
                _create(connection, name, trigger)


def remove(connection) -> None:
    """Drop every trigger: before migrations on SQLite, and for tests that empty or tamper with their database."""
    _drop(connection, present(connection))


def _create(connection, name: str, trigger: Trigger) -> None:
    statement, *body = trigger
    with connection.cursor() as cursor:
        for text in body:
            cursor.execute(f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $${text}$$")
        cursor.execute(statement)


def _drop(connection, names) -> None:
    with connection.cursor() as cursor:
        for name in names:
            sql = f"DROP TRIGGER {name}" if connection.vendor == "sqlite" else f"DROP FUNCTION {name}() CASCADE"
            cursor.execute(sql)


def before_migrations(sender, using: str, plan: list, **kwargs) -> None:
    """On SQLite, out of the way of migrations: these may make tables anew. Afterwards all guards are there again."""
    if plan and connections[using].vendor == "sqlite":
        remove(connections[using])


def after_migrations(sender, using: str, **kwargs) -> None:
    install(connections[using])
