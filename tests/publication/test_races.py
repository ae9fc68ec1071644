"""Many people at the same moment, and a process that dies in the middle: real threads, processes and connections."""

import os
import subprocess
import sys
import time

import pytest
from django.conf import settings
from django.db import IntegrityError, OperationalError, connection, transaction

from content_app.editorial import workflow
from content_app.editorial.exchange import importing
from content_app.editorial.transitions import TransitionNotAllowed
from content_app.models import Document, Item, Library, Relation, Release
from content_app.publication import verification
from tests import library
from tests.library import concept, condition, edit, item_of, public
from tests.together import all_at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
MANY = 20


def test_exactly_one_wins_when_twenty_publish_the_same_item(people):
    item = library.approved([condition()], people)[0]
    results = all_at_once([lambda: workflow.publish(items=[item], by=people.publisher)] * MANY)
    assert [type(result) for result in results if not isinstance(result, TransitionNotAllowed)] == [Release]
    assert all(
        "To publish an item, its status must be “Approved”" in str(r) for r in results if not isinstance(r, Release)
    )
    assert Document.objects.filter(kind="condition").count() == 1
    assert item.events.filter(verb="publish").count() == 1


def test_twenty_items_published_at_once_make_releases_1_to_20_without_a_gap(people):
    items = library.approved([condition(f"number-{n}") for n in range(MANY)], people)
    results = all_at_once([lambda item=item: workflow.publish(items=[item], by=people.publisher) for item in items])
    assert sorted(release.number for release in results) == list(range(1, MANY + 1))
    assert Library.objects.get().current_release_id == MANY
    assert Release.objects.get(number=MANY).counts["condition"] == MANY
    assert list(verification.faults()) == []


def test_exactly_one_edit_is_the_next_revision_when_many_are_kept_at_once(people):
    item = library.bring_in([condition()], people.author)[0]
    Item.objects.filter(pk=item.pk).update(name="Changed")
    results = all_at_once([lambda: workflow.record_edit(item=item, by=people.author)] * 8)
    assert [result for result in results if result is not None] == list(item.revisions.filter(number=2))


def test_one_of_a_sign_off_and_an_edit_at_once_gives_way(people):
    for turn in range(5):
        item = library.item_in("in_review", people) if turn == 0 else item_of(condition())
        if item.status != "in_review":
            workflow.submit(item=item, by=people.author, change_note="Again.")
        read = workflow.content_sha256(item)
        all_at_once(
            [
                lambda: workflow.approve(item=item, by=people.reviewer, content=read),  # noqa: B023 - runs here
                lambda: edit(item, people.author),  # noqa: B023
            ]
        )
        assert item_of(condition()).status == "draft"


def test_an_item_is_not_withdrawn_while_another_that_points_to_it_is_published(people):
    target = concept("the-target")
    library.publish([target], people)
    pointer = library.approved([condition(relations=[library.relation("has_feature", target)])], people)[0]
    published, withdrawn = all_at_once(
        [
            lambda: workflow.publish(items=[pointer], by=people.publisher),
            lambda: library.withdraw(item=item_of(target), by=people.publisher, note="It was wrong."),
        ]
    )
    assert isinstance(published, Release) != isinstance(withdrawn, Release)
    assert list(verification.faults()) == []


def test_one_of_two_who_import_the_same_new_item_is_told_so(people):
    plans = [library.planned(library.source(), condition(name=name)) for name in ("One", "Other")]
    results = all_at_once([lambda plan=plan: importing.apply(plan, by=people.author) for plan in plans])
    refused = [result for result in results if isinstance(result, importing.NotImportable)]
    assert len(refused) == 1, results
    assert Item.objects.count() == 1


def test_two_who_take_the_same_slug_at_once_are_kept_apart(people):
    one, other = condition("same"), condition("same", uuid=library.uuid_of("another"))
    plans = [library.planned(library.source(), document) for document in (one, other)]
    results = all_at_once([lambda plan=plan: importing.apply(plan, by=people.author) for plan in plans])
    assert sum(isinstance(result, importing.NotImportable) for result in results) == 1, results


@pytest.mark.parametrize("predicate", ["is_kind_of", "not_the_same_as"])
def test_two_relations_that_do_not_go_together_are_not_both_stored(predicate, people):
    one, other = library.bring_in([concept("one"), concept("other")], people.author)
    one, other = Item.objects.get(pk=one.pk), Item.objects.get(pk=other.pk)

    def relate(subject: Item, end: Item) -> Relation:
        with transaction.atomic():
            stored = Relation.objects.create(subject=subject, predicate=predicate, object=end)
            time.sleep(0.3)  # neither sees what the other has not committed
            return stored

    results = all_at_once([lambda: relate(one, other), lambda: relate(other, one)])
    assert sorted(type(result).__name__ for result in results) == ["IntegrityError", "Relation"], results


PUBLISHES_AND_STOPS_IN_THE_MIDDLE = """
import sys, time, django
django.setup()
from django.contrib.auth.models import User
from django.db import connection
from content_app.editorial import workflow
from content_app.models import Item

def stop_at_the_terms(execute, sql, params, many, context):
    result = execute(sql, params, many, context)
    if sql.startswith('INSERT INTO "content_app_indexterm"'):
        print("in the middle", flush=True)
        time.sleep(600)
    return result

with connection.execute_wrapper(stop_at_the_terms):
    workflow.publish(items=[Item.objects.get(slug="a-condition")], by=User.objects.get(username="the-publisher"))
"""


def address_of_the_test_database() -> str:
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{database['NAME']}"
    return "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**database)


def test_a_process_that_is_killed_while_it_publishes_leaves_the_last_release_as_it_was(people):
    document = condition()
    library.publish([document], people)
    before = bytes(public(document).body)
    edit(item_of(document), people.author)
    library.sign_off(item_of(document), people)
    connection.close()
    process = subprocess.Popen(
        [sys.executable, "-c", PUBLISHES_AND_STOPS_IN_THE_MIDDLE],
        cwd=settings.BASE_DIR,
        env=os.environ
        | {"DATABASE_URL": address_of_the_test_database(), "DJANGO_SETTINGS_MODULE": "amps_api.settings"},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout.readline() == "in the middle\n"
    finally:
        process.kill()
        process.communicate()
    assert process.returncode == -9
    assert Library.objects.get().current_release_id == 1
    assert (Release.objects.count(), bytes(public(document).body)) == (1, before)
    assert item_of(document).status == "approved"
    assert list(verification.faults()) == []
    assert workflow.publish(items=[item_of(document)], by=people.publisher).number == 2


@pytest.mark.one_database
@pytest.mark.skipif(connection.vendor != "sqlite", reason="the size of a PostgreSQL database cannot be limited here")
def test_a_full_disk_leaves_the_last_release_as_it_was(people):
    library.publish([condition("first")], people)
    items = library.approved([condition(f"number-{n}") for n in range(MANY)], people)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA page_count")
        cursor.execute(f"PRAGMA max_page_count = {cursor.fetchone()[0] + 5}")
    with pytest.raises(OperationalError, match="full"):
        workflow.publish(items=items, by=people.publisher)
    connection.close()
    assert (Release.objects.count(), Document.objects.count()) == (1, 2)
    assert list(verification.faults()) == []


def test_after_the_database_was_emptied_everything_of_the_migrations_is_there_again(people):
    library.publish([condition()], people)


def test_so_the_next_test_starts_as_the_first_one_did(people):
    assert Library.objects.get().current_release is None
    library.publish([condition()], people)
    with pytest.raises(IntegrityError, match="written once"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM content_app_release")
