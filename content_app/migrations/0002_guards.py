"""Database triggers that hold what constraints cannot say, on SQLite and PostgreSQL.

- What is written once (revisions, sign-offs, events, releases, documents, index terms) refuses UPDATE and DELETE;
  a document's `superseded_in` may go from null to a number, once.
- Release numbers have no gap.
- `is_kind_of` has no cycle; a symmetric relation is stored once; relations know the kinds of their items.
- An item never changes its identity.
"""

from django.db import migrations

WRITTEN_ONCE = ("revision", "signoff", "event", "release", "indexterm")
SYMMETRIC = ("related_to", "contrasts_with", "not_the_same_as")

# name → (table, event, condition under which it refuses, message). `new` and `old` are the rows.
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
STORED_THE_OTHER_WAY = f"""new.predicate IN {SYMMETRIC} AND EXISTS (
    SELECT 1 FROM content_app_relation r
    WHERE r.predicate = new.predicate AND r.subject_id = new.object_id AND r.object_id = new.subject_id)"""
KINDS_DIFFER = """new.subject_kind <> (SELECT kind FROM content_app_item WHERE id = new.subject_id)
    OR new.object_kind <> (SELECT kind FROM content_app_item WHERE id = new.object_id)"""
A_GAP = "new.number <> (SELECT coalesce(max(number), 0) + 1 FROM content_app_release)"

GUARDS = {
    **{
        f"{table}_is_written_once_{event}": (table, event, "true", f"{table} is written once")
        for table in WRITTEN_ONCE
        for event in ("update", "delete")
    },
    "document_is_written_once_delete": ("document", "delete", "true", "document is written once"),
    "document_is_written_once_update": (
        "document",
        "update",
        f"old.superseded_in_id IS NOT NULL OR new.superseded_in_id IS NULL OR {SOMETHING_ELSE_CHANGES}",
        "document is written once",
    ),
    "release_numbers_have_no_gap": ("release", "insert", A_GAP, "release numbers have no gap"),
    "item_keeps_its_identity": (
        "item",
        "update",
        "new.uuid <> old.uuid OR new.kind <> old.kind",
        "item keeps its uuid and kind",
    ),
    **{
        f"{name}_{event}": ("relation", event, condition, message)
        for event in ("insert", "update")
        for name, condition, message in (
            ("relation_is_kind_of_has_no_cycle", CYCLE, "relation is_kind_of has no cycle"),
            ("relation_symmetric_is_stored_once", STORED_THE_OTHER_WAY, "relation is already stored the other way"),
            ("relation_knows_the_kinds", KINDS_DIFFER, "relation knows the kinds of its items"),
        )
    },
}


def create_guards(connection) -> None:
    """Create every trigger on this connection's database."""
    with connection.cursor() as cursor:
        for name, (table, event, condition, message) in GUARDS.items():
            for sql in guard_sql(connection.vendor, name, f"content_app_{table}", event, condition, message):
                cursor.execute(sql)


def drop_guards(connection) -> None:
    """Drop every trigger: for migrating backwards, and for tests that empty their database."""
    with connection.cursor() as cursor:
        for name, (table, event, *_) in GUARDS.items():
            if connection.vendor == "sqlite":
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
            else:
                cursor.execute(f"DROP FUNCTION IF EXISTS {name}() CASCADE")
                cursor.execute(f"DROP FUNCTION IF EXISTS {name}_all() CASCADE")


def guard_sql(vendor, name, table, event, condition, message):
    """The statements that create one trigger. The message becomes an IntegrityError in Django."""
    if vendor == "sqlite":
        yield (
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} WHEN {condition} "
            f"BEGIN SELECT RAISE(ABORT, '{message}'); END"
        )
        return
    result = "old" if event == "delete" else "new"
    yield (
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {condition} THEN "
        f"RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = '{name}'; "
        f"END IF; RETURN {result}; END $$"
    )
    yield f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
    if event == "delete":
        yield (
            f"CREATE FUNCTION {name}_all() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"RAISE EXCEPTION '{message}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
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
