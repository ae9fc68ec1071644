"""Finds codes by what people type: a code, the beginning of one, or words of its title.

In: what was typed, and maybe a code system. Out: codes with their titles, the surest first, from the releases that
`code_releases` keeps. What is not in a release is not found, so that nobody can choose an invented code.
"""

import contextlib
import re
import sqlite3
from dataclasses import dataclass

from content_app.manuscripts.code_releases import RELEASES, prepared

MOST = 20
MOST_WORDS = 8
LONGEST = 200


@dataclass(frozen=True)
class Match:
    """A code as its release has it."""

    system: str
    code: str
    title: str
    billable: bool | None
    release: str


def search(typed: str, system: str = "", most: int = MOST) -> list[Match]:
    """Codes that are meant by what was typed, of one system or of all."""
    typed = typed.replace("\0", "").strip()[:LONGEST]
    words = [f"%{_escaped(word)}%" for word in re.findall(r"\w+", typed)[:MOST_WORDS]]
    if not words:
        return []
    bare = re.sub(r"[^\w:]", "", typed).upper()
    says = " AND ".join(["title LIKE ? ESCAPE '\\'"] * len(words))
    found = f"""
        SELECT system, code, title, billable, release FROM code
        WHERE (? = '' OR system = ?) AND (replace(code, '.', '') LIKE ? ESCAPE '\\' OR {says})
        ORDER BY replace(code, '.', '') <> ?, title <> ? COLLATE NOCASE, title NOT LIKE ? ESCAPE '\\',
            release IS NOT NULL, length(title), code, system
        LIMIT ?"""  # noqa: S608 - what was typed goes in as values
    given = (system, system, f"{_escaped(bare)}%", *words, bare, typed, f"{_escaped(typed)}%", most)
    with contextlib.closing(sqlite3.connect(f"{prepared().as_uri()}?mode=ro", uri=True)) as file:
        rows = file.execute(found, given).fetchall()
    return [
        Match(key, code, title, None if billable is None else bool(billable), release or RELEASES[key].label)
        for key, code, title, billable, release in rows
    ]


def _escaped(text: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", text)
