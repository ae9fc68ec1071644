"""Database triggers that hold what constraints cannot say, on SQLite and PostgreSQL.

- What is written once (revisions, sign-offs, events, former slugs, releases, documents, index terms) refuses
  UPDATE and DELETE; a document's `superseded_in` may go from null to a number, once.
- Release numbers have no gap, and the library never points back.
- `is_kind_of` has no cycle; relations know the kinds of their items.
- An item never changes its identity, nor a source its slug; an old address belongs to one item for ever.

SQLite drops the triggers of a table that a later migration rebuilds: such a migration calls `create_guards` again.
"""

from dataclasses import dataclass

from django.db import migrations

WRITTEN_ONCE = ("revision", "signoff", "event", "formerslug", "release", "indexterm")
DOCUMENT_COLUMNS = (
    "id", "item_uuid", "kind", "slug", "name", "sort_name", "version", "body", "body_gzip", "list_form", "sha256",
    "first_release_id", "tombstone_reason", "significance", "change_note",
)  # fmt: skip
SOMETHING_ELSE_CHANGES = " OR ".join(f"new.{column} <> old.{column}" for column in DOCUMENT_COLUMNS)
CYCLE = """new.predicate = 'is_kind_of' AND EXISTS (
    WITH RECURSIVE ancestor(id) AS (
        SELECT new.object_id
        UNION
        SELECT r.object_id FROM content_app_relation r JOIN ancestor ON r.subject_id = ancestor.id
        WHERE r.predicate = 'is_kind_of'
    ) SELECT 1 FROM ancestor WHERE id = new.subject_id)"""
KINDS_DIFFER = """new.subject_kind <> (SELECT kind FROM content_app_item WHERE id = new.subject_id)
    OR new.object_kind <> (SELECT kind FROM content_app_item WHERE id = new.object_id)"""
AN_OLD_ADDRESS = """EXISTS (SELECT 1 FROM content_app_formerslug f
    WHERE f.kind = new.kind AND f.slug = new.slug AND f.item_id <> new.id)"""
SOMEONES_ADDRESS = """EXISTS (SELECT 1 FROM content_app_item i
    WHERE i.kind = new.kind AND i.slug = new.slug AND i.id <> new.item_id)"""
A_PUBLISHED_SOURCE = """EXISTS (SELECT 1 FROM content_app_document d
    WHERE d.kind = 'source' AND d.item_uuid = old.uuid)"""
# INSERT OR REPLACE of SQLite would delete the row in its way, past the trigger on DELETE.
IN_THE_WAY = {
    **{table: "id = new.id" for table in WRITTEN_ONCE if table not in ("release", "formerslug", "indexterm")},
    "revision": "id = new.id OR (item_id = new.item_id AND number = new.number)",
    "formerslug": "id = new.id OR (kind = new.kind AND slug = new.slug)",
    "indexterm": "id = new.id OR (document_id = new.document_id AND name = new.name AND value = new.value)",
    "document": "id = new.id OR (item_uuid = new.item_uuid AND (version = new.version OR superseded_in_id IS NULL)) "
    "OR (kind = new.kind AND slug = new.slug AND superseded_in_id IS NULL)",
}


@dataclass(frozen=True)
class Guard:
    """A trigger: on which rows of which table it refuses what, and in which words. `new` and `old` are the rows."""

    table: str
    event: str
    refuses: str
    message: str
    timing: str = "BEFORE"
    # One transaction at a time may pass, so that two of them cannot make together what neither could alone.
    one_at_a_time: bool = False
    only_on: tuple[str, ...] = ("sqlite", "postgresql")


GUARDS = {
    **{
        f"{table}_is_written_once_{event}": Guard(table, event, "true", f"{table} is written once")
        for table in WRITTEN_ONCE
        for event in ("update", "delete")
    },
    **{
        f"{table}_is_written_once_replace": Guard(
            table,
            "insert",
            f"EXISTS (SELECT 1 FROM content_app_{table} WHERE {condition})",
            f"{table} is written once",
            only_on=("sqlite",),
        )
        for table, condition in IN_THE_WAY.items()
    },
    "document_is_written_once_delete": Guard("document", "delete", "true", "document is written once"),
    "document_is_written_once_update": Guard(
        "document",
        "update",
        f"old.superseded_in_id IS NOT NULL OR new.superseded_in_id IS NULL OR {SOMETHING_ELSE_CHANGES}",
        "document is written once",
    ),
    "release_numbers_have_no_gap": Guard(
        "release",
        "insert",
        "new.number <> (SELECT coalesce(max(number), 0) + 1 FROM content_app_release)",
        "release numbers have no gap",
    ),
    "library_never_points_back": Guard(
        "library",
        "update",
        "coalesce(new.current_release_id, 0) < coalesce(old.current_release_id, 0)",
        "library never points back",
    ),
    "library_is_kept": Guard("library", "delete", "true", "library is kept"),
    "item_keeps_its_identity": Guard(
        "item", "update", "new.uuid <> old.uuid OR new.kind <> old.kind", "item keeps its uuid and kind"
    ),
    **{
        # After the row is there: an insert that waited for the same address sees what the other has left behind.
        f"item_has_no_old_address_of_another_{event}": Guard(
            "item", event, AN_OLD_ADDRESS, "slug is an old address of another item", timing="AFTER"
        )
        for event in ("insert", "update")
    },
    "former_slug_is_no_address_of_another": Guard(
        "formerslug", "insert", SOMEONES_ADDRESS, "former slug is the address of another item"
    ),
    "source_keeps_its_identity": Guard(
        "source", "update", "new.uuid <> old.uuid OR new.slug <> old.slug", "source keeps its uuid and slug"
    ),
    "source_is_kept_once_published": Guard("source", "delete", A_PUBLISHED_SOURCE, "source has been published"),
    **{
        f"{name}_{event}": Guard("relation", event, refuses, message, one_at_a_time=one_at_a_time)
        for event in ("insert", "update")
        for name, refuses, message, one_at_a_time in (
            ("relation_is_kind_of_has_no_cycle", CYCLE, "relation is_kind_of has no cycle", True),
            ("relation_knows_the_kinds", KINDS_DIFFER, "relation knows the kinds of its items", False),
        )
    },
}


def guards_on(vendor: str, guards: dict[str, Guard] = GUARDS) -> dict[str, Guard]:
    """Those of the guards that a database of this vendor has."""
    return {name: guard for name, guard in guards.items() if vendor in guard.only_on}


def create_guards(connection, guards: dict[str, Guard] = GUARDS) -> None:
    """Create every trigger on this connection's database, in place of those that are there."""
    drop_guards(connection, guards)
    with connection.cursor() as cursor:
        for name, guard in guards_on(connection.vendor, guards).items():
            sql = sqlite_sql(name, guard) if connection.vendor == "sqlite" else postgresql_sql(name, guard)
            for statement in sql:
                cursor.execute(statement)


def drop_guards(connection, guards: dict[str, Guard] = GUARDS) -> None:
    """Drop every trigger: for migrating backwards, and for tests that empty their database."""
    with connection.cursor() as cursor:
        for name in guards_on(connection.vendor, guards):
            if connection.vendor == "sqlite":
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
            else:
                cursor.execute(f"DROP FUNCTION IF EXISTS {name}() CASCADE")
                cursor.execute(f"DROP FUNCTION IF EXISTS {name}_all() CASCADE")


def sqlite_sql(name: str, guard: Guard):
    """The statement that creates one trigger. The message becomes an IntegrityError in Django."""
    yield (
        f"CREATE TRIGGER {name} {guard.timing} {guard.event} ON content_app_{guard.table} WHEN {guard.refuses} "
        f"BEGIN SELECT RAISE(ABORT, '{guard.message}'); END"
    )


def postgresql_sql(name: str, guard: Guard):
    """The statements that create one trigger and its function; TRUNCATE is refused where DELETE always is."""
    table = f"content_app_{guard.table}"
    raise_it = f"RAISE EXCEPTION '{guard.message}' USING ERRCODE = 'integrity_constraint_violation'"
    wait = "PERFORM pg_advisory_xact_lock(hashtext(TG_NAME));" if guard.one_at_a_time else ""
    result = "old" if guard.event == "delete" else "new"
    yield (
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {wait} IF {guard.refuses} THEN "
        f"{raise_it}, CONSTRAINT = '{name}'; END IF; RETURN {result}; END $$"
    )
    yield f"CREATE TRIGGER {name} {guard.timing} {guard.event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
    if guard.event == "delete" and guard.refuses == "true":
        yield (
            f"CREATE FUNCTION {name}_all() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"{raise_it}; END $$"
        )
        yield f"CREATE TRIGGER {name}_all BEFORE TRUNCATE ON {table} EXECUTE FUNCTION {name}_all()"


class Migration(migrations.Migration):
    dependencies = [("content_app", "0001_tables")]
    operations = [
        migrations.RunPython(
            lambda apps, schema_editor: create_guards(schema_editor.connection),
            lambda apps, schema_editor: drop_guards(schema_editor.connection),
        )
    ]
