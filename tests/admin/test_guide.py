"""The style guide, and an item to practise on: for its author alone, in no list, and never published."""

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import IntegrityError, transaction

from content_app.editorial import practice, workflow
from content_app.editorial.transitions import TransitionNotAllowed
from content_app.models import Item
from tests import library
from tests.library import condition

pytestmark = pytest.mark.both_databases


@pytest.fixture
def desk(people):
    User.objects.update(is_staff=True)
    return people


@pytest.fixture
def item(desk):
    return practice.begin(by=desk.author)


def page_of(item) -> str:
    return f"/admin/content_app/condition/{item.pk}/change/"


@pytest.mark.parametrize("who", ["author", "reviewer", "publisher"])
def test_everybody_at_the_desk_reads_the_style_guide_and_authors_may_practise(who, client, desk):
    client.force_login(getattr(desk, who))
    page = client.get("/admin/style-guide/").content.decode()
    assert "One statement says one thing." in page
    assert "The source says it without a hedge." in page
    assert ("Open my practice item" in page) == (who == "author")


def test_an_author_opens_their_practice_item_and_starts_over(client, desk):
    client.force_login(desk.author)
    shown = client.post("/admin/practice/", follow=True)
    assert "Practice: this item is in nobody else’s list" in shown.content.decode()
    item = practice.item_of(desk.author)
    item.statements.update(clinical="Changed.")
    workflow.record_edit(item=item, by=desk.author)
    client.post("/admin/practice/")
    assert item.statements.filter(clinical="Changed.").exists()
    client.post("/admin/practice/", {"again": "1"})
    assert [one.clinical for one in item.statements.all()] == [clinical for clinical, _ in practice.STATEMENTS]
    assert Item.objects.filter(is_practice=True).count() == 1


def test_whoever_may_not_write_gets_none(client, desk):
    client.force_login(desk.reviewer)
    assert client.post("/admin/practice/").status_code == 403
    assert not Item.objects.exists()


def test_a_practice_item_is_in_no_list_search_number_or_export(client, desk, item, tmp_path):
    workflow.submit(item=item, by=desk.author, change_note="Done.", reviewer=desk.reviewer)
    client.force_login(desk.reviewer)
    for address in ("condition/", "item/", "item/?q=dragons", "item/?queue=waiting-for-my-review"):
        assert client.get(f"/admin/content_app/{address}").context["cl"].result_count == 0
    home = client.get("/admin/")
    assert (home.context["tasks"], home.context["number_of_items"], home.context["lately"]) == ([], 0, [])
    assert item.name not in client.get("/admin/search/", {"q": "dragons"}).content.decode()
    call_command("export_content", tmp_path)
    assert "dragons" not in "".join(path.read_text() for path in tmp_path.rglob("*.*"))


def test_a_practice_item_is_never_signed_off_published_or_scheduled(desk, item):
    workflow.submit(item=item, by=desk.author, change_note="Done.")
    with pytest.raises(TransitionNotAllowed, match="is for practice"):
        workflow.approve(item=item, by=desk.reviewer, content=workflow.content_sha256(item))
    Item.objects.filter(pk=item.pk).update(status="approved")
    with pytest.raises(TransitionNotAllowed, match="is for practice"):
        workflow.publish(items=[item], by=desk.publisher)


def test_the_database_refuses_to_publish_a_practice_item(desk, item):
    with pytest.raises(IntegrityError), transaction.atomic():
        Item.objects.filter(pk=item.pk).update(published_revision=item.revisions.first())


def test_no_other_item_is_hidden_with_it(client, desk, item):
    library.bring_in([condition()], desk.author)
    client.force_login(desk.author)
    assert client.get("/admin/content_app/condition/").context["cl"].result_count == 1
