"""Writes the search index: one release after the other, in the transaction of the caller.

In: the number of a release whose documents are stored. Out: index rows. Publishing and `rebuild_search` call the
same function, release by release, so that a rebuilt index has the same rows. Cost grows with what changed.
"""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import Max

from content_app.models.publication import Document, Release
from content_app.models.search import SearchEntry, SearchName, SearchShortening, SearchStem, SearchTop, SearchWord
from content_app.publication import bulk
from content_app.publication.index import frequent, scoring, texts
from content_app.publication.index.edit_distance import keys_of_known
from content_app.publication.index.engines import IndexRow, engine
from content_app.publication.index.words import compounds, tokens, whole
from content_app.vocabulary import terms

CHUNK = 1000
LONGEST_START = 200
COLUMNS = ("pk", "item_uuid", "kind", "sort_name", "body")
NAME_COLUMNS = ("entry_id", "rank", "text", "is_start", "starts", "whole")
WORD_COLUMNS = ("word", "since", "names_since")
NameRow = tuple[int, int, str, bool, str, str]
WordRow = tuple[str, int, int | None]


@dataclass
class Analysed:
    """A document as the index takes it: its entry, its names as rows, its stems, its words as written."""

    entry: SearchEntry
    names: list[NameRow]
    name_stems: frozenset[str]
    stems: frozenset[str]
    facets: frozenset[str]
    name_words: set[str] = field(default_factory=set)
    words: set[str] = field(default_factory=set)


@transaction.atomic
def index_release(number: int) -> None:
    """Add what is new in a release, and close what it supersedes. Call it once for each release, in order.

    A library that was published before it had an index is indexed from its first release on.
    """
    if SearchEntry.objects.exists():
        _index(number)
        return
    engine().clear()
    for earlier in range(1, number + 1):
        _index(earlier)


@transaction.atomic
def rebuild() -> int:
    """Write the whole index anew, release by release. Returns how many releases there are."""
    for model in (SearchTop, SearchName, SearchEntry, SearchShortening, SearchWord, SearchStem):
        model.objects.all().delete()
    engine().clear()
    numbers = list(Release.objects.order_by("number").values_list("number", flat=True))
    for number in numbers:
        _index(number)
    return len(numbers)


def _index(number: int) -> None:
    _supersede(number)
    place = (SearchEntry.objects.aggregate(last=Max("place"))["last"] or 0) + 1
    fresh = Document.objects.filter(first_release=number, tombstone_reason="", kind__in=terms.KINDS)
    # Sorted here: for the sake of the order, a database would walk along all documents there are.
    keys = iter([pk for _, pk in sorted(fresh.order_by().values_list("item_uuid", "pk"))])
    while chunk := list(islice(keys, CHUNK)):
        rows = Document.objects.filter(pk__in=chunk).order_by().values_list(*COLUMNS)
        by_key = {row[0]: row for row in rows}
        _write([_analyse(place + count, number, by_key[key]) for count, key in enumerate(chunk)], number)
        place += len(chunk)


def _supersede(number: int) -> None:
    ended = Document.objects.filter(superseded_in=number).values("pk")
    entries = SearchEntry.objects.filter(document__in=ended)
    places = list(entries.values_list("place", flat=True))
    if places:
        entries.update(superseded_in=number)
        engine().supersede(places, number)


def _analyse(place: int, number: int, row: tuple) -> Analysed:
    pk, item_uuid, kind, sort_name, body = row
    document = json.loads(bytes(body))
    levels = scoring.weights(document)
    entry = SearchEntry(
        place=place,
        first_release=number,
        # A rebuild reaches later releases by itself: they close the entry.
        superseded_in=None,
        document_id=pk,
        item_uuid=item_uuid,
        kind=kind,
        sort_name=sort_name,
        facets=f" {' '.join(f'{facet}={value}' for facet, value in texts.facets(document))} ",
        names="\n".join(scoring.name_line(name.field, name.text) for name in texts.names(document)),
        weights=scoring.as_text(levels),
    )
    # Stop words too: names are searched for them.
    named = frozenset(word for line in entry.names.split("\n") for word in line.split(" ")[2:])
    analysed = Analysed(entry, list(_names(place, document)), named, frozenset(levels), frozenset(entry.facets.split()))
    for text in texts.prose(document):
        analysed.words |= _words(text.text)
    for name in texts.names(document):
        analysed.name_words |= _words(name.text)
    return analysed


def _words(text: str) -> set[str]:
    """The words of a text as they are written, and what hyphens make of them."""
    parts = tokens(text)
    return {part.surface for part in parts if not part.is_stop_word} | {word for _, word in compounds(text, parts)}


def _names(place: int, document: dict[str, Any]) -> Iterator[NameRow]:
    """A row for each name from each of its words on, and one for each code."""
    for name in texts.names(document):
        parts = tokens(name.text)
        for number, part in enumerate(parts):
            if number and part.is_stop_word:
                continue
            starts = " ".join(later.surface for later in parts[number:])[:LONGEST_START]
            exact = whole(name.text) if number == 0 else ""
            yield _name(place, name, number == 0, starts, exact)
    for code in texts.codes(document):
        starts = "" if "|" in code.text else " ".join(part.surface for part in tokens(code.text))
        yield _name(place, code, True, starts, whole(code.text))


def _name(place: int, text: texts.Text, is_start: bool, starts: str, exact: str) -> NameRow:
    return place, texts.RANKS[text.field], text.text[:500], is_start, starts, exact


def _write(chunk: list[Analysed], number: int) -> None:
    SearchEntry.objects.bulk_create(one.entry for one in chunk)
    bulk.insert(SearchName, NAME_COLUMNS, (name for one in chunk for name in one.names))
    engine().add(
        [
            IndexRow(one.entry.place, number, one.name_stems | one.facets, one.name_stems | one.stems | one.facets)
            for one in chunk
        ]
    )
    in_names = {word for one in chunk for word in one.name_words}
    learn_words(in_names | {word for one in chunk for word in one.words}, in_names, number)
    frequent.count([(one.entry, one.name_stems | one.stems) for one in chunk], number)


def learn_words(seen: set[str], in_names: set[str], number: int) -> None:
    """Note words of a release: all that are seen in it, and those of them that are in names."""
    known = SearchWord.objects.in_bulk(seen)
    fresh = [(word, number, number if word in in_names else None) for word in sorted(seen - known.keys())]
    fresh += [
        (word, known[word].since, number) for word in sorted(in_names & known.keys()) if known[word].names_since is None
    ]
    bulk.insert_or_update(SearchWord, WORD_COLUMNS, fresh)
    bulk.insert(SearchShortening, ("key", "word"), _shortenings(fresh, known))


def _shortenings(fresh: list[WordRow], known: Collection[str]) -> Iterator[tuple[int, str]]:
    """The keys of new words, and those that a known word gets for being in a name."""
    for word, _, names_since in fresh:
        keys = keys_of_known(word, is_in_name=names_since is not None)
        yield from ((key, word) for key in keys - (keys_of_known(word, is_in_name=False) if word in known else set()))
