"""Documents as callers name them, in a parameter or in a path: one reader for all.

In: what was given, the release, the kinds that it may name. Out: the documents that it stands for. Understood are an
identifier, an address as it is handed out, its last two parts, a slug, an abbreviation and a former slug, in any case.
"""

import uuid
from collections.abc import Collection
from typing import NamedTuple

from django.db.models import QuerySet

from content_app.delivery.http.problems import Problem, invalid
from content_app.delivery.query import parameters
from content_app.delivery.store import reading
from content_app.nearest import nearest
from content_app.vocabulary.addresses import API
from content_app.vocabulary.terms import COLLECTIONS


class Named(NamedTuple):
    """A document that a name stands for."""

    kind: str
    slug: str
    item_uuid: str

    @property
    def path(self) -> str:
        """The last two parts of its address."""
        return f"{COLLECTIONS[self.kind]}/{self.slug}"


def by_name(moment: reading.Moment, name: str, kinds: Collection[str], *, is_no_slug: bool = False) -> list[Named]:
    """What a slug stands for, in any case; if it is none, what an abbreviation or a former slug stands for.

    That it `is_no_slug` as it was written may be known.
    """
    living = reading.living(moment).order_by()
    found = [] if is_no_slug and name == name.lower() else _named(living.filter(kind__in=kinds, slug=name.lower()))
    return found or [each for each in _named(reading.with_alias(living, name)) if each.kind in kinds]


def _named(found: QuerySet) -> list[Named]:
    return sorted(Named(*row[:2], str(row[2])) for row in found.values_list("kind", "slug", "item_uuid"))


def one(value: str, parameter: str, moment: reading.Moment, kinds: Collection[str] = tuple(COLLECTIONS)) -> Named:
    """The one document that a parameter names. Raises `Problem` (400, 404) with what would be right."""
    name = value.removeprefix(f"{API}/").removesuffix("/")
    collection, slash, slug = name.rpartition("/")
    wanted = _kinds_in(collection, parameter, kinds) if slash else kinds
    identifier = None if slash else as_identifier(name)
    found = by_identifier(moment, identifier, kinds) if identifier else by_name(moment, slug or name, wanted)
    if len(found) > 1:
        paths = " and ".join(each.path for each in found)
        raise invalid(parameter, f"“{value[:60]}” can mean {paths}. Give one of these.")
    if not found:
        near = [f"{COLLECTIONS[kind]}/{near}" for kind in wanted for near in _like(moment, kind, slug or name)]
        hint = "" if identifier or not near else f" Did you mean {near[0]}?"
        raise nothing_there(parameter, f"Release {moment.release} has nothing called “{value[:120]}”.{hint}")
    return found[0]


def as_identifier(value: str) -> uuid.UUID | None:
    """A UUID in its usual form, in any case; None if it is not one."""
    try:
        parsed = uuid.UUID(value)
    except ValueError:
        return None
    return parsed if str(parsed) == value.lower() else None


def by_identifier(moment: reading.Moment, identifier: uuid.UUID, kinds: Collection[str]) -> list[Named]:
    """The document of an item or source, withdrawn ones included."""
    found = _named(reading.documents(moment).filter(item_uuid=identifier).order_by())
    return [each for each in found if each.kind in kinds]


def nothing_there(parameter: str, detail: str) -> Problem:
    """The problem that a parameter names something that is not published."""
    return Problem("not-found", detail, errors=[{"parameter": parameter, "detail": detail}])


def _kinds_in(collection: str, parameter: str, kinds: Collection[str]) -> tuple[str, ...]:
    known = {COLLECTIONS[kind]: kind for kind in kinds}
    if collection.lower() not in known:
        raise invalid(parameter, f"“{collection[:60]}” is not a collection{parameters.hint(collection, known)}")
    return (known[collection.lower()],)


def _like(moment: reading.Moment, kind: str, slug: str) -> list[str]:
    return nearest(slug.lower(), reading.slugs_near(moment, kind, slug.lower()), most=1)
