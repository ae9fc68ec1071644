"""Publishing and withdrawing at a time: what is set, what happens at its moment, what is said if it cannot."""

import datetime

import pytest
from django.utils import timezone

from content_app.editorial import scheduling, time_zones, withdrawal
from content_app.editorial.transitions import TransitionNotAllowed
from content_app.editorial.workflow import NotPublishable
from content_app.models import Document, Release, Schedule
from tests import library
from tests.library import concept, condition, item_of, relation

pytestmark = pytest.mark.both_databases
SOON = datetime.timedelta(hours=1)


def in_an_hour() -> datetime.datetime:
    return timezone.now() + SOON


def come_due(schedule: Schedule) -> None:
    """Let its moment come, without waiting for it."""
    Schedule.objects.filter(pk=schedule.pk).update(due_at=timezone.now() - SOON)


def after(schedule: Schedule) -> Schedule:
    schedule.refresh_from_db()
    return schedule


@pytest.fixture(scope="module")
def approved_conditions(library_of_a_module):
    library.approved([condition("one"), condition("other")], library_of_a_module)


@pytest.fixture
def ready(approved_conditions, db):
    return [library.item_of(condition(slug)) for slug in ("one", "other")]


@pytest.fixture
def waiting(people, ready) -> Schedule:
    return scheduling.schedule_publication(items=ready, by=people.publisher, due_at=in_an_hour())


# At its moment


def test_nothing_happens_before_the_moment(waiting):
    assert scheduling.run_due() == 0
    assert Release.objects.count() == 0


def test_items_scheduled_together_become_one_release_in_the_name_of_who_scheduled_them(waiting, people, ready):
    come_due(waiting)
    assert scheduling.run_due() == 1
    release = Release.objects.get()
    assert (release.published_by, release.note) == (people.publisher, "Written.")
    assert release.documents.filter(kind="condition").count() == 2
    assert (after(waiting).state, waiting.release) == ("done", release)


def test_what_fell_due_while_no_worker_ran_is_done_once(waiting):
    come_due(waiting)
    assert [scheduling.run_due() for _ in range(3)] == [1, 0, 0]
    assert Release.objects.count() == 1


def test_the_earliest_comes_first(people):
    items = library.approved([condition("one"), condition("other")], people)
    for hours, item in ((1, items[0]), (2, items[1])):
        schedule = scheduling.schedule_publication(items=[item], by=people.publisher, due_at=in_an_hour())
        Schedule.objects.filter(pk=schedule.pk).update(due_at=timezone.now() - hours * SOON)
    assert scheduling.run_due() == 2
    assert Release.objects.get(number=1).documents.get(kind="condition").slug == "other"


def test_a_published_item_is_withdrawn_at_its_moment_for_the_reason_given(people):
    library.publish([condition("old"), condition("new")], people)
    old, new = (item_of(condition(slug)) for slug in ("old", "new"))
    why = {"reason": "replaced", "replaced_by": new, "note": "There is a better one."}
    withdrawal.request(item=old, by=people.author, **why)
    schedule = scheduling.schedule_withdrawal(item=old, by=people.publisher, due_at=in_an_hour())
    assert item_of(condition("old")).status == "published"
    come_due(schedule)
    assert scheduling.run_due() == 1
    old.refresh_from_db()
    assert (old.status, old.withdrawal_reason, old.replaced_by) == ("withdrawn", "replaced", new)


def test_a_withdrawal_whose_words_were_changed_after_it_was_scheduled_does_not_happen(people):
    library.publish([condition("old")], people)
    old = item_of(condition("old"))
    withdrawal.request(item=old, by=people.author, note="It is old.")
    schedule = scheduling.schedule_withdrawal(item=old, by=people.publisher, due_at=in_an_hour())
    withdrawal.request(item=old, by=people.author, note="It is wrong.")
    come_due(schedule)
    scheduling.run_due()
    assert "The request has been changed since the withdrawal was scheduled." in after(schedule).failure
    assert item_of(condition("old")).status == "published"


# What stands in the way at its moment is said


def test_an_edit_after_scheduling_voids_it_and_nothing_of_it_is_published(waiting, people, ready):
    library.edit(ready[0], people.author)
    come_due(waiting)
    assert scheduling.run_due() == 1
    assert Release.objects.count() == 0
    assert after(waiting).state == "failed"
    assert "or a source it cites has been edited since it was scheduled" in waiting.failure
    for item in ready:
        event = item.events.first()
        assert (event.verb, event.note) == ("schedule_failed", waiting.failure)
    assert scheduling.run_due() == 0


def test_a_text_that_was_edited_and_signed_off_again_is_not_what_was_scheduled(waiting, people, ready):
    library.edit(ready[0], people.author)
    library.sign_off(ready[0], people)
    come_due(waiting)
    scheduling.run_due()
    assert "has been edited since it was scheduled" in after(waiting).failure
    assert Document.objects.count() == 0


def test_it_is_done_only_if_whoever_scheduled_it_may_still_do_it(waiting, people):
    people.publisher.groups.clear()
    come_due(waiting)
    scheduling.run_due()
    assert "Only a publisher can publish an item." in after(waiting).failure
    assert Release.objects.count() == 0


def test_somebody_who_left_publishes_nothing(waiting, people):
    people.publisher.is_active = False
    people.publisher.save()
    come_due(waiting)
    scheduling.run_due()
    assert after(waiting).state == "failed"


def test_an_obstacle_that_came_meanwhile_is_said_and_the_next_schedule_is_still_done(people):
    target = concept("a-gap", topic="knowledge_gap")
    library.publish([target], people)
    pointing = library.approved([condition(relations=[relation("has_knowledge_gap", target)])], people)
    first = scheduling.schedule_publication(items=pointing, by=people.publisher, due_at=in_an_hour())
    second = scheduling.schedule_publication(
        items=library.approved([concept("free")], people), by=people.publisher, due_at=in_an_hour()
    )
    library.withdraw(item=item_of(target), by=people.publisher, note="It was wrong.")
    come_due(first), come_due(second)
    assert scheduling.run_due() == 2
    assert (after(first).state, after(second).state) == ("failed", "done")
    assert "is not published. Publish it too" in first.failure


def test_a_fault_of_ours_fails_the_schedule_and_does_not_hold_up_others(waiting, people, monkeypatch, caplog):
    def broken(schedule):
        raise ValueError("a fault")

    come_due(waiting)
    with monkeypatch.context() as patch:
        patch.setitem(scheduling.ACTS, "publish", broken)
        assert scheduling.run_due() == 1
    assert after(waiting).failure.endswith(scheduling.FAULT)
    assert "a fault" in caplog.text


def test_the_prospect_says_beforehand_what_would_be_in_the_way(waiting, people, ready):
    assert scheduling.prospect(waiting) == ""
    library.edit(ready[1], people.author)
    assert "has been edited since it was scheduled" in scheduling.prospect(waiting)
    assert Release.objects.count() == 0
    assert after(waiting).state == "waiting"


# Setting, moving, cancelling


def test_scheduling_changes_nothing_but_says_so_in_the_trail(people, ready):
    before = [(item.status, item.lock_version) for item in ready]
    scheduling.schedule_publication(items=ready, by=people.publisher, due_at=in_an_hour())
    for item in ready:
        item.refresh_from_db()
    assert [(item.status, item.lock_version) for item in ready] == before
    assert {item.events.first().verb for item in ready} == {"schedule"}
    assert Release.objects.count() == 0


@pytest.mark.parametrize("who", ["author", "reviewer", "nobody"])
def test_only_publishers_schedule_move_cancel_and_put_away(who, people, ready, waiting):
    person = getattr(people, who)
    with pytest.raises(TransitionNotAllowed, match="Only a publisher"):
        scheduling.schedule_publication(items=ready, by=person, due_at=in_an_hour())
    with pytest.raises(TransitionNotAllowed, match="Only a publisher"):
        scheduling.move(schedule=waiting, by=person, due_at=in_an_hour(), time_zone="UTC")
    for act in (scheduling.cancel, scheduling.put_away):
        with pytest.raises(TransitionNotAllowed, match="Only a publisher"):
            act(schedule=waiting, by=person)
    assert after(waiting).state == "waiting"


@pytest.mark.parametrize(
    ("moment", "sentence"),
    [(datetime.timedelta(seconds=-1), "in the past"), (datetime.timedelta(days=3000), "more than five years")],
)
def test_a_moment_that_is_past_or_too_far_is_refused(moment, sentence, people, ready, waiting):
    due_at = timezone.now() + moment
    with pytest.raises(TransitionNotAllowed, match=sentence):
        scheduling.schedule_publication(items=ready, by=people.publisher, due_at=due_at)
    with pytest.raises(TransitionNotAllowed, match=sentence):
        scheduling.move(schedule=waiting, by=people.publisher, due_at=due_at, time_zone="UTC")


def test_what_could_not_be_published_now_is_not_scheduled(people):
    draft = library.bring_in([condition()], people.author)
    with pytest.raises(TransitionNotAllowed, match="must be “Approved”"):
        scheduling.schedule_publication(items=draft, by=people.publisher, due_at=in_an_hour())
    uncited = library.approved([concept("uncited", citations=[])], people)
    with pytest.raises(NotPublishable, match="Cite a source for the summary"):
        scheduling.schedule_publication(items=uncited, by=people.publisher, due_at=in_an_hour())
    with pytest.raises(TransitionNotAllowed, match="this item is not published"):
        scheduling.schedule_withdrawal(item=draft[0], by=people.publisher, due_at=in_an_hour())
    assert Schedule.objects.count() == 0


def test_an_item_does_not_wait_twice_for_the_same_act(people, ready, waiting):
    with pytest.raises(TransitionNotAllowed, match="is already scheduled for"):
        scheduling.schedule_publication(items=ready[:1], by=people.publisher, due_at=in_an_hour())


def test_a_schedule_that_was_cancelled_never_happens(waiting, people):
    scheduling.cancel(schedule=waiting, by=people.publisher)
    Schedule.objects.update(due_at=timezone.now() - SOON)
    assert scheduling.run_due() == 0
    assert after(waiting).ended_by == people.publisher
    with pytest.raises(TransitionNotAllowed, match="“Cancelled”"):
        scheduling.cancel(schedule=waiting, by=people.publisher)


def test_a_schedule_that_was_moved_happens_at_its_new_moment_in_the_name_of_who_moved_it(waiting, people):
    come_due(waiting)
    scheduling.move(schedule=waiting, by=people.superuser, due_at=in_an_hour(), time_zone="Europe/London")
    assert scheduling.run_due() == 0
    come_due(waiting)
    assert scheduling.run_due() == 1
    assert Release.objects.get().published_by == people.superuser


def test_a_schedule_that_failed_is_put_away_by_a_publisher_and_its_sentence_stays(waiting, people, ready):
    library.edit(ready[0], people.author)
    come_due(waiting)
    scheduling.run_due()
    scheduling.put_away(schedule=waiting, by=people.publisher)
    assert (after(waiting).state, bool(waiting.failure)) == ("put_away", True)


# The clock


@pytest.mark.parametrize(
    ("local", "zone", "occurrence", "utc"),
    [
        ("2027-01-15T09:00", "Europe/London", "", "2027-01-15T09:00"),
        ("2027-07-15T09:00", "Europe/London", "", "2027-07-15T08:00"),
        ("2027-10-31T01:30", "Europe/London", "first", "2027-10-31T00:30"),
        ("2027-10-31T01:30", "Europe/London", "second", "2027-10-31T01:30"),
        ("2027-07-15T09:00", "America/New_York", "", "2027-07-15T13:00"),
        ("2027-07-15T09:00", "No/Such_Place", "", "2027-07-15T09:00"),
    ],
)
def test_a_local_time_is_an_instant(local, zone, occurrence, utc):
    found = scheduling.instant(datetime.datetime.fromisoformat(local), zone, occurrence)
    assert found == datetime.datetime.fromisoformat(f"{utc}+00:00")


def test_a_time_that_the_clock_shows_twice_is_asked_about_and_one_that_it_skips_refused():
    with pytest.raises(scheduling.HappensTwice) as twice:
        scheduling.instant(datetime.datetime(2027, 10, 31, 1, 30), "Europe/London")  # noqa: DTZ001 - as typed
    assert twice.value.second - twice.value.first == datetime.timedelta(0)  # on the clock; an hour apart in truth
    assert twice.value.second.utcoffset() != twice.value.first.utcoffset()
    with pytest.raises(scheduling.NeverHappens, match="01:30 does not exist"):
        scheduling.instant(datetime.datetime(2027, 3, 28, 1, 30), "Europe/London")  # noqa: DTZ001 - as typed


def test_a_moment_is_told_in_its_zone_and_in_utc():
    moment = datetime.datetime(2027, 7, 1, 8, 0, tzinfo=datetime.UTC)
    assert scheduling.in_words(moment, "Europe/London") == "1 July 2027, 09:00 Europe/London (1 July 2027, 08:00 UTC)"
    assert scheduling.in_words(moment, "UTC") == "1 July 2027, 08:00 UTC"


def test_a_zone_that_was_renamed_is_known_by_its_former_name_and_told_by_its_own():
    moment = datetime.datetime(2027, 3, 1, 3, 30, tzinfo=datetime.UTC)
    assert scheduling.in_words(moment, "Asia/Calcutta") == "1 March 2027, 09:00 Asia/Kolkata (1 March 2027, 03:30 UTC)"
    assert "Asia/Kolkata" in time_zones.zones()
    assert "Asia/Calcutta" not in time_zones.zones()


def test_a_zone_of_a_country_of_its_own_is_not_taken_for_another_with_the_same_clocks():
    assert time_zones.current_name("Europe/Stockholm") == "Europe/Stockholm"


def test_a_zone_that_is_not_known_is_told_in_utc_alone():
    moment = datetime.datetime(2027, 3, 1, 3, 30, tzinfo=datetime.UTC)
    assert scheduling.in_words(moment, "Mars/Olympus") == "1 March 2027, 03:30 UTC"
