"""Who has an item open, what is found in a form that is not saved, and how many warnings there are."""

import datetime

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from content_app.editorial import warning_counts
from content_app.models import (
    Checked,
    Comment,
    Concept,
    Condition,
    Event,
    Presence,
    Revision,
    Source,
    Statement,
    WorkingCopy,
)
from tests import library
from tests.admin_forms import fields_of, with_row
from tests.library import concept, condition, item_of, relation, statement

TOMORROW = datetime.timedelta(days=1)


@pytest.fixture
def desk(people):
    """Everybody may sign in to the desk."""
    User.objects.update(is_staff=True)
    return people


@pytest.fixture(scope="module")
def drafted(library_of_a_module):
    document = condition(statements=[statement("One."), statement("Two.")])
    library.sign_off_sources(library.bring_in([document], library_of_a_module.author)[0], library_of_a_module)


@pytest.fixture
def item(drafted, desk):
    return library.item_of(condition())


def page_of(item, end: str = "change/") -> str:
    return f"/admin/content_app/{item.kind.replace('_', '')}/{item.pk}/{end}"


def opened(client, item) -> dict[str, list[str]]:
    return fields_of(client.get(f"{page_of(item)}?open=all"), f"{item.kind.replace('_', '')}_form")


# Who is here


def here(client, item) -> list[str]:
    return client.post(page_of(item, "presence/")).json()["others"]


def test_whoever_has_the_item_open_is_named_until_they_leave_or_fall_silent(client, desk, item):
    client.force_login(desk.author)
    client.get(f"{page_of(item)}?open=all")
    client.force_login(desk.second_author)
    page = client.get(f"{page_of(item)}?open=all").content.decode()
    since = Presence.objects.get(person=desk.author).opened_at
    assert f"the-author has had this page open since {since:%H:%M} UTC." in page
    assert len(here(client, item)) == 1
    Presence.objects.filter(person=desk.author).update(seen_at=timezone.now() - datetime.timedelta(seconds=61))
    assert here(client, item) == []
    client.force_login(desk.author)
    assert len(here(client, item)) == 1
    assert Presence.objects.get(person=desk.author).opened_at > since
    client.force_login(desk.second_author)
    client.post(page_of(item, "presence/"), {"leave": "1", "visit": "an older one"})
    client.force_login(desk.author)
    assert len(here(client, item)) == 1
    client.force_login(desk.second_author)
    client.post(page_of(item, "presence/"), {"leave": "1"})
    client.force_login(desk.author)
    assert here(client, item) == []


def test_a_visit_that_cannot_be_one_is_answered(client, desk, item):
    client.force_login(desk.author)
    for visit in ("\0", "x" * 1000, ""):
        assert client.post(page_of(item, "presence/"), {"visit": visit}).status_code == 200


def test_who_only_reads_is_nobodys_concern(client, desk, item):
    client.force_login(desk.reviewer)
    client.get(f"{page_of(item)}?open=all")
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
    page = client.get(page_of(item))
    shown = page.context["findings"]
    same = found(client, item, fields_of(page, "condition_form"))
    assert [sentence for sentence, _ in same["obstacles"]] == [one.sentence for one in shown.obstacles]
    assert [href for _, href in same["obstacles"]] == [one.href for one in shown.obstacles]
    assert same["faults"] == []
    fields = opened(client, item)
    typed = found(client, item, fields | {"statements-1-citations": ["a-text"], "summary_plain": [""]})
    sentences = [sentence for sentence, _ in typed["obstacles"]]
    assert "Write a summary for the public, in plain words." in sentences
    assert not any("Two." in sentence for sentence in sentences)
    item.refresh_from_db()
    assert (rows(), item.updated_at) == before
    assert item.summary_plain != ""


def test_a_finding_leads_to_its_row_though_rows_were_moved_added_and_deleted(client, desk, item):
    client.force_login(desk.author)
    fields = with_row(
        opened(client, item), "statements",
        clinical="Three.", plain="3.", aspect="overview", assertion="hedged", layer="source_text",
            citations="", place="1", id="",
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
    assert "Cite a source for the summary." in [one.sentence for one in findings.obstacles]
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
    assert (warning_counts.refresh(), warning_counts.refresh()) == (2, 0)
    assert counted() == {"one": 0, "two": 0}
    client.force_login(desk.author)
    source = Source.objects.get()
    client.post(f"/admin/content_app/source/{source.pk}/verb/retract/", library.RETRACTION)
    assert warning_counts.refresh() == 2
    assert counted() == {"one": 1, "two": 2}
    library.edit(item_of(concept("one")), desk.author)
    assert [warning_counts.refresh() for _ in range(3)] == [1, 1, 0]  # itself, then what points to it
    Checked.objects.update(day=timezone.now().date() - TOMORROW)
    assert warning_counts.refresh() == 2


def test_many_items_are_counted_in_few_queries(desk, django_assert_max_num_queries):
    library.bring_in([concept(f"number-{n}") for n in range(30)], desk.author)
    with django_assert_max_num_queries(25):
        assert warning_counts.refresh() == 30


# Working copies


def typed(client, item, **fields) -> None:
    """What the page sends while somebody types."""
    given = {name.replace("__", "-"): [value] for name, value in fields.items()}
    client.post(page_of(item, "check/"), opened(client, item) | given | {"_keep": ["1"]})


def test_what_is_typed_comes_back_to_whoever_typed_it_and_to_nobody_else_until_it_is_saved(client, desk, item):
    client.force_login(desk.author)
    typed(client, item, summary_plain="Half a", statements__0__clinical="Typed", statements__0__plain="")
    assert (item.revisions.count(), item_of(condition()).summary_plain) == (1, item.summary_plain)
    client.force_login(desk.second_author)
    assert "Half a" not in client.get(page_of(item)).content.decode()
    client.force_login(desk.author)
    page = client.get(page_of(item))
    assert "These changes are not saved to the item yet" in page.content.decode()
    back = fields_of(page, "condition_form")
    assert (back["summary_plain"], back["statements-0-plain"]) == (["Half a"], [""])
    client.post(page_of(item), back | {"statements-0-plain": ["Whole."]})
    assert item_of(condition()).summary_plain == "Half a"
    assert not WorkingCopy.objects.exists()
    assert "not saved to the item" not in client.get(page_of(item)).content.decode()


def test_what_was_typed_is_joined_with_what_somebody_else_has_saved_since(client, desk, item):
    client.force_login(desk.author)
    typed(client, item, summary_plain="Mine.")
    client.force_login(desk.second_author)
    client.post(page_of(item), opened(client, item) | {"caution": ["Theirs."]})
    client.force_login(desk.author)
    back = fields_of(client.get(page_of(item)), "condition_form")
    assert (back["summary_plain"], back["caution"]) == (["Mine."], ["Theirs."])


def test_what_was_typed_can_be_discarded(client, desk, item):
    client.force_login(desk.author)
    typed(client, item, summary_plain="Mine.")
    assert client.post(page_of(item), {"_discard": "1"}).status_code == 302
    assert "Mine." not in client.get(page_of(item)).content.decode()
    assert item.revisions.count() == 1


def test_a_new_item_comes_back_too_and_goes_once_it_is_saved(client, desk):
    client.force_login(desk.author)
    address = "/admin/content_app/concept/add/"
    fields = fields_of(client.get(address), "concept_form") | {"name": ["Begun"], "_keep": ["1"]}
    client.post(f"{address}check/", fields)
    back = fields_of(client.get(address), "concept_form")
    assert back["name"] == ["Begun"]
    client.post(address, back | {"slug": ["begun"], "topic": ["feature"]})
    assert Concept.objects.get().name == "Begun"
    assert not WorkingCopy.objects.exists()


def test_a_form_that_is_only_checked_is_not_kept(client, desk, item):
    client.force_login(desk.author)
    client.post(page_of(item, "check/"), opened(client, item))
    assert not WorkingCopy.objects.exists()
