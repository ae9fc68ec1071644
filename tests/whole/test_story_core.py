"""The story of one item from its first draft to its withdrawal, as readers would meet it."""

import json

import pytest

from content_app.editorial import workflow
from content_app.models import Document, Release
from content_app.publication import verification
from tests import library
from tests.library import condition, item_of, public

pytestmark = pytest.mark.both_databases


def bodies(release: int) -> dict[str, bytes]:
    """What readers of a release were given."""
    current = Document.objects.filter(first_release__lte=release).exclude(superseded_in__lte=release)
    return {f"{d.kind}/{d.slug}": bytes(d.body) for d in current}


def test_readers_see_whole_releases_and_every_past_answer_stays(people):
    document = condition(name="First name")
    first = library.publish([document], people)
    seen_first = bodies(1)

    library.bring_in([document | {"name": "Second name"}], people.author)
    assert bodies(1) == seen_first
    assert item_of(document).status == "draft"

    library.sign_off(item_of(document), people)
    workflow.publish(items=[item_of(document)], by=people.publisher)
    assert bodies(1) == seen_first
    assert json.loads(bodies(2)["condition/a-condition"])["name"] == "Second name"

    library.withdraw(item=item_of(document), by=people.publisher, note="It was wrong.")
    assert json.loads(bytes(public(document).body))["note"] == "It was wrong."
    assert bodies(1) == seen_first
    assert first.number == 1
    assert list(Release.objects.order_by("number").values_list("number", flat=True)) == [1, 2, 3]
    assert list(verification.faults()) == []
