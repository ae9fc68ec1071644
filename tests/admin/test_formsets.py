"""Every formset of the desk is bounded: one forged number costs no more than the page itself, and loses nothing."""

import re
from pathlib import Path

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import connection
from django.forms import inlineformset_factory
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from content_app.admin.items import citations
from content_app.admin.shared.formsets import NEW_AT_ONCE, TOO_MANY, UNCOUNTED, BoundedFormSet, rows_sent
from content_app.manuscripts import rows
from content_app.models import ApiClient, Condition, Item, Name
from tests import library
from tests.admin_forms import fields_of, with_row
from tests.library import coding, concept, condition, item_of, relation, statement

ADD = "/admin/content_app/condition/add/"
PRODUCT = Path(__file__).parents[2] / "content_app"
PREFIXES = ("names", "statements", "relations", "codings")
FORGED = {
    "a huge total": ({"TOTAL": "99999999999"}, TOO_MANY),
    "a total of thousands of digits": ({"TOTAL": "9" * 5000}, UNCOUNTED),
    "one row too many": ({"TOTAL": str(NEW_AT_ONCE + 2)}, TOO_MANY),
    "a negative total": ({"TOTAL": "-1"}, UNCOUNTED),
    "a total that is no number": ({"TOTAL": "x"}, UNCOUNTED),
    "no total": ({"TOTAL": None}, UNCOUNTED),
    "a total of fewer rows than were sent": ({"TOTAL": "0", "INITIAL": "0"}, UNCOUNTED),
    "more stored rows than rows": ({"INITIAL": "99999999999"}, UNCOUNTED),
    "a negative number of stored rows": ({"INITIAL": "-1"}, UNCOUNTED),
    "a number of stored rows that is none": ({"INITIAL": "x"}, UNCOUNTED),
    "no number of stored rows": ({"INITIAL": None}, UNCOUNTED),
    "no management form": ({"TOTAL": None, "INITIAL": None, "MIN_NUM": None, "MAX_NUM": None}, UNCOUNTED),
}


def item_page(item: Item) -> str:
    return f"/admin/content_app/condition/{item.pk}/change/"


@pytest.fixture
def item(people) -> Item:
    """A condition with one part of each sort."""
    User.objects.update(is_staff=True)
    other = concept("other")
    parts = {
        "names": [{"text": "Another name", "type": "synonym"}],
        "statements": [statement()],
        "relations": [relation("has_feature", other)],
        "codings": [coding()],
    }
    library.bring_in([other, condition(**parts)], people.author)
    return item_of(condition())


def sent(client, item: Item) -> dict[str, list[str]]:
    """The form of the item, with text typed into it that is not stored yet."""
    fields = fields_of(client.get(f"{item_page(item)}?open=all"), "condition_form")
    return fields | {"name": ["Typed"], "statements-0-clinical": ["Typed too."]}


def forged(fields: dict[str, list[str]], prefix: str, counts: dict[str, str | None]) -> dict[str, list[str]]:
    """The fields with other counts of rows; None leaves a count out."""
    changed = fields | {f"{prefix}-{name}_FORMS": [count] for name, count in counts.items() if count is not None}
    gone = {f"{prefix}-{name}_FORMS" for name, count in counts.items() if count is None}
    return {name: values for name, values in changed.items() if name not in gone}


def forms_in(response) -> int:
    return sum(len(inline.formset.forms) for inline in response.context["inline_admin_formsets"])


def test_every_formset_of_the_desk_is_bounded():
    pages = admin.site._registry.values()
    inlines = [inline for page in pages for inline in page.inlines]
    assert len(inlines) > 10
    assert [inline for inline in inlines if not issubclass(inline.formset, BoundedFormSet)] == []
    assert [page for page in pages if page.list_editable] == []  # Django would make a formset of the whole list


def test_no_formset_is_made_in_another_way():
    sources = {path.name: path.read_text() for path in PRODUCT.rglob("*.py")}
    assert [name for name, text in sources.items() if "formset_factory" in text] == []
    assert [name for name, text in sources.items() if re.search(r"class \w+\(.*Base\w*FormSet", text)] == [
        "formsets.py"
    ]


@pytest.mark.parametrize("case", FORGED)
def test_a_count_that_is_not_that_of_the_rows_is_refused_and_put_right(case, db):
    stored = Condition.objects.create(slug="a-condition", name="A condition")
    one = Name.objects.create(item=stored, text="One", type="synonym")
    names = inlineformset_factory(Condition, Name, formset=BoundedFormSet, fields=["text", "type", "language"])
    row = {"names-0-id": [str(one.pk)], "names-0-text": ["Typed"]}
    data = QueryDict(mutable=True)
    counts, sentence = FORGED[case]
    for field, values in forged(row, "names", {"TOTAL": "1", "INITIAL": "1"} | counts).items():
        data.setlist(field, values)
    with CaptureQueriesContext(connection) as queries:
        formset = names(data, instance=stored)
        assert not formset.is_valid()
    assert list(formset.non_form_errors()) == [sentence]
    assert [form["text"].value() for form in formset.forms] == ["Typed"]
    assert (formset.total_form_count(), formset.initial_form_count(), len(queries)) == (1, 1, 2)
    assert 'name="names-TOTAL_FORMS" value="1"' in str(formset.management_form)


@pytest.mark.parametrize(
    ("prefix", "case"), [*((prefix, "a huge total") for prefix in PREFIXES), ("statements", "no management form")]
)
def test_a_forged_form_is_refused_at_the_cost_of_its_page_and_loses_nothing_typed(prefix, case, client, people, item):
    client.force_login(people.author)
    before = rows.to_document(item)
    fields = sent(client, item)
    with CaptureQueriesContext(connection) as honest:
        client.post(item_page(item), fields | {"slug": ["Not_a_slug"]})
    counts, sentence = FORGED[case]
    with CaptureQueriesContext(connection) as queries:
        response = client.post(item_page(item), forged(fields, prefix, counts))
    assert f'href="#{prefix}-heading">{sentence}' in response.content.decode()
    assert forms_in(response) == len(PREFIXES)
    assert len(queries) <= len(honest) + 2
    assert rows.to_document(item_of(condition())) == before
    again = fields_of(response, "condition_form")
    assert typed(again) == typed(fields)
    assert client.post(item_page(item), again).status_code == 302
    assert rows.to_document(item_of(condition()))["statements"][0]["clinical"] == "Typed too."


def typed(fields: dict[str, list[str]]) -> dict[str, list[str]]:
    """The fields without what the page itself counts and signs."""
    own = re.compile(r"csrfmiddlewaretoken|.*_FORMS")
    return {name: values for name, values in fields.items() if not own.fullmatch(name)}


def test_a_forged_count_loses_no_row_that_somebody_else_has_deleted_meanwhile(client, people, item):
    client.force_login(people.author)
    fields = sent(client, item)
    item.statements.all().delete()
    counts, _ = FORGED["a huge total"]
    response = client.post(item_page(item), forged(fields, "statements", counts) | {"opened_at": ["0-0"]})
    assert (response.status_code, forms_in(response)) == (200, len(PREFIXES))
    assert "Typed too." in response.content.decode()


@pytest.mark.parametrize("address", ["{}check/", ADD, f"{ADD}check/"])
def test_a_forged_count_is_answered_wherever_the_form_is_sent(address, client, people, item):
    client.force_login(people.author)
    fields = sent(client, item) | {"names-0-id": [""], "slug": ["a-new-one"]}
    counts, sentence = FORGED["a huge total"]
    address = address.format(item_page(item).removesuffix("change/"))
    assert sentence in client.post(address, forged(fields, "names", counts)).content.decode()
    assert Item.objects.count() == 2


def test_the_keys_of_a_client_are_bounded_too(client, people):
    User.objects.update(is_staff=True)
    client.force_login(people.superuser)
    app = ApiClient.objects.create(name="Diary", contact_email="a@example.org")
    page = reverse("admin:content_app_apiclient_change", args=[app.pk])
    counts, sentence = FORGED["a huge total"]
    fields = fields_of(client.get(page), "apiclient_form") | {"name": ["Typed"]}
    response = client.post(page, forged(fields, "keys", counts))
    assert sentence in map(str, response.context["errors"])
    assert (forms_in(response), ApiClient.objects.get().name) == (0, "Diary")


def test_a_hundred_rows_can_be_added_in_one_save_however_many_there_are(client, people, item):
    client.force_login(people.author)
    fields = sent(client, item)
    assert fields["names-MAX_NUM_FORMS"] == [str(NEW_AT_ONCE + 1)]  # where the page stops offering more
    for number in range(NEW_AT_ONCE):
        fields = with_row(fields, "names", text=f"Name {number}", type="synonym", language="en")
    assert client.post(item_page(item), fields).status_code == 302
    assert item.names.count() == NEW_AT_ONCE + 1


def test_rows_are_counted_by_their_highest_number():
    keys = [
        "names-0-text",
        "names-4-text",
        "names-__prefix__-text",
        "names-99999999999-text",
        "renames-9-text",
        "names",
    ]
    assert rows_sent(keys, "names") == 5
    assert rows_sent([], "names") == 0


def test_a_flood_of_citations_is_refused_with_few_words_and_few_queries(client, people, item):
    field = "statements-0-citations"
    client.force_login(people.author)
    fields = sent(client, item)
    with CaptureQueriesContext(connection) as honest:
        client.post(item_page(item), fields | {"slug": ["Not_a_slug"]})
    flood = "\n".join(f"no-{number}" for number in range(100_000))
    with CaptureQueriesContext(connection) as queries:
        response = client.post(item_page(item), fields | {field: [flood]})
    assert "Enter at most 1000 citations here; there are 100000." in response.content.decode()
    assert len(queries) <= len(honest) + 5  # findings ask about what is stored, where the form cannot be read
    few = "\n".join(flood.split("\n")[: citations.MOST])
    with CaptureQueriesContext(connection) as queries:
        response = client.post(item_page(item), fields | {field: [few]})
    said = [sentence for sentence in map(str, response.context["errors"]) if "there is no source" in sentence]
    assert said[0].count("there is no source") == citations.SAID_AT_ONCE
    assert len(queries) <= len(honest) + 2 * citations.SAID_AT_ONCE
