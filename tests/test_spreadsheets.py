"""Lists as CSV: read back as they were, and harmless in a spreadsheet."""

import csv
import io

import pytest

from content_app.admin.spreadsheets import ROWS_AT_ONCE, csv_rows

pytestmark = pytest.mark.one_database


def read(header, rows) -> list[list[str]]:
    return list(csv.reader(io.StringIO(b"".join(csv_rows(header, rows)).decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_text_that_a_spreadsheet_would_run_gets_an_apostrophe(start):
    assert read(["a"], [[f"{start}HYPERLINK(1)"]]) == [["a"], [f"'{start}HYPERLINK(1)"]]


@pytest.mark.parametrize("cell", ["plain", "a=b", "", "two\nlines", 'a "quote", a comma', "ألم", "🙂"])
def test_other_text_is_kept_to_the_letter(cell):
    assert read(["a"], [[cell]]) == [["a"], [cell]]


def test_numbers_stay_numbers():
    assert read(["a"], [[-1, 2.5, None]]) == [["a"], ["-1", "2.5", ""]]


def test_a_long_list_comes_in_pieces():
    pieces = list(csv_rows(["n"], ([number] for number in range(3 * ROWS_AT_ONCE))))
    assert len(pieces) > 2
    assert read(["n"], ([number] for number in range(3 * ROWS_AT_ONCE)))[-1] == [str(3 * ROWS_AT_ONCE - 1)]
