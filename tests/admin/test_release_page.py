"""What a publisher is told before a release, and what an author is asked before a review."""

import pytest
from django.contrib.auth.models import User

from content_app.editorial import workflow
from content_app.models import Source
from tests import library
from tests.library import condition, item_of


@pytest.fixture
def desk(people):
    """Everybody may sign in to the desk."""
    User.objects.update(is_staff=True)
    return people


def verb_of(item, verb: str) -> str:
    return f"/admin/content_app/condition/{item.pk}/verb/{verb}/"


def test_the_page_before_a_release_says_what_has_changed_and_who_signed_it_off_in_what_capacity(client, desk):
    item = library.bring_in([condition()], desk.author)[0]
    library.sign_off_sources(item, desk)
    workflow.submit(item=item, by=desk.author, change_note="The first text.")
    role = "Paediatrician"
    content = workflow.content_sha256(item)
    workflow.approve(item=item, by=desk.reviewer, content=content, reviewer_role=role, is_clinical=True)
    client.force_login(desk.publisher)
    page = " ".join(client.get(verb_of(item, "publish")).content.decode().split())
    assert '(substantive): <q dir="auto">The first text.</q>' in page
    assert "Signed off by the-reviewer as “Paediatrician”" in page
    assert "(clinical review)" in page


@pytest.mark.parametrize(("caution", "chosen"), [("See a doctor.", "substantive"), ("", "safety"), ("Wait.", "safety")])
def test_a_caution_that_changes_is_taken_for_a_matter_of_safety_and_asked(caution, chosen, client, desk):
    library.publish([condition(caution="See a doctor.")], desk)
    warned = {"caution": caution} if caution else {}
    library.bring_in([condition(name="Another name", **warned)], desk.author)
    client.force_login(desk.author)
    response = client.get(verb_of(item_of(condition()), "submit"))
    form = response.context["offer"].form
    assert form["significance"].value() == chosen
    assert ("standing caution" in form.fields["significance"].help_text) == (chosen == "safety")


def test_a_draft_that_is_put_away_leaves_the_lists(client, desk):
    item = library.bring_in([condition()], desk.author)[0]
    client.force_login(desk.author)
    assert "put it away" in client.get(f"/admin/content_app/condition/{item.pk}/delete/").content.decode()
    client.post(verb_of(item, "put-away"), {"note": "A mistake."})
    listed = "/admin/content_app/condition/"
    assert client.get(listed).context["cl"].result_count == 0
    assert client.get(listed, {"put_away": "yes"}).context["cl"].result_count == 1
    assert "Draft, put away" in client.get(f"/admin/content_app/condition/{item.pk}/change/").content.decode()
    client.post(verb_of(item, "bring-back"), {})
    assert client.get(listed).context["cl"].result_count == 1


def test_a_retracted_source_is_never_marked_as_good(client, desk):
    library.bring_in([], desk.author)
    Source.objects.update(retracted=True)
    client.force_login(desk.reviewer)
    for address in ("", f"{Source.objects.get().pk}/change/"):
        page = client.get(f"/admin/content_app/source/{address}").content.decode()
        assert "icon-yes" not in page
        assert "Retracted" in page
