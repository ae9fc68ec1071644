"""Sources at the desk: added beside an item, never twice, never over one another, and where they are used."""

import pytest
from django.contrib.auth.models import User

from content_app.admin.sources.dialog import PREFIX
from content_app.manuscripts import identifiers, rows
from content_app.models import Item, Source, SourceRevision
from tests import library
from tests.admin_forms import fields_of
from tests.library import concept, condition, item_of, relation, source

DIALOG = "/admin/content_app/source/dialog/"
ADD = "/admin/content_app/source/add/"
BOOK = {"title": "A book", "type": "book", "evidence_level": "expert_opinion"}


@pytest.fixture
def desk(people):
    """Everybody may sign in to the desk."""
    User.objects.update(is_staff=True)
    return people


def page_of(row, end="change/") -> str:
    model = "source" if isinstance(row, Source) else row.kind.replace("_", "")
    return f"/admin/content_app/{model}/{row.pk}/{end}"


def in_dialog(**values) -> dict[str, str]:
    return {f"new-source-{field}": value for field, value in values.items()}


def errors_of(response) -> str:
    return " ".join(str(error) for errors in response.context["form"].errors.values() for error in errors)


def test_the_dialog_stores_a_source_and_answers_with_what_to_cite(client, desk):
    client.force_login(desk.author)
    form = client.get(DIALOG).content.decode()
    assert "<html" not in form
    assert 'name="new-source-title"' in form
    response = client.post(DIALOG, in_dialog(**BOOK, year="2020"))
    assert response.status_code == 201
    assert (response.json()["slug"], response.json()["hint"]) == ("a-book-2020", "A book")
    kept = SourceRevision.objects.get()
    assert (kept.verb, kept.created_by, kept.document) == (
        "create", desk.author, rows.source_document(Source.objects.get()),
    )  # fmt: skip


def test_the_dialog_shows_what_is_wrong_at_its_field_and_keeps_what_was_typed(client, desk):
    client.force_login(desk.author)
    response = client.post(DIALOG, in_dialog(title="A\x07 book", type="novel", url="javascript:alert(1)", doi="10/x"))
    page = response.content.decode()
    assert response.status_code == 200
    assert "The source was not added. Correct the 5 errors below." in page
    assert 'value="javascript:alert(1)"' in page
    assert 'aria-invalid="true"' in page
    assert set(response.context["form"].errors) == {"title", "type", "url", "doi", "evidence_level"}
    assert not Source.objects.exists()


def test_only_authors_add_sources_in_the_dialog(client, desk):
    for who in (desk.reviewer, desk.publisher, desk.nobody):
        client.force_login(who)
        assert client.get(DIALOG).status_code == 403
        assert client.post(DIALOG, in_dialog(**BOOK)).status_code == 403
    client.logout()
    assert client.post(DIALOG, in_dialog(**BOOK)).status_code == 302
    assert not Source.objects.exists()


@pytest.mark.parametrize(
    ("field", "stored", "typed"),
    [
        ("doi", "10.1000/ABC.1", "https://doi.org/10.1000/abc.1"),
        ("doi", "10.1000/abc.1", "doi: 10.1000/ABC.1."),
        ("pmid", "123456", "PMID: 0123456"),
        ("pmid", "123456", "https://pubmed.ncbi.nlm.nih.gov/123456/"),
        ("url", "https://www.example.org/a/", "http://example.org/a#part"),
        ("slug", "a-book", "a-book"),
    ],
)
def test_a_work_that_is_there_already_is_refused_with_a_link_to_it(field, stored, typed, client, desk):
    library.bring_in([source("known") | {field: stored}], desk.author)
    client.force_login(desk.author)
    known = Source.objects.get(title="Known")
    for address, form, fields in (
        (DIALOG, "form", in_dialog(**BOOK | {field: typed})),
        (ADD, "", BOOK | {field: typed}),
    ):
        response = client.post(address, fields)
        page = response.content.decode()
        assert f'This source already exists: <a href="{page_of(known)}" target="_blank">Known</a>' in page
        assert f"Cite it as “{known.slug}”." in page
        assert form == "" or list(response.context["form"].errors) == [field]
    assert Source.objects.filter(title="A book").count() == 0


def test_a_source_that_shared_an_address_before_can_still_be_corrected(client, desk):
    library.bring_in([source(slug, url="https://example.org/a") for slug in ("one", "other")], desk.author)
    client.force_login(desk.author)
    one = Source.objects.get(slug="one")
    client.post(page_of(one), fields_of(client.get(page_of(one)), "source_form") | {"title": ["Corrected"]})
    assert Source.objects.get(slug="one").title == "Corrected"


@pytest.mark.parametrize(
    ("normal", "typed", "meant"),
    [
        (identifiers.normal_doi, " https://dx.doi.org/10.1/A%2FB ", "10.1/a/b"),
        (identifiers.normal_doi, "DOI:10.1002/(SICI)1097<1::AID>3.0.CO;2-X", "10.1002/(sici)1097<1::aid>3.0.co;2-x"),
        (identifiers.normal_doi, "not one", "not one"),
        (identifiers.normal_pmid, "pmid:123", "123"),
        (identifiers.normal_pmid, "12a", "12a"),
        (identifiers.essence_of_address, "http://[oops", "http://[oops"),
        (identifiers.essence_of_address, "https://Example.org/A/?q=1#x", "example.org/A?q=1"),
    ],
)
def test_identifiers_are_taken_as_they_are_pasted(normal, typed, meant):
    assert normal(typed) == meant


def test_slugs_are_made_from_titles_and_no_two_are_alike(client, desk):
    client.force_login(desk.author)
    for sort in ("book", "guideline", "article"):
        client.post(DIALOG, in_dialog(**BOOK | {"type": sort}))
    client.post(DIALOG, in_dialog(**BOOK | {"title": "Боль"}))
    client.post(DIALOG, in_dialog(**BOOK | {"title": "word " * 40}))
    slugs = list(Source.objects.order_by("pk").values_list("slug", flat=True))
    assert slugs[:4] == ["a-book", "a-book-2", "a-book-3", "source"]
    assert slugs[4].startswith("word-word")
    assert len(slugs[4]) <= 60


def test_the_slug_of_a_stored_source_is_read_only(client, desk):
    library.bring_in([source("one")], desk.author)
    client.force_login(desk.author)
    one = Source.objects.get(slug="one")
    fields = fields_of(client.get(page_of(one)), "source_form")
    assert "slug" not in fields
    client.post(page_of(one), fields | {"slug": ["forged"], "title": ["Two"]})
    assert (Source.objects.get(pk=one.pk).slug, Source.objects.get(pk=one.pk).title) == ("one", "Two")


def test_two_editors_of_one_source_see_both_versions_side_by_side(client, desk):
    library.bring_in([source("one", note="The first note.")], desk.author)
    one = Source.objects.get(slug="one")
    client.force_login(desk.author)
    opened = fields_of(client.get(page_of(one)), "source_form")
    client.force_login(desk.second_author)
    theirs = fields_of(client.get(page_of(one)), "source_form") | {"title": ["Theirs"], "year": ["2001"]}
    client.post(page_of(one), theirs)
    client.force_login(desk.author)
    response = client.post(page_of(one), opened | {"title": ["Mine"], "licence": ["CC BY"]})
    conflict = response.context["conflict"]
    seen = {c.difference.label: (c.difference.before, c.difference.after, c.whose) for c in conflict.clashes}
    assert seen == {
        "Title": ("Theirs", "Mine", "Changed by both of you"),
        "Year": ("2001", "", "Changed by somebody else"),
        "Licence": ("", "CC BY", "Changed by you"),
    }  # fmt: skip
    page = response.content.decode()
    assert "edited by the-second_author" in page
    assert Source.objects.get(pk=one.pk).title == "Theirs"
    client.post(page_of(one), fields_of(response, "source_form"))
    stored = Source.objects.get(pk=one.pk)
    assert (stored.title, stored.year, stored.licence) == ("Mine", None, "CC BY")


def test_every_act_on_a_source_is_in_its_trail_and_the_trail_outlives_it(client, desk):
    client.force_login(desk.author)
    client.post(ADD, BOOK)
    book = Source.objects.get()
    client.post(page_of(book), fields_of(client.get(page_of(book)), "source_form") | {"title": ["Another"]})
    client.post(page_of(book), fields_of(client.get(page_of(book)), "source_form"))
    library.importing.apply(
        library.planned(rows.source_document(Source.objects.get()) | {"note": "From a file."}), by=desk.second_author
    )
    page = client.get(page_of(book)).content.decode()
    assert "imported by the-second_author" in page
    client.post(page_of(book, "delete/"), {"post": "yes"})
    assert not Source.objects.exists()
    trail = SourceRevision.objects.order_by("number")
    assert [(kept.number, kept.verb, kept.created_by.username) for kept in trail] == [
        (1, "create", "the-author"), (2, "edit", "the-author"), (3, "import", "the-second_author"),
        (4, "delete", "the-author"),
    ]  # fmt: skip
    client.force_login(desk.reviewer)
    assert "deleted" in client.get("/admin/content_app/sourcerevision/").content.decode()
    edit = client.get(f"/admin/content_app/sourcerevision/{trail[1].pk}/change/").content.decode()
    assert "<del>A book</del><ins>Another</ins>" in edit
    assert client.post(f"/admin/content_app/sourcerevision/{trail[1].pk}/change/", {}).status_code == 403
    client.force_login(desk.nobody)
    assert client.get("/admin/content_app/sourcerevision/").status_code == 403


def test_a_source_older_than_the_trail_keeps_what_it_said_before(client, desk):
    old = Source.objects.create(slug="old", type="book", evidence_level="expert_opinion", title="Old")
    client.force_login(desk.author)
    client.post(page_of(old), fields_of(client.get(page_of(old)), "source_form") | {"title": ["New"]})
    trail = SourceRevision.objects.order_by("number")
    assert [(kept.verb, kept.document["title"], kept.created_by) for kept in trail] == [
        ("earlier", "Old", None), ("edit", "New", desk.author),
    ]  # fmt: skip


# Where used, and deleting


def test_a_source_that_readers_have_had_is_not_deleted_though_nothing_rests_on_it_now(client, desk):
    library.publish([concept(citations=[{"source": "other"}]), source("other")], desk)
    library.publish([concept()], desk)
    client.force_login(desk.author)
    other = Source.objects.get(slug="other")
    assert "This source has been published" in client.get(page_of(other, "delete/")).content.decode()
    assert client.post(page_of(other, "delete/"), {"post": "yes"}).status_code == 200
    assert Source.objects.filter(pk=other.pk).exists()


def test_a_source_is_used_by_what_readers_have_though_the_draft_no_longer_cites_it(client, desk):
    library.publish([concept(citations=[{"source": "other"}]), source("other")], desk)
    library.bring_in([concept()], desk.author)
    client.force_login(desk.author)
    page = client.get(page_of(Source.objects.get(slug="other"))).content.decode()
    assert "A concept</a>, in the published version only" in page


def test_a_published_item_is_not_deleted_but_can_be_withdrawn_for_one_of_three_reasons(client, desk):
    library.publish([concept(), concept("other")], desk)
    item = item_of(concept())
    client.force_login(desk.author)
    assert "Delete…" in client.get(page_of(item)).content.decode()
    response = client.get(page_of(item, "delete/"))
    page = response.content.decode()
    assert all(f'name="reason" value="{reason}"' in page for reason in ("withdrawn", "replaced", "gone"))
    address = page_of(item, "verb/request_withdrawal/")
    fields = fields_of(response, address)
    client.post(address, fields | {"reason": "replaced", "replaced_by": str(item_of(concept("other")).pk), "note": "x"})
    client.force_login(desk.publisher)
    response = client.get(page_of(item, "delete/"))
    client.post(page_of(item, "verb/withdraw/"), fields_of(response, page_of(item, "verb/withdraw/")))
    item.refresh_from_db()
    assert (item.status, item.withdrawal_reason) == ("withdrawn", "replaced")
    assert "already withdrawn" in client.get(page_of(item, "delete/")).content.decode()
    assert client.get("/api/v1/concepts/a-concept/").status_code == 410


def test_what_points_to_an_item_is_listed_where_its_deleting_is_refused(client, desk):
    gap = concept("a-gap", topic="knowledge_gap")
    library.publish([gap, condition(relations=[relation("has_knowledge_gap", gap)])], desk)
    item = item_of(gap)
    for who in (desk.author, desk.publisher):
        client.force_login(who)
        page = client.get(page_of(item, "delete/")).content.decode()
        assert "A condition</a> (has knowledge gap)" in page
        assert client.post(page_of(item, "delete/"), {"post": "yes"}).status_code == 403
    assert "Only an author can request a withdrawal" in client.get(page_of(item, "delete/")).content.decode()
    client.force_login(desk.author)
    response = client.post(page_of(item, "verb/request_withdrawal/"), {"reason": "gone", "note": "Wrong."})
    assert "These published items link to it: A condition" in response.content.decode()
    assert Item.objects.get(pk=item.pk).status == "published"


def test_a_draft_that_was_never_published_says_that_no_reader_has_it(client, desk):
    item = library.bring_in([concept()], desk.author)[0]
    client.force_login(desk.author)
    page = client.get(page_of(item, "delete/")).content.decode()
    assert "has never been published" in page
    assert "Withdraw" not in page
    client.force_login(desk.nobody)
    assert client.get(page_of(item, "delete/")).status_code == 403


def test_a_retracted_source_queues_what_rests_on_it_in_drafts_and_for_readers(client, desk):
    library.publish([concept("public", citations=[{"source": "other"}]), source("other"), concept("fine")], desk)
    library.bring_in([concept("public"), concept("draft", citations=[{"source": "other"}])], desk.author)
    client.force_login(desk.author)
    other = Source.objects.get(slug="other")
    client.post(page_of(other, "verb/retract/"), library.RETRACTION)
    found = client.get("/admin/content_app/item/", {"queue": "retracted-sources"}).context["cl"].queryset
    assert {item.slug for item in found} == {"public", "draft"}
    page = client.get(page_of(item_of(concept("draft")))).content.decode()
    assert "retracted" in page.partition('id="findings"')[2]


def test_the_same_source_is_not_added_twice_by_a_second_click(client, desk):
    client.force_login(desk.author)
    address = "/admin/content_app/source/dialog/"
    typed = {"title": "A Leaflet", "type": "book", "evidence_level": "expert_opinion", "year": "2020"}
    typed = {f"{PREFIX}-{name}": value for name, value in typed.items()}
    assert client.post(address, typed).status_code == 201
    again = client.post(address, typed)
    assert again.status_code == 200
    assert "This source already exists" in again.content.decode()
    assert client.post(address, typed | {f"{PREFIX}-year": "2021"}).status_code == 201
