"""A library whose releases a test makes one by one, through the workflow. Other tests import `shelf` from here."""

from typing import Any

import pytest

from content_app.editorial import workflow
from content_app.models.publication import Release
from tests import library
from tests.library import condition, item_of, statement


def saying(slug: str, *texts: str, **changes: Any) -> dict[str, Any]:
    """A condition with these statements; a statement is told from others by its first letter."""
    statements = [
        statement(text, uuid=library.uuid_of(slug, text[:1]), clinical=text, plain=f"In short: {text}")
        for text in texts
    ]
    return condition(slug, statements=statements, **changes)


class Shelf:
    """What a test publishes and withdraws. Both tell the number of the release."""

    def __init__(self, people):
        self.people = people

    def publish(self, *documents: dict[str, Any], significance="substantive", change_note="Written.") -> int:
        items = library.bring_in(list(documents), self.people.author)
        for item in items:
            library.sign_off(item, self.people, significance=significance, change_note=change_note)
        return workflow.publish(items=items, by=self.people.publisher).number

    def withdraw(self, document: dict[str, Any], *, replaced_by=None, reason="withdrawn", note="Taken back.") -> int:
        instead = {"replaced_by": item_of(replaced_by), "reason": "replaced"} if replaced_by else {"reason": reason}
        release = workflow.withdraw(item=item_of(document), by=self.people.publisher, note=note, **instead)
        return release.number


@pytest.fixture
def shelf(people) -> Shelf:
    return Shelf(people)


def test_a_shelf_makes_one_release_of_each_change(shelf):
    assert shelf.publish(saying("first", "One.")) == 1
    assert shelf.publish(saying("first", "One more.")) == 2
    assert shelf.withdraw(condition("first")) == 3
    assert Release.objects.get(number=3).counts["condition"] == 0
