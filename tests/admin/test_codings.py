"""Codes at the desk: looked up when they are saved, and titled by their release."""

import pytest
from django.contrib.auth.models import User

from content_app.manuscripts import rows
from content_app.models import Condition
from tests.admin_forms import fields_of, with_row


@pytest.fixture
def desk(people):
    """Everybody may sign in to the desk."""
    User.objects.update(is_staff=True)
    return people


def test_a_new_condition_starts_with_a_cause_that_is_not_stated(client, desk):
    client.force_login(desk.author)
    fields = fields_of(client.get("/admin/content_app/condition/add/"), "condition_form")
    assert fields["cause_status"] == ["not_stated"]


def test_the_desk_looks_codes_up_and_takes_their_titles_from_the_release(client, desk):
    client.force_login(desk.author)
    fields = fields_of(client.get("/admin/content_app/condition/add/"), "condition_form")
    fields |= {"name": ["New"], "slug": ["new"], "cause_status": ["not_stated"]}
    typed = {"match": "close", "display": "My own title", "verification": "not_checked"}
    known = {"system": "icd-10-cm", "code": "M79.7"} | typed
    invented = {"system": "icd-10-cm", "code": "Z99.ZZZ"} | typed | {"verification": "verified"}
    with_both = with_row(with_row(fields, "codings", **known), "codings", **invented)
    response = client.post("/admin/content_app/condition/add/", with_both, follow=True)
    assert response.redirect_chain
    one, other = rows.to_document(Condition.objects.get(slug="new"))["codings"]
    assert (one["display"], one["verification"], one["billable"]) == ("Fibromyalgia", "verified", True)
    assert one["verified_by"][0].startswith("simple-icd-10-cm")
    assert other["verification"] == "not_checked"
    assert "“Z99.ZZZ” is not a current code of ICD-10-CM" in response.content.decode()
