"""What the database itself refuses, whoever asks: constraints, triggers, and rows that are written once."""

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from content_app.editorial import review_comments
from content_app.models import (
    ApiClient,
    ApiKey,
    AuditEntry,
    Citation,
    Closing,
    Coding,
    Comment,
    Document,
    Event,
    FormerSlug,
    Immutable,
    Import,
    ImportChange,
    IndexTerm,
    Item,
    Library,
    Name,
    Receipt,
    Relation,
    Release,
    Revision,
    SignOff,
    Source,
    SourceRevision,
    Statement,
    WebhookEvent,
    guards,
)
from content_app.models.immutable import WriteOnceModel
from content_app.models.publication import DOCUMENT_COLUMNS
from content_app.publication import closing
from tests import desk_rows, library
from tests import webhook_deliveries as webhooks
from tests.library import concept, condition, item_of, relation, statement

pytestmark = pytest.mark.both_databases
WRITTEN_ONCE = {
    AuditEntry, Revision, SignOff, Event, Comment, FormerSlug, Release, Document, IndexTerm, SourceRevision, Closing,
}  # fmt: skip
MUTABLE = {"Item", "WorkingCopy", "Condition", "Concept", "SymptomType", "Example", "Source", "Citation", "Library"} | {
    "Name", "Statement", "Relation", "Coding", "ImportChange", "Receipt", "Considered", "DeploymentKey",
    "ApiClient", "ApiKey", "WebhookEndpoint", "WebhookEvent", "WebhookDelivery", "WebhookAttempt", "ReviewDate",
    "Schedule", "ScheduledItem", "WithdrawalRequest", "Thread", "PreviewLink", "Presence", "Checked", "Import",
    "Assignment", "Digest",
}  # fmt: skip


@pytest.fixture(scope="module")
def published_once(library_of_a_module):
    """A library in which every table has a row: one item published, renamed and published again."""
    people = library_of_a_module
    parent, document = concept("parent"), concept("child", relations=[], statements=[statement()])
    document["relations"] = [relation("is_kind_of", parent)]
    document["names"] = [{"text": "Offspring", "type": "synonym"}]
    document["codings"] = [library.coding()]
    library.publish([parent, document, condition("one"), condition("other")], people)
    library.publish([document | {"slug": "renamed"}], people)
    review_comments.start(item=item_of(document), by=people.reviewer, anchor="name", text="Is this its name?")
    closing.close()
    return document | {"slug": "renamed"}


@pytest.fixture
def published(published_once, db):
    return published_once


def test_every_model_is_either_written_once_or_known_to_be_mutable():
    every = set(apps.get_app_config("content_app").get_models())
    written_once = {model for model in every if issubclass(model, WriteOnceModel)}
    assert written_once == WRITTEN_ONCE
    derived = {model for model in every if model.__module__ == "content_app.models.search"}  # rebuilt from documents
    assert {model.__name__ for model in every - written_once - derived} == MUTABLE


@pytest.mark.parametrize("model", sorted(WRITTEN_ONCE, key=lambda model: model.__name__))
@pytest.mark.parametrize(
    "change",
    [
        lambda row: row.save(),
        lambda row: row.delete(),
        lambda row: type(row).objects.update(pk=row.pk),
        lambda row: type(row).objects.filter(pk=row.pk).delete(),
        lambda row: type(row).objects.bulk_update([row], [row._meta.get_fields()[-1].name]),
        lambda row: type(row).objects.bulk_create([row]),
        lambda row: type(row).objects.bulk_create([type(row)()], update_conflicts=True),
        lambda row: type(row).objects.update_or_create(pk=row.pk, defaults={"pk": row.pk}),
    ],
    ids=["save", "delete", "update", "delete many", "bulk_update", "bulk_create again", "upsert", "update_or_create"],
)
def test_python_refuses_to_change_what_is_written_once(model, change, published):
    with pytest.raises(Immutable, match="is written once"):
        change(model.objects.first())


@pytest.mark.parametrize("model", sorted(WRITTEN_ONCE, key=lambda model: model.__name__))
@pytest.mark.parametrize("statement", ["UPDATE {table} SET {key} = {key}", "DELETE FROM {table}"])
def test_the_database_refuses_raw_sql_on_what_is_written_once(model, statement, published):
    sql = statement.format(table=model._meta.db_table, key=model._meta.pk.column)
    with pytest.raises(IntegrityError, match="written once"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize("model", sorted(WRITTEN_ONCE, key=lambda model: model.__name__))
def test_the_database_refuses_to_empty_or_replace_what_is_written_once(model, published):
    table = model._meta.db_table
    replace, empty = f"REPLACE INTO {table} SELECT * FROM {table}", f"TRUNCATE {table} CASCADE"  # noqa: S608
    connection.check_constraints()  # PostgreSQL empties no table that still has checks to do
    with pytest.raises(IntegrityError), transaction.atomic():
        raw(empty if connection.vendor == "postgresql" else replace)


@pytest.mark.parametrize("column", [field.column for field in Document._meta.fields if field.name != "superseded_in"])
def test_no_column_of_a_document_changes_even_while_it_is_superseded(column, published):
    key = Document.objects.get(superseded_in=None, slug="one").pk
    values = {"item_uuid": "slug", "body": "list_form", "body_gzip": "body", "list_form": "body_gzip"}
    new = values.get(column, "version + 1000")
    if column == "item_uuid":
        new = "(SELECT item_uuid FROM content_app_document WHERE kind = 'condition' AND slug = 'other')"
    elif column in ("kind", "slug", "name", "sort_name", "sha256", "tombstone_reason", "significance", "change_note"):
        new = "'changed'"
    with pytest.raises(IntegrityError, match="document is written once"), transaction.atomic():
        raw(f"UPDATE content_app_document SET superseded_in_id = 2, {column} = {new} WHERE id = {key}")  # noqa: S608


def test_a_document_is_superseded_once_and_for_good(published):
    old = Document.objects.get(slug="child").pk
    for value in ("NULL", "1"):
        with pytest.raises(IntegrityError, match="document is written once"), transaction.atomic():
            raw(f"UPDATE content_app_document SET superseded_in_id = {value} WHERE id = {old}")  # noqa: S608


def joined(subject: str, predicate: str, end: str) -> Relation:
    first, second = (Item.objects.get(slug=slug) for slug in (subject, end))
    return Relation.objects.create(subject=first, predicate=predicate, object=second)


def raw(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


SET_ITEM = "UPDATE content_app_item SET {} WHERE slug = 'one'"
SET_RELATION = "UPDATE content_app_relation SET {}"

# what the database is asked for → the constraint or guard that refuses it
REFUSED = {
    "item_slug_is_unique_per_kind": lambda i: raw(SET_ITEM.format("slug = 'other'")),
    "item_kind_is_known": lambda i: Item.objects.create(kind="thing", slug="thing"),
    "item_status_is_known": lambda i: raw(SET_ITEM.format("status = 'live'")),
    "item_is_withdrawn_with_a_reason": lambda i: raw(SET_ITEM.format("status = 'withdrawn'")),
    "item_is_replaced_by_an_item": lambda i: raw(
        SET_ITEM.format("status = 'withdrawn', withdrawal_reason = 'replaced'")
    ),
    "item_is_published_with_a_revision": lambda i: raw(SET_ITEM.format("published_revision_id = NULL")),
    "item_review_is_due_after_it_was_done": lambda i: raw(SET_ITEM.format("review_due_on = reviewed_on")),
    "item_is_reviewed_every_1_to_60_months": lambda i: raw(SET_ITEM.format("review_cycle_months = 0")),
    "item_keeps_its_identity": lambda i: raw(SET_ITEM.format("kind = 'concept'")),
    "item_has_no_old_address_of_another_insert": lambda i: Item.objects.create(kind="concept", slug="child"),
    "item_has_no_old_address_of_another_update": lambda i: raw(
        "UPDATE content_app_item SET slug = 'child' WHERE slug = 'parent'"
    ),
    "former_slug_is_unique_per_kind": lambda i: FormerSlug.objects.create(item=i, kind="concept", slug="child"),
    "former_slug_is_no_address_of_another": lambda i: FormerSlug.objects.create(
        item=i, kind="concept", slug="parent"
    ),
    "name_is_preferred_once_per_language": lambda i: [
        Name.objects.create(item=i, text=text, type="preferred", language="es") for text in ("uno", "dos")
    ],
    "name_preferred_in_english_is_the_items": lambda i: Name.objects.create(item=i, text="x", type="preferred"),
    "name_is_given_once": lambda i: Name.objects.create(item=i, text="Offspring", type="synonym"),
    "statement_uuid": lambda i: Statement.objects.create(item=i, uuid=i.statements.first().uuid),
    "relation_is_stated_once": lambda i: joined("renamed", "is_kind_of", "parent"),
    "relation_joins_two_items": lambda i: joined("one", "related_to", "one"),
    "relation_fits_its_predicate": lambda i: joined("renamed", "related_to", "parent"),
    "relation_is_kind_of_stays_in_its_kind": lambda i: joined("renamed", "is_kind_of", "one"),
    "relation_both_ways_is_stored_once": lambda i: [
        joined("one", "related_to", "other"), joined("other", "related_to", "one")
    ],
    "relation_is_kind_of_has_no_cycle_insert": lambda i: joined("parent", "is_kind_of", "renamed"),
    "relation_is_kind_of_has_no_cycle_update": lambda i: [
        joined("parent", "part_of", "renamed"),
        raw(SET_RELATION.format("predicate = 'is_kind_of' WHERE predicate = 'part_of'")),
    ],
    "relation_knows_the_kinds_insert": lambda i: Relation.objects.bulk_create(
        [Relation(subject=i, predicate="part_of", object=i.relations.get().object, subject_kind="x", object_kind="x")]
    ),
    "relation_knows_the_kinds_update": lambda i: raw(SET_RELATION.format("object_kind = 'condition'")),
    "coding_is_unique_per_system_and_code": lambda i: Coding.objects.create(item=i, **library.coding()),
    "coding_has_a_code_unless_none_exists": lambda i: raw("UPDATE content_app_coding SET match = 'none'"),
    "source_type_is_known": lambda i: raw("UPDATE content_app_source SET type = 'rumour'"),
    "source_keeps_its_identity": lambda i: raw("UPDATE content_app_source SET slug = 'other'"),
    "source_is_kept_once_published": lambda i: [
        raw("DELETE FROM content_app_citation"), raw("DELETE FROM content_app_source")
    ],
    "source_status_is_known": lambda i: raw("UPDATE content_app_source SET status = 'live'"),
    "source_is_approved_with_a_sign_off": lambda i: raw("UPDATE content_app_source SET signed_revision_id = NULL"),
    "source_is_published_with_a_revision": lambda i: raw("UPDATE content_app_source SET published_revision_id = NULL"),
    "source_has_a_sign_off_of_its_own": lambda i: Source.objects.update(
        signed_revision=SourceRevision.objects.get(verb="create")
    ),
    "source_is_signed_off_by_another": lambda i: SourceRevision.objects.bulk_create(
        [again(SourceRevision.objects.get(verb="create"), number=99, verb="approve")]
    ),
    "item_is_signed_off_by_another": lambda i: SignOff.objects.bulk_create(
        [again(sign_off := SignOff.objects.first(), signed_by=sign_off.revision.created_by)]
    ),
    "citation_has_one_place": lambda i: Citation.objects.create(
        item=i, source=Source.objects.get(), name=i.names.get(), statement=i.statements.get()
    ),
    "revision_number_is_unique_per_item": lambda i: Revision.objects.bulk_create([again(i.revisions.first())]),
    "release_number_starts_at_one": None,  # the guard against gaps refuses first
    "release_numbers_have_no_gap": lambda i: release(7),
    "release_numbers_have_no_gap (zero)": lambda i: release(0),
    "library_is_one": lambda i: Library.objects.create(id=2),
    "library_never_points_back": lambda i: Library.objects.update(current_release=1),
    "library_is_kept": lambda i: Library.objects.all().delete(),
    "document_version_is_unique_per_item": lambda i: Document.objects.bulk_create(
        [again(Document.objects.get(slug="child"))]
    ),
    "document_is_current_once_per_item": lambda i: Document.objects.bulk_create(
        [again(Document.objects.get(slug="one"), version=9, slug="elsewhere")]
    ),
    "document_address_is_current_once": lambda i: Document.objects.bulk_create(
        [again(Document.objects.get(slug="one"), item_uuid=i.uuid, version=9, superseded_in=None)]
    ),
    "document_is_superseded_later": lambda i: raw(
        "UPDATE content_app_document SET superseded_in_id = first_release_id WHERE slug = 'one'"
    ),
    "import_state_is_known": lambda i: an_import(state="lost"),
    "import_is_applied_by_somebody": lambda i: an_import(state="applied"),
    "import_change_has_its_place": lambda i: two_changes_at_one_place(an_import()),
    "source_revision_number_is_unique_per_source": lambda i: SourceRevision.objects.bulk_create(
        [again(SourceRevision.objects.first())]
    ),
    "receipt_is_kept_once": lambda i: Receipt.objects.bulk_create([again(Receipt.objects.first())]),
    "closing_numbers_have_no_gap": lambda i: Closing.objects.create(number=7, closed_at=NOW, sha256=""),
    "index_term_is_stored_once": lambda i: IndexTerm.objects.bulk_create([again(IndexTerm.objects.first())]),
    **{name: lambda i, act=act: act() for name, act in webhooks.REFUSED.items()},
    "api_key_name_is_unique_per_client": lambda i: two_keys_of_one_name(webhooks.client()),
    **desk_rows.REFUSED,
}  # fmt: skip
NOW = timezone.now()


def two_keys_of_one_name(client: ApiClient) -> None:
    for _ in range(2):
        ApiKey.objects.create_key(client=client, name="Production")


def an_import(**changes) -> Import:
    by = SourceRevision.objects.first().created_by
    return Import.objects.create(file_name="x.yaml", uploaded_by=by, **changes)


def two_changes_at_one_place(run: Import) -> None:
    for _ in range(2):
        ImportChange.objects.create(run=run, position=1, action="created")


def again(row: models.Model, **changes) -> models.Model:
    """The same row once more, with another key."""
    values = {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields if not f.primary_key}
    changes = {type(row)._meta.get_field(name).attname: getattr(value, "pk", value) for name, value in changes.items()}
    return type(row)(**values | changes)


def release(number: int) -> Release:
    first = Release.objects.get(number=1)
    values = {"published_at": first.published_at, "published_by_id": first.published_by_id}
    return Release.objects.create(number=number, significance="editorial", counts={}, **values)


@pytest.mark.parametrize("name", [name for name, asked in REFUSED.items() if asked])
def test_the_database_refuses(name, published):
    item = item_of(published)
    with pytest.raises((IntegrityError, models.ProtectedError)), transaction.atomic():
        REFUSED[name](item)


EVERY_GUARD = guards.every_guard()


def test_every_named_constraint_and_guard_is_shown_to_refuse():
    constraints = {c.name for m in apps.get_app_config("content_app").get_models() for c in m._meta.constraints}
    written_once = {name for name in EVERY_GUARD if "_is_written_once_" in name}
    shown = {name.partition(" ")[0] for name in REFUSED} - {"statement_uuid"}
    assert shown == constraints | (set(EVERY_GUARD) - written_once)


def test_every_guard_is_in_the_database(db):
    wanted = {name: trigger for name, (_, trigger) in guards.wanted(connection.vendor).items()}
    assert guards.present(connection) == wanted
    guarded = {model for model in apps.get_app_config("content_app").get_models() if guards.guards_of(model)}
    assert guarded == WRITTEN_ONCE | {Item, Library, Receipt, Relation, Source, WebhookEvent}


def test_guards_that_are_there_are_left_alone(db):
    with CaptureQueriesContext(connection) as queries:
        guards.install(connection)
    assert [query["sql"] for query in queries if query["sql"].startswith(("CREATE", "DROP"))] == []


def test_a_guard_that_is_missing_or_different_or_no_longer_declared_is_put_right(db):
    before = guards.present(connection)
    if connection.vendor == "sqlite":
        raw("DROP TRIGGER library_is_kept")
        raw("DROP TRIGGER event_is_written_once_delete")
        raw("CREATE TRIGGER event_is_written_once_delete BEFORE delete ON content_app_event BEGIN SELECT 1; END")
        raw("CREATE TRIGGER of_old BEFORE delete ON content_app_event BEGIN SELECT 1; END")
    else:
        raw("DROP FUNCTION library_is_kept() CASCADE")
        body = "() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN old; END $$"
        raw(f"CREATE OR REPLACE FUNCTION event_is_written_once_delete{body}")
        raw(f"CREATE FUNCTION of_old{body}")
        raw("CREATE TRIGGER of_old BEFORE DELETE ON content_app_event FOR EACH ROW EXECUTE FUNCTION of_old()")
    assert guards.present(connection).keys() ^ before.keys() == {"of_old", "library_is_kept"}
    guards.install(connection)
    assert guards.present(connection) == before


def test_a_table_is_guarded_against_the_replacing_of_whatever_is_unique_in_it():
    refuses = guards.written_once(Revision)["revision_is_written_once_replace"].refuses
    assert refuses == (
        "EXISTS (SELECT 1 FROM content_app_revision "
        "WHERE id = new.id OR (item_id = new.item_id AND number = new.number))"
    )
    under_conditions = {
        one.name
        for model in WRITTEN_ONCE
        for one in model._meta.constraints
        if isinstance(one, models.UniqueConstraint) and one.condition is not None
    }
    named = {"document_is_current_once_per_item", "document_address_is_current_once"}  # by the guard of documents
    assert under_conditions == named


@pytest.mark.parametrize("change", [{"body": b"{}"}, {"uuid": "6f2a4a1e-6f0c-4d8c-9a57-0c6cf1f1d3a1"}, {"type": "x"}])
def test_what_a_webhook_event_says_does_not_change(change, db):
    webhooks.happened()
    with pytest.raises(IntegrityError, match="webhook event is written once"), transaction.atomic():
        WebhookEvent.objects.update(**change)
    WebhookEvent.objects.update(is_fanned_out=True)


def test_the_guard_on_documents_names_every_column():
    columns = {field.column for field in Document._meta.fields}
    assert set(DOCUMENT_COLUMNS) == columns - {"superseded_in_id"}


def test_an_item_with_a_trail_is_not_deleted(published):
    with pytest.raises(models.ProtectedError):
        item_of(published).delete()
