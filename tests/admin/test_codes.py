"""Codes at the desk are chosen from the releases at hand: by what they are called, with JavaScript and without."""

import pytest
from django.contrib.auth.models import User

from content_app.manuscripts import rows
from tests import library
from tests.admin_forms import fields_of
from tests.library import condition, item_of

CODES = "/admin/codes/"


@pytest.fixture
def desk(people):
    """Everybody may sign in to the desk."""
    User.objects.update(is_staff=True)
    return people


@pytest.mark.parametrize(
    ("typed", "system", "first"),
    [
        ("M79.7", "icd-10-cm", ("icd-10-cm", "M79.7")),
        ("m797", "icd-10", ("icd-10", "M79.7")),
        ("fibromyalgia", "icd-10-cm", ("icd-10-cm", "M79.7")),
        ("allodynia", "", ("hpo", "HP:0012533")),
        ("pain chronic", "hpo", ("hpo", "HP:0012532")),
        ("complex regional pain", "", ("icd-10", "G90.5")),
    ],
)
def test_a_code_is_found_by_itself_and_by_its_title(typed, system, first, client, desk):
    client.force_login(desk.author)
    found = client.get(CODES, {"q": typed, "system": system, "as": "json"}).json()["results"]
    assert (found[0]["fields"]["system"], found[0]["fields"]["code"]) == first


@pytest.mark.parametrize(
    "typed", ["", "%", "_", "\\", "\0", "'; DROP TABLE code --", "x" * 5000, "no such title anywhere"]
)
def test_what_cannot_be_a_code_finds_nothing(typed, client, desk):
    client.force_login(desk.author)
    assert client.get(CODES, {"q": typed, "as": "json"}).json() == {"results": []}
    assert client.get(CODES, {"q": typed, "system": "no-such", "for": "x-\0"}).status_code == 200


def test_a_code_that_is_found_leads_back_to_the_item_with_the_coding_filled_in(client, desk):
    library.bring_in([condition()], desk.author)
    item = item_of(condition())
    client.force_login(desk.author)
    page = f"/admin/content_app/condition/{item.pk}/change/"
    assert f"{CODES}?for=condition-{item.pk}" in client.get(page).content.decode()
    found = client.get(CODES, {"q": "M79.7", "system": "icd-10-cm", "for": f"condition-{item.pk}"})
    href = found.context["found"][0]["href"]
    fields = fields_of(client.get(href), "condition_form")
    client.post(page, fields | {"codings-0-match": ["close"]})
    coding = rows.to_document(item)["codings"][0]
    assert (coding["code"], coding["display"], coding["billable"]) == ("M79.7", "Fibromyalgia", True)
    assert coding["verification"] == "verified"


def test_a_new_release_puts_the_items_whose_codes_it_changed_in_a_queue(client, desk):
    same, renamed, gone = (condition(name, codings=[library.coding(match="close")]) for name in ("a", "b", "c"))
    renamed["codings"][0]["display"] = "As an older release said"
    gone["codings"][0]["code"] = "M79.77"
    library.bring_in([same, renamed, gone], desk.author)
    client.force_login(desk.author)
    page = client.get("/admin/content_app/item/", {"queue": "codes-changed"})
    assert {item.slug for item in page.context["cl"].queryset} == {"b", "c"}


def test_who_may_see_no_items_sees_no_codes(client, desk):
    client.force_login(desk.nobody)
    assert client.get(CODES, {"q": "M79.7"}).status_code == 403
