"""What the rules are told of an item's neighbours: what readers will know of them, not what drafts say."""

import pytest

from content_app.manuscripts import rule_context
from tests import library
from tests.library import concept, condition, relation

pytestmark = pytest.mark.both_databases


def neighbour(document, together=frozenset()):
    pointer = condition("pointer", relations=[relation("has_feature", document)])
    return next(iter(rule_context.around([pointer], set(together))[pointer["uuid"]].neighbours.values()))


def test_a_published_neighbour_is_what_was_published(people):
    document = concept("target", topic="feature")
    library.publish([document], people)
    library.bring_in([document | {"topic": "mechanism", "name": "Draft"}], people.author)
    seen = neighbour(document)
    assert (seen.sort, seen.name, seen.will_be_published) == ("feature", "Target", True)


def test_a_neighbour_that_is_published_too_is_what_its_draft_says(people):
    document = concept("target", topic="feature")
    library.publish([document], people)
    library.bring_in([document | {"topic": "mechanism"}], people.author)
    assert neighbour(document, {"concept/target"}).sort == "mechanism"


def test_a_draft_will_not_be_published_unless_it_is_published_too(people):
    document = concept("target")
    library.bring_in([document], people.author)
    assert not neighbour(document).will_be_published
    assert neighbour(document, {"concept/target"}).will_be_published


def test_an_item_is_found_by_its_old_slug(people):
    document = concept("old")
    library.publish([document], people)
    library.bring_in([document | {"slug": "new"}], people.author)
    found = rule_context.items_by_reference(["concept/old", "concept/new", "concept/none", "condition/old"])
    assert {reference: item.slug for reference, item in found.items()} == {"concept/old": "new", "concept/new": "new"}
