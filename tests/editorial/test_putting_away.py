"""A draft that was begun by mistake is put away: it is in no list, keeps everything, and can be brought back."""

import pytest

from content_app.admin import search
from content_app.editorial import putting_away, workflow
from content_app.editorial.transitions import TransitionNotAllowed
from content_app.manuscripts import rows
from content_app.models import Event, Item
from tests import library
from tests.library import concept, condition, item_of, relation

pytestmark = pytest.mark.both_databases


@pytest.fixture
def item(people) -> Item:
    return library.bring_in([concept("a-mistake", name="A mistake")], people.author)[0]


def test_it_keeps_its_text_and_its_trail_and_comes_back(item, people):
    before = rows.to_document(item)
    putting_away.put_away(item=item, by=people.author, note="Twice here.")
    assert [found.name for found in search.search("A mistake").found] == []
    assert rows.to_document(item) == before
    assert Event.objects.filter(item=item).values_list("verb", "note").latest("id") == ("put_away", "Twice here.")
    putting_away.bring_back(item=item, by=people.author)
    assert [found.name for found in search.search("A mistake").found] == ["A mistake"]


def test_nothing_is_done_to_it_meanwhile(item, people):
    putting_away.put_away(item=item, by=people.author)
    with pytest.raises(TransitionNotAllowed, match="has been put away. Bring it back first"):
        workflow.submit(item=item, by=people.author, change_note="Ready.")
    with pytest.raises(TransitionNotAllowed, match="already been put away"):
        putting_away.put_away(item=item, by=people.author)


def test_what_readers_have_had_or_others_name_stays(people):
    library.publish([concept("read")], people)
    named = concept("named")
    library.bring_in([named, condition(relations=[relation("has_feature", named)])], people.author)
    with pytest.raises(TransitionNotAllowed, match="never been published"):
        putting_away.put_away(item=item_of(concept("read")), by=people.author)
    with pytest.raises(TransitionNotAllowed, match="“A condition”. Remove those relationships first"):
        putting_away.put_away(item=item_of(named), by=people.author)


@pytest.mark.parametrize("who", ["reviewer", "publisher", "nobody"])
def test_only_an_author_does_it(who, item, people):
    with pytest.raises(TransitionNotAllowed, match="Only an author"):
        putting_away.put_away(item=item, by=getattr(people, who))


def test_what_was_never_put_away_is_not_brought_back(item, people):
    with pytest.raises(TransitionNotAllowed, match="has not been put away"):
        putting_away.bring_back(item=item, by=people.author)
