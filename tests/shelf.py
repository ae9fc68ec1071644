"""A library whose releases a test makes one by one, through the workflow."""

from typing import Any

import pytest

from content_app.editorial import workflow
from tests import library
from tests.library import condition, item_of, statement


def saying(slug: str, *texts: str, **changes: Any) -> dict[str, Any]:
    """A condition with these statements, or with one; a statement is told from others by its first letter."""
    statements = [
        statement(text, uuid=library.uuid_of(slug, text[:1]), clinical=text, plain=f"In short: {text}")
        for text in texts or ("There is something to say.",)
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
        release = library.withdraw(item=item_of(document), by=self.people.publisher, note=note, **instead)
        return release.number


@pytest.fixture(scope="module")
def shelf_of_a_module(library_of_a_module) -> Shelf:
    """For what a module publishes once, and its tests only read."""
    return Shelf(library_of_a_module)


@pytest.fixture
def shelf(people) -> Shelf:
    return Shelf(people)
