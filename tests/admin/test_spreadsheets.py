"""Lists as CSV: what a person typed never acts in a spreadsheet, and the rows are those of the list."""

import csv
import datetime
import io
import itertools

import pytest
from django.contrib.auth.models import User

from content_app.admin.shared.spreadsheets import csv_rows
from content_app.models import Item, Source
from tests import library
from tests.library import concept, condition, source

LISTS = {
    "condition", "concept", "symptomtype", "example", "source", "item", "document", "release", "revision", "event",
    "signoff", "sourcerevision", "import",
}  # fmt: skip


@pytest.fixture
def desk(people):
    """Everybody may sign in to the desk."""
    User.objects.update(is_staff=True)
    return people


def cells_of(*row: object) -> list[str]:
    """The row as a spreadsheet reads it."""
    return read(b"".join(csv_rows(["a"], [row])))[1]


def read(data: bytes) -> list[list[str]]:
    assert data.startswith(b"\xef\xbb\xbf")
    text = data.decode("utf-8-sig")
    assert text.endswith("\r\n")
    return list(csv.reader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "＝", "＋", "－", "＠"])
@pytest.mark.parametrize("before", ["", " ", "\u00a0", "a,", "a;", "a\t", "a|", "a\n", "a\r\n", 'a"', "a', ", "a; "])
def test_what_a_spreadsheet_would_compute_gets_an_apostrophe(sign, before):
    formula = f"{sign}HYPERLINK(1)"
    (cell,) = cells_of(before + formula)
    assert cell.endswith(f"'{formula}")
    for separator in ",;\t|\n":
        assert not any(part.strip().startswith(sign) for part in cell.split(separator))


@pytest.mark.parametrize("start", ["\t", "\r", "\n"])
def test_what_begins_with_a_separator_gets_an_apostrophe(start):
    assert cells_of(f"{start}x") == [f"'{start}x"]


@pytest.mark.parametrize(
    "text", ["a-b", "1 + 1 = 2", "somebody@example.org", "e = mc²", "–5", 'a "b" c', "x, y; z", ""]
)
def test_ordinary_text_stays_as_it_is(text):
    assert cells_of(text) == [text]


def test_values_are_written_for_reading():
    day = datetime.datetime(2026, 11, 2, 9, 0, tzinfo=datetime.UTC)
    row = [None, True, False, -5, 1.5, day, day.date(), "Ж🩺"]
    assert cells_of(*row) == ["", "yes", "no", "-5", "1.5", "2026-11-02T09:00:00+00:00", "2026-11-02", "Ж🩺"]


def test_what_is_no_text_is_shown_and_the_header_is_as_harmless_as_the_rows():
    assert cells_of("a\0b\x1b[2J\ud800\u202e") == [r"a\x00b\x1b[2J\ud800\u202e"]
    assert read(b"".join(csv_rows(["=1", "b"], []))) == [["'=1", "b"]]


def test_rows_are_read_one_at_a_time():
    pieces = csv_rows(["n"], ([n] for n in itertools.count()))
    assert [next(pieces) for _ in range(3)] == [b'\xef\xbb\xbf"n"\r\n', b'"0"\r\n', b'"1"\r\n']


@pytest.mark.parametrize("model", sorted(LISTS))
def test_every_list_of_the_desk_is_offered_as_csv_with_all_its_rows(model, client, desk):
    library.publish([concept(), condition()], desk)
    client.force_login(desk.author)
    page = client.get(f"/admin/content_app/{model}/")
    assert f"/admin/content_app/{model}/export.csv" in page.content.decode()
    response = client.get(f"/admin/content_app/{model}/export.csv")
    assert response.streaming
    assert response["Content-Disposition"].startswith("attachment; filename=")
    assert len(read(b"".join(response.streaming_content))) == page.context["cl"].result_count + 1
    client.force_login(desk.nobody)
    assert client.get(f"/admin/content_app/{model}/export.csv").status_code == 403


def test_a_list_of_all_lists_is_complete():
    from django.contrib import admin

    from content_app.admin.shared.lists import Lists

    assert {m._meta.model_name for m, desk in admin.site._registry.items() if isinstance(desk, Lists)} >= LISTS


def test_the_search_the_filters_and_the_order_of_the_list_hold_for_its_csv(client, desk):
    library.bring_in([concept(f"c-{number}", name=f"=Name {number}") for number in range(60)], desk.author)
    Item.objects.filter(slug="c-7").update(name="Other")
    client.force_login(desk.reviewer)
    address = "/admin/content_app/concept/export.csv?q=Name&status__exact=draft&o=-1&p=2"
    rows = read(b"".join(client.get(address).streaming_content))
    name = rows[0].index("name")
    assert len(rows) == 60
    assert [row[name] for row in rows[1:3]] == ["'=Name 9", "'=Name 8"]
    page = client.get("/admin/content_app/concept/?q=Name&p=2").content.decode()
    assert '"/admin/content_app/concept/export.csv?q=Name"' in page


def test_a_source_goes_out_with_its_identifiers_and_its_uses(client, desk):
    library.bring_in([concept(), source("b", doi="10.1000/b", authors=["A B", "C D"])], desk.author)
    client.force_login(desk.author)
    header, *rows = read(b"".join(client.get("/admin/content_app/source/export.csv").streaming_content))
    found = {row[header.index("slug")]: dict(zip(header, row, strict=True)) for row in rows}
    assert (found["b"]["DOI"], found["b"]["authors"], found["b"]["type"]) == ("10.1000/b", "A B; C D", "Lay text")
    assert found["a-text"]["cited by"] == "1 item"


@pytest.mark.parametrize("query", ["q=%00", "o=x.-9", "status__exact=no-such", "no_such=1", "p=999", "kind=%ff"])
def test_an_odd_address_of_a_csv_is_answered(query, client, desk):
    client.force_login(desk.author)
    assert client.get(f"/admin/content_app/item/export.csv?{query}").status_code in (200, 302)


def test_a_long_list_takes_no_more_queries_than_a_short_one(client, desk, django_assert_num_queries):
    Source.objects.bulk_create(
        Source(slug=f"s-{n}", type="book", evidence_level="expert_opinion", title=f"S {n}") for n in range(1200)
    )
    client.force_login(desk.author)
    with django_assert_num_queries(10):  # the audit's entry and its receipt among them
        data = b"".join(client.get("/admin/content_app/source/export.csv").streaming_content)
    assert data.count(b"\r\n") == 1201


def test_a_list_is_offered_with_semicolons_for_spreadsheets_that_expect_them(client, desk):
    client.force_login(desk.author)
    assert "separator=semicolon" in client.get("/admin/content_app/source/").content.decode()
    response = client.get("/admin/content_app/source/export.csv", {"separator": "semicolon"})
    assert b"".join(response.streaming_content).decode("utf-8-sig").startswith('"uuid";"slug";')
