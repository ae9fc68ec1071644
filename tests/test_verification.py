"""`verify_releases` names what was changed, whoever changed it and however little."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from content_app.editorial import workflow
from content_app.publication import verification
from tests import library
from tests.conftest import guards
from tests.library import concept, condition, item_of, relation


@pytest.fixture
def published(people):
    """Three releases: an item with a relation, a second version of it, a withdrawal."""
    target, gone = concept("the-target"), concept("gone")
    document = condition(abbreviation="ABC", relations=[relation("has_feature", target)])
    library.publish([document, target, gone], people)
    library.publish([document | {"name": "Second name"}], people)
    workflow.withdraw(item=item_of(gone), by=people.publisher, note="It was wrong.")


def tamper(sql: str, *values) -> None:
    """Change what is stored, past the guards."""
    guards.drop_guards(connection)
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        assert cursor.rowcount > 0
    guards.create_guards(connection)


def test_what_was_published_is_found_as_it_was_published(published, capsys):
    call_command("verify_releases")
    assert capsys.readouterr().out == "Releases: 3, documents: 6. All are as they were published.\n"


WHO = "UPDATE content_app_document SET {} WHERE kind = 'condition' AND version = 2"


@pytest.mark.parametrize(
    ("sql", "sentence"),
    [
        (WHO.format("body = %s"), "condition/a-condition version 2: its body is not a published document."),
        (WHO.format("sha256 = 'f' || substr(sha256, 2)"), "condition/a-condition version 2: its content does not fit"),
        (WHO.format("body_gzip = %s"), "version 2: its compressed body is not its body."),
        (WHO.format("list_form = %s"), "version 2: what lists show of it is not what it says."),
        (WHO.format("name = 'Other'"), "version 2: it is filed under another name"),
        (WHO.format("slug = 'other'"), "condition/other version 2: it is filed under another name"),
        (WHO.format("tombstone_reason = 'gone'"), "version 2: it is filed under another name, address or reason"),
        (WHO.format("version = 7"), "version 7: the version before it is missing."),
        (WHO.format("superseded_in_id = 3"), "it says that it is superseded in release 3, which is not so."),
        ("DELETE FROM content_app_indexterm WHERE name = 'aspect' OR name = 'edge'", "its index terms have changed."),
        ("UPDATE content_app_indexterm SET value = 'x' WHERE name = 'predicate'", "its index terms have changed."),
        ("UPDATE content_app_release SET manifest_sha256 = 'x' WHERE number = 2", "Release 2: its manifest hash"),
        ("UPDATE content_app_release SET counts = '{}' WHERE number = 2", "Release 2: its counts are not those"),
        ("UPDATE content_app_library SET current_release_id = 2", "The library points at release 2, but the last one"),
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
    assert "condition/a-condition version 1: its content does not fit its hash." in list(verification.faults())


def test_a_space_that_changes_no_meaning_is_named_too(published):
    from content_app.models import Document

    document = Document.objects.get(kind="condition", version=1)
    tamper("UPDATE content_app_document SET body = %s WHERE id = %s", bytes(document.body) + b" ", document.pk)
    assert list(verification.faults()) == ["condition/a-condition version 1: its content does not fit its hash."]


def test_a_document_that_was_taken_out_is_missed(published):
    tamper("DELETE FROM content_app_indexterm")
    tamper("DELETE FROM content_app_document WHERE kind = 'condition' AND version = 1")
    found = list(verification.faults())
    assert "Release 1: its manifest hash does not fit its documents." in found
    assert "condition/a-condition version 2: the version before it is missing." in found


def test_the_command_fails_and_says_how_much_is_wrong(published, capsys):
    tamper(WHO.format("name = 'Other'"))
    with pytest.raises(CommandError, match="1 faults: what was published is not what is stored"):
        call_command("verify_releases")
    assert "condition/a-condition version 2" in capsys.readouterr().err
