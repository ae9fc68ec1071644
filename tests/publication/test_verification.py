"""`verify_releases` names what was changed, whoever changed it and however little."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from content_app.models import guards
from content_app.publication import verification
from tests import library
from tests.library import concept, condition, item_of, relation

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture(scope="module")
def published(library_of_a_module):
    """Three releases: an item with a relation, a second version of it, a withdrawal."""
    people, target, gone = library_of_a_module, concept("the-target"), concept("gone")
    document = condition(abbreviation="ABC", relations=[relation("has_feature", target)])
    library.publish([document, target, gone], people)
    library.publish([document | {"name": "Second name"}], people)
    library.withdraw(item=item_of(gone), by=people.publisher, note="It was wrong.")


def tamper(sql: str, *values) -> None:
    """Change what is stored, past the guards."""
    guards.remove(connection)
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        assert cursor.rowcount > 0
    guards.install(connection)


def test_what_was_published_is_found_as_it_was_published(published, capsys):
    call_command("verify_releases")
    assert capsys.readouterr().out == (
        "Releases: 3, documents: 6. All are as they were published.\nReceipts: 66, not yet chained: 66. "
        "Last closing: none\n"
    )


def test_what_is_published_while_this_reads_is_no_fault(published, people, monkeypatch):
    read, documents = verification._faults_of_releases, iter([concept("meanwhile")])

    def publishing_meanwhile(*told):
        for document in documents:
            library.publish([document], people)
        return read(*told)

    monkeypatch.setattr(verification, "_faults_of_releases", publishing_meanwhile)
    assert list(verification.faults()) == []


WHO = "UPDATE content_app_document SET {} WHERE kind = 'condition' AND version = 2"


@pytest.mark.parametrize(
    ("sql", "sentence"),
    [
        (WHO.format("body = %s"), "version 2: the body is not a published document."),
        (WHO.format("sha256 = 'f' || substr(sha256, 2)"), "condition/a-condition version 2: the content does not"),
        (WHO.format("body_gzip = %s"), "version 2: the compressed body does not match the body."),
        (WHO.format("list_form = %s"), "version 2: the form shown in lists does not match the body."),
        (WHO.format("name = 'Other'"), "version 2: its name, address"),
        (WHO.format("slug = 'other'"), "version 2: its name, address"),
        (WHO.format("tombstone_reason = 'gone'"), "withdrawal reason does not match"),
        (WHO.format("version = 7"), "version 7: the previous version is missing."),
        (WHO.format("superseded_in_id = 3"), "it is marked as superseded in release 3, which is wrong."),
        ("DELETE FROM content_app_indexterm WHERE name = 'aspect' OR name = 'edge'", "its index terms do not match"),
        ("UPDATE content_app_indexterm SET value = 'x' WHERE name = 'predicate'", "its index terms do not match"),
        ("UPDATE content_app_release SET manifest_sha256 = 'x' WHERE number = 2", "Release 2: the manifest hash"),
        ("UPDATE content_app_release SET counts = '{}' WHERE number = 2", "Release 2: the counts do not match"),
        ("UPDATE content_app_library SET current_release_id = 2", "The current release is set to 2"),
    ],
)  # fmt: skip
def test_a_change_is_named(sql, sentence, published):
    tamper(sql, *([b"\x00not what it was"] if "%s" in sql else []))
    assert any(sentence in fault for fault in verification.faults()), list(verification.faults())


def test_one_altered_byte_of_a_body_is_named(published):
    from content_app.models import Document

    document = Document.objects.get(kind="condition", version=1)
    body = bytes(document.body)
    tamper(
        "UPDATE content_app_document SET body = %s WHERE id = %s",
        body.replace(b"for clinicians", b"for clinicianz"),
        document.pk,
    )
    assert "condition/a-condition version 1: the content does not match its hash." in list(verification.faults())


def test_a_space_that_changes_no_meaning_is_named_too(published):
    from content_app.models import Document

    document = Document.objects.get(kind="condition", version=1)
    tamper("UPDATE content_app_document SET body = %s WHERE id = %s", bytes(document.body) + b" ", document.pk)
    assert list(verification.faults()) == ["condition/a-condition version 1: the content does not match its hash."]


def test_a_document_that_was_taken_out_is_missed(published):
    tamper("DELETE FROM content_app_indexterm")
    tamper("DELETE FROM content_app_document WHERE kind = 'condition' AND version = 1")
    found = list(verification.faults())
    assert "Release 1: the manifest hash does not match its documents." in found
    assert "condition/a-condition version 2: the previous version is missing." in found


def test_the_command_fails_and_says_how_much_is_wrong(published, capsys):
    tamper(WHO.format("name = 'Other'"))
    with pytest.raises(CommandError, match="Problems found: 1"):
        call_command("verify_releases")
    assert "condition/a-condition version 2" in capsys.readouterr().err
