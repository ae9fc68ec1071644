"""Every query that search makes of the index and of the documents it shows.

In: stems, places, a release. Out: plain rows. Reads the tables of `models.search` and, for a page, stored bytes.
"""

import json
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db.models import Q

from content_app.models.publication import Library
from content_app.models.search import SearchEntry, SearchName, SearchStem, SearchTop, SearchWord

COLUMNS = ("place", "kind", "sort_name", "facets", "names", "weights")
LAST = "\U0010ffff"  # stands behind every text that begins as a prefix does


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


def current_in(release: int, prefix: str = "") -> Q:
    """The condition that an entry is current in a release."""
    ends = Q(**{f"{prefix}superseded_in__isnull": True}) | Q(**{f"{prefix}superseded_in__gt": release})
    return ends & Q(**{f"{prefix}first_release__lte": release})


def stems(wanted: Iterable[str], release: int) -> dict[str, Stem]:
    """Those stems that were known in the release."""
    rows = SearchStem.objects.filter(stem__in=list(wanted), since__lte=release)
    return {
        stem: Stem(entries, common_since is not None and common_since <= release)
        for stem, entries, common_since in rows.values_list("stem", "entries", "common_since")
    }


def exact(wholes: Iterable[str], release: int, most: int) -> dict[int, int]:
    """Places of documents with a name or code that is exactly one of these, with the best rank of each."""
    rows = SearchName.objects.filter(current_in(release, "entry__"), whole__in=list(wholes)).order_by("-entry", "rank")
    found: dict[int, int] = {}
    for place, rank in rows.values_list("entry", "rank")[:most]:
        found.setdefault(place, rank)
    return found


def places_of(item_uuids: Iterable[str], release: int) -> list[int]:
    """The places of these items in a release."""
    wanted = list(item_uuids)
    rows = SearchEntry.objects.filter(current_in(release), item_uuid__in=wanted)
    return list(rows.values_list("place", flat=True)) if wanted else []


def best(stem: str, facets: Iterable[str], release: int, most: int) -> dict[int, int]:
    """The best documents of a common stem, as listed in the release: scores by place."""
    listed = Q(dropped_in__isnull=True) | Q(dropped_in__gt=release)
    rows = SearchTop.objects.filter(listed, current_in(release, "entry__"), stem=stem, listed_in__lte=release)
    for facet in facets:
        rows = rows.filter(entry__facets__contains=f" {facet} ")
    return dict(rows.order_by("-score", "-entry").values_list("entry", "score")[:most])


def entries(places: Iterable[int], *, with_words: bool = True) -> list[IndexedDocument]:
    columns = COLUMNS if with_words else COLUMNS[:4]
    return [IndexedDocument(*row) for row in SearchEntry.objects.filter(place__in=list(places)).values_list(*columns)]


def documents(places: list[int]) -> dict[int, tuple[bytes, bytes]]:
    """The list form and the body of the documents at these places."""
    rows = SearchEntry.objects.filter(place__in=places).values_list("place", "document__list_form", "document__body")
    return {place: (bytes(list_form), bytes(body)) for place, list_form, body in rows}


def of_kind(kind: str, places: Iterable[int]) -> list[int]:
    """Those of the places that have items of a kind, in the same order."""
    places = list(places)
    found = set(SearchEntry.objects.filter(place__in=places, kind=kind).values_list("place", flat=True))
    return [place for place in places if place in found]


def conditions(release: int, most: int, places: list[int]) -> list[dict[str, Any]]:
    """The conditions at these places, in this order; without places, the first conditions of the release by name."""
    if not places:
        rows = SearchEntry.objects.filter(current_in(release), kind="condition").order_by("sort_name", "place")
        places = list(rows.values_list("place", flat=True)[:most])
    stored = documents(places)
    return [json.loads(stored[place][1]) for place in places]


def names_from(prefix: str, release: int, most: int, *, kind: str | None, is_start: bool) -> list[Name]:
    """Names that begin with a prefix, or hold it from one of their later words on, in alphabetical order."""
    rows = SearchName.objects.filter(
        current_in(release, "entry__"), is_start=is_start, starts__gte=prefix, starts__lt=prefix + LAST
    )
    if kind:
        rows = rows.filter(entry__kind=kind)
    columns = ("rank", "text", "starts", "entry", "entry__kind", "entry__document")
    return [Name(*row) for row in rows.order_by("starts", "entry", "rank").values_list(*columns)[:most]]


def history() -> str:
    """A hash over everything that was ever published: what is made from the vocabulary is kept under it."""
    columns = Library.objects.values_list("current_release__manifest_sha256", flat=True)
    return columns.first() or ""


def vocabulary() -> Iterable[tuple[str, int, int | None]]:
    """Every word, since when it is known, and since when it is in a name."""
    return SearchWord.objects.order_by("word").values_list("word", "since", "names_since").iterator(chunk_size=5000)
