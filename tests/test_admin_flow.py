"""The desk's pages for schedules, comments, who is here, and what is found in a form that is not saved."""

import datetime

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from content_app import checking, reviewing, scheduling
from content_app.models import (
    Checked,
    Comment,
    Concept,
    Condition,
    Event,
    Presence,
    Release,
    Revision,
    Schedule,
    Source,
    Statement,
    Thread,
)
from tests import library
from tests.admin_forms import fields_of, with_row
from tests.library import concept, condition, item_of, relation, statement

HOSTILE = "<script>alert(1)</script> {{ 7|add:7 }} \u202eמלה 😀"
TOMORROW = datetime.timedelta(days=1)


@pytest.fixture
def desk(people):
    """Everybody may sign in to the desk."""
    User.objects.update(is_staff=True)
    return people


@pytest.fixture
def item(desk):
    return library.bring_in([condition(statements=[statement("One."), statement("Two.")])], desk.author)[0]


def page_of(item, end: str = "change/") -> str:
    return f"/admin/content_app/{item.kind.replace('_', '')}/{item.pk}/{end}"


def opened(client, item) -> dict[str, list[str]]:
    return fields_of(client.get(page_of(item)), f"{item.kind.replace('_', '')}_form")


# Schedules


def later(client, item, **typed) -> dict:
    """The fields of “Publish it at a time”, with what was typed."""
    page = client.get(page_of(item, "verb/publish/"))
    seen = fields_of(page, page_of(item, "verb/publish/"))
    return seen | {"scheduled": "yes", "time_zone": "Europe/London", "at": "2030-07-01T09:00"} | typed


@pytest.fixture
def ready(desk):
    return library.approved([condition()], desk)[0]


def test_a_publisher_schedules_from_the_page_before_a_release_and_sees_the_zone_and_utc(client, desk, ready):
    client.force_login(desk.publisher)
    response = client.post(page_of(ready, "verb/publish/"), later(client, ready, note="At last."), follow=True)
    told = "1 July 2030, 09:00 Europe/London (1 July 2030, 08:00 UTC)"
    assert f"Scheduled for {told}" in response.content.decode()
    schedule = Schedule.objects.get()
    assert (schedule.note, schedule.due_at.hour, schedule.set_by) == ("At last.", 8, desk.publisher)
    assert Release.objects.count() == 0
    assert told in client.get(page_of(ready)).content.decode()
    client.force_login(desk.author)
    assert told in client.get("/admin/content_app/schedule/").content.decode()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"at": "2020-01-01T09:00"}, "That moment is past"),
        ({"at": ""}, "This field is required"),
        ({"at": "tomorrow"}, "Give a day and a time"),
        ({"at": "9999-12-31T23:59"}, "more than five years"),
        ({"at": "2030-03-31T01:30"}, "never shows 01:30"),
        ({"at": "2030-10-27T01:30"}, "shows 01:30 twice: choose which"),
        ({"time_zone": "Mars/Olympus"}, "Select a valid choice"),
        ({"at": "\0"}, "Give a day and a time"),
        ({"seen": "1-99"}, "Something has changed since this page was shown"),
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
    client.force_login(desk.publisher)
    typed = {"at": "2030-01-01T09:00", "time_zone": "UTC", "reason": "gone", "note": "It was old.", "replaced_by": ""}
    response = client.post(page_of(item_of(condition()), "verb/withdraw-later/"), typed, follow=True)
    assert "is scheduled to be withdrawn" in response.content.decode()
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
    assert "Change the moment" not in client.get(address).content.decode()
    assert "Only a publisher can change a schedule." in client.post(address, moved).content.decode()
    client.force_login(desk.publisher)
    assert "nothing is in its way" in client.get(address).content.decode()
    assert "It is moved to 1 January 2030" in client.post(address, moved, follow=True).content.decode()
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
    assert numbers["Scheduled in vain"].count == 1
    assert client.get(numbers["Scheduled in vain"].href).context["cl"].result_count == 1
    page = client.get(page_of(ready)).content.decode()
    assert "What was scheduled did not happen" in page
    assert "is no longer what was scheduled" in page
    assert "scheduled in vain by the-publisher" in page
    client.post(f"/admin/content_app/schedule/{waiting.pk}/change/", {"act": "put_away"})
    assert "What was scheduled did not happen" not in client.get(page_of(ready)).content.decode()


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


# Comments


def say(client, item, **values):
    return client.post(page_of(item, "comment/"), values, follow=True)


def test_a_reviewer_comments_on_a_field_and_a_statement_and_the_author_sees_it_beside_them(client, desk, item):
    uuid = item.statements.get(clinical="Two.").uuid
    client.force_login(desk.reviewer)
    say(client, item, anchor="summary_plain", text="Too long.")
    say(client, item, anchor=f"statements/{uuid}", text="Is it?")
    client.force_login(desk.author)
    response = client.get(page_of(item))
    page = response.content.decode()
    assert 'Open comments <span class="count">2</span>' in page
    beside = page[page.index('id="line-summary_plain"') : page.index('id="line-citations"')]
    assert "Too long." in beside
    second = page[page.index('id="statements-1"') : page.index('id="statements-empty"')]
    assert "Is it?" in second
    threads = response.context["threads"]
    assert [(one.label, one.href) for one in threads] == [
        ("Summary in plain words", "#line-summary_plain"), ("Overview “Two.”", "#statements-1"),
    ]  # fmt: skip


def test_an_author_answers_and_resolves_and_only_a_reviewer_opens_again(client, desk, item):
    thread = reviewing.start(item=item, by=desk.reviewer, text="Where from?")
    client.force_login(desk.author)
    say(client, item, thread=thread.pk, text="From the text.")
    assert "The comment is resolved." in say(client, item, thread=thread.pk, act="resolve").content.decode()
    refused = say(client, item, thread=thread.pk, act="reopen", text="My words.")
    assert refused.status_code == 409
    assert "Only a reviewer" in refused.content.decode()
    assert "My words." in refused.content.decode()
    client.force_login(desk.reviewer)
    say(client, item, thread=thread.pk, act="reopen")
    assert Thread.objects.get().is_open
    assert Comment.objects.count() == 4


def test_comments_wait_for_whoever_is_to_speak_next(client, desk, item):
    thread = reviewing.start(item=item, by=desk.reviewer, text="Where from?")

    def waits_for() -> list[str]:
        found = []
        for name in ("author", "second_author", "reviewer"):
            client.force_login(getattr(desk, name))
            if client.get("/admin/content_app/item/", {"queue": "comments-for-me"}).context["cl"].result_count:
                found.append(name)
        return found

    assert waits_for() == ["author"]
    reviewing.reply(thread=thread, by=desk.author, text="From the text.")
    assert waits_for() == ["reviewer"]
    reviewing.reply(thread=thread, by=desk.second_author, text="From another.")
    assert waits_for() == ["author", "reviewer"]
    reviewing.resolve(thread=thread, by=desk.author)
    assert waits_for() == []


def test_hostile_text_in_a_comment_is_shown_to_the_letter_and_null_bytes_are_refused(client, desk, item):
    client.force_login(desk.reviewer)
    say(client, item, anchor="name", text=HOSTILE)
    page = client.get(page_of(item)).content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{ 7|add:7 }}" in page
    assert "<script>alert" not in page
    for bad in ("a\0b", " ", "x" * 6000):
        assert say(client, item, text=bad).status_code == 409
    assert say(client, item, anchor="no_such_field", text="x").status_code == 409
    assert say(client, item, thread="99999", text="x").status_code == 409
    assert Comment.objects.count() == 1


def test_a_thread_of_another_item_is_not_answered_here_and_nobody_without_a_role_comments(client, desk, item):
    other = library.bring_in([concept("other")], desk.author)[0]
    thread = reviewing.start(item=other, by=desk.reviewer, text="Here.")
    client.force_login(desk.author)
    assert say(client, item, thread=thread.pk, text="There.").status_code == 409
    client.force_login(desk.nobody)
    assert client.post(page_of(item, "comment/"), {"text": "I too."}).status_code == 403
    assert Comment.objects.count() == 1


def test_requesting_changes_gathers_the_open_comments(client, desk, item):
    library.workflow.submit(item=item, by=desk.author, change_note="Written.")
    reviewing.start(item=item, by=desk.reviewer, anchor="summary_plain", text="Too long.")
    done = reviewing.start(item=item, by=desk.reviewer, text="Settled.")
    reviewing.resolve(thread=done, by=desk.author)
    client.force_login(desk.reviewer)
    address = page_of(item, "verb/request_changes/")
    assert client.post(address, {"comment": ""}).status_code == 200
    client.post(address, {"comment": "Nearly there.", "gather": "on"})
    assert item.events.first().note == "Nearly there.\n\nSummary in plain words: Too long."
    item.refresh_from_db()
    assert item.status == "draft"


# Who is here


def here(client, item) -> list[str]:
    return client.post(page_of(item, "presence/")).json()["others"]


def test_whoever_has_the_item_open_is_named_until_they_leave_or_fall_silent(client, desk, item):
    client.force_login(desk.author)
    client.get(page_of(item))
    client.force_login(desk.second_author)
    page = client.get(page_of(item)).content.decode()
    since = Presence.objects.get(person=desk.author).opened_at
    assert f"the-author has had this open since {since:%H:%M} UTC." in page
    assert len(here(client, item)) == 1
    Presence.objects.filter(person=desk.author).update(seen_at=timezone.now() - datetime.timedelta(seconds=61))
    assert here(client, item) == []
    client.force_login(desk.author)
    assert len(here(client, item)) == 1
    assert Presence.objects.get(person=desk.author).opened_at > since
    client.force_login(desk.second_author)
    client.post(page_of(item, "presence/"), {"leave": "1"})
    client.force_login(desk.author)
    assert here(client, item) == []


def test_who_only_reads_is_nobodys_concern(client, desk, item):
    client.force_login(desk.reviewer)
    client.get(page_of(item))
    assert client.post(page_of(item, "presence/")).status_code == 403
    assert client.get(page_of(item, "presence/")).status_code == 405
    assert not Presence.objects.exists()


# What is found as one types


def found(client, item, fields) -> dict[str, list[str]]:
    response = client.post(page_of(item, "check/"), fields)
    assert response.status_code == 200, response.content
    findings = response.context["findings"]
    return {sort: [(one.sentence, one.href) for one in getattr(findings, sort)] for sort in
            ("faults", "obstacles", "warnings")}  # fmt: skip


def rows() -> list[int]:
    tables = (Condition, Concept, Statement, Revision, Event, Source, Comment, Checked)
    return [table.objects.count() for table in tables]


def test_what_is_typed_is_checked_as_it_would_be_once_saved_and_nothing_is_saved(client, desk):
    gap = concept("a-gap", topic="knowledge_gap")
    documents = [
        gap,
        condition(
            names=[{"text": "Clinically", "type": "clinical_term"}],
            statements=[statement("One."), statement("Two.", citations=[])],
            relations=[relation("has_knowledge_gap", gap, citations=[])],
            codings=[library.coding()],
        ),
    ]
    library.bring_in(documents, desk.author)
    item = item_of(condition())
    client.force_login(desk.author)
    before = rows(), item.updated_at
    fields = opened(client, item)
    shown = client.get(page_of(item)).context["findings"]
    same = found(client, item, fields)
    assert [sentence for sentence, _ in same["obstacles"]] == [one.sentence for one in shown.obstacles]
    assert [href for _, href in same["obstacles"]] == [one.href for one in shown.obstacles]
    assert same["faults"] == []
    typed = found(client, item, fields | {"statements-1-citations": ["a-text"], "summary_plain": [""]})
    sentences = [sentence for sentence, _ in typed["obstacles"]]
    assert "Write the summary for everyone, in plain words." in sentences
    assert not any("Two." in sentence for sentence in sentences)
    item.refresh_from_db()
    assert (rows(), item.updated_at) == before
    assert item.summary_plain != ""


def test_a_finding_leads_to_its_row_though_rows_were_moved_added_and_deleted(client, desk, item):
    client.force_login(desk.author)
    fields = with_row(
        opened(client, item), "statements",
        clinical="Three.", plain="3.", aspect="overview", certainty="likely", citations="", place="1", id="",
    )  # fmt: skip
    fields |= {"statements-0-DELETE": ["on"]}
    obstacles = found(client, item, fields)["obstacles"]
    assert obstacles == [("Cite a source for the statement “Three.…”.", "#id_statements-2-citations")]


def test_what_keeps_the_form_from_being_saved_is_said_with_its_field(client, desk, item):
    client.force_login(desk.author)
    fields = opened(client, item) | {"slug": ["Not a slug"], "citations": ["a-txt"], "statements-0-aspect": [""]}
    said = found(client, item, fields)
    assert {href for _, href in said["faults"]} == {"#id_slug", "#id_citations", "#id_statements-0-aspect"}
    assert all("citations" not in href for _, href in said["obstacles"])


def test_a_new_item_is_checked_before_it_has_a_name(client, desk):
    client.force_login(desk.author)
    fields = fields_of(client.get("/admin/content_app/concept/add/"), "concept_form")
    response = client.post("/admin/content_app/concept/add/check/", fields | {"topic": ["feature"]})
    findings = response.context["findings"]
    assert {one.href for one in findings.faults} == {"#id_name", "#id_slug"}
    assert "Cite the source of the summary." in [one.sentence for one in findings.obstacles]
    assert not Concept.objects.exists()


@pytest.mark.parametrize("who", ["reviewer", "publisher", "nobody"])
def test_whoever_may_not_edit_checks_nothing(who, client, desk, item):
    client.force_login(getattr(desk, who))
    assert client.post(page_of(item, "check/"), {}).status_code == 403
    assert client.post("/admin/content_app/condition/add/check/", {}).status_code == 403


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"names-TOTAL_FORMS": "x"},
        {"name": "\0"},
        {"statements-TOTAL_FORMS": "999999", "statements-INITIAL_FORMS": "0"},
    ],
)
def test_a_forged_form_is_answered(fields, client, desk, item):
    client.force_login(desk.author)
    assert client.post(page_of(item, "check/"), fields).status_code == 200
    assert client.post(f"/admin/content_app/condition/{10**30}/check/", fields).status_code == 404


# Warnings, counted beforehand


def counted() -> dict[str, int]:
    return dict(Checked.objects.values_list("item__slug", "warnings"))


def test_warnings_are_counted_anew_when_an_item_its_source_or_its_neighbour_changes(client, desk):
    library.bring_in([concept("one"), concept("two", relations=[relation("part_of", concept("one"))])], desk.author)
    assert (checking.refresh(), checking.refresh()) == (2, 0)
    assert counted() == {"one": 0, "two": 0}
    client.force_login(desk.author)
    source = Source.objects.get()
    address = f"/admin/content_app/source/{source.pk}/change/"
    client.post(address, fields_of(client.get(address), "source_form") | {"retracted": ["on"]})
    assert checking.refresh() == 2
    assert set(counted().values()) == {1}
    library.edit(item_of(concept("one")), desk.author)
    assert [checking.refresh() for _ in range(3)] == [1, 1, 0]  # itself, then what points to it
    Checked.objects.update(day=timezone.now().date() - TOMORROW)
    assert checking.refresh() == 2


def test_many_items_are_counted_in_few_queries(desk, django_assert_max_num_queries):
    library.bring_in([concept(f"number-{n}") for n in range(30)], desk.author)
    with django_assert_max_num_queries(25):
        assert checking.refresh() == 30
