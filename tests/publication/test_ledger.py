"""Receipts and closings: no row that is written once can be changed, added or taken away unnoticed."""

import hashlib
import uuid
from contextlib import contextmanager
from datetime import timedelta
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from content_app.audit import log
from content_app.editorial import review_comments
from content_app.management.commands import work
from content_app.models import AuditEntry, Closing, Document, IndexTerm, Receipt, Release, SignOff, guards, receipts
from content_app.publication import closing, ledger_verification, verification
from tests import library
from tests.library import concept, condition, item_of, relation

pytestmark = pytest.mark.both_databases
COVERED = {model._meta.model_name: model for model in (*ledger_verification.covered(), Receipt, Closing)}
COLUMNS = [(name, field.column) for name, model in COVERED.items() for field in model._meta.concrete_fields]
NOT_COVERED = {("receipt", "id"): "It only puts receipts in order, and nothing refers to it."}


@pytest.fixture(scope="module")
def written(library_of_a_module):
    """A library in which every table has a row; everything is chained but the last act."""
    people = library_of_a_module
    target, gone = concept("the-target"), concept("gone")
    document = condition(abbreviation="ABC", relations=[relation("has_feature", target)])
    library.publish([document, target, gone], people)
    library.publish([document | {"slug": "renamed", "name": "Second name"}], people)
    library.withdraw(item=item_of(gone), by=people.publisher, note="It was wrong.")
    review_comments.start(item=item_of(document), by=people.reviewer, anchor="name", text="Is this its name?")
    closing.close()
    log.record("list_exported", by=people.author)
    return people


@pytest.fixture
def stored(written, db):
    """Without guards and rules for values, as for somebody who may do everything in the database."""
    connection.check_constraints()
    with transaction.atomic():
        guards.remove(connection)
        with unchecked():
            yield written
        transaction.set_rollback(True)


@contextmanager
def unchecked():
    """The covered tables without their check constraints."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = ON")
            yield
            cursor.execute("PRAGMA ignore_check_constraints = OFF")
            return
        for model in COVERED.values():
            for constraint in model._meta.constraints:
                if isinstance(constraint, models.CheckConstraint):
                    cursor.execute(f"ALTER TABLE {model._meta.db_table} DROP CONSTRAINT {constraint.name}")
        yield


@contextmanager
def tampering(sql: str, *values):
    """The database after a statement, for a while."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            assert cursor.rowcount > 0
        yield list(verification.faults())
        transaction.set_rollback(True)


def changed(field: models.Field) -> tuple[str, list]:
    """An SQL expression for another value of a column, with its parameters."""
    if isinstance(field, models.ForeignKey | models.IntegerField):
        return f"coalesce({field.column}, 0) + 1000", []
    if isinstance(field, models.BooleanField):
        return f"NOT {field.column}", []
    values = {
        models.UUIDField: uuid.UUID(int=77).hex,
        models.DateTimeField: "2001-02-03 04:05:06+00:00",
        models.JSONField: '{"changed": true}',
        models.BinaryField: b"changed",
        models.GenericIPAddressField: "192.0.2.77",
    }
    return "%s", [next((value for kind, value in values.items() if isinstance(field, kind)), "changed")]


def last_row(model: type[models.Model]) -> str:
    key = model._meta.pk.column
    return f"{key} = (SELECT max({key}) FROM {model._meta.db_table})"


@pytest.mark.parametrize(("name", "column"), COLUMNS, ids=lambda value: value)
def test_a_change_in_any_column_is_found(name, column, stored):
    model = COVERED[name]
    new, values = changed(next(field for field in model._meta.concrete_fields if field.column == column))
    with tampering(f"UPDATE {model._meta.db_table} SET {column} = {new} WHERE {last_row(model)}", *values) as found:
        assert bool(found) == ((name, column) not in NOT_COVERED), found


@pytest.mark.parametrize("name", COVERED)
def test_a_row_that_was_taken_away_is_missed(name, stored):
    model = COVERED[name]
    with tampering(f"DELETE FROM {model._meta.db_table} WHERE {last_row(model)}") as found:
        assert found


@pytest.mark.parametrize("name", COVERED)
def test_a_row_that_was_added_is_found(name, stored):
    model = COVERED[name]
    fields = model._meta.concrete_fields
    kept = [(f.column, []) if isinstance(f, models.ForeignKey) else changed(f) for f in fields]
    columns, new = ", ".join(f.column for f in fields), ", ".join(expression for expression, _ in kept)
    sql = f"INSERT INTO {model._meta.db_table} ({columns}) SELECT {new} FROM {model._meta.db_table} WHERE "
    with tampering(sql + last_row(model), *(value for _, values in kept for value in values)) as found:
        assert found


RELEASE, DOCUMENT = "UPDATE content_app_release SET {}", "UPDATE content_app_document SET {} WHERE slug = 'renamed'"


@pytest.mark.parametrize(
    ("sql", "sentence"),
    [
        (RELEASE.format("note = 'Other' WHERE number = 2"), "Release 2: its date, note, significance or publisher is"),
        (RELEASE.format("significance = 'safety' WHERE number = 1"), "Release 1: its date, note, significance or"),
        (DOCUMENT.format("change_note = 'Other'"), "condition/renamed version 2: its significance or change note is"),
        (DOCUMENT.format("significance = 'editorial'"), "condition/renamed version 2: its significance or change note"),
        ("UPDATE content_app_signoff SET reviewer_role = 'Nurse'", "signed off on"),
        ("UPDATE content_app_auditentry SET actor_name = 'x' WHERE act = 'list_exported'", "x list_exported): it is"),
        (
            "UPDATE content_app_indexterm SET value = value || 'x' WHERE value = 'a-condition'",
            "Index terms of document",
        ),
        ("DELETE FROM content_app_comment", "Comment "),
        ("DELETE FROM content_app_receipt WHERE of = 'event'", "it was not written by this software, as it has no"),
        ("UPDATE content_app_receipt SET of = 'thing' WHERE of = 'comment'", "There are receipts of “thing”, which"),
        ("UPDATE content_app_receipt SET closing = 9 WHERE closing IS NULL", "Receipts name closings after 1, which"),
        ("DELETE FROM content_app_closing", "Receipts name closings after 0, which are missing."),
        ("UPDATE content_app_closing SET number = 2", "Closing 1 of the ledger is missing."),
    ],
)
def test_what_was_changed_is_said(sql, sentence, stored):
    with tampering(sql) as found:
        assert any(sentence in fault for fault in found), found


def test_a_row_and_its_receipt_that_go_together_leave_a_gap_in_the_chain(stored):
    sign_off = SignOff.objects.first().pk
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM content_app_signoff WHERE id = %s", [sign_off])
    with tampering("DELETE FROM content_app_receipt WHERE of = 'signoff' AND key = %s", sign_off) as found:
        assert found == ["Closing 1 of the ledger does not match its receipts and the closing before."]


def test_a_receipt_that_fits_the_change_does_not_fit_the_chain(stored):
    models.QuerySet(Release).filter(number=1).update(note="Other")
    sha256 = receipts.digest([Release.objects.get(number=1)])
    with tampering("UPDATE content_app_receipt SET sha256 = %s WHERE of = 'release' AND key = 1", sha256) as found:
        assert found == ["Closing 1 of the ledger does not match its receipts and the closing before."]


def test_the_chain_that_was_made_anew_differs_from_the_hash_that_somebody_noted(stored, capsys):
    noted = Closing.objects.last().sha256
    call_command("verify_releases", noted=noted)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM content_app_closing")
        cursor.execute("UPDATE content_app_receipt SET closing = NULL")
    closing.close()
    call_command("verify_releases")
    with pytest.raises(CommandError, match="Problems found: 1"):
        call_command("verify_releases", noted=noted)
    assert f"No closing has the hash {noted}." in capsys.readouterr().err


@pytest.mark.parametrize("change", ["closing = 2", "closing = NULL", "sha256 = ''", "key = 0", "of = 'x'"])
def test_a_receipt_is_chained_once_and_changes_in_nothing_else(change, written, db):
    refused = pytest.raises(IntegrityError, match="receipt is written once")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE content_app_receipt SET {change} WHERE closing = 1")


def test_a_value_that_cannot_be_read_is_a_sentence(stored):
    if connection.vendor == "postgresql":
        pytest.skip("PostgreSQL stores no such value")
    with tampering("UPDATE content_app_sourcerevision SET source_uuid = 'no uuid'") as found:
        assert found == ["Source revisions: a value cannot be read (badly formed hexadecimal UUID string)."]


def test_what_was_written_while_this_was_reading_is_looked_at_again(stored, monkeypatch):
    everything = [receipt.key for receipt in Receipt.objects.filter(of="auditentry")]
    monkeypatch.setattr(ledger_verification, "_suspects", lambda model: everything)
    assert list(ledger_verification.faults(set())) == []


def test_a_receipt_that_is_committed_late_is_in_the_next_closing(stored):
    """On PostgreSQL a row may have a lower number than one that was chained before it was there."""
    late = AuditEntry(id=-7, happened_at=timezone.now(), act="list_exported", channel="web")
    late.save()
    Receipt.objects.filter(of="auditentry", key=-7).update(id=-7)
    assert closing.close() == 2
    assert Receipt.objects.get(pk=-7).closing == 2
    assert list(verification.faults()) == []


def test_what_is_open_is_chained_in_parts(stored, monkeypatch):
    monkeypatch.setattr(closing, "MOST", 2)
    monkeypatch.setattr(closing, "BATCH", 1)
    for _ in range(4):
        log.record("list_exported")
    assert closing.close() == 5
    assert closing.close() == 0
    assert Closing.objects.count() == 4
    assert list(verification.faults()) == []


def test_the_worker_chains_once_a_minute_and_reads_one_row_in_between(stored, monkeypatch, django_assert_num_queries):
    assert closing.close_in_time in [job.act for job in work.JOBS]
    closed_at = Closing.objects.last().closed_at
    monkeypatch.setattr(timezone, "now", lambda: closed_at + timedelta(seconds=50))
    with django_assert_num_queries(1):
        assert closing.close_in_time() == 0
    later = closed_at + timedelta(minutes=2)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert closing.close_in_time() == 1
    monkeypatch.setattr(timezone, "now", lambda: later - timedelta(days=2))  # a clock that was put back
    log.record("list_exported")
    assert closing.close_in_time() == 1


def test_rows_are_read_in_batches_with_three_queries_for_each(stored, monkeypatch, django_assert_num_queries):
    number = Receipt.objects.filter(of="auditentry").count()
    monkeypatch.setattr(receipts, "BATCH", 4)
    with django_assert_num_queries(3 * (number // 4 + 1)):
        assert list(ledger_verification._suspects(AuditEntry)) == []


def test_rows_that_are_older_than_receipts_get_theirs(stored):
    given = set(Receipt.objects.values_list("of", "key", "sha256"))
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM content_app_closing")
        cursor.execute("DELETE FROM content_app_receipt")
    migration = import_module("content_app.migrations.0005_ledger")
    migration.give_receipts(apps, SimpleNamespace(connection=connection))
    assert set(Receipt.objects.values_list("of", "key", "sha256")) == given
    covered = {model._meta.model_name for model in ledger_verification.covered()}
    assert {name.lower() for name in migration.WRITTEN_ONCE} == covered
    assert list(verification.faults()) == []


def test_a_column_that_is_added_later_voids_no_receipt(stored):
    """What holds its default is not in the hash."""
    entry = AuditEntry.objects.first()
    facts = receipts._facts(entry)
    assert "address" not in facts
    assert "note" not in facts
    assert facts["act"] == "list_exported"


def test_the_receipt_of_a_row_stays_what_it_was():
    """A change here would void every receipt there is."""
    term = IndexTerm(id=1, document_id=2, name="topic", value="naïve")
    text = '{"of":"indexterm","rows":[{"document_id":2,"id":1,"name":"topic","value":"naïve"}]}'
    assert receipts.digest([term]) == hashlib.sha256(text.encode()).hexdigest()
    assert receipts.key_of(Document) == "id"
