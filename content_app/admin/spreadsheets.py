"""Lists as CSV, for spreadsheets.

In: a header and rows of cells. Out: bytes, a piece at a time. What a spreadsheet would run as a formula is shown as
text: such a cell gets an apostrophe in front (OWASP, “CSV Injection”).
"""

import csv
from collections.abc import Iterable, Iterator
from typing import Any

STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")
ROWS_AT_ONCE = 200


class _Lines(list):
    """What `csv.writer` writes to."""

    write = list.append


def csv_rows(header: Iterable[str], rows: Iterable[Iterable[Any]]) -> Iterator[bytes]:
    """The list as UTF-8 with a byte order mark, without which spreadsheets guess the encoding."""
    lines = _Lines(["\ufeff"])
    writer = csv.writer(lines)
    writer.writerow([harmless(cell) for cell in header])
    for row in rows:
        writer.writerow([harmless(cell) for cell in row])
        if len(lines) > ROWS_AT_ONCE:
            yield "".join(lines).encode("utf-8", "replace")
            lines.clear()
    yield "".join(lines).encode("utf-8", "replace")


def harmless(cell: Any) -> Any:
    """The cell, with an apostrophe before text that a spreadsheet would run."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(STARTS_A_FORMULA) else cell
