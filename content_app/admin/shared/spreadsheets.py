"""Rows as CSV for spreadsheets: nothing that somebody typed can act as a formula there.

In: a header and rows of plain values. Out: UTF-8 bytes in pieces, one row each, by RFC 4180 (CRLF, quotes doubled),
begun by a byte order mark, without which spreadsheets take UTF-8 for something else. What is exact is in the exported
documents; a cell here may carry an apostrophe more.
"""

import csv
import datetime
import re
from collections.abc import Iterable, Iterator, Sequence

# A spreadsheet computes what begins with one of these, also in full width. It may split a row at other separators
# than commas, so what follows a separator, a line break or a quotation mark counts as a beginning too.
FORMULA = re.compile("(?:^|(?<=[,;|\t\r\n\v\f\x85\u2028\u2029\"']))(\\s*)([=+\\-@\uff1d\uff0b\uff0d\uff20])")
BLANK_START = re.compile("^[\t\r\n]")
NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class _Last:
    """Keeps the last row that a writer wrote."""

    row = ""

    def write(self, row: str) -> None:
        self.row = row


def csv_rows(header: Sequence[str], rows: Iterable[Sequence[object]], separator: str = ",") -> Iterator[bytes]:
    """The header and the rows as CSV, one piece a row; `rows` is read as it is asked for.

    Numbers stay numbers, days and times are ISO 8601, None is empty, yes and no are words. Text that a spreadsheet
    would compute gets an apostrophe before it; what is no text, or turns its direction, is shown as `\\x1b`.
    """
    last = _Last()
    writer = csv.writer(last, delimiter=separator, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([_cell(value) for value in header])
    yield BYTE_ORDER_MARK + last.row.encode()
    for row in rows:
        writer.writerow([_cell(value) for value in row])
        yield last.row.encode()


def _cell(value: object) -> str | int | float:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return value
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return _harmless(str(value))


def _harmless(text: str) -> str:
    text = NO_TEXT.sub(lambda found: found[0].encode("unicode_escape").decode(), text)
    text = FORMULA.sub(r"\1'\2", text)
    return f"'{text}" if BLANK_START.match(text) else text
