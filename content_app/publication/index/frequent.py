"""Keeps, for each common stem, a list of its best documents, so that no question has to rank half the library.

In: what a release adds. Out: `SearchStem` and `SearchTop` rows. A stem is common once it has been in more than
`COMMON` documents; then every document that fits it well enough is listed. A list that grows past `LONGEST` is cut
back to its best `KEPT`. Rows are closed, not deleted: a past release keeps the list that it had.
"""

from collections import defaultdict
from collections.abc import Iterable
from operator import attrgetter

from django.db.models import Q

from content_app.models.search import SearchEntry, SearchStem, SearchTop
from content_app.publication import bulk
from content_app.publication.index import scoring
from content_app.publication.index.engines import PROSE, Match, engine

COMMON, KEPT, LONGEST = 1000, 1100, 2200
STEM_COLUMNS = ("stem", "since", "entries", "common_since", "listed", "least_score")
TOP_COLUMNS = ("stem", "score", "entry_id", "listed_in")
TopRow = tuple[str, int, int, int]


def score(entry: SearchEntry, stem: str) -> int:
    """How well a document fits a single stem; 0 if it should not be listed for it.

    A condition is listed for what it is called, never for what is written of it: nothing here ranks conditions by
    the symptoms that somebody types.
    """
    in_names = scoring.name_score(entry.names, [stem])
    return in_names if in_names or entry.kind == "condition" else scoring.text_score(entry.weights, [stem])


def count(entries: list[tuple[SearchEntry, frozenset[str]]], release: int) -> None:
    """Count the stems of new documents, and list the documents under those that are common."""
    having: dict[str, list[SearchEntry]] = defaultdict(list)
    for entry, stems in entries:
        for stem in stems:
            having[stem].append(entry)
    known = SearchStem.objects.in_bulk(list(having))
    rows = [known.get(stem) or SearchStem(stem=stem, since=release, entries=0) for stem in sorted(having)]
    listed: list[TopRow] = []
    for row in rows:
        row.entries += len(having[row.stem])
        if row.entries > COMMON:
            listed += _listed(row, having[row.stem], release)
    bulk.insert(SearchTop, TOP_COLUMNS, listed)
    for row in rows:
        if row.listed > LONGEST:
            _cut(row, release)
    bulk.insert_or_update(SearchStem, STEM_COLUMNS, map(attrgetter(*STEM_COLUMNS), rows))


def _listed(row: SearchStem, fresh: Iterable[SearchEntry], release: int) -> list[TopRow]:
    """New documents for the list of a common stem; when it becomes common, all that ever had it."""
    if row.common_since is None:
        row.common_since = release
        fresh = _all_with(row.stem)
    scored = [(score(entry, row.stem), entry) for entry in fresh]
    listed = [(row.stem, points, entry.place, release) for points, entry in scored if points >= max(1, row.least_score)]
    row.listed += len(listed)
    return listed


def _all_with(stem: str) -> Iterable[SearchEntry]:
    # Superseded documents too: a rebuild and a publication must see the same.
    places = engine().holding(PROSE, Match(((stem,),)))
    return SearchEntry.objects.filter(place__in=places).order_by("place")


def _cut(row: SearchStem, release: int) -> None:
    """Leave the best `KEPT` documents that are still current on the list."""
    open_rows = SearchTop.objects.filter(stem=row.stem, dropped_in=None)
    ended = Q(entry__superseded_in__isnull=False)
    best = open_rows.exclude(ended).order_by("-score", "-entry")
    kept = list(best.values_list("pk", "score")[:KEPT])
    row.least_score = kept[-1][1] if kept else 0
    dropped = open_rows.exclude(pk__in=[pk for pk, _ in kept])
    dropped.filter(listed_in=release).delete()
    dropped.update(dropped_in=release)
    row.listed = len(kept)
