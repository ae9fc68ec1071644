"""The preview beside the form: what is typed, as readers would get it, with what differs from what they have marked."""

import pytest
from django.contrib.auth.models import User

from content_app.models import Revision, WorkingCopy
from tests import library
from tests.admin_forms import fields_of
from tests.library import condition, item_of, statement

HOSTILE = "<script>alert(1)</script> {{ 7|add:7 }}"


@pytest.fixture
def desk(people):
    User.objects.update(is_staff=True)
    return people


@pytest.fixture
def item(desk):
    library.publish([condition(statements=[statement("One."), statement("Two.")])], desk)
    return item_of(condition())


def live(item) -> str:
    return f"/admin/preview/{item.pk}/live/"


def opened(client, item, everything: bool = True) -> dict:
    page = f"/admin/content_app/condition/{item.pk}/change/"
    return fields_of(client.get(page, {"open": "all"} if everything else {}), "condition_form")


def test_what_is_typed_is_shown_with_its_changed_words_marked_and_nothing_is_kept(client, desk, item):
    client.force_login(desk.author)
    before = Revision.objects.count()
    typed = opened(client, item) | {"statements-1-clinical": "Two or three.", "summary_plain": "Plainer."}
    page = client.post(live(item), typed).content.decode()
    assert "Two<ins> or three</ins>." in page
    assert "<ins>Plainer</ins>" in page
    assert 'data-form="1"' in page
    assert (Revision.objects.count(), WorkingCopy.objects.count()) == (before, 0)


def test_a_new_statement_is_marked_as_new_and_a_deleted_one_is_listed(client, desk, item):
    client.force_login(desk.author)
    library.bring_in([condition(statements=[statement("One."), statement("Three.")])], desk.author)
    page = client.post(live(item), opened(client, item, everything=False)).content.decode()
    assert '<span class="sort added">new</span>' in page
    assert "<h4>Removed</h4>" in page


def test_what_nobody_has_published_is_shown_unmarked(client, desk):
    draft = library.bring_in([condition("a-draft")], desk.author)[0]
    client.force_login(desk.reviewer)
    page = client.get(live(draft)).content.decode()
    assert "Readers cannot see\n  this item yet." in page
    assert "<ins>" not in page


def test_a_reader_of_the_desk_gets_what_is_saved_and_may_send_no_form(client, desk, item):
    client.force_login(desk.reviewer)
    assert "Two." in client.get(live(item)).content.decode()
    assert client.post(live(item), {}).status_code == 403
    client.force_login(desk.nobody)
    assert client.get(live(item)).status_code == 403


def test_a_hostile_text_stays_a_text(client, desk, item):
    client.force_login(desk.author)
    page = client.post(live(item), opened(client, item) | {"summary_plain": HOSTILE}).content.decode()
    assert "<script" not in page
    assert "{{ 7|add:7 }}" in page.replace("<ins>", "").replace("</ins>", "").replace("<del>", "")


def test_what_lacks_too_much_says_so(client, desk):
    draft = library.bring_in([condition("a-draft", summary=None)], desk.author)[0]
    client.force_login(desk.author)
    assert "There is nothing to preview yet." in client.post(live(draft), opened(client, draft)).content.decode()


@pytest.mark.parametrize("key", ["999999", "99999999999999999999999"])
def test_an_item_that_is_not_there_has_no_preview(key, client, desk):
    client.force_login(desk.author)
    assert client.get(f"/admin/preview/{key}/live/").status_code == 404
