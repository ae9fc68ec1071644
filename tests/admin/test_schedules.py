"""The desk's pages for schedules: set from the page before a release, moved, cancelled, and said when in vain."""

import datetime

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from content_app.editorial import scheduling, withdrawal
from content_app.models import Release, Schedule
from tests import library
from tests.admin_forms import fields_of
from tests.library import concept, condition, item_of

TOMORROW = datetime.timedelta(days=1)


@pytest.fixture
def desk(people):
    """Everybody may sign in to the desk."""
    User.objects.update(is_staff=True)
    return people


def page_of(item, end: str = "change/") -> str:
    return f"/admin/content_app/{item.kind.replace('_', '')}/{item.pk}/{end}"


def opened(client, item) -> dict[str, list[str]]:
    return fields_of(client.get(page_of(item)), f"{item.kind.replace('_', '')}_form")


def later(client, item, **typed) -> dict:
    """The fields of “Publish it at a time”, with what was typed."""
    page = client.get(page_of(item, "verb/publish/"))
    seen = fields_of(page, page_of(item, "verb/publish/"))
    return seen | {"scheduled": "yes", "time_zone": "Europe/London", "at": "2030-07-01T09:00"} | typed


@pytest.fixture(scope="module")
def approved_condition(library_of_a_module):
    library.approved([condition()], library_of_a_module)


@pytest.fixture
def ready(approved_condition, desk):
    return item_of(condition())


def test_a_publisher_schedules_from_the_page_before_a_release_and_sees_the_zone_and_utc(client, desk, ready):
    client.force_login(desk.publisher)
    response = client.post(page_of(ready, "verb/publish/"), later(client, ready), follow=True)
    told = "1 July 2030, 09:00 Europe/London (1 July 2030, 08:00 UTC)"
    assert f"Scheduled for {told}" in response.content.decode()
    schedule = Schedule.objects.get()
    assert (schedule.due_at.hour, schedule.set_by) == (8, desk.publisher)
    assert Release.objects.count() == 0
    assert told in client.get(page_of(ready)).content.decode()
    client.force_login(desk.author)
    assert told in client.get("/admin/content_app/schedule/").content.decode()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"at": "2020-01-01T09:00"}, "This date and time are in the past"),
        ({"at": ""}, "Enter a date and time."),
        ({"at": "tomorrow"}, "Enter a date and time"),
        ({"at": "9999-12-31T23:59"}, "more than five years"),
        ({"at": "2030-03-31T01:30"}, "01:30 does not exist"),
        ({"at": "2030-10-27T01:30"}, "01:30 happens twice"),
        ({"time_zone": "Mars/Olympus"}, "Select a valid choice"),
        ({"at": "\0"}, "Enter a date and time"),
        ({"seen": "1-99"}, "something has changed since you opened this page"),
    ],
)
def test_a_moment_that_cannot_be_meant_is_refused_with_a_sentence(typed, sentence, client, desk, ready):
    client.force_login(desk.publisher)
    response = client.post(page_of(ready, "verb/publish/"), later(client, ready, **typed))
    assert response.status_code == 409
    assert sentence in response.content.decode()
    assert not Schedule.objects.exists()


def test_of_a_time_that_happens_twice_the_second_is_chosen(client, desk, ready):
    client.force_login(desk.publisher)
    asked = client.post(page_of(ready, "verb/publish/"), later(client, ready, at="2030-10-27T01:30"))
    assert "The second time: 01:30, GMT (UTC+0000)" in asked.content.decode()
    twice = later(client, ready, at="2030-10-27T01:30", occurrence="second")
    client.post(page_of(ready, "verb/publish/"), twice)
    assert Schedule.objects.get().due_at == datetime.datetime(2030, 10, 27, 1, 30, tzinfo=datetime.UTC)


def test_a_selection_is_scheduled_from_the_list_as_one(client, desk):
    items = library.approved([condition("one"), concept("other")], desk)
    client.force_login(desk.publisher)
    chosen = {"action": "publish_selected", "_selected_action": [item.pk for item in items]}
    page = client.post("/admin/content_app/item/", chosen)
    seen = fields_of(page, "/admin/content_app/item/release/")
    typed = {"scheduled": "yes", "time_zone": "UTC", "at": "2030-01-01T00:00"}
    client.post("/admin/content_app/item/release/", seen | {"item": [i.pk for i in items]} | typed)
    assert Schedule.objects.get().items.count() == 2


def test_a_published_item_is_withdrawn_at_a_time(client, desk):
    library.publish([condition()], desk)
    withdrawal.request(item=item_of(condition()), by=desk.author, reason="gone", note="It was old.")
    client.force_login(desk.publisher)
    typed = {"at": "2030-01-01T09:00", "time_zone": "UTC"}
    response = client.post(page_of(item_of(condition()), "verb/withdraw-later/"), typed, follow=True)
    assert "was scheduled to be withdrawn" in response.content.decode()
    assert (Schedule.objects.get().act, Schedule.objects.get().reason) == ("withdraw", "gone")
    client.force_login(desk.reviewer)
    refused = client.post(page_of(item_of(condition()), "verb/withdraw-later/"), typed)
    assert refused.status_code == 409
    assert Schedule.objects.count() == 1


@pytest.fixture
def waiting(desk, ready):
    return scheduling.schedule_publication(items=[ready], by=desk.publisher, due_at=timezone.now() + TOMORROW)


def test_a_schedule_is_moved_and_cancelled_on_its_page_by_publishers_only(client, desk, ready, waiting):
    address = f"/admin/content_app/schedule/{waiting.pk}/change/"
    moved = {"act": "move", "at": "2030-01-01T09:00", "time_zone": "UTC"}
    client.force_login(desk.reviewer)
    assert "Change the date or time" not in client.get(address).content.decode()
    assert "Only a publisher can change a schedule." in client.post(address, moved).content.decode()
    client.force_login(desk.publisher)
    assert "As things are now, it can be carried out" in client.get(address).content.decode()
    assert "Rescheduled for 1 January 2030" in client.post(address, moved, follow=True).content.decode()
    assert client.post(address, {"act": "move", "at": "", "time_zone": "UTC"}).status_code == 409
    client.post(address, {"act": "cancel"})
    waiting.refresh_from_db()
    assert waiting.state == "cancelled"
    assert client.post(address, {"act": "no-such"}).status_code == 200
    client.force_login(desk.nobody)
    assert client.get(address).status_code == 403
    assert client.get("/admin/content_app/schedule/").status_code == 403


def test_what_failed_is_said_at_home_on_its_page_and_in_the_trail_until_it_is_put_away(client, desk, ready, waiting):
    library.edit(ready, desk.author)
    Schedule.objects.update(due_at=timezone.now() - TOMORROW)
    scheduling.run_due()
    client.force_login(desk.publisher)
    numbers = {number.label: number for number in client.get("/admin/").context["numbers"]}
    assert numbers["Scheduling failed"].count == 1
    assert client.get(numbers["Scheduling failed"].href).context["cl"].result_count == 1
    page = client.get(page_of(ready)).content.decode()
    assert "Scheduling failed" in page
    assert "has been edited since it was scheduled" in page
    assert "missed the scheduled time set by the-publisher" in page
    client.post(f"/admin/content_app/schedule/{waiting.pk}/change/", {"act": "put_away"})
    assert "Scheduling failed" not in client.get(page_of(ready)).content.decode()


def test_scheduling_takes_nobody_out_of_a_queue_and_no_conflict_page_is_misled(client, desk, ready, waiting):
    client.force_login(desk.author)
    stale = opened(client, ready)
    library.workflow.request_changes(item=ready, by=desk.reviewer, comment="Say more.")
    Schedule.objects.update(due_at=timezone.now() - TOMORROW)
    scheduling.run_due()
    queue = client.get("/admin/content_app/item/", {"queue": "sent-back"}).context["cl"]
    assert queue.result_count == 1
    refused = client.post(page_of(ready), stale | {"name": ["Mine"]})
    assert [event.verb for event in refused.context["conflict"].events] == ["request_changes"]
