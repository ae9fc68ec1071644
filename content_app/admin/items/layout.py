"""How the fields of the table are laid out on the pages of the desk.

In: fields, in the order of documents. Out: lines of names, as Django's fieldsets take them, and names for lists.
"""

from collections.abc import Iterable

from content_app.vocabulary.fields import CODE, OWN, Field

Line = str | tuple[str, ...]
LAST = 100


def lines(given: Iterable[Field], *, has_place: bool = False, is_cited: bool = False) -> list[Line]:
    """The lines of a form: fields of one row beside each other, then those that have none, each for itself.

    The place of a part stands in its first line with a code; citations stand beside a note, or below.
    """
    rows: dict[tuple[int, str], list[Field]] = {}
    for field in given:
        rows.setdefault((field.row, "") if field.row else (LAST, field.name), []).append(field)
    found = [[field.name for field in rows[row]] for row in sorted(rows, key=lambda row: row[0])]
    if has_place:
        coded = {field.name for row in rows.values() for field in row if field.form == CODE}
        next(line for line in found if coded & set(line)).append("place")
    if is_cited and len(found[-1]) == 1:
        found[-1].append("citations")
    elif is_cited:
        found.append(["citations"])
    return [line[0] if len(line) == 1 else tuple(line) for line in found]


def sorting(kind: str) -> list[str]:
    """The fields that lists of a kind are narrowed by."""
    return [field.name for field in OWN[kind] if field.form == CODE]


def searched(kind: str) -> list[str]:
    """The fields that lists of a kind are searched in."""
    return [field.name for field in OWN[kind] if field.is_searched]
