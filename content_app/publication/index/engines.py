"""Full text behind one small interface: FTS5 on SQLite, tsvector with GIN on PostgreSQL.

In: words that `words` has made of texts and questions, already in the form that is compared. Out: places, newest
first, the same on both. The engines match; they do not rank. Nothing here quotes what a person typed: stems hold
letters and digits only. The first migration makes the tables.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection, connections, router
from django.db.backends.base.base import BaseDatabaseWrapper

from content_app.models.search import SearchEntry

NAMES, PROSE = "names", "prose"
BLOCK = 1024
FIRST_BLOCKS = 4
LARGEST_PLACE = 2_147_483_647


@dataclass(frozen=True)
class IndexRow:
    """The words of one document: those of its names, and all."""

    place: int
    first_release: int
    names: frozenset[str]
    prose: frozenset[str]


@dataclass(frozen=True)
class Match:
    """What must be there: every word of one of the `groups`, and of each facet one of its values (`kind=concept`)."""

    groups: tuple[tuple[str, ...], ...]
    facets: tuple[tuple[str, ...], ...] = ()

    def written(self, quote: str, and_: str, or_: str) -> str:
        """The match in the language of an engine."""

        def joined(words: Iterable[str], by: str) -> str:
            return f"({by.join(f'{quote}{word}{quote}' for word in words)})"

        groups = or_.join(joined(group, and_) for group in self.groups)
        return and_.join([f"({groups})", *(joined(values, or_) for values in self.facets)])


class SQLite:
    """Two contentless FTS5 tables, whose rowid is the place."""

    def clear(self) -> None:
        with connection.cursor() as cursor:
            for tier in (NAMES, PROSE):
                cursor.execute(f"INSERT INTO content_app_search_{tier}(content_app_search_{tier}) VALUES('delete-all')")

    def add(self, rows: Sequence[IndexRow]) -> None:
        with connection.cursor() as cursor:
            for tier in (NAMES, PROSE):
                cursor.executemany(
                    f"INSERT INTO content_app_search_{tier}(rowid, words) VALUES(%s, %s)",  # noqa: S608 - a constant
                    [(row.place, " ".join(sorted(getattr(row, tier)))) for row in rows],
                )

    def supersede(self, places: Iterable[int], release: int) -> None:
        """Nothing to do: the entry says it."""

    def holding(self, tier: str, match: Match) -> list[int]:
        """Places of all documents that match, whichever release they are of."""
        sql = f"SELECT rowid FROM content_app_search_{tier} WHERE content_app_search_{tier} MATCH %s"  # noqa: S608 - our tables
        with _of_readers().cursor() as cursor:
            cursor.execute(sql, [match.written('"', " AND ", " OR ")])
            return [place for (place,) in cursor.fetchall()]

    def find(self, tier: str, match: Match, release: int, most: int, expected: int) -> list[int]:
        """Places of documents that match and are current in the release, newest first."""
        sql = (
            f"SELECT f.rowid FROM content_app_search_{tier} f "  # noqa: S608 - a constant
            "CROSS JOIN content_app_searchentry e ON e.place = f.rowid "
            f"WHERE content_app_search_{tier} MATCH %s AND e.first_release <= %s "
            "AND (e.superseded_in IS NULL OR e.superseded_in > %s) ORDER BY f.rowid DESC LIMIT %s"
        )
        with _of_readers().cursor() as cursor:
            cursor.execute(sql, [match.written('"', " AND ", " OR "), release, release, most])
            return [place for (place,) in cursor.fetchall()]


class PostgreSQL:
    """One table with two tsvectors, made from the words as they are: no dictionary, no configuration.

    GIN finds all matches before any is sorted. So that two common words do not mean reading half the library, each
    row also holds the number of its block, and blocks are read from the newest until there are enough.
    """

    def clear(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM content_app_search_words")

    def add(self, rows: Sequence[IndexRow]) -> None:
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO content_app_search_words VALUES (%s, %s, NULL, array_to_tsvector(%s::text[]), "
                "array_to_tsvector(%s::text[]))",
                [(row.place, row.first_release, *(_lexemes(row, tier) for tier in (NAMES, PROSE))) for row in rows],
            )

    def supersede(self, places: Iterable[int], release: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE content_app_search_words SET superseded_in = %s WHERE place = ANY(%s)", [release, list(places)]
            )

    def holding(self, tier: str, match: Match) -> list[int]:
        """Places of all documents that match, whichever release they are of."""
        with _of_readers().cursor() as cursor:
            sql = f"SELECT place FROM content_app_search_words WHERE {tier} @@ %s::tsquery"  # noqa: S608 - a constant
            cursor.execute(sql, [match.written("'", " & ", " | ")])
            return [place for (place,) in cursor.fetchall()]

    def find(self, tier: str, match: Match, release: int, most: int, expected: int) -> list[int]:
        """Places of documents that match and are current in the release, newest first.

        `expected` is a bound on how many match in all releases: what is rare needs no blocks.
        """
        written = match.written("'", " & ", " | ")
        with _of_readers().cursor() as cursor:
            if expected <= FIRST_BLOCKS * BLOCK:
                return self._rows(cursor, tier, written, release, most)
            cursor.execute("SELECT max(place) FROM content_app_search_words")
            last = (cursor.fetchone()[0] or 0) // BLOCK
            found: list[int] = []
            count = FIRST_BLOCKS
            while last >= 0 and len(found) < most:
                if count > 16 * FIRST_BLOCKS:
                    return found + self._rows(cursor, tier, written, release, most - len(found), (last + 1) * BLOCK)
                blocks = " | ".join(f"'={block}'" for block in range(max(0, last - count + 1), last + 1))
                found += self._rows(cursor, tier, f"{written} & ({blocks})", release, most - len(found))
                last, count = last - count, 4 * count
        return found

    def _rows(self, cursor, tier, written, release, most, below=LARGEST_PLACE) -> list[int]:
        sql = (
            f"SELECT place FROM content_app_search_words WHERE {tier} @@ %s::tsquery AND first_release <= %s "  # noqa: S608 - our tables
            "AND (superseded_in IS NULL OR superseded_in > %s) AND place < %s ORDER BY place DESC LIMIT %s"
        )
        cursor.execute(sql, [written, release, release, below, most])
        return [place for (place,) in cursor.fetchall()]


def _lexemes(row: IndexRow, tier: str) -> list[str]:
    return [*sorted(getattr(row, tier)), f"={row.place // BLOCK}"]


ENGINES = {"sqlite": SQLite(), "postgresql": PostgreSQL()}


def _of_readers() -> BaseDatabaseWrapper:
    """The database that this request reads from, which may be a replica."""
    return connections[router.db_for_read(SearchEntry)]


def engine() -> SQLite | PostgreSQL:
    """The engine of the database in use."""
    return ENGINES[connection.vendor]
