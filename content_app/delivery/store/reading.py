"""Reads from the waist: which release, which documents. Every query of the read side stands here.

In: a release number, and what is asked for. Out: stored bytes and the few columns that headers need.
Never instantiates a model; never reads an editorial table.
"""

import datetime
import json
import threading
import time
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache

from django.db import DEFAULT_DB_ALIAS, close_old_connections, connection, connections
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Concat
from django.db.models.lookups import Exact, GreaterThan, LessThanOrEqual
from django.utils import timezone

import content_app.models.sqlite_file as sqlite_file
from content_app.delivery.store import replicas
from content_app.models.publication import Document, IndexTerm, Release
from content_app.vocabulary.release_numbers import LARGEST, NEVER

# The two queries of the hottest reads, written out: building them anew costs more than running them. Releases stand in
# sums and calls for the reason that `Moment.is_current_then` gives.
CURRENT = """
    SELECT r.number, r.published_at, r.counts
    FROM content_app_library l JOIN content_app_release r ON r.number = l.current_release_id
"""
MANIFEST = """
    SELECT r.number, r.manifest_sha256
    FROM content_app_library l JOIN content_app_release r ON r.number = l.current_release_id
"""
STORED = f"""
    SELECT d.body, d.body_gzip, d.sha256, d.version, d.tombstone_reason, d.kind, d.slug, r.published_at
    FROM content_app_document d JOIN content_app_release r ON r.number = d.first_release_id
    WHERE d.first_release_id + 0 <= %s AND coalesce(d.superseded_in_id, {NEVER}) > %s
"""  # noqa: S608 - the number is ours


MOST_NEIGHBOURS = 60
COMMON = 1000  # documents with a term, from which on they are met on a walk and not looked up
_checked = threading.local()


@dataclass(frozen=True)
class Moment:
    """The release that a read is answered from. A pinned one was named, so its answers never change."""

    release: int
    published_at: datetime.datetime
    counts: dict[str, int]
    is_pinned: bool

    @property
    def is_current_then(self) -> Q:
        """The condition on documents: current in this release.

        Nearly all documents fulfil it, so no index over releases helps to find some. Said as sums, it leaves the choice
        of an index to what is asked for beside it, and to the order.
        """
        began = LessThanOrEqual(F("first_release") + 0, self.release)
        ended = GreaterThan(Coalesce(F("superseded_in") + 0, NEVER), self.release)
        return Q(began) & Q(ended)


@dataclass(frozen=True)
class Stored:
    """One document as stored."""

    body: bytes
    body_gzip: bytes
    sha256: str
    version: int
    tombstone_reason: str
    kind: str
    slug: str
    published_at: datetime.datetime


def current_moment() -> Moment | None:
    """The current release; None before the first."""
    row = _one(CURRENT, ())
    if row is None:
        return None
    number, published_at, counts = row
    return Moment(number, _instant(published_at), in_order(_plain_json(counts)), is_pinned=False)


def current_manifest() -> tuple[int, str] | None:
    """The number and the hash of the current release; None before the first."""
    return _one(MANIFEST, ())


def on_a_sound_connection() -> None:
    """Before a read outside of a request of Django's: what a request starts with, for this thread's connections.

    Once a second is enough: what is read meanwhile from a file that was replaced, or not at all, is over by then.
    """
    now = time.monotonic()
    if now - getattr(_checked, "at", 0.0) >= 1:
        _checked.at = now
        close_old_connections()
        sqlite_file.close_replaced()


@contextmanager
def outside_of_a_request() -> Iterator[None]:
    """Read outside of a request of Django's, and do not keep what others of a pool wait for."""
    on_a_sound_connection()
    try:
        yield
    finally:
        replicas.give_back(connections[replicas.database()])


class NotPublished(Exception):
    """Nothing has been published yet, or the release that is asked for has not. The sentence says which."""


def published(release: int | None) -> Moment:
    """The release of this number, or without one the current release. Raises `NotPublished`."""
    if release is None:
        moment, missing = current_moment(), "Nothing has been published yet."
    else:
        moment = moment_of_release(release) if 0 < release <= LARGEST else None
        missing = f"There is no release {str(release)[:20]}."
    if moment is None:
        raise NotPublished(missing)
    return moment


def _one(sql: str, parameters: tuple) -> tuple | None:
    """The first row. Asked of the driver itself: Django's cursor around it costs twice as much as these queries."""
    database = connections[replicas.database()]  # `connection` would look it up for each of its attributes
    if database.queries_logged or database.execute_wrappers:  # somebody watches
        with database.cursor() as cursor:
            cursor.execute(sql, parameters)
            return cursor.fetchone()
    database.close_if_health_check_failed()
    database.ensure_connection()
    with database.wrap_database_errors:
        return database.connection.execute(_of_driver(sql, database.vendor), parameters).fetchone()


@lru_cache(maxsize=64)
def _of_driver(sql: str, vendor: str) -> str:
    """The query as the driver marks parameters in it."""
    return sql.replace("%s", "?") if vendor == "sqlite" else sql


def _instant(value: datetime.datetime | str) -> datetime.datetime:
    """A time as the database gives it: SQLite has it as text, in UTC."""
    moment = datetime.datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment.replace(tzinfo=datetime.UTC) if moment.tzinfo is None else moment.astimezone(datetime.UTC)


def _plain_json(value: dict | str) -> dict:
    return json.loads(value) if isinstance(value, str) else value


def moment_of_release(number: int) -> Moment | None:
    """The release of this number; None if there is none, on the primary either."""
    found = _moment(Release.objects.filter(number=number), is_pinned=True)
    return moment_of_release(number) if found is None and replicas.change_to_primary() else found


def moment_as_of(instant: datetime.datetime) -> Moment | None:
    """The release that was current at an instant; None before the first. Pinned if the instant has passed."""
    is_past = instant < timezone.now()
    if replicas.database() != DEFAULT_DB_ALIAS:
        latest = current_moment()
        if latest is None or latest.published_at <= instant:  # the primary may have published since
            replicas.change_to_primary()
    return _moment(Release.objects.filter(published_at__lte=instant).order_by("-number"), is_pinned=is_past)


def _moment(releases: QuerySet, *, is_pinned: bool) -> Moment | None:
    row = releases.values_list("number", "published_at", "counts").first()
    return Moment(row[0], row[1], in_order(row[2]), is_pinned=is_pinned) if row else None


def in_order(counts: dict[str, int]) -> dict[str, int]:
    """Counts in the order of the kinds: PostgreSQL stores JSON in an order of its own."""
    return {kind: counts[kind] for kind, _ in Document.KINDS}


def documents(moment: Moment) -> QuerySet:
    """All documents current in a release, tombstones included."""
    return Document.objects.filter(moment.is_current_then)


def living(moment: Moment) -> QuerySet:
    """All documents current in a release that are not withdrawn."""
    return documents(moment).filter(tombstone_reason="")


def by_slug(moment: Moment, kind: str, slug: str) -> Stored | None:
    """The document at an address."""
    return _stored(moment, "d.kind = %s AND d.slug = %s", kind, slug)


def by_id(moment: Moment, item_uuid: uuid.UUID) -> Stored | None:
    """The document of an item, whatever its kind."""
    key = item_uuid if connection.features.has_native_uuid_field else item_uuid.hex
    return _stored(moment, "d.kind <> 'source' AND d.item_uuid = %s", key)


def _stored(moment: Moment, condition: str, *parameters) -> Stored | None:
    row = _one(f"{STORED} AND {condition}", (moment.release, moment.release, *parameters))
    return Stored(bytes(row[0]), bytes(row[1]), *row[2:7], _instant(row[7])) if row else None


def with_term(found: QuerySet, name: str, *values: str) -> QuerySet:
    """Those documents that have a term of one of these values, of which there are few: they are looked up."""
    matching = IndexTerm.objects.filter(name=name, value__in=values).values("document")
    return found.filter(pk__in=matching)


def with_either(found: QuerySet, item_uuids: list[str], name: str, *values: str) -> QuerySet:
    """Those documents that are of one of these items, or have a term of one of these values, of which there are few.

    Said as one set of keys: with “or”, PostgreSQL would look at every document.
    """
    of_items = Document.objects.order_by().filter(item_uuid__in=item_uuids).values("pk")
    with_term = IndexTerm.objects.filter(name=name, value__in=values).values("document")
    return found.filter(pk__in=of_items.union(with_term))


def with_common_term(found: QuerySet, name: str, *values: str) -> QuerySet:
    """Those documents that have a term of one of these values, as many have: they are met on a walk along the order."""
    return found.filter(Exists(IndexTerm.objects.filter(document=OuterRef("pk"), name=name, value__in=values)))


def is_common(name: str, value: str) -> bool:
    """Whether many documents have a term: no more are counted than it takes to know."""
    return IndexTerm.objects.filter(name=name, value=value).order_by()[COMMON : COMMON + 1].exists()


def least(moment: Moment, name: str) -> str | None:
    """The first, in the alphabet, of the values of a term that the living documents have. None if none has one."""
    return _current_terms(moment, name).order_by("value").values_list("value", flat=True).first()


def has_term(moment: Moment, name: str, *values: str) -> bool:
    """Whether a living document has a term of one of these values."""
    return _current_terms(moment, name).filter(value__in=values).exists()


def _current_terms(moment: Moment, name: str) -> QuerySet:
    current = living(moment).order_by().filter(pk=OuterRef("document"))
    return IndexTerm.objects.filter(Exists(current), name=name)


def of_kind(found: QuerySet, kind: str, *, are_few: bool) -> QuerySet:
    """Those documents that are of a kind. Few are found by what else is asked for, not among all of the kind."""
    return found.filter(Exact(Concat(F("kind"), Value("")), kind)) if are_few else found.filter(kind=kind)


def in_order_of(found: QuerySet, order: Iterable[str], *, are_few: bool) -> QuerySet:
    """The documents in this order. A few are found by themselves and then sorted; many are met in this order.

    Databases that keep no statistics walk along any index that has the order, even past everything there is: so the
    first column of few is said as a sum, which no index has.
    """
    first, *others = order
    if not are_few:
        return found.order_by(first, *others)
    column = F(first.lstrip("-"))
    said = column + 0 if first.lstrip("-") == "first_release" else Concat(column, Value(""))
    return found.order_by(said.desc() if first.startswith("-") else said.asc(), *others)


def with_alias(found: QuerySet, alias: str) -> QuerySet:
    """Those documents that an abbreviation or a former slug stands for."""
    return with_term(found, "alias", alias.casefold())


def slugs_near(moment: Moment, kind: str, slug: str) -> list[str]:
    """The slugs of a kind that a misspelt one may have meant: its neighbours in the alphabet, on either side."""
    found = living(moment).filter(kind=kind)
    before, behind = found.filter(slug__lt=slug).order_by("-slug"), found.filter(slug__gte=slug).order_by("slug")
    return [near for side in (before, behind) for near in side.values_list("slug", flat=True)[:MOST_NEIGHBOURS]]


def bodies(found: QuerySet, most: int, *, are_few: bool = True) -> list[tuple[str, str, bytes]]:
    """(sort name, identifier, body) of the first documents, by name."""
    found = in_order_of(found, ("sort_name", "item_uuid"), are_few=are_few)
    rows = found.values_list("sort_name", "item_uuid", "body")[:most]
    return [(name, str(item_uuid), bytes(body)) for name, item_uuid, body in rows]


def body_with_term(moment: Moment, name: str, value: str) -> bytes | None:
    """The body of the document that has a term that only one can have."""
    rows = list(with_term(living(moment), name, value).order_by().values_list("body")[:1])
    return bytes(rows[0][0]) if rows else None
