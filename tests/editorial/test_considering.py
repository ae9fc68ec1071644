"""A warning that somebody has considered is out of the way, with the reason kept, until what it is about changes."""

import pytest
from django.contrib.auth.models import User

from content_app.admin.items import findings
from content_app.editorial import considering, warning_counts
from content_app.editorial.transitions import TransitionNotAllowed
from content_app.models import AuditEntry, Considered, Item
from tests import library
from tests.library import condition, item_of, statement

HEDGED = statement("It may last.", plain="It will surely go on.")


@pytest.fixture
def item(people) -> Item:
    User.objects.update(is_staff=True)
    return library.bring_in([condition(statements=[HEDGED])], people.author)[0]


def warned(item: Item) -> findings.Shown:
    return findings.of(item).warnings[0]


def put_aside(item: Item, by) -> None:
    considering.consider(item=item, key=warned(item).key, by=by, note="The lay text is as sure as that.")


def test_a_warning_that_was_considered_is_kept_with_its_reason_and_counted_no_more(item, people):
    warning_counts.refresh()
    assert Item.objects.get(pk=item.pk).checked.warnings == 1
    put_aside(item, people.reviewer)
    found = findings.of(item)
    assert (found.warnings, [one.considered.note for one in found.considered]) == (
        [], ["The lay text is as sure as that."],
    )  # fmt: skip
    warning_counts.refresh()
    assert Item.objects.get(pk=item.pk).checked.warnings == 0
    said = AuditEntry.objects.get(act="item_consider")
    assert "I have considered it: The lay text is as sure as that." in said.note
    assert item.events.first().note == said.note


def test_it_comes_back_when_the_part_that_it_is_about_changes_and_not_before(item, people):
    put_aside(item, people.author)
    library.bring_in([condition(statements=[HEDGED], caution="Careful.")], people.author)
    assert findings.of(item).warnings == []
    library.bring_in([condition(statements=[HEDGED | {"plain": "It will go on for years."}])], people.author)
    assert len(findings.of(item).warnings) == 1


@pytest.mark.parametrize(("who", "note"), [("author", " "), ("nobody", "It is right.")])
def test_it_takes_an_editor_and_a_reason(item, people, who, note):
    with pytest.raises(TransitionNotAllowed):
        considering.consider(item=item, key=warned(item).key, by=getattr(people, who), note=note)
    assert not Considered.objects.exists()


def test_an_obstacle_cannot_be_put_aside(people):
    library.bring_in([condition(statements=[statement(citations=[])])], people.author)
    item = item_of(condition())
    assert all(one.key == "" for one in findings.of(item).obstacles)
    with pytest.raises(TransitionNotAllowed, match="not in the saved text"):
        considering.consider(item=item, key="", by=people.author, note="It is right.")


def test_the_page_says_it_and_puts_it_aside(client, item, people):
    client.force_login(people.author)
    page = f"/admin/content_app/condition/{item.pk}/"
    shown = client.get(f"{page}change/").content.decode()
    key = warned(item).key
    assert f"considered/?key={key}" in shown
    assert "sounds certain" in client.get(f"{page}considered/", {"key": key}).content.decode()
    assert client.post(f"{page}considered/?key={key}", {"note": ""}).status_code == 409
    assert client.post(f"{page}considered/?key={key}", {"note": "It is right."}).status_code == 302
    shown = client.get(f"{page}change/").content.decode()
    assert "Warnings put aside" in shown
    assert "It is right." in shown
