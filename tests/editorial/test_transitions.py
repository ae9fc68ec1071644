"""The whole transition table: every status, every verb, every role."""

import pytest

from content_app.editorial.transitions import TRANSITIONS, TransitionNotAllowed
from content_app.editorial.workflow import SIDE_ACTS
from content_app.vocabulary.terms import STATUSES
from tests import library
from tests.library import ACTS

pytestmark = pytest.mark.both_databases


# verb → the person who may, the statuses it starts from, the status it leads to
TABLE = {
    "edit": ("author", {"draft", "in_review", "approved", "published", "withdrawn"}, "draft"),
    "submit": ("author", {"draft", "published", "withdrawn"}, "in_review"),
    "request_changes": ("reviewer", {"in_review", "approved"}, "draft"),
    "approve": ("reviewer", {"in_review"}, "approved"),
    "publish": ("publisher", {"approved"}, "published"),
    "withdraw": ("publisher", {"draft", "in_review", "approved", "published"}, "withdrawn"),
}
PERSONS = ("author", "reviewer", "publisher", "superuser", "nobody")


@pytest.fixture(scope="module")
def everyone(library_of_a_module):
    """The people, and an item in each status; each has been published before."""
    people = library_of_a_module
    return people, {status: library.item_in(status, people, published_before=True) for status in STATUSES}


# What changes nothing for lack of the role makes no difference to a database.
CASES = [
    pytest.param(status, verb, person, marks=() if person == TABLE[verb][0] else pytest.mark.one_database)
    for status in STATUSES
    for verb in TABLE
    for person in PERSONS
]


@pytest.mark.parametrize(("status", "verb", "person"), CASES)
def test_the_transition_table(status, verb, person, everyone, db):
    people, items = everyone
    item = items[status]
    events = item.events.exclude(verb__in=SIDE_ACTS).count()
    role, sources, target = TABLE[verb]
    if status in sources and person in (role, "superuser"):
        ACTS[verb](item, getattr(people, person))
        event = item.events.first()
        assert (event.verb, event.from_status, event.to_status) == (verb, status, target)
        assert event.as_superuser == (person == "superuser")
    else:
        with pytest.raises(TransitionNotAllowed):
            ACTS[verb](item, getattr(people, person))
        target = status
        assert item.events.exclude(verb__in=SIDE_ACTS).count() == events
    assert type(item).objects.get(pk=item.pk).status == target


def test_the_table_of_the_workflow_is_the_table_tested_here():
    assert {
        verb: (transition.role.lower(), set(transition.sources), transition.target)
        for verb, transition in TRANSITIONS.items()
    } == TABLE
