"""Reads query parameters strictly: what is not known is refused, with the nearest right one named.

In: a request. Out: values of the right type. Raises `Problem` (400) with the parameter and what would be right.
"""

import datetime
import difflib
import re
import uuid
from collections.abc import Iterable

from django.http import QueryDict
from django.utils.dateparse import parse_date, parse_datetime

from content_app.delivery.http.problems import Problem, invalid, printable
from content_app.delivery.store import reading

LARGEST_RELEASE = 2_147_483_647
LONGEST_VALUE = 500


def refuse_unknown(query: QueryDict, known: Iterable[str]) -> None:
    """Refuse parameters that are not known, given twice, too long, or not clean text."""
    known = list(known)
    errors = []
    for name, values in query.lists():
        if name not in known:
            errors.append(
                {"parameter": printable(name)[:60], "detail": f"There is no such parameter{nearest(name, known)}"}
            )
        elif len(values) > 1:
            errors.append({"parameter": name, "detail": "Give it once."})
        elif len(values[0]) > LONGEST_VALUE:
            errors.append({"parameter": name, "detail": f"It has more than {LONGEST_VALUE} characters."})
        elif re.search(r"[\x00-\x1f\x7f\ud800-\udfff\ufffd]", values[0]):
            errors.append({"parameter": name, "detail": "It has a character that cannot be part of it."})
    if errors:
        raise Problem(
            "invalid-parameter", " ".join(f"{e['parameter']}: {e['detail']}" for e in errors[:5]), errors=errors[:20]
        )


def nearest(word: str, known: Iterable[str]) -> str:
    """“; did you mean …?” if a known word is near, else the list of known words."""
    known = list(known)
    close = difflib.get_close_matches(word[:60].lower(), known, 1, 0.6)
    if close:
        return f"; did you mean “{close[0]}”?"
    return f"; known are {', '.join(known)}." if known else ": it takes none."


def whole_number(query: QueryDict, name: str, *, default: int, least: int, most: int) -> int:
    """A parameter that is a whole number within bounds, in ASCII digits."""
    value = query.get(name)
    if value is None:
        return default
    if not re.fullmatch(r"[0-9]{1,10}", value, re.ASCII) or not least <= int(value) <= most:
        raise invalid(name, f"Give a whole number from {least} to {most}.")
    return int(value)


def instant(value: str, name: str, *, end_of_day: bool) -> datetime.datetime:
    """A day (YYYY-MM-DD, UTC) or an instant with its offset (RFC 3339). A day counts from its start or to its end."""
    try:
        day = parse_date(value) if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value, re.ASCII) else None
        moment = None if day else parse_datetime(value.replace(" ", "+"))
        if day:
            time = datetime.time.max if end_of_day else datetime.time.min
            return datetime.datetime.combine(day, time, datetime.UTC)
        if moment and moment.tzinfo and value.isascii():
            return moment.astimezone(datetime.UTC)
    except (ValueError, OverflowError):
        pass
    raise invalid(name, "Give a day such as 2026-03-01, or an instant such as 2026-03-01T09:30:00Z.")


def identifier(value: str, name: str) -> str:
    """A UUID in its usual form."""
    try:
        parsed = uuid.UUID(value)
    except ValueError:
        raise invalid(
            name,
            "Give an identifier, such as 0b6e1f0c-5a3d-4c58-9d0e-3a8b2f4c6d7e, or for an item the "
            "last two parts of its address, such as conditions/fibromyalgia.",
        )
    if str(parsed) != value.lower():
        raise invalid(name, "Give the identifier with its hyphens, such as 0b6e1f0c-5a3d-4c58-9d0e-3a8b2f4c6d7e.")
    return str(parsed)


def moment(query: QueryDict) -> reading.Moment:
    """The release that the read is about: `release`, `as_of`, or the current one. Raises 400 or 404."""
    release, as_of = query.get("release"), query.get("as_of")
    if release is not None and as_of is not None:
        raise invalid("as_of", "Give either release or as_of, not both.")
    if release is not None:
        number = whole_number(query, "release", default=0, least=1, most=LARGEST_RELEASE)
        found = reading.moment_of_release(number)
        missing = f"There is no release {number}."
    elif as_of is not None:
        found = reading.moment_as_of(instant(as_of, "as_of", end_of_day=True))
        missing = f"Nothing had been published by {as_of}."
    else:
        found = reading.current_moment()
        missing = "Nothing has been published yet."
    if found is None:
        raise Problem("nothing-published", missing)
    return found
