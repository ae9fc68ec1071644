"""The lists of the desk: how they are grouped and named, what an empty one says; what a form says that is sent empty,
or holds what cannot be shown.
"""

from datetime import timedelta

import pytest
from django import forms
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.utils import timezone

from content_app.admin.shared.filters import REVIEW_AGES
from content_app.admin.site import GROUPS
from content_app.models import Concept, Item, Source
from tests import library
from tests.admin_forms import fields_of
from tests.library import concept, item_of

LISTED = [model for model in admin.site._registry if model is not Item]  # all items: from the home only


@pytest.fixture
def desk(people):
    User.objects.update(is_staff=True)
    return people


def groups_of(response) -> dict[str, list[str]]:
    return {group["name"]: [model["name"] for model in group["models"]] for group in response.context["app_list"]}


def test_every_list_of_the_desk_stands_in_one_group():
    named = [name for names in GROUPS.values() for name in names]
    assert sorted(named) == sorted(model.__name__ for model in LISTED)


def test_lists_are_grouped_as_those_think_who_work_there(client, desk):
    client.force_login(desk.author)
    grouped = {
        "Content": ["Conditions", "Concepts", "Symptom types", "Examples"],
        "Sources and imports": ["Sources", "Imports"],
        "Publishing": ["Schedules", "Releases"],
    }
    for address in ("/admin/", "/admin/content_app/concept/"):
        page = client.get(address)
        assert groups_of(page) == grouped if address == "/admin/" else True
        shown = {group["name"]: [m["name"] for m in group["models"]] for group in page.context["available_apps"]}
        assert shown == grouped
    desk.nobody.groups.add(Group.objects.get(name="User administrator"))
    client.force_login(desk.nobody)
    assert groups_of(client.get("/admin/")) == {"People": ["Users", "Audit entries"]}


def test_whoever_has_no_role_is_told_who_gives_one(client, desk):
    client.force_login(desk.nobody)
    assert "You have no role yet. Ask a user administrator to give you one." in client.get("/admin/").content.decode()


@pytest.mark.parametrize("model", [*LISTED, Item])
def test_a_list_is_named_for_what_it_holds_and_without_rows_says_where_they_come_from(model, client, desk):
    client.force_login(desk.superuser)
    address = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
    page = client.get(address).content.decode()
    sentence = admin.site._registry[model].rows_come_from
    assert sentence.endswith(".")
    assert "Select" not in page.partition("<h1>")[2].partition("</h1>")[0]
    if model._meta.model_name not in ("user", "auditentry"):  # never empty, or a page of its own
        name = str(model._meta.verbose_name_plural)
        assert f"<h1>{name[0].upper()}{name[1:]}</h1>" in page
        assert f"Nothing here yet. {sentence}" in page
        assert "No results for this search" in client.get(address, {"q": "zzz"}).content.decode()


def test_the_page_of_a_row_is_named_for_what_it_is_whoever_opens_it(client, desk):
    item = library.bring_in([concept()], desk.author)[0]
    for who in (desk.author, desk.reviewer):
        client.force_login(who)
        page = client.get(f"/admin/content_app/concept/{item.pk}/change/").content.decode()
        assert '<p class="eyebrow">Concept</p>' in page
        assert page.partition("<h1")[2].partition("</h1>")[0].endswith(f">{item.name}")


def test_a_list_can_be_narrowed_to_each_age_of_the_last_review(client, desk):
    days = {"half-a-year": 182, "a-year": 184, "longer": 366}
    library.publish([concept("withdrawn")], desk)
    library.withdraw(item=item_of(concept("withdrawn")), by=desk.publisher, note="It was wrong.")
    library.bring_in([concept(age) for age in REVIEW_AGES], desk.author)
    for age, number in days.items():
        Concept.objects.filter(slug=age).update(reviewed_on=timezone.now().date() - timedelta(days=number))
    client.force_login(desk.author)
    for age in REVIEW_AGES:
        for address in ("/admin/content_app/item/", "/admin/content_app/concept/"):
            found = client.get(address, {"reviewed": age}).context["cl"].queryset
            assert [item.slug for item in found] == [age]


@pytest.mark.parametrize("model", ["concept", "source", "import", "apiclient", "apikey", "webhookendpoint"])
def test_a_field_that_was_left_empty_says_what_to_do(model, client, desk):
    address, form = f"{model}/add/", "" if model == "import" else f"{model}_form"
    client.force_login(desk.superuser)
    fields = fields_of(client.get(f"/admin/content_app/{address}"), form)
    page = client.post(f"/admin/content_app/{address}", fields).content.decode()
    assert 'class="errorlist"' in page
    assert "This field is required" not in page


def test_no_sort_of_field_is_left_with_a_message_that_says_only_that_it_is_required():
    sorts = [sort for sort in vars(forms).values() if isinstance(sort, type) and issubclass(sort, forms.Field)]
    assert forms.SlugField in sorts
    for sort in sorts:
        messages = {}
        for parent in reversed(sort.__mro__):
            messages |= getattr(parent, "default_error_messages", {})
        assert "required" not in str(messages["required"]), sort


@pytest.mark.parametrize(
    ("address", "field"),
    [
        ("content_app/source/add/", "title"),
        ("content_app/apiclient/add/", "name"),
        ("content_app/apikey/add/", "name"),
        ("content_app/webhookendpoint/add/", "description"),
        ("auth/user/add/", "last_name"),
    ],
)
@pytest.mark.parametrize("text", ["a\0b", "a\x07b", "a\u202eb", "\uf0b7 a", "a\ufffdb"])
def test_what_cannot_be_shown_is_refused_at_its_field_in_every_form(address, field, text, client, desk):
    client.force_login(desk.superuser)
    page = client.post(f"/admin/{address}", {field: text})
    assert page.context["adminform"].form.errors[field]
    assert page.status_code == 200


def test_whoever_marks_a_source_as_retracted_is_led_to_what_rests_on_it(client, desk):
    library.bring_in([concept()], desk.author)
    client.force_login(desk.author)
    address = f"/admin/content_app/source/{Source.objects.get().pk}/change/"
    assert "retracted" not in fields_of(client.get(address), "source_form")
    page = client.post(address.replace("change/", "verb/retract/"), library.RETRACTION, follow=True)
    link = 'href="/admin/content_app/item/?queue=retracted-sources"'
    assert f"1 item cites it, as a draft or as published: <a {link}>" in page.content.decode()
    again = client.post(address, fields_of(client.get(address), "source_form") | {"note": ["Why."]}, follow=True)
    assert "cites it, as a draft" not in again.content.decode()
