"""After a save an author is where the next step stands, and knows what the save has done to what was further on."""

import pytest
from django.contrib.admin import ModelAdmin
from django.contrib.auth.models import User
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from content_app.editorial import workflow
from content_app.models import SignOff
from tests import library
from tests.admin_forms import fields_of, with_row
from tests.library import coding, concept, condition, item_of, relation, statement, symptom_type


@pytest.fixture(scope="module")
def published_condition(library_of_a_module):
    """A published condition; everybody may sign in to the desk."""
    User.objects.update(is_staff=True)
    library.publish([condition()], library_of_a_module)


@pytest.fixture
def item(published_condition, db):
    return item_of(condition())


def page_of(item):
    return f"/admin/content_app/condition/{item.pk}/change/"


def opened(client, item):
    return fields_of(client.get(f"{page_of(item)}?open=all"), "condition_form")


def taken_to(item, status, people):
    """The item in review, or signed off."""
    workflow.submit(item=item, by=people.author, change_note="Again.")
    if status == "approved":
        workflow.approve(item=item, by=people.reviewer, content=workflow.content_sha256(item))


def test_a_save_leads_back_to_the_page_with_the_next_steps(client, people, item):
    client.force_login(people.author)
    address = f"{page_of(item)}?_changelist_filters=q%3Dpain"
    answer = client.post(address, opened(client, item) | {"safety_notice": ["Mind this."]})
    assert (answer.status_code, answer["Location"]) == (302, address)
    page = client.get(f"{page_of(item)}?open=all").content.decode()
    assert 'name="_save"' in page
    assert 'name="_continue"' not in page


@pytest.mark.parametrize(
    ("status", "before", "after"),
    [
        ("published", "", "Readers see the published version until"),
        (
            "in_review",
            "This item is being reviewed. If you save a change",
            "It is no longer in review: send it for review again",
        ),
        (
            "approved",
            "This item is signed off. If you save a change",
            "Its sign-off no longer applies: send it for review again.",
        ),
    ],
)
def test_a_save_says_what_it_does_to_what_was_further_on(client, people, item, status, before, after):
    if status != "published":
        taken_to(item, status, people)
    client.force_login(people.author)
    assert before in client.get(f"{page_of(item)}?open=all").content.decode()
    answer = client.post(page_of(item), opened(client, item) | {"safety_notice": ["Mind this."]}, follow=True)
    assert after in answer.content.decode()


def test_a_save_without_a_change_is_not_called_a_change(client, people, item):
    client.force_login(people.author)
    answer = client.post(page_of(item), opened(client, item), follow=True)
    assert [str(message) for message in answer.context["messages"]] == ["There were no changes to save."]


def test_what_a_reviewer_asks_for_stands_first_until_the_item_is_sent_for_review_again(client, people, item):
    taken_to(item, "in_review", people)
    workflow.request_changes(item=item, by=people.reviewer, comment="Say at which age.")
    client.force_login(people.author)
    assert client.get(f"{page_of(item)}?open=all").context["sent_back"].note == "Say at which age."
    client.post(page_of(item), opened(client, item) | {"safety_notice": ["From five on."]})
    assert client.get(f"{page_of(item)}?open=all").context["sent_back"].note == "Say at which age."
    workflow.submit(item=item, by=people.author, change_note="From five on.")
    assert client.get(f"{page_of(item)}?open=all").context["sent_back"] is None


def test_a_name_of_no_type_is_refused_at_its_field(client, people, item):
    client.force_login(people.author)
    answer = client.post(page_of(item), with_row(opened(client, item), "names", text="Sore", type="x", language="en"))
    assert "x is not one of the available choices" in answer.content.decode()


def test_the_capacity_of_the_first_content_is_not_offered_for_another_sign_off(client, people, item):
    taken_to(item, "in_review", people)
    content = workflow.content_sha256(item)
    workflow.approve(item=item, by=people.reviewer, content=content, reviewer_role=SignOff.NOT_YET_CLINICAL)
    workflow.submit(item=published(item, people), by=people.author, change_note="Once more.")
    client.force_login(people.reviewer)
    form = client.get(f"{page_of(item)}?open=all").context["offers"][2].form
    assert form.initial["reviewer_role"] == "Reviewer"


def published(item, people):
    workflow.publish(items=[item], by=people.publisher)
    return item


def test_a_new_item_is_not_said_to_be_ready_and_an_empty_text_has_no_reading_level(client, people, item):
    client.force_login(people.author)
    page = client.get("/admin/content_app/condition/add/").content.decode()
    assert "You can save a draft at any time." in page
    assert "<p>Nothing.</p>" not in page
    assert '<span class="level " hidden>' in page


def test_a_page_with_many_relations_asks_no_more_of_the_database_than_one_with_few(client, people, item):
    symptoms = [symptom_type(f"symptom-{number}") for number in range(12)]
    told = [relation("has_symptom", symptom, modality="asserted") for symptom in symptoms]
    library.bring_in([*symptoms, condition(relations=told[:2]), condition("more", relations=told)], people.author)
    client.force_login(people.author)
    asked = []
    for one in (condition(), condition("more")):
        for opened in ("", "?open=all"):
            client.get(page_of(item_of(one)))
            with CaptureQueriesContext(connection) as queries:
                page = client.get(page_of(item_of(one)) + opened).content.decode()
            asked.append(len(queries))
    assert page.count("selected>Symptom") == 12
    assert asked[2:] <= asked[:2]


def with_parts(number: int, people):
    """A condition with so many names, statements, relations and codings, each cited where it can be."""
    slug = f"of-{number}"
    gaps = [concept(f"{slug}-{index}", topic="knowledge_gap") for index in range(number)]
    parts = {
        "names": [{"text": f"Name {index}", "type": "synonym"} for index in range(number)],
        "statements": [statement(f"{slug}, {index}") for index in range(number)],
        "relations": [relation("has_knowledge_gap", gap) for gap in gaps],
        "codings": [coding(code=f"M79.{index}") for index in range(number)],
    }
    library.bring_in([*gaps, condition(slug, **parts)], people.author)
    return item_of(condition(slug))


@pytest.mark.parametrize(
    ("end", "typed"), [("check/", {}), ("change/", {}), ("change/", {"summary_plain": ["Other words."]})]
)
def test_checking_and_saving_a_page_asks_the_database_no_more_often_for_many_parts(client, people, item, end, typed):
    client.force_login(people.author)
    asked = []
    for number in (2, 9):
        item = with_parts(number, people)
        fields = opened(client, item) | typed
        with CaptureQueriesContext(connection) as queries:
            client.post(page_of(item).replace("change/", end), fields)
        asked.append(len(queries))
    assert asked[0] == asked[1] < 85


def test_what_keeps_a_page_from_being_saved_leads_to_its_field(client, people, item):
    client.force_login(people.author)
    fields = with_row(opened(client, item), "names", text="Sore", type="x", language="en") | {"name": [""]}
    answer = client.post(page_of(item), fields)
    number = len(item.names.all())
    assert [fault.href for fault in answer.context["findings"].faults] == ["#id_name", f"#id_names-{number}-type"]
    assert '<a href="#id_name">Name: Enter a value.</a>' in answer.content.decode()


def test_a_new_item_that_cannot_be_saved_says_why(client, people, item):
    client.force_login(people.author)
    fields = fields_of(client.get("/admin/content_app/condition/add/"), "condition_form")
    answer = client.post("/admin/content_app/condition/add/", fields | {"slug": ["sore"]})
    assert "#id_name" in [fault.href for fault in answer.context["findings"].faults]


def test_while_the_database_is_locked_a_page_leads_back_to_what_was_typed(client, people, item, monkeypatch):
    def locked(*args, **kwargs):
        raise OperationalError("database is locked")

    client.force_login(people.author)
    sent = opened(client, item)
    monkeypatch.setattr(ModelAdmin, "changeform_view", locked)
    answer = client.post(page_of(item), sent)
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert 'data-page="refusal"' in answer.content.decode()
