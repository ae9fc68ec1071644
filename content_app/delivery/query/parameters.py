"""Reads query parameters strictly: what is not known is refused, with the nearest right one named.

In: a request. Out: values of the right type. Raises `Problem` (400) with the parameter and what would be right.
"""

import datetime
import re
import uuid
from collections.abc import Collection, Iterable

from django.http import QueryDict
from django.utils.dateparse import parse_date, parse_datetime

from content_app.delivery.http.problems import Problem, invalid, printable
from content_app.delivery.store import reading
from content_app.nearest import did_you_mean
from content_app.vocabulary import release_numbers

LONGEST_VALUE = 500


SEPARATOR = ","


def joined(query: QueryDict, several: Collection[str]) -> QueryDict:
    """The parameters, with one text for those that take several values: commas join what was repeated."""
    repeated = {name: values for name, values in query.lists() if name in several and len(values) > 1}
    if not repeated:
        return query
    asked = query.copy()
    for name, values in repeated.items():
        asked[name] = SEPARATOR.join(values)
    return asked


def values_of(query: QueryDict, name: str, known: Collection[str]) -> tuple[str, ...]:
    """A parameter that takes several words, each once; empty if it is not there. Raises `Problem` (400)."""
    words = tuple(dict.fromkeys(query[name].split(SEPARATOR))) if name in query else ()
    for word in words:
        if word not in known:
            raise not_a_value(name, word, known)
    return words


def several_of(known: Collection[str]) -> dict:
    """The schema of a parameter that takes several of these words."""
    return {"type": "array", "minItems": 1, "items": {"type": "string", "enum": list(known)}}


def refuse_unknown(query: QueryDict, known: Iterable[str]) -> None:
    """Refuse parameters that are not known, given twice, too long, or not clean text."""
    known = list(known)
    errors = []
    for name, values in query.lists():
        if name not in known:
            errors.append(
                {"parameter": printable(name)[:60], "detail": f"There is no such parameter{hint(name, known)}"}
            )
        elif len(values) > 1:
            errors.append({"parameter": name, "detail": "Give this parameter only once."})
        elif len(values[0]) > LONGEST_VALUE:
            errors.append({"parameter": name, "detail": f"The value has more than {LONGEST_VALUE} characters."})
        elif re.search(r"[\x00-\x1f\x7f\ud800-\udfff\ufffd]", values[0]):
            errors.append({"parameter": name, "detail": "The value contains a character that is not allowed."})
    if errors:
        raise Problem(
            "invalid-parameter", " ".join(f"{e['parameter']}: {e['detail']}" for e in errors[:5]), errors=errors[:20]
        )


def hint(word: str, known: Iterable[str]) -> str:
    """The end of a sentence about an unknown word: the one that was probably meant, or else all that are known."""
    known = list(known)
    return did_you_mean(
        word, known, f"; use one of {', '.join(known)}." if known else ". This address takes no parameters."
    )


def not_a_value(name: str, value: str, known: Iterable[str]) -> Problem:
    """The problem that a parameter does not take this value."""
    return invalid(name, f"“{value[:60]}” is not a valid value{hint(value, known)}")


def one_of(query: QueryDict, name: str, known: Collection[str]) -> str | None:
    """A parameter that takes one of some words; None if it is not there. Raises `Problem` (400)."""
    value = query.get(name)
    if value is not None and value not in known:
        raise not_a_value(name, value, known)
    return value


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
    raise invalid(name, "Give a day such as 2026-03-01, or a time such as 2026-03-01T09:30:00Z.")


def identifier(value: str, name: str) -> str:
    """A UUID in its usual form."""
    try:
        parsed = uuid.UUID(value)
    except ValueError:
        raise invalid(
            name,
            "Give an identifier such as 0b6e1f0c-5a3d-4c58-9d0e-3a8b2f4c6d7e, or the last two parts of an "
            "item's address, such as conditions/fibromyalgia.",
        )
    if str(parsed) != value.lower():
        raise invalid(name, "Give the identifier with its hyphens, such as 0b6e1f0c-5a3d-4c58-9d0e-3a8b2f4c6d7e.")
    return str(parsed)


def moment(query: QueryDict) -> reading.Moment:
    """The release that the read is about: `release`, `as_of`, or the current one. Raises 400 or 404."""
    release, as_of = query.get("release"), query.get("as_of")
    if release is not None and as_of is not None:
        raise invalid("as_of", "Give either release or as_of, not both.")
    if as_of is None:
        return published(release_number(query, "release") if "release" in query else None)
    found = reading.moment_as_of(instant(as_of, "as_of", end_of_day=True))
    if found is None:
        raise Problem("nothing-published", f"Nothing had been published by {as_of}.")
    return found


def release_number(query: QueryDict, name: str) -> int:
    """A parameter that is the number of a release. Raises `Problem` (400)."""
    return whole_number(query, name, default=0, least=1, most=release_numbers.LARGEST)


def published(release: int | None, problem: str = "nothing-published") -> reading.Moment:
    """The release of this number, or the current one. Raises `Problem` (404)."""
    try:
        return reading.published(release)
    except reading.NotPublished as missing:
        raise Problem(problem, str(missing))
