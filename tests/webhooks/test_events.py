"""What is told of a release, and that it is written with it or not at all; nothing in it is of any draft."""

import json
import re
from datetime import timedelta
from pathlib import Path

import jsonschema
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given
from hypothesis import settings as runs
from hypothesis import strategies as st

from content_app.editorial import workflow
from content_app.models import Document, Item, Release, ReviewDate, WebhookEvent
from content_app.publication import outbox as events
from content_app.webhooks import contract, overdue
from content_app.webhooks.overdue import announce_overdue
from tests import library
from tests.golden_files import assert_golden
from tests.library import concept, condition, edit, item_of, public, relation, statement
from tests.webhook_deliveries import EVERY, NOON, endpoint, told
from tests.width import examples

pytestmark = pytest.mark.both_databases
BY_TYPE = {
    code: jsonschema.Draft202012Validator(contract.event_schema(code), format_checker=jsonschema.FormatChecker())
    for code in contract.DATA
}


def data(*types: str) -> list[dict]:
    return [event["data"] for event in told(*types)]


def published_again(document, people, **submitting) -> Release:
    library.bring_in([document], people.author)
    library.sign_off(item_of(document), people, **submitting)
    return workflow.publish(items=[item_of(document)], by=people.publisher)


@pytest.fixture
def listening(db):
    return endpoint()


def test_a_release_is_told_once_and_each_of_its_items_too_but_no_source(people, listening):
    release = library.publish([condition("one"), concept("two")], people)
    assert [event["type"] for event in told()] == ["item.published", "item.published", "release.published"]
    assert data("release.published") == [
        {
            "release": 1,
            "published_at": release.published_at.isoformat().replace("+00:00", "Z"),
            "significance": "substantive",
            "note": "Written.",
            "manifest_sha256": release.manifest_sha256,
            "items_published": 2,
            "items_withdrawn": 0,
            "items_announced": 2,
            "url": "/api/v1/releases/1/",
        }
    ]
    document = public(condition("one"))
    assert next(entry for entry in data("item.published") if entry["slug"] == "one") == {
        "id": str(document.item_uuid),
        "kind": "condition",
        "slug": "one",
        "version": 1,
        "sha256": document.sha256,
        "url": "/api/v1/conditions/one/",
        "release": 1,
        "significance": "substantive",
        "change_note": "Written.",
    }


def test_addresses_are_absolute_where_the_server_knows_its_own(people, listening, settings):
    settings.PUBLIC_URL = "https://api.example"
    library.publish([condition("one")], people)
    assert data("item.published")[0]["url"] == "https://api.example/api/v1/conditions/one/"


def test_an_item_that_is_compiled_again_is_told_of_too(people, listening):
    target = concept("the-target")
    library.publish([target, condition("pointer", relations=[relation("has_feature", target)])], people)
    WebhookEvent.objects.all().delete()
    published_again(target | {"name": "New name"}, people)
    assert [(entry["slug"], entry["significance"]) for entry in data("item.published")] == [
        ("the-target", "substantive"), ("pointer", "editorial"),
    ]  # fmt: skip


def test_a_withdrawn_item_is_told_with_its_reason_and_what_takes_its_place(people, listening):
    old, new = concept("old"), concept("new")
    library.publish([old, new], people)
    WebhookEvent.objects.all().delete()
    item, other = item_of(old), item_of(new)
    library.withdraw(item=item, by=people.publisher, reason="replaced", replaced_by=other, note="Merged.")
    assert [event["type"] for event in told()] == ["item.withdrawn", "release.published"]
    told_of = data("item.withdrawn")[0]
    assert (told_of["slug"], told_of["reason"], told_of["change_note"]) == ("old", "replaced", "Merged.")
    assert told_of["replaced_by"] == {
        "id": new["uuid"], "kind": "concept", "slug": "new", "url": "/api/v1/concepts/new/",
    }  # fmt: skip
    assert data("release.published")[0]["items_withdrawn"] == 1
    library.withdraw(item=other, by=people.publisher, note="Wrong.")
    assert data("item.withdrawn")[1]["replaced_by"] is None


def test_safety_is_told_when_a_notice_comes_changes_stays_and_goes(people, listening):
    document = condition("one", caution="This always holds, and is no news.")
    library.publish([document], people)
    assert data("content.safety") == []
    for notice, expected in (
        ("Stop it.", "added"), ("Stop it now.", "changed"), ("Stop it now.", "unchanged"), (None, "removed"),
    ):  # fmt: skip
        statements = [statement(f"Now {expected}.")]
        changed = document | {"statements": statements} | ({"safety_notice": notice} if notice else {})
        published_again(changed, people)
        assert data("content.safety")[-1]["safety_notice"] == expected
    assert len(data("content.safety")) == 4
    published_again(document | {"statements": [statement("Quiet.")]}, people)
    assert len(data("content.safety")) == 4


def test_safety_is_told_when_the_change_is_significant_for_it(people, listening):
    document = condition("one")
    library.publish([document], people)
    published_again(document | {"statements": [statement("A dose.")]}, people, significance="safety")
    assert [(entry["safety_notice"], entry["significance"]) for entry in data("content.safety")] == [(None, "safety")]
    assert data("release.published")[-1]["significance"] == "safety"


def test_safety_is_told_when_an_item_with_a_notice_is_withdrawn(people, listening):
    document = concept("one", safety_notice="Stop.")
    library.publish([document], people)
    library.withdraw(item=item_of(document), by=people.publisher, note="It was wrong.")
    last = data("content.safety")[-1]
    assert (last["safety_notice"], last["withdrawn"]) == ("removed", True)


# Written with the release, or not at all


def test_a_release_that_is_taken_back_leaves_no_event(people, listening):
    items = library.approved([condition("one")], people)
    with transaction.atomic():
        workflow.publish(items=items, by=people.publisher)
        assert WebhookEvent.objects.count() == 2
        transaction.set_rollback(True)
    assert (Release.objects.count(), WebhookEvent.objects.count()) == (0, 0)


def test_events_that_cannot_be_written_take_the_release_back(people, listening, monkeypatch):
    items = library.approved([condition("one")], people)

    def full(rows):
        raise OSError("disk full")

    monkeypatch.setattr(WebhookEvent.objects, "bulk_create", full)
    with pytest.raises(OSError, match="disk full"), transaction.atomic():
        workflow.publish(items=items, by=people.publisher)
    assert Release.objects.count() == 0


# What it costs


def test_without_endpoints_a_release_costs_one_query_more_and_writes_nothing(people):
    items = library.approved([concept(f"number-{n}") for n in range(3)], people)
    with CaptureQueriesContext(connection) as captured:
        workflow.publish(items=items, by=people.publisher)
    assert len([query for query in captured if "webhook" in query["sql"]]) == 1
    assert WebhookEvent.objects.count() == 0


def test_with_endpoints_the_number_of_queries_does_not_grow_with_items_or_endpoints(people):
    for number in range(5):
        endpoint(f"https://host-{number}.example/")
    items = library.approved([concept(f"number-{n}") for n in range(12)], people)
    with CaptureQueriesContext(connection) as captured:
        workflow.publish(items=items, by=people.publisher)
    written = [query["sql"] for query in captured if "webhook" in query["sql"]]
    assert len(written) == 2
    assert WebhookEvent.objects.count() == 13


def test_only_what_somebody_wants_is_written(people):
    endpoint(events=["release.published"])
    off = endpoint("https://off.example/", events=["item.published"])
    type(off).objects.filter(pk=off.pk).update(is_active=False)
    of_nobody = endpoint("https://gone.example/", events=["content.safety"], of="Gone")
    type(of_nobody.client).objects.filter(pk=of_nobody.client_id).update(is_active=False)
    library.publish([condition("one", safety_notice="Stop.")], people)
    assert [event["type"] for event in told()] == ["release.published"]


def test_the_number_of_events_of_a_release_is_bounded_and_said(people, listening, monkeypatch):
    monkeypatch.setattr(events, "MOST_ITEM_EVENTS", 3)
    items = library.bring_in([concept(f"number-{n}") for n in range(6)], people.author)
    for number, item in enumerate(items):
        library.sign_off(item, people, significance="safety" if number == 5 else "substantive")
    workflow.publish(items=items, by=people.publisher)
    assert len(data("item.published")) == 3
    assert data("item.published")[0]["significance"] == "safety"
    assert (data("release.published")[0]["items_published"], data("release.published")[0]["items_announced"]) == (6, 3)


# Form and content


@pytest.mark.parametrize("text", ["\x01", "𝄞", "é", '"', "\\"])
def test_an_event_stays_below_20_kB_however_long_its_notes_are(people, listening, text):
    items = library.bring_in([condition("c" * 120)], people.author)
    library.sign_off(items[0], people, change_note=f"{text * 30_000}.", significance="safety")
    workflow.publish(items=items, by=people.publisher)
    sizes = [len(bytes(event.body)) for event in WebhookEvent.objects.all()]
    assert len(sizes) == 3
    assert max(sizes) < 20_000
    assert data("item.published")[0]["change_note"].endswith("…")


def test_every_event_fits_its_schema_and_has_no_field_beside_it(people, listening):
    target = concept("target", safety_notice="Stop.")
    library.publish([target, condition("one")], people)
    library.withdraw(item=item_of(target), by=people.publisher, note="Wrong.")
    announce_overdue(NOON + timedelta(days=800))
    events.trial_event(listening, NOON).save()
    assert {event["type"] for event in told()} == {*EVERY, events.TEST}
    for event in told():
        BY_TYPE[event["type"]].validate(event)
        assert set(event["data"]) == set(contract.DATA[event["type"]])


SECRET = "Unpublished-7f3a"
DRAFTS = {
    "name": f"Name {SECRET}",
    "summary_clinical": f"Clinical {SECRET}",
    "summary_plain": f"Plain {SECRET}",
    "safety_notice": f"Notice {SECRET}",
    "slug": f"slug-{SECRET.lower()}",
}
STEPS = st.lists(
    st.sampled_from(["draft", "publish", "withdraw", "rename", "submit", "overdue"]), min_size=1, max_size=6
)


@pytest.mark.one_database
@pytest.mark.widens
@runs(max_examples=examples(4, 12), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, field=st.sampled_from(list(DRAFTS)))
def test_whatever_editors_do_no_event_holds_a_word_of_a_draft(people, listening, steps, field):
    with transaction.atomic():
        one, other = concept("one"), condition("other", relations=[relation("has_feature", "concept/one")])
        library.publish([one, other], people)
        for number, step in enumerate(steps):
            do(step, number, field, one, other, people)
        assert WebhookEvent.objects.count() >= 3
        for event in WebhookEvent.objects.all():
            assert SECRET.lower() not in bytes(event.body).decode().lower()
            assert SECRET.lower() not in event.about.lower()
        transaction.set_rollback(True)


def do(step: str, number: int, field: str, one: dict, other: dict, people) -> None:
    """One step of the editors. What is said of the other item is a draft for ever."""
    if step == "draft":
        edit(item_of(other), people.author, **{field: DRAFTS[field]})
    elif step == "submit" and item_of(other).status == "draft":
        workflow.submit(item=item_of(other), by=people.author, change_note=f"Note {SECRET}", significance="safety")
    elif step in ("publish", "rename"):
        name = {"name": f"One, named {number}"} if step == "rename" else {}
        published_again(one | {"statements": [statement(f"Statement {number}.")]} | name, people)
    elif step == "withdraw" and item_of(other).published_revision_id:
        library.withdraw(item=item_of(other), by=people.publisher, note="It was wrong.")
    elif step == "overdue":
        announce_overdue(NOON + timedelta(days=800 + number))


# Reviews


def test_a_review_that_is_overdue_is_told_once_for_its_due_date(people, listening):
    library.publish([concept("one")], people)
    due = item_of(concept("one")).review_due_on
    WebhookEvent.objects.all().delete()
    at = NOON.replace(year=due.year, month=due.month, day=due.day)
    assert announce_overdue(at) == 0
    assert announce_overdue(at + timedelta(days=1)) == 1
    assert announce_overdue(at + timedelta(days=1)) == 0
    assert announce_overdue(at + timedelta(days=40)) == 0
    told_of = data("review.overdue")
    assert [(entry["slug"], entry["review_due_on"], entry["release"]) for entry in told_of] == [
        ("one", due.isoformat(), 1)
    ]


def test_a_new_due_date_is_told_anew(people, listening):
    document = concept("one")
    library.publish([document], people)
    announce_overdue(NOON + timedelta(days=800))
    Item.objects.update(review_cycle_months=24)
    workflow.record_edit(item=item_of(document), by=people.author)
    library.sign_off(item_of(document), people)
    workflow.publish(items=[item_of(document)], by=people.publisher)
    assert announce_overdue(NOON + timedelta(days=100)) == 0
    assert announce_overdue(NOON + timedelta(days=800)) == 1
    assert len({entry["review_due_on"] for entry in data("review.overdue")}) == 2


def test_an_item_that_was_reviewed_just_before_it_is_told_of_is_not(people, listening):
    document = concept("one")
    library.publish([document], people)
    overdue.follow()
    Item.objects.update(review_cycle_months=60)
    workflow.record_edit(item=item_of(document), by=people.author)
    library.sign_off(item_of(document), people)
    workflow.publish(items=[item_of(document)], by=people.publisher)
    assert overdue.tell(NOON + timedelta(days=800)) == 1
    assert announce_overdue(NOON + timedelta(days=800)) == 0
    assert data("review.overdue") == []


def test_the_due_date_of_a_draft_tells_nothing(people, listening):
    library.publish([concept("one")], people)
    library.approved([concept("never-published")], people)
    edit(item_of(concept("one")), people.author)
    Item.objects.update(reviewed_on="2020-01-01", review_due_on="2021-01-01")
    assert announce_overdue(NOON) == 0
    assert data("review.overdue") == []


def test_a_withdrawn_item_is_not_overdue(people, listening):
    library.publish([concept("one")], people)
    announce_overdue(NOON)
    library.withdraw(item=item_of(concept("one")), by=people.publisher, note="Wrong.")
    announce_overdue(NOON + timedelta(days=800))
    assert data("review.overdue") == []


def test_looking_for_overdue_reviews_costs_three_queries_when_nothing_is_new(people, listening):
    library.publish([concept(f"number-{n}") for n in range(3)], people)
    announce_overdue(NOON)
    with CaptureQueriesContext(connection) as captured:
        announce_overdue(NOON)
    assert len(captured) == 3
    assert ReviewDate.objects.count() == 3
    assert Document.objects.count() == 4


# The documentation


def test_the_description_holds_every_type_of_event_with_its_schema_headers_and_example(client, db):
    webhooks = client.get("/openapi.json").json()["webhooks"]
    assert set(webhooks) == set(contract.DATA) == {*EVERY, events.TEST}
    for code, operations in webhooks.items():
        operation = operations["post"]
        content = operation["requestBody"]["content"]["application/json"]
        jsonschema.Draft202012Validator(content["schema"]).validate(content["examples"]["AsRecorded"]["value"])
        assert content["schema"]["properties"]["type"]["const"] == code
        assert [header["name"] for header in operation["parameters"]] == [
            "webhook-id", "webhook-timestamp", "webhook-signature",
        ]  # fmt: skip


EXAMPLE_ID, EXAMPLE_TIME = "6f2a4a1e-6f0c-4d8c-9a57-0c6cf1f1d3a1", "2026-11-23T12:00:00Z"


def test_examples_in_the_documentation_are_real_events(people, listening, settings):
    settings.PUBLIC_URL = "https://api.example"
    old = concept("cold-hands", safety_notice="Ask before you use ice.")
    library.publish([old, concept("cold-skin")], people)
    replaced_by = item_of(concept("cold-skin"))
    library.withdraw(
        item=item_of(old), by=people.publisher, reason="replaced", replaced_by=replaced_by, note="Said twice."
    )
    announce_overdue(NOON + timedelta(days=800))
    events.trial_event(listening, NOON).save()
    for code in contract.DATA:
        event = told(code)[0]
        text = json.dumps(event, ensure_ascii=False, indent=2) + "\n"
        text = re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+Z", EXAMPLE_TIME, text)
        text = re.sub(r'"review_due_on": "[\d-]+"', '"review_due_on": "2026-11-22"', text)
        text = re.sub(r'(sha256": ")[0-9a-f]{64}', r"\g<1>" + "5e" * 32, text)
        text = re.sub(r'"endpoint": "[0-9a-f-]+"', f'"endpoint": "{EXAMPLE_ID}"', text)
        BY_TYPE[code].validate(json.loads(text))
        assert_golden(Path(contract.EXAMPLES) / f"{code}.json", text)
