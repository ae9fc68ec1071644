"""Every query that search makes of the index and of the documents it shows.

In: stems, places, a release. Out: plain rows. Reads the tables of `models.search` and, for a page, stored bytes.
"""

from collections.abc import Collection, Iterable
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connections

from content_app.delivery.store import replicas
from content_app.models.publication import Document
from content_app.models.search import SearchEntry, SearchName, SearchShortening, SearchStem, SearchTop, SearchWord

COLUMNS = ("place", "kind", "sort_name", "facets", "names", "weights")
LAST = "\U0010ffff"  # stands behind every text that begins as a prefix does
# The queries that every search makes are written out: to compose them anew took longer than to make them.
ENTRIES, NAMES, WORDS, SHORTENINGS, STEMS, TOPS, DOCUMENTS = (
    model._meta.db_table
    for model in (SearchEntry, SearchName, SearchWord, SearchShortening, SearchStem, SearchTop, Document)
)
BACKSLASH = "\\"
CURRENT = "e.first_release <= %s AND (e.superseded_in IS NULL OR e.superseded_in > %s)"


class IndexedDocument(NamedTuple):
    """What ranking knows of a document. What is listed with its score needs no `names` and `weights`."""

    place: int
    kind: str
    sort_name: str
    facets: str
    names: str = ""
    weights: str = ""


class Stem(NamedTuple):
    """In how many documents a stem ever was, and whether there is a list of its best."""

    entries: int
    is_common: bool


class Name(NamedTuple):
    """A name that a suggestion may offer."""

    rank: int
    text: str
    starts: str
    place: int
    kind: str
    document: int


def _rows(sql: str, values: list[Any]) -> list[tuple]:
    with connections[replicas.database()].cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def _places_for(values: Collection[Any]) -> str:
    return ", ".join(["%s"] * len(values)) or "NULL"


def stems(wanted: Iterable[str], release: int) -> dict[str, Stem]:
    """Those stems that were known in the release."""
    asked = list(wanted)
    sql = f"SELECT stem, entries, common_since FROM {STEMS} WHERE stem IN ({_places_for(asked)}) AND since <= %s"
    return {
        stem: Stem(entries, common_since is not None and common_since <= release)
        for stem, entries, common_since in _rows(sql, [*asked, release])
    }


def exact(wholes: Iterable[str], release: int, most: int) -> dict[int, int]:
    """Places of documents with a name or code that is exactly one of these, with the best rank of each."""
    wanted = list(wholes)
    found: dict[int, int] = {}
    for place, rank in _rows(
        f"SELECT n.entry_id, n.rank FROM {NAMES} n JOIN {ENTRIES} e ON e.place = n.entry_id "
        f"WHERE n.whole IN ({_places_for(wanted)}) AND {CURRENT} ORDER BY n.entry_id DESC, n.rank LIMIT %s",
        [*wanted, release, release, most],
    ):
        found.setdefault(place, rank)
    return found


def places_of(item_uuids: Iterable[str], release: int) -> list[int]:
    """The places of these items in a release."""
    native = connections[replicas.database()].features.has_native_uuid_field
    wanted = [UUID(key) if native else UUID(key).hex for key in item_uuids]
    if not wanted:
        return []
    sql = f"SELECT e.place FROM {ENTRIES} e WHERE e.item_uuid IN ({_places_for(wanted)}) AND {CURRENT}"
    return [place for (place,) in _rows(sql, [*wanted, release, release])]


def best(stem: str, facets: Iterable[Iterable[str]], release: int, most: int) -> dict[int, int]:
    """The best documents of a common stem, as listed in the release: scores by place."""
    needed = [[f"% {facet.replace('_', BACKSLASH + '_')} %" for facet in values] for values in facets]
    fits = f"e.facets LIKE %s ESCAPE '{BACKSLASH}'"
    narrowed = "".join(f" AND ({' OR '.join([fits] * len(values))})" for values in needed)
    sql = (
        f"SELECT t.entry_id, t.score FROM {TOPS} t JOIN {ENTRIES} e ON e.place = t.entry_id "
        f"WHERE t.stem = %s AND t.listed_in <= %s AND (t.dropped_in IS NULL OR t.dropped_in > %s) AND {CURRENT}"
        f"{narrowed} ORDER BY t.score DESC, t.entry_id DESC LIMIT %s"
    )
    asked = [facet for values in needed for facet in values]
    return dict(_rows(sql, [stem, release, release, release, release, *asked, most]))


def entries(places: Iterable[int], *, with_words: bool = True) -> list[IndexedDocument]:
    wanted = list(places)
    columns = ", ".join(COLUMNS if with_words else COLUMNS[:4])
    sql = f"SELECT {columns} FROM {ENTRIES} WHERE place IN ({_places_for(wanted)})"
    return [IndexedDocument(*row) for row in _rows(sql, wanted)] if wanted else []


def heads(places: Iterable[int]) -> dict[int, tuple[bytes, tuple[int, str]]]:
    """The list form of the documents at these places, and the key and hash by which each is known."""
    wanted = list(places)
    rows = _rows(
        f"SELECT e.place, d.list_form, d.id, d.sha256 FROM {ENTRIES} e JOIN {DOCUMENTS} d ON d.id = e.document_id "
        f"WHERE e.place IN ({_places_for(wanted)})",
        wanted,
    )
    return {place: (bytes(list_form), (key, sha256)) for place, list_form, key, sha256 in rows}


def bodies(places: Iterable[int]) -> dict[int, bytes]:
    """The documents at these places, as published."""
    wanted = list(places)
    sql = (
        f"SELECT e.place, d.body FROM {ENTRIES} e JOIN {DOCUMENTS} d ON d.id = e.document_id "
        f"WHERE e.place IN ({_places_for(wanted)})"
    )
    return {place: bytes(body) for place, body in _rows(sql, wanted)} if wanted else {}


def of_kind(kind: str, places: Iterable[int]) -> list[int]:
    """Those of the places that have items of a kind, in the same order."""
    wanted = list(places)
    if not wanted:
        return []
    sql = f"SELECT place FROM {ENTRIES} WHERE place IN ({_places_for(wanted)}) AND kind = %s"
    found = {place for (place,) in _rows(sql, [*wanted, kind])}
    return [place for place in wanted if place in found]


def conditions(release: int, most: int) -> list[int]:
    """The places of the first conditions of the release by name."""
    sql = (
        f"SELECT e.place FROM {DOCUMENTS} d JOIN {ENTRIES} e ON e.document_id = d.id "
        f"WHERE d.kind = 'condition' AND d.tombstone_reason = '' AND {CURRENT} "
        "ORDER BY d.sort_name, d.item_uuid LIMIT %s"
    )
    return [place for (place,) in _rows(sql, [release, release, most])]


def names_from(prefix: str, release: int, most: int, *, kinds: tuple[str, ...], is_start: bool) -> list[Name]:
    """Names that begin with a prefix, or hold it from one of their later words on, in alphabetical order."""
    of_kind = f"AND e.kind IN ({_places_for(kinds)}) " if kinds else ""
    rows = _rows(
        f"SELECT n.rank, n.text, n.starts, n.entry_id, e.kind, e.document_id FROM {NAMES} n "
        f"JOIN {ENTRIES} e ON e.place = n.entry_id WHERE n.is_start = %s AND n.starts >= %s AND n.starts < %s "
        f"AND {CURRENT} {of_kind}ORDER BY n.starts, n.entry_id, n.rank LIMIT %s",
        [is_start, prefix, prefix + LAST, release, release, *kinds, most],
    )
    return [Name(*row) for row in rows]


def items_named_with(pieces: Iterable[str], release: int, most: int) -> list[str]:
    """The items that have a name with all of these pieces of words in it: one look through the index of names."""
    asked = [f"%{piece}%" for piece in pieces]
    rows = _rows(
        f"SELECT DISTINCT e.item_uuid FROM {NAMES} n JOIN {ENTRIES} e ON e.place = n.entry_id "
        f"WHERE n.is_start = %s {'AND n.starts LIKE %s ' * len(asked)}AND {CURRENT} LIMIT %s",
        [True, *asked, release, release, most],
    )
    return [str(UUID(str(key))) for (key,) in rows]


def words_with_keys(keys: Iterable[int], release: int) -> list[tuple[str, int | None]]:
    """The words of a release that are known under one of these keys, and since when each is in a name."""
    wanted = list(keys)
    return _rows(
        f"SELECT DISTINCT w.word, w.names_since FROM {SHORTENINGS} s JOIN {WORDS} w ON w.word = s.word "
        f"WHERE s.key IN ({_places_for(wanted)}) AND w.since <= %s",
        [*wanted, release],
    )


def words_among(words: Iterable[str], release: int) -> set[str]:
    """Those of the words that a release knows."""
    wanted = list(words)
    sql = f"SELECT word FROM {WORDS} WHERE word IN ({_places_for(wanted)}) AND since <= %s"
    return {word for (word,) in _rows(sql, [*wanted, release])}
