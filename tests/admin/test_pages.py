"""The admin pages of items and sources: lists, forms, what a save keeps and what it refuses."""

import pytest
from django.contrib.auth.models import User

from content_app.manuscripts import rows
from content_app.models import Citation, Condition, Item, Revision, Source, Statement
from tests import library
from tests.admin_forms import fields_of, with_row
from tests.library import concept, condition, item_of, relation, statement, symptom_type

LISTS = (
    "condition", "concept", "symptomtype", "example", "source", "item", "document", "release", "revision", "event",
    "signoff",
)  # fmt: skip


@pytest.fixture(scope="module")
def published(library_of_a_module):
    """One published item of each kind, and a source. Everybody may sign in to the desk."""
    User.objects.update(is_staff=True)
    gap = concept("a-gap", topic="knowledge_gap")
    documents = [
        gap,
        symptom_type(),
        library.example(),
        condition(
            statements=[statement("First."), statement("Second."), statement("Third.")],
            relations=[relation("has_knowledge_gap", gap)],
        ),
    ]
    library.publish(documents, library_of_a_module)
    return library_of_a_module


@pytest.fixture
def desk(published, db):
    """Everybody, beside the small library."""
    return published


def page_of(item: Item) -> str:
    return f"/admin/content_app/{item.kind.replace('_', '')}/{item.pk}/change/"


def opened(client, item: Item) -> dict[str, list[str]]:
    """The fields of the item's form, as a browser would send them back."""
    return fields_of(client.get(f"{page_of(item)}?open=all"), f"{item.kind.replace('_', '')}_form")


def errors_of(response) -> str:
    return " ".join(map(str, response.context["errors"]))


def the_condition() -> Item:
    return item_of(condition())


READERS = ("author", "reviewer", "publisher", "superuser")


@pytest.mark.parametrize(
    ("model", "who"),
    [
        pytest.param(model, who, marks=() if READERS[place % len(READERS)] == who else pytest.mark.thorough)
        for place, model in enumerate(LISTS)
        for who in READERS
    ],
)
def test_every_list_can_be_read_searched_and_filtered(who, model, client, desk):
    client.force_login(getattr(desk, who))
    address = f"/admin/content_app/{model}/"
    assert client.get(address).status_code == 200
    assert client.get(address, {"q": "a"}).status_code == 200
    for name in client.get(address).context["cl"].model_admin.list_filter:
        if isinstance(name, str):
            assert client.get(address, {name: "1"}).status_code in (200, 302)


@pytest.mark.parametrize("model", LISTS)
def test_an_odd_search_or_filter_is_answered(model, client, desk):
    client.force_login(desk.author)
    address = f"/admin/content_app/{model}/"
    for query in (
        {"q": "\0"},
        {"q": "%ED%A0%80"},
        {"queue": "no-such"},
        {"p": "9" * 30},
        {"o": "x.-9"},
        {"kind": "\0"},
    ):
        assert client.get(address, query).status_code in (200, 302, 400)


@pytest.mark.parametrize("queue", ["my-drafts", "waiting-for-my-review", "ready-to-publish", "unpublished-changes"])
def test_queues_hold_what_they_say(queue, client, desk):
    item = the_condition()
    library.bring_in([condition(name="Another name")], desk.author)
    if queue == "waiting-for-my-review":
        library.workflow.submit(item=item, by=desk.author, change_note="A name.")
    if queue == "ready-to-publish":
        library.sign_off(item, desk)
    client.force_login(desk.reviewer if queue == "waiting-for-my-review" else desk.author)
    found = client.get("/admin/content_app/item/", {"queue": queue}).context["cl"].queryset
    assert [row.name for row in found] == ["Another name"]


def test_nobody_without_a_role_sees_anything(client, desk):
    client.force_login(desk.nobody)
    assert client.get("/admin/content_app/condition/").status_code == 403
    assert client.get(page_of(the_condition())).status_code == 403


def test_opening_and_saving_every_item_unchanged_makes_no_revision(client, desk):
    client.force_login(desk.author)
    before = Revision.objects.count()
    for item in Item.objects.all():
        response = client.post(page_of(item), opened(client, item), follow=True)
        assert "no changes to save" in response.content.decode()
    assert Revision.objects.count() == before
    assert set(Item.objects.values_list("status", flat=True)) == {"published"}


def test_a_new_condition_with_all_its_parts_is_kept_as_a_draft_with_a_revision(client, desk):
    client.force_login(desk.author)
    gap = item_of(concept("a-gap"))
    fields = fields_of(client.get("/admin/content_app/condition/add/"), "condition_form")
    fields |= {
        "name": ["A new condition"],
        "slug": ["a-new-condition"],
        "citations": ["a-text; paragraph 1; sentence 2\r\n"],
    }
    fields = with_row(fields, "names", text="NC", type="abbreviation", language="en", citations="a-text")
    fields = with_row(
        fields, "statements", aspect="overview", clinical="It lasts.", plain="It stays.", assertion="hedged",
        layer="source_text", citations="a-text; page 3",
    )  # fmt: skip
    fields = with_row(fields, "relations", predicate="has_knowledge_gap", object=str(gap.pk), modality="asserted")
    fields = with_row(
        fields, "codings", system="mesh", code="C000001", display="Something", match="broad", version="2026",
        verification="verified", checked_on="2026-11-01", verified_by="The release\r\nAnother", billable="unknown",
    )  # fmt: skip
    response = client.post("/admin/content_app/condition/add/", fields, follow=True)
    assert response.redirect_chain, errors_of(response)
    item = Condition.objects.get(slug="a-new-condition")
    document = rows.to_document(item)
    assert item.status == "draft"
    assert item.revisions.get().document == document
    assert document["citations"] == [{"source": "a-text", "locator": "paragraph 1; sentence 2"}]
    assert document["statements"][0]["citations"] == [{"source": "a-text", "locator": "page 3"}]
    assert document["names"][0]["citations"] == [{"source": "a-text"}]
    assert document["relations"] == [{"predicate": "has_knowledge_gap", "object": "concept/a-gap"}]
    assert document["codings"][0]["verification"] == "not_checked"  # what was typed of a check counts for nothing
    assert "verified_by" not in document["codings"][0]


def test_a_draft_may_be_nearly_empty(client, desk):
    client.force_login(desk.author)
    fields = fields_of(client.get("/admin/content_app/concept/add/"), "concept_form")
    client.post("/admin/content_app/concept/add/", fields | {"name": ["X"], "slug": ["x"], "topic": ["feature"]})
    item = Item.objects.get(slug="x")
    assert item.status == "draft"
    assert b"There were no changes to save" in client.post(page_of(item), opened(client, item), follow=True).content


def test_obstacles_are_sentences_that_lead_to_their_field(client, desk):
    library.bring_in([condition(statements=[statement(citations=[])])], desk.author)
    client.force_login(desk.author)
    page = client.get(page_of(the_condition())).content.decode()
    address = "?at=statements/0/citations#id_statements-0-citations"
    assert f'<a href="{address}">Cite a source for the statement' in page
    assert 'id="id_statements-0-citations"' in client.get(f"{page_of(the_condition())}{address}").content.decode()
    client.force_login(desk.reviewer)
    page = client.get(page_of(the_condition())).content.decode()
    assert '<a href="#statements-0">Cite a source for the statement' in page
    assert 'id="statements-0"' in page


def test_an_unknown_source_is_refused_with_the_nearest_one(client, desk):
    client.force_login(desk.author)
    item = the_condition()
    fields = opened(client, item) | {"statements-1-citations": ["a-text; fine\r\na-txet; not"]}
    response = client.post(page_of(item), fields)
    assert "Line 2: there is no source “a-txet”; did you mean “a-text” (A Text)?" in errors_of(response)
    assert "a-txet; not" in response.content.decode()


def test_statements_move_by_their_place_and_new_ones_come_last(client, desk):
    client.force_login(desk.author)
    item = the_condition()
    fields = opened(client, item)
    fields = with_row(
        fields | {"statements-2-place": ["1"]}, "statements", aspect="overview", clinical="Fourth.", plain="4",
        assertion="hedged", layer="source_text",
    )  # fmt: skip
    client.post(page_of(item), fields)
    assert list(Statement.objects.filter(item=item).values_list("clinical", "position")) == [
        ("Third.", 0), ("First.", 1), ("Second.", 2), ("Fourth.", 3),
    ]  # fmt: skip


def test_a_statement_keeps_its_uuid_when_it_is_edited(client, desk):
    client.force_login(desk.author)
    item = the_condition()
    before = set(Statement.objects.filter(item=item).values_list("uuid", flat=True))
    client.post(page_of(item), opened(client, item) | {"statements-0-clinical": ["First, corrected."]})
    assert set(Statement.objects.filter(item=item).values_list("uuid", flat=True)) == before
    assert Item.objects.get(pk=item.pk).status == "draft"


def test_names_may_swap_what_is_unique_and_repeats_are_refused(client, desk):
    client.force_login(desk.author)
    names = [
        {"text": "Uno", "type": "preferred", "language": "es"},
        {"text": "Eins", "type": "preferred", "language": "de"},
    ]
    library.bring_in([condition(names=names)], desk.author)
    item = the_condition()
    fields = opened(client, item)
    swapped = fields | {"names-0-language": ["de"], "names-1-language": ["es"]}
    client.post(page_of(item), swapped)
    assert dict(item.names.values_list("text", "language")) == {"Uno": "de", "Eins": "es"}
    response = client.post(page_of(item), opened(client, item) | {"names-0-language": ["es"]})
    assert "more than one preferred name" in errors_of(response)


@pytest.mark.parametrize(
    ("predicate", "end", "sentence"),
    [
        ("has_symptom", "concept", "can only link to a symptom type, and this is a concept."),
        ("is_kind_of", "self", "An item cannot have a relationship with itself."),
        ("analogy_for", "concept", "can only start from an example."),
    ],
)
def test_a_relation_that_does_not_fit_is_refused_at_its_field(predicate, end, sentence, client, desk):
    client.force_login(desk.author)
    item = the_condition()
    other = item if end == "self" else item_of(concept("a-gap"))
    fields = with_row(opened(client, item), "relations", predicate=predicate, object=str(other.pk), modality="asserted")
    assert sentence in errors_of(client.post(page_of(item), fields))


def test_a_circle_of_kinds_and_a_relation_said_from_both_ends_are_refused(client, desk):
    wide, narrow = condition("wide"), condition("narrow")
    narrow["relations"] = [relation("is_kind_of", wide), relation("related_to", wide)]
    library.bring_in([wide, narrow], desk.author)
    client.force_login(desk.author)
    item, other = item_of(wide), str(item_of(narrow).pk)
    for predicate, sentence in (
        ("is_kind_of", "would be a kind of itself"),
        ("related_to", "applies in both directions"),
    ):
        fields = with_row(opened(client, item), "relations", predicate=predicate, object=other, modality="asserted")
        assert sentence in errors_of(client.post(page_of(item), fields))


def test_bytes_that_are_no_text_do_no_harm(client, desk):
    client.force_login(desk.author)
    item = the_condition()
    body = "&".join(f"{name}={value}" for name, values in opened(client, item).items() for value in values)
    body = body.replace("summary_plain=", "summary_plain=%ED%A0%80%FF").replace(" ", "+")
    response = client.post(page_of(item), body, content_type="application/x-www-form-urlencoded")
    assert response.status_code in (200, 302)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("statements-0-id", "999999"),
        ("statements-0-id", "\0"),
        ("relations-0-object", "99999999999999999999999"),
        ("relations-0-predicate", "no-such"),
        ("statements-0-population", "no-such"),
        ("review_cycle_months", "99999999999999999999"),
        ("review_cycle_months", "0"),
        ("slug", "Not_a_slug"),
        ("statements-0-place", "-1"),
    ],
)
def test_a_forged_or_wrong_field_is_refused_without_a_fault(field, value, client, desk):
    client.force_login(desk.author)
    item = the_condition()
    before = rows.to_document(item)
    response = client.post(page_of(item), opened(client, item) | {field: [value]})
    assert response.status_code in (200, 302)
    after = rows.to_document(the_condition())
    assert [s["clinical"] for s in after["statements"]] == [s["clinical"] for s in before["statements"]]
    kept = ("slug", "relations")
    assert [after.get(key) for key in kept] == [before.get(key) for key in kept]


def test_only_authors_write(client, desk):
    item = the_condition()
    client.force_login(desk.author)
    fields = opened(client, item) | {"name": ["Forged"], "statements-0-clinical": ["Forged"]}
    new = fields_of(client.get("/admin/content_app/source/add/"), "source_form")
    for who in (desk.reviewer, desk.publisher, desk.nobody):
        client.force_login(who)
        assert client.post(page_of(item), fields).status_code == 403
        assert client.post("/admin/content_app/source/add/", new).status_code == 403
        assert client.get("/admin/content_app/condition/add/").status_code == 403
    assert "Forged" not in str(rows.to_document(item))


def test_reviewers_see_the_page_without_inputs(client, desk):
    client.force_login(desk.reviewer)
    page = client.get(page_of(the_condition())).content.decode()
    assert 'name="_save"' not in page
    assert 'name="summary_plain"' not in page
    assert "paragraph 1" in page


def test_items_are_never_deleted(client, desk):
    client.force_login(desk.superuser)
    item = the_condition()
    assert client.post(page_of(item).replace("change", "delete"), {"post": "yes"}).status_code == 403
    forged = {"action": "delete_selected", "_selected_action": [str(item.pk)], "post": "yes"}
    client.post("/admin/content_app/condition/", forged)
    assert Item.objects.filter(pk=item.pk).exists()


def test_a_source_that_is_used_is_not_deleted_and_the_page_says_where(client, desk):
    client.force_login(desk.author)
    used = Source.objects.get(slug="a-text")
    address = f"/admin/content_app/source/{used.pk}/delete/"
    assert "A condition: cited 5 times" in client.get(address).content.decode()
    client.post(address, {"post": "yes"})
    assert Source.objects.filter(pk=used.pk).exists()
    assert "A condition</a>, cited 5 times" in client.get(address.replace("delete", "change")).content.decode()


def test_a_source_that_nothing_rests_on_can_be_written_and_deleted(client, desk):
    client.force_login(desk.author)
    fields = fields_of(client.get("/admin/content_app/source/add/"), "source_form")
    fields |= {"title": ["A <b>book</b>"], "slug": ["a-book"], "type": ["book"], "evidence_level": ["expert_opinion"]}
    response = client.post("/admin/content_app/source/add/", fields | {"url": ["javascript:alert(1)"], "doi": ["no"]})
    assert "url" in response.context["adminform"].form.errors
    assert "doi" in response.context["adminform"].form.errors
    client.post("/admin/content_app/source/add/", fields | {"authors": ["Sherry DD\r\n\r\nGmuca S"]})
    book = Source.objects.get(slug="a-book")
    assert book.authors == ["Sherry DD", "Gmuca S"]
    client.post(f"/admin/content_app/source/{book.pk}/delete/", {"post": "yes"})
    assert not Source.objects.filter(slug="a-book").exists()


def test_a_source_is_not_saved_over_a_newer_save(client, desk):
    client.force_login(desk.author)
    used = Source.objects.get(slug="a-text")
    address = f"/admin/content_app/source/{used.pk}/change/"
    fields = fields_of(client.get(address), "source_form") | {"title": ["Mine"]}
    Source.objects.filter(pk=used.pk).update(title="Theirs")
    response = client.post(address, fields)
    assert "Theirs" in response.content.decode()
    assert fields_of(response, "source_form")["title"] == ["Mine"]
    client.post(address, fields_of(response, "source_form"))
    assert Source.objects.get(pk=used.pk).title == "Mine"


def test_related_items_are_completed_with_their_kind(client, desk):
    client.force_login(desk.author)
    query = {"term": "gap", "app_label": "content_app", "model_name": "relation", "field_name": "object"}
    answer = client.get("/admin/content_app/item/choices/", query).json()
    assert [result["text"] for result in answer["results"]] == ["A gap (concept)"]
    assert client.get("/admin/content_app/item/choices/", query | {"term": "\0"}).status_code == 200
    client.force_login(desk.nobody)
    assert client.get("/admin/content_app/item/choices/").status_code == 403


def test_citations_hang_on_their_part_and_on_its_item(client, desk):
    client.force_login(desk.author)
    item = the_condition()
    client.post(page_of(item), opened(client, item) | {"relations-0-citations": ["a-text; page 9"]})
    citation = Citation.objects.get(locator="page 9")
    assert (citation.item_id, citation.relation.subject_id) == (item.pk, item.pk)
